// Published results of trained transformers next to measurements of compiled ones.

const learnedText = (learned) => learned === true ? "yes" : learned === false ? "no" : "–";

// `52.1 % (chance 50 %)`, then the finding in words.
function trainedNode(row) {
  const more = [
    isNumber(row.chance) && isNumber(row.value) && `chance ${row.chance}`,
    isNumber(row.mean) && `mean ${row.mean}${isNumber(row.sd) ? ` ± ${row.sd}` : ""}`,
  ].filter(Boolean).join(", ");
  return [
    isNumber(row.value) && h("strong", {}, `${row.value}\u202f%`),
    more && h("span", {class: "muted"}, ` (${more})`),
    row.finding && [isNumber(row.value) ? "; " : "", row.finding]
  ];
}

const othersText = (row) =>
    (row.others || []).map(({model, value}) => `${model} ${value}`).join(", ");

// The accuracy of the mechanisms that ran: `100 % by direct, log-depth`, one line per accuracy.
function compiledNode(problem) {
  const byAccuracy = new Map();
  for (const {key, name} of kMechanisms) {
    const accuracy = problem[key]?.accuracy;
    if (!isNumber(accuracy)) continue;
    const text = formatAccuracy(accuracy);
    byAccuracy.set(
        text,
        [...(byAccuracy.get(text) || []), h("a", {href: problemHref(problem.name, key)}, name)]);
  }
  if (byAccuracy.size === 0) return h("span", {class: "muted"}, "not run");
  return [...byAccuracy].map(
      ([text, links]) => h(
          "div", {}, h("strong", {}, text), " by ", links.map((link, i) => [i ? ", " : "", link])));
}

function greatestLength(problem) {
  const lengths =
      kMechanisms.flatMap(({key}) => (problem[key]?.lengths || []).map(({length}) => length));
  return lengths.length ? `to length ${Math.max(...lengths)}` : "";
}

const kPublishedHeads =
    ["problem", "trained (paper)", "compiled (measured)", "learned", "other networks, %", "source"];

// The rows of one problem, sharing one cell for its name and one for the measurements.
function publishedRows(problem) {
  const span = problem.published.length;
  return problem.published.map(
      (row, i) =>
          h("tr", {},
            i === 0 &&
                h("th", {scope: "row", rowspan: span},
                  h("a", {href: problemHref(problem.name)}, problem.name), h("br"),
                  h("span", {class: "muted small"}, problem.level)),
            h("td", {}, trainedNode(row)),
            i === 0 &&
                h("td", {class: "compiled", rowspan: span}, compiledNode(problem),
                  h("span", {class: "muted small"}, greatestLength(problem))),
            h("td", {class: "learned"}, learnedText(row.learned),
              isNumber(row.learned_from) &&
                  h("span", {class: "muted"}, ` (from ${row.learned_from})`)),
            h("td", {}, othersText(row)),
            h("td", {class: "source"}, row.source, row.table && `, ${row.table}`, h("br"),
              h("span", {class: "muted small"}, [row.what, row.test].filter(Boolean).join("; ")))));
}

function publishedTable(members) {
  return h(
      "div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "published results"},
      h("table", {class: "published"},
        h("thead", {}, h("tr", {}, kPublishedHeads.map((head) => h("th", {scope: "col"}, head)))),
        h("tbody", {},
          members.filter((problem) => (problem.published || []).length > 0).map(publishedRows))));
}

function publishedSection() {
  const interesting = problems.filter(isExpressibleNotLearned);
  const others = problems.filter(
      (problem) => (problem.published || []).length > 0 && !isExpressibleNotLearned(problem));
  if (interesting.length + others.length === 0) return null;
  return section(
      "Expressible and not learned",
      h("p", {},
        "What compiled transformers express, compared with what transformers learned from examples according to publications. ",
        "\u201cLearned\u201d is the publication's own verdict: if it gives a threshold, such as 90\u202f%, a result that reaches it."),
      interesting.length ? publishedTable(interesting) :
                           h("p", {class: "note"}, "None among the problems of this run."),
      others.length > 0 &&
          h("details", {}, h("summary", {}, `The other published results (${others.length})`),
            publishedTable(others)));
}
