// Published results of trained transformers beside what was measured of compiled ones.

const learnedText = (learned) => learned === true ? "yes" : learned === false ? "no" : "–";

// `52.1 % (chance 50 %)`, then what there is in words.
function trainedNode(row) {
  const more = [
    isNumber(row.chance) && isNumber(row.value) && `chance ${row.chance}`,
    isNumber(row.mean) && `mean ${row.mean}${isNumber(row.sd) ? ` ± ${row.sd}` : ""}`,
  ].filter(Boolean).join(", ");
  return [isNumber(row.value) && h("strong", {}, `${row.value}\u202f%`), more && h("span", {class: "muted"}, ` (${more})`),
          row.finding && [isNumber(row.value) ? "; " : "", row.finding]];
}

const othersText = (row) => (row.others || []).map(({model, value}) => `${model} ${value}`).join(", ");

// By each mechanism that ran, its accuracy.
function compiledNode(problem) {
  const ran = kMechanisms.filter(({key}) => isNumber(problem[key]?.accuracy));
  if (ran.length === 0) return h("span", {class: "muted"}, "not run");
  return ran.map(({key, name}, i) => [i ? h("br") : "", h("a", {href: problemHref(problem.name, key)}, name), ` ${formatAccuracy(problem[key].accuracy)}`]);
}

function greatestLength(problem) {
  const lengths = kMechanisms.flatMap(({key}) => (problem[key]?.lengths || []).map(({length}) => length));
  return lengths.length ? `to length ${Math.max(...lengths)}` : "";
}

function publishedTable(members) {
  const rows = members.flatMap((problem) => (problem.published || []).map((row, i, all) => ({problem, row, isFirst: i === 0, span: all.length})));
  return h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "published results"},
           h("table", {class: "published"},
             h("thead", {}, h("tr", {}, ["problem", "trained (paper)", "learned", "other networks, %", "source", "compiled (measured)"].map((head) => h("th", {scope: "col"}, head)))),
             h("tbody", {}, rows.map(({problem, row, isFirst, span}) => h("tr", {class: isFirst ? "first" : null},
               isFirst && h("th", {scope: "row", rowspan: span}, h("a", {href: problemHref(problem.name)}, problem.name), h("br"), h("span", {class: "muted small"}, problem.level)),
               h("td", {}, trainedNode(row)), h("td", {class: "learned"}, learnedText(row.learned)), h("td", {}, othersText(row)),
               h("td", {}, row.source, row.table && `, ${row.table}`, h("br"), h("span", {class: "muted small"}, [row.what, row.test].filter(Boolean).join("; "))),
               isFirst && h("td", {rowspan: span}, compiledNode(problem), h("br"), h("span", {class: "muted small"}, greatestLength(problem))))))));
}

function publishedSection() {
  const interesting = problems.filter(isExpressibleNotLearned);
  const others = problems.filter((problem) => (problem.published || []).length > 0 && !isExpressibleNotLearned(problem));
  if (interesting.length + others.length === 0) return null;
  return section("Expressible and not learned",
      h("p", {}, "What compiled transformers express, beside what transformers learned from examples according to publications. ",
        "A trained network is not learned here where its best run is below 99\u202f% or the publication says so in words."),
      interesting.length ? publishedTable(interesting) : h("p", {class: "note"}, "None among the problems of this run."),
      others.length > 0 && h("details", {}, h("summary", {}, `The other published results (${others.length})`), publishedTable(others)));
}
