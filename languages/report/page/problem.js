// The page of one problem.

const wordNode = (word) => h("code", {}, word === "" ? "ε" : word);

function neighbours(problem, filters) {
  const shown = problems.filter((one) => one === problem || passes(one, filters));
  const at = shown.indexOf(problem);
  const link = (other, text) => other && h("a", {href: problemHref(other.name)}, text === "next" ? [other.name, " →"] : ["← ", other.name]);
  return h("nav", {class: "neighbours", "aria-label": "problems"}, h("a", {href: writeFilters(filters)}, "All problems"),
           h("span", {}, link(shown[at - 1], "previous")), h("span", {}, link(shown[at + 1], "next")));
}

function factsOf(problem) {
  const alphabet = problem.alphabet || [];
  const shown = alphabet.slice(0, 40);
  return h("div", {class: "facts"},
           problem.definition && h("p", {class: "lead"}, problem.definition),
           h("p", {}, [problem.kind, problem.level].filter(Boolean).map((text) => h("span", {class: "chip"}, text)),
             alphabet.length > 0 && h("span", {class: "muted"}, "symbols "), shown.map((one) => h("code", {class: "symbol-of"}, one)),
             alphabet.length > shown.length && h("span", {class: "muted"}, ` and ${alphabet.length - shown.length} more`)));
}

function verdictCard(problem, mechanism, chosen, choose) {
  const cell = problem[mechanism.key] || {};
  const status = statusOf(cell);
  const theory = cell.theory || {};
  return h("button", {type: "button", role: "tab", id: `tab-${mechanism.key}`, "aria-selected": String(chosen), "aria-controls": "mechanism", tabindex: chosen ? 0 : -1,
                      class: `card ${status}${isMismatch(cell) ? " mismatch" : ""}`, onclick: () => choose(mechanism.key)},
           h("span", {class: "card-name"}, mechanism.name),
           h("span", {class: `cell ${status}`}, symbol(status), " ", cellText(mechanism.key, cell)),
           isMismatch(cell) && h("span", {class: "bad"}, symbol("mismatch"), " not as theory says"),
           h("span", {class: "small"}, h("span", {class: "muted"}, "theory: "), kExpectations[theory.expectation] ?? "–"),
           isNumber(cell.accuracy) && h("span", {class: "small"}, h("span", {class: "muted"}, "right: "), `${formatAccuracy(cell.accuracy)} of ${plural(cell.words, "word")}`));
}

// Tabs, with the arrow keys as is usual for them.
function mechanismTabs(problem, by, choose) {
  const list = h("div", {class: "cards", role: "tablist", "aria-label": "mechanisms"},
                 kMechanisms.map((mechanism) => verdictCard(problem, mechanism, mechanism.key === by, choose)));
  list.addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const at = kMechanisms.findIndex(({key}) => key === by);
    choose(kMechanisms[(at + step + kMechanisms.length) % kMechanisms.length].key);
  });
  return list;
}

function accuracyChart(problem, {key, name}) {
  const cell = problem[key];
  const rows = cell?.lengths || [];
  if (rows.length === 0) return null;
  const pointsOf = (field, count, of) => rows.filter((row) => isNumber(row[field]))
      .map((row) => [row.length, row[field], `${of}, length ${row.length}: ${formatAccuracy(row[field])} of ${count(row)}`]);
  const members = pointsOf("accuracy_members", (row) => row.members, problem.kind === "task" ? "inputs" : "members");
  const series = problem.kind === "task"
      ? [{name: "inputs", key: "members", points: members.length ? members : pointsOf("accuracy", (row) => row.words, "inputs")}]
      : [{name: "words of the language", key: "members", points: members},
         {name: "other words", key: "others", points: pointsOf("accuracy_others", (row) => row.words - row.members, "others")}];
  const exhaustive = rows.filter((row) => row.exhaustive).map(({length}) => length);
  return chart({title: name, xLabel: "length of the word", series, max: 1, percent: true,
                shadeTo: exhaustive.length ? Math.max(...exhaustive) : 0,
                markX: isNumber(cell.first_failing_length) ? {x: cell.first_failing_length, text: `first wrong: ${cell.first_failing_length}`} : null});
}

const kResources = [
  ["layers", "layers"], ["heads", "heads in a layer, at most"], ["d_model", "width (d_model)"], ["d_mlp", "hidden size (d_mlp)"],
  ["parameters", "parameters"], ["nonzeros", "parameters that are not zero"], ["steps", "tokens generated, at most"], ["pads", "padding tokens"],
];

function resourceChart(problem, [field, title]) {
  const series = kMechanisms.map(({key, name}) => ({name, key, points: (problem[key]?.resources || [])
      .filter((row) => isNumber(row[field])).map((row) => [row.max_length, row[field], `${name}, up to length ${row.max_length}: ${formatNumber(row[field])}`])}))
      .filter(({points}) => points.some(([, value]) => value > 0));
  return series.length > 0 && chart({title, xLabel: "greatest length compiled for", series});
}

function figuresTable(problem) {
  const rows = kMechanisms.flatMap(({key, name}) => (problem[key]?.resources || []).map((row) =>
      [name, ...["max_length", ...kResources.map(([field]) => field)].map((field) => formatNumber(row[field]))]));
  const number = (text) => ({text, className: "number"});
  return table(["mechanism", number("up to length"), ...kResources.map(([field]) => number(field))], rows, {label: "resources"});
}

function lengthsTable(problem) {
  const number = (text) => ({text, className: "number"});
  const rows = kMechanisms.flatMap(({key, name}) => (problem[key]?.lengths || []).map((row) =>
      [name, String(row.length), formatNumber(row.words), row.exhaustive ? "all" : "drawn", formatNumber(row.members), formatAccuracy(row.accuracy),
       formatAccuracy(row.accuracy_members), formatAccuracy(row.accuracy_others), formatNumber(row.steps), formatNumber(row.pads)]));
  return table(["mechanism", number("length"), number("words"), "which", number("members"), number("right"), number("members right"), number("others right"),
                number("steps"), number("pads")], rows, {label: "accuracy by length"});
}

function curves(problem) {
  const accuracy = kMechanisms.map((mechanism) => accuracyChart(problem, mechanism)).filter(Boolean);
  const resources = kResources.map((resource) => resourceChart(problem, resource)).filter(Boolean);
  const ran = kMechanisms.filter(({key}) => (problem[key]?.resources || []).length > 0);
  return [
    accuracy.length > 0 && section("Accuracy by length",
      chartLegend(problem.kind === "task" ? [{key: "members", name: "inputs"}] : [{key: "members", name: "words of the language"}, {key: "others", name: "other words"}]),
      h("div", {class: "charts"}, accuracy),
      h("p", {class: "muted small"}, "Shaded: every word of these lengths. Beyond, words drawn at random, as many in the language as outside, near misses among them."),
      h("details", {}, h("summary", {}, "Accuracy as a table"), lengthsTable(problem))),
    resources.length > 0 && section("Resources by greatest length",
      chartLegend(ran.map(({key, name}) => ({key, name}))), h("div", {class: "charts"}, resources),
      h("details", {}, h("summary", {}, "Resources as a table"), figuresTable(problem))),
  ];
}

function definitionList(pairs) {
  return h("dl", {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
      .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

// What does not grow on one line, then each figure that does.
function growthNode(growth) {
  const laws = Object.entries(growth || {}).filter(([, law]) => typeof law === "string");
  const constant = laws.filter(([, law]) => law === "constant").map(([field]) => field);
  const growing = laws.filter(([, law]) => law !== "constant");
  if (laws.length === 0) return null;
  return [constant.length > 0 && h("div", {}, `constant: ${constant.join(", ")}`), growing.map(([field, law]) => h("div", {}, `${field}: ${law}`))];
}

function triedText(cell) {
  if (!isNumber(cell.words) || cell.words === 0) return null;
  return [
    plural(cell.words, "word"),
    isNumber(cell.exhaustive_to) && cell.exhaustive_to >= 0 && `all up to length ${cell.exhaustive_to} among them`,
    cell.interpreted?.words > 0 && `the interpreter agrees with the definition on ${cell.interpreted.right} of ${cell.interpreted.words}`,
    cell.cut && `fewer than asked for, as the ${cell.cut} allowed for a cell was used up`,
  ].filter(Boolean).join("; ");
}

function roundsTable(cell) {
  const rows = cell?.rounds || [];
  return rows.length > 0 && h("div", {}, h("h3", {}, "Cut to fewer rounds"),
      h("p", {}, "With only so many rounds of composition, words of this length are the first to go wrong."),
      table(["rounds", "first wrong length expected", "observed", "words tried", ""].map((text, i) => i < 4 ? {text, className: "number"} : text),
            rows.map((row) => [String(row.rounds), formatNumber(row.expected_first_failure), formatNumber(row.first_failing_length), formatNumber(row.words),
                               row.expected_first_failure === row.first_failing_length ? symbol("solved") : symbol("failed")]), {label: "rounds"}));
}

const kRaspToken = /(#[^\n]*)|("(?:[^"\\\n]|\\.)*")|\b(def|return|for|if|else|in|and|or|not|load|set|True|False)\b|\b(select|aggregate|selector_width|indices|tokens|length|zip|range|len|round)\b/g;
const kMostHighlighted = 60000;

// The program with comments, strings, keywords and primitives set off.
function highlighted(source) {
  if (source.length > kMostHighlighted) return [source];
  const nodes = [];
  let end = 0;
  for (const match of source.matchAll(kRaspToken)) {
    nodes.push(source.slice(end, match.index));
    nodes.push(h("span", {class: match[1] ? "rasp-comment" : match[2] ? "rasp-string" : match[3] ? "rasp-keyword" : "rasp-primitive"}, match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(source.slice(end));
  return nodes;
}

function programView(problem, mechanism, cell) {
  if (!cell.program) return null;
  const fileName = `${problem.name}.${mechanism.key}.rasp`.replace(/[^A-Za-z0-9._(),-]+/g, "_");
  const lines = cell.program.split("\n").length - 1;
  return h("details", {class: "program", open: lines <= 80},
           h("summary", {}, `RASP program, ${plural(lines, "line")}`),
           h("p", {class: "buttons"},
             h("button", {type: "button", onclick: (event) => copyText(cell.program, event.currentTarget)}, "Copy"),
             h("button", {type: "button", onclick: () => download(fileName, "text/plain", cell.program)}, "Download ", fileName)),
           h("pre", {tabindex: 0}, h("code", {}, highlighted(cell.program))));
}

function mechanismView(problem, mechanism) {
  const cell = problem[mechanism.key] || {};
  const theory = cell.theory || {};
  const status = statusOf(cell);
  const wrong = cell.first_wrong;
  return h("div", {role: "tabpanel", id: "mechanism", class: "panel", "aria-labelledby": `tab-${mechanism.key}`},
           h("h3", {}, `By ${mechanism.name}: ${kStatuses[status]}`),
           definitionList([
             ["theory", [kExpectations[theory.expectation] ?? "–", theory.reason ? `: ${theory.reason}` : ""]],
             ["cost", theory.cost], ["reference", theory.reference], ["said by the program", cell.message], ["construction", cell.construction],
             ["depth promised", cell.promise], ["depth of the program", isNumber(cell.program_depth) ? plural(cell.program_depth, "attention layer") : ""],
             ["made for", shorterThanAsked(cell) !== null && [`words of up to ${cell.max_length} symbols`, cell.beyond && `; not ${cell.beyond}`]],
             ["growth", growthNode(cell.growth)],
             ["tried on", triedText(cell)],
             ["first wrong word", wrong && [wordNode(wrong.word), `: ${wrong.got}, expected ${wrong.expected}`]],
             ["time", cell.seconds > 0.005 ? `${Math.round(cell.seconds * 100) / 100} s` : ""],
           ]),
           roundsTable(cell), cell.example && [h("h3", {}, "An example"), exampleView(cell.example, cell.program)], programView(problem, mechanism, cell));
}

function failingPairNode(pair) {
  const power = (extra) => h("span", {}, pair.before && [wordNode(pair.before), " "], "(", wordNode(pair.repeated), ")", h("sup", {}, "N"),
                                   extra && [" ", wordNode(pair.extra)], pair.after && [" ", wordNode(pair.after)]);
  const inside = pair.is_member_without_extra === true ? "the first" : pair.is_member_without_extra === false ? "the second" : "one";
  const violates = {r_trivial: "it is not R-trivial", aperiodic: "it is not aperiodic"}[pair.violates] ?? `violates ${pair.violates}`;
  const defeats = Array.isArray(pair.defeats) ? pair.defeats : [...String(pair.defeats || "")];
  return h("li", {}, power(false), " and ", power(true), h("br"),
           h("span", {class: "muted"}, `of which ${inside} is in the language for every N: ${violates}, so no network of class ${defeats.join(" or ")} tells them apart for large N`,
             isNumber(pair.checked_to) && (pair.holds ? `; checked on the automaton to N = ${pair.checked_to}` : "; on the automaton this is wrong")));
}

function modelsTable(problem) {
  const answer = (value) => value === true ? "yes" : value === false ? "no" : "unknown";
  return table(["", "transformers", "recognised", "verdict at the last symbol", "reference"],
               problem.models.map((model) => [h("strong", {}, model.key), model.model, [symbol(model.recognises === true ? "solved" : model.recognises === false ? "refused" : "unclaimed"), " ", answer(model.recognises)],
                 answer(model.recognises_at_last), model.reference]), {label: "classes of transformers"});
}

// What the classification says in plain values; nested tables are left to the JSON file.
function classificationList(classification) {
  const text = (value) => value === true ? "yes" : value === false ? "no" : value === null ? "unknown" : Array.isArray(value) ? value.join(", ") || "none" : String(value);
  const isPlain = (value) => value === null || typeof value !== "object" || (Array.isArray(value) && value.every((one) => typeof one !== "object"));
  return h("details", {}, h("summary", {}, "Classification"),
           h("dl", {class: "columns"}, Object.entries(classification).filter(([, value]) => isPlain(value))
               .map(([name, value]) => h("div", {}, h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, text(value))))));
}

// As an image, so that nothing in the drawing can run or load.
function automatonFigure(problem) {
  const url = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(problem.automaton_svg);
  return h("figure", {class: "automaton"}, h("div", {class: "scroll"}, h("img", {src: url, alt: `minimal automaton of ${problem.name}`})),
           h("figcaption", {}, "The minimal automaton. Double lines accept; a dashed state leads nowhere."));
}

function algebra(problem) {
  const pairs = problem.failing_pairs || [];
  if (!(problem.models || []).length && !problem.automaton_svg) return null;
  return section("Algebra", problem.automaton_svg && automatonFigure(problem), (problem.models || []).length > 0 && modelsTable(problem),
                 pairs.length > 0 && [h("h3", {}, "Failing pairs"), h("ul", {class: "pairs"}, pairs.map(failingPairNode))],
                 problem.classification && classificationList(problem.classification));
}

// Fills `main`. The mechanism in view is part of the address.
function showProblem(main, problem, by, filters) {
  const firstRun = kMechanisms.find(({key}) => statusOf(problem[key]) === "solved") ?? kMechanisms[0];
  let chosen = kMechanisms.some(({key}) => key === by) ? by : firstRun.key;
  const place = h("div", {});
  const refresh = (focus) => {
    fill(place, mechanismTabs(problem, chosen, choose), mechanismView(problem, kMechanisms.find(({key}) => key === chosen)));
    if (focus) document.getElementById(`tab-${chosen}`).focus();
  };
  const choose = (key) => {
    chosen = key;
    history.replaceState(null, "", problemHref(problem.name, key));
    refresh(true);
  };
  refresh(false);
  fill(main,
    neighbours(problem, filters), h("h1", {class: "problem-name"}, problem.name), factsOf(problem), place, curves(problem), algebra(problem),
    (problem.published || []).length > 0 && section("Published results", publishedTable([problem])));
}
