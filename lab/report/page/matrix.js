// The first page: what was run, the totals, the filters and the matrix of problems by mechanisms.

const kFilters = ["q", "kind", "level", "by", "verdict", "only"];

// The filters in the address after #; unknown ones are dropped.
function readFilters(parameters) {
  return Object.fromEntries(kFilters.map((name) => [name, parameters.get(name) || ""]));
}

function writeFilters(filters) {
  const parameters = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  return "#" + parameters.toString();
}

function passes(problem, filters) {
  const text =
      [problem.name, problem.definition, problem.level].filter(Boolean).join(" ").toLowerCase();
  if (filters.q && !filters.q.toLowerCase().split(/\s+/).every((word) => text.includes(word)))
    return false;
  if (filters.kind && problem.kind !== filters.kind) return false;
  if (filters.level && problem.level !== filters.level) return false;
  if (filters.only === "mismatch" && !hasMismatch(problem)) return false;
  if (filters.only === "not-learned" && !isExpressibleNotLearned(problem)) return false;
  const asked = kMechanisms.filter(({key}) => !filters.by || key === filters.by);
  if (filters.verdict) return asked.some(({key}) => statusOf(problem[key]) === filters.verdict);
  return !filters.by || asked.some(({key}) => statusOf(problem[key]) !== "notrun");
}

const problemHref = (name, by) =>
    "#" + new URLSearchParams(by ? {problem: name, by} : {problem: name}).toString();

function cellNode(problem, {key, name}) {
  const cell = problem[key];
  const status = statusOf(cell);
  const wrong = isMismatch(cell);
  const text = cellText(key, cell);
  const says =
      `${problem.name} by ${name}: ${kStatuses[status]}${wrong ? "; theory says otherwise" : ""}`;
  return h(
      "td", {class: "verdict"},
      h("a", {
        class: `cell ${status}${wrong ? " mismatch" : ""}`,
        href: problemHref(problem.name, key),
        title: says,
        "aria-label": `${says} (${text})`
      },
        symbol(status), h("span", {class: "cell-text"}, text), wrong && symbol("mismatch")));
}

function modelsNode(problem) {
  const models = problem.models || [];
  return h("td", {class: "models"}, kModelKeys.map((key) => {
    const model = models.find((one) => one.key === key);
    const mark = modelMark(model);
    return models.length > 0 &&
        h("span", {
             class: `mark mark-${
                 mark === "?"               ? "unknown" :
                     mark.startsWith("-") ? "no" :
                                            mark}`,
             title: model ? `${key}: ${model.model}` : key
           },
          mark.replace("-", "–"));
  }));
}

function rowNode(problem) {
  return h(
      "tr", {},
      h("th", {scope: "row"}, h("a", {href: problemHref(problem.name)}, problem.name),
        isExpressibleNotLearned(problem) &&
            h("span",
              {class: "flag", title: "expressible, but not learned according to a publication"},
              "not learned")),
      modelsNode(problem), kMechanisms.map((mechanism) => cellNode(problem, mechanism)));
}

// Problems grouped by level, in order of first occurrence.
function matrixBodies(shown) {
  const levels = new Map();
  for (const problem of shown) {
    const level =
        problem.level ? (problem.kind === "task" ? "tasks: " : "") + problem.level : "not reached";
    if (!levels.has(level)) levels.set(level, []);
    levels.get(level).push(problem);
  }
  return [...levels].map(
      ([level, members]) => h(
          "tbody", {},
          h("tr", {class: "group"},
            h("th", {scope: "rowgroup"}, level, h("span", {class: "muted"}, ` ${members.length}`))),
          members.map(rowNode)));
}

function matrixTable(shown) {
  return h(
      "table", {class: "matrix"}, h("caption", {class: "offscreen"}, "Problems and mechanisms"),
      h("thead", {},
        h("tr", {}, h("th", {scope: "col"}, "problem"),
          h("th", {scope: "col", class: "models", title: kModelKeys.join(" ")},
            kModelKeys.map((key) => h("span", {class: "mark"}, key))),
          kMechanisms.map(
              ({key, name, about}) =>
                  h("th", {scope: "col", class: "verdict", title: about},
                    h("span", {class: "long"}, name), h("span", {class: "short"}, key))))),
      matrixBodies(shown));
}

function totalsTable() {
  const count = (key, status) =>
      problems.filter((problem) => statusOf(problem[key]) === status).length;
  const rows = Object.entries(kStatuses).map(([status, about]) => {
    const counts = kMechanisms.map(({key}) => count(key, status));
    return counts.some((one) => one > 0) &&
        h("tr", {},
          h("th", {scope: "row"}, h("span", {class: `cell ${status}`}, symbol(status)), " ", about),
          counts.map((one) => h("td", {class: "number"}, one || "")));
  });
  const mismatches =
      kMechanisms.map(({key}) => problems.filter((problem) => isMismatch(problem[key])).length);
  return h(
      "table", {class: "totals"},
      h("thead", {},
        h("tr", {}, h("th", {scope: "col"}, "cells"),
          kMechanisms.map(({name}) => h("th", {scope: "col", class: "number"}, name)))),
      h("tbody", {}, rows,
        h("tr", {},
          h("th", {scope: "row"}, h("span", {class: "cell mismatch"}, symbol("mismatch")),
            " theory says otherwise"),
          mismatches.map((one) => h("td", {class: "number"}, String(one))))));
}

function banner() {
  const cells = problems.flatMap(
      (problem) => kMechanisms.filter(({key}) => isMismatch(problem[key]))
                       .map((mechanism) => ({problem, mechanism})));
  return [
    report.complete === false &&
        h("p", {class: "note warn"}, symbol("notrun"),
          " This run was interrupted: missing cells count as not run. Rerun the same command with --resume to continue."),
    cells.length > 0 ? h("p", {class: "note bad"}, symbol("mismatch"),
                         ` ${plural(cells.length, "cell")} where theory and observation differ: `,
                         cells.slice(0, 20).map(
                             ({problem, mechanism}, i) =>
                                 [i ? ", " : "",
                                  h("a", {href: problemHref(problem.name, mechanism.key)},
                                    `${problem.name} by ${mechanism.name}`)]),
                         cells.length > 20 && " and more", ".",
                         (report.mismatches || []).length > 0 &&
                             h("details", {}, h("summary", {}, "In words"),
                               h("ul", {}, report.mismatches.map((line) => h("li", {}, line))))) :
                       problems.length > 0 &&
            h("p", {class: "note good"}, symbol("solved"),
              " All observations match theory."),
  ];
}

function optionsText() {
  const options = report.options || {};
  const time =
      isNumber(report.seconds) ? plural(Math.round(report.seconds * 10) / 10, "second") : null;
  const by = options.by || [], only = options.only || [];
  const parts = [
    options.level && `${options.level} run`,
    only.length > 0 &&
        `only ${only.slice(0, 6).join(", ")}${
            only.length > 6 ? ` and ${only.length - 6} more` : ""}`,
    by.length > 0 && by.length < kMechanisms.length && `by ${by.join(", ")}`,
    isNumber(options.exhaustive) &&
        `every word up to length ${options.exhaustive} unless there are too many`,
    isNumber(options.samples) && isNumber(options.max_length) &&
        `${options.samples} samples of further lengths up to ${options.max_length}`,
    isNumber(options.seed) && `seed ${options.seed}`,
    time,
    report.raspc && `raspc ${report.raspc}`,
  ].filter(Boolean);
  return parts.length ? parts.join("; ") + "." : "";
}

function select(name, label, value, choices, change) {
  const node =
      h("select", {id: `filter-${name}`, onchange: () => change(name, node.value)},
        choices.map(([key, text]) => h("option", {value: key, selected: key === value}, text)));
  return h("label", {}, h("span", {}, label), node);
}

function filterBar(filters, change) {
  const levels = [...new Set(problems.map(({level}) => level).filter(Boolean))];
  const search = h("input", {
    id: "filter-q",
    type: "search",
    value: filters.q,
    placeholder: "name, definition",
    oninput: () => change("q", search.value)
  });
  return h("form", {class: "filters", onsubmit: (event) => event.preventDefault()},
           h("label", {for: "filter-q", class: "wide"}, h("span", {}, "search"), search),
           select("kind", "kind", filters.kind, [["", "all"], ["language", "languages"], ["task", "tasks"]], change),
           select("level", "level", filters.level, [["", "all"], ...levels.map((level) => [level, level])], change),
           select("by", "mechanism", filters.by, [["", "any"], ...kMechanisms.map(({key, name}) => [key, name])], change),
           select("verdict", "verdict", filters.verdict, [["", "any"], ...Object.entries(kStatusNames)], change),
           select("only", "only", filters.only, [["", "everything"], ["mismatch", "mismatches"], ["not-learned", "expressible, not learned"]], change));
}

// Fills `main`. Filters change the address in place, so that a filtered matrix has one.
function showMatrix(main, filters) {
    const place = h("div", {class: "matrix-place"});
    const counted = h("p", {class: "muted", "aria-live": "polite"});
    const refresh = () => {
      const shown = problems.filter((problem) => passes(problem, filters));
      fill(
          place,
          shown.length ? matrixTable(shown) :
                         h("p", {class: "note"}, "No problem passes the filters."));
      counted.textContent = shown.length === problems.length ?
          plural(problems.length, "problem") :
          `${shown.length} of ${plural(problems.length, "problem")}`;
    };
    const change = (name, value) => {
      filters[name] = value;
      history.replaceState(null, "", writeFilters(filters));
      refresh();
    };
    refresh();
    fill(
        main, h("h1", {}, "Expressivity suite"), h("p", {class: "lead"}, optionsText()), banner(),
        h("div", {class: "overview"}, h("div", {class: "scroll"}, totalsTable()), explanation()),
        h("section", {}, h("h2", {}, "Problems by mechanism"), filterBar(filters, change), counted,
          place, matrixNotes()),
        publishedSection(), downloads());
}

function explanation() {
    return h(
        "div", {class: "explanation"},
        h("p", {},
          "Each problem is solved by a program that is compiled to the weights of a transformer and compared with the problem's definition. ",
          "The four mechanisms: "),
        h("ul", {},
          kMechanisms.map(({name, about}) => h("li", {}, h("strong", {}, name), ": ", about))));
}

function matrixNotes() {
    const models = problems.flatMap((problem) => problem.models || []);
    return h(
        "div", {class: "muted small notes"},
        h("p", {},
          "* unless complexity classes collapse. A cell shows the cost of the program at the maximum length it was compiled for, and that length if it is less than requested."),
        models.length > 0 &&
            h("p", {},
              "Recognised (y), not (–), only with the verdict at the last symbol and not at an end marker (l), by: ",
              kModelKeys.map((key) => models.find((model) => model.key === key))
                  .filter(Boolean)
                  .map(
                      (model, i) => [i ? "; " : "", h("strong", {}, model.key), ` ${model.model}`]),
              "."));
}

function downloads() {
    return section(
        "Downloads",
        h("p", {class: "buttons"},
          h("button",
            {type: "button", onclick: () => download("suite.csv", "text/csv", reportCsv())},
            "Download CSV"),
          h("button", {
            type: "button",
            onclick: () => download(
                "suite.json", "application/json", document.getElementById("report").textContent)
          },
            "Download JSON")),
        h("p", {class: "muted small"},
          "The CSV file has a line per problem and mechanism; the JSON file has everything on this page."));
}
