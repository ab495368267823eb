// One mechanism of a problem: theory and observation, an example, the program.

function definitionList(pairs) {
  return h(
      "dl", {},
      pairs
          .filter(
              ([, value]) =>
                  value !== null && value !== undefined && value !== "" && value !== false)
          .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

// The law that a figure follows, or the figures if there is none.
function growthText({law, fit, adjusted_r2, figures}) {
  if (law === "constant") return `constant, ${fit}`;
  if (law) return `${law}: ${fit} (adjusted R² ${adjusted_r2.toFixed(4)})`;
  return figures.map(([length, figure]) => `${formatNumber(figure)} at ${length}`).join(", ");
}

// A program's promise usually repeats the cost.
function provedText(cost, promise) {
  const parts = promise && promise.includes(cost) ? [promise] : [cost, promise];
  return parts.filter(Boolean).join("; ");
}

// Figures with equal growth share a line. Proved costs come first.
function growthNode(growth, proved) {
  const byText = new Map();
  for (const [field, one] of Object.entries(growth || {})) {
    const text = growthText(one);
    byText.set(text, [...(byText.get(text) || []), field]);
  }
  if (byText.size === 0) return null;
  return [
    proved && h("div", {}, `proved: ${proved}`),
    [...byText].map(([text, fields]) => h("div", {}, `${fields.join(", ")}: ${text}`))
  ];
}

function triedText(cell) {
  if (!isNumber(cell.words) || cell.words === 0) return null;
  return [
    plural(cell.words, "word"),
    isNumber(cell.exhaustive_to) && cell.exhaustive_to >= 0 &&
        `including all up to length ${cell.exhaustive_to}`,
    cell.interpreted?.words > 0 &&
        `the interpreter agrees with the definition on ${cell.interpreted.right} of ${
            cell.interpreted.words}`,
    cell.cut && `fewer than requested: the cell used up its budget of ${cell.cut}`,
  ].filter(Boolean)
      .join("; ");
}

function roundsTable(cell) {
  const rows = cell?.rounds || [];
  return rows.length > 0 &&
      h("div", {}, h("h3", {}, "Cut to fewer rounds"),
        h("p", {},
          "With only this many rounds of composition, words of this length are the first to fail."),
        table(
            ["rounds", "expected first failing length", "observed", "words tried",
             ""].map((text, i) => i < 4 ? {text, className: "number"} : text),
            rows.map(
                (row) =>
                    [String(row.rounds), formatNumber(row.expected_first_failure),
                     formatNumber(row.first_failing_length), formatNumber(row.words),
                     row.expected_first_failure === row.first_failing_length ? symbol("solved") :
                                                                               symbol("failed")]),
            {label: "rounds"}));
}

const kRaspToken =
    /(#[^\n]*)|("(?:[^"\\\n]|\\.)*")|\b(def|return|for|if|else|in|and|or|not|load|set|True|False)\b|\b(select|aggregate|selector_width|indices|tokens|length|zip|range|len|round)\b/g;
const kMostHighlighted = 60000;

// The program with comments, strings, keywords and primitives highlighted.
function highlighted(source) {
  if (source.length > kMostHighlighted) return [source];
  const nodes = [];
  let end = 0;
  for (const match of source.matchAll(kRaspToken)) {
    nodes.push(source.slice(end, match.index));
    nodes.push(
        h("span", {
          class: match[1] ? "rasp-comment" :
              match[2]    ? "rasp-string" :
              match[3]    ? "rasp-keyword" :
                            "rasp-primitive"
        },
          match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(source.slice(end));
  return nodes;
}

function programView(problem, mechanism, cell) {
  if (!cell.program) return null;
  const fileName = `${problem.name}.${mechanism.key}.rasp`.replace(/[^A-Za-z0-9._(),-]+/g, "_");
  const lines = cell.program.split("\n").length - 1;
  return h(
      "details", {class: "program", open: lines <= 80},
      h("summary", {}, `RASP program, ${plural(lines, "line")}`),
      h("p", {class: "buttons"},
        h("button",
          {type: "button", onclick: (event) => copyText(cell.program, event.currentTarget)},
          "Copy"),
        h("button", {type: "button", onclick: () => download(fileName, "text/plain", cell.program)},
          "Download ", fileName)),
      h("pre", {tabindex: 0}, h("code", {}, highlighted(cell.program))));
}

function mechanismView(problem, mechanism) {
  const cell = problem[mechanism.key] || {};
  const theory = cell.theory || {};
  const status = statusOf(cell);
  const wrong = cell.first_wrong;
  return h(
      "div", {
        role: "tabpanel",
        id: "mechanism",
        class: "panel",
        "aria-labelledby": `tab-${mechanism.key}`
      },
      h("h3", {}, `By ${mechanism.name}: ${kStatuses[status]}`), definitionList([
        [
          "theory",
          [kExpectations[theory.expectation] ?? "–", theory.reason ? `: ${theory.reason}` : ""]
        ],
        ["cost", theory.cost],
        ["reference", theory.reference],
        ["message", cell.message],
        ["construction", cell.construction],
        ["guaranteed depth", cell.promise],
        [
          "depth of the program",
          isNumber(cell.program_depth) ? `attention depth ${cell.program_depth}` : ""
        ],
        [
          "compiled for",
          shorterThanAsked(cell) !== null &&
              [`words of up to ${cell.max_length} symbols`, cell.beyond && `; not ${cell.beyond}`]
        ],
        ["growth", growthNode(cell.growth, provedText(theory.cost, cell.promise))],
        ["tried on", triedText(cell)],
        [
          "first wrong word",
          wrong && [wordNode(wrong.word), `: ${wrong.got}, expected ${wrong.expected}`]
        ],
        ["time", cell.seconds > 0.005 ? `${Math.round(cell.seconds * 100) / 100} s` : ""],
      ]),
      roundsTable(cell),
      cell.example && [h("h3", {}, "An example"), exampleView(cell.example, cell.program)],
      programView(problem, mechanism, cell));
}
