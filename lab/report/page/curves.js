// Curves of accuracy and of resources for one problem, and the same figures as tables.

function accuracyChart(problem, {key, name}) {
  const cell = problem[key];
  const rows = cell?.lengths || [];
  if (rows.length === 0) return null;
  const pointsOf = (field, count, of) =>
      rows.filter((row) => isNumber(row[field]))
          .map(
              (row) =>
                  [row.length, row[field],
                   `${of}, length ${row.length}: ${formatAccuracy(row[field])} of ${count(row)}`]);
  const members = pointsOf(
      "accuracy_members", (row) => row.members, problem.kind === "task" ? "inputs" : "members");
  const series = problem.kind === "task" ?
      [{
        name: "inputs",
        key: "members",
        points: members.length ? members : pointsOf("accuracy", (row) => row.words, "inputs")
      }] :
      [
        {name: "words of the language", key: "members", points: members}, {
          name: "other words",
          key: "others",
          points: pointsOf("accuracy_others", (row) => row.words - row.members, "others")
        }
      ];
  const exhaustive = rows.filter((row) => row.exhaustive).map(({length}) => length);
  return chart({
    title: name,
    xLabel: "length of the word",
    series,
    max: 1,
    percent: true,
    shadeTo: exhaustive.length ? Math.max(...exhaustive) : 0,
    markX: isNumber(cell.first_failing_length) ?
        {x: cell.first_failing_length, text: `first wrong: ${cell.first_failing_length}`} :
        null
  });
}

const kResources = [
  ["layers", "layers"],
  ["heads", "maximum heads per layer"],
  ["d_model", "width (d_model)"],
  ["d_mlp", "hidden size (d_mlp)"],
  ["parameters", "parameters"],
  ["nonzeros", "nonzero parameters"],
  ["steps", "maximum tokens generated"],
  ["pads", "padding tokens"],
];

function resourceChart(problem, [field, title]) {
  const series = kMechanisms
                     .map(({key, name}) => ({
                            name,
                            key,
                            points: (problem[key]?.resources || [])
                                        .filter((row) => isNumber(row[field]))
                                        .map(
                                            (row) =>
                                                [row.max_length, row[field],
                                                 `${name}, up to length ${row.max_length}: ${
                                                     formatNumber(row[field])}`])
                          }))
                     .filter(({points}) => points.some(([, value]) => value > 0));
  return series.length > 0 && chart({title, xLabel: "maximum length compiled for", series});
}

function figuresTable(problem) {
  const rows = kMechanisms.flatMap(
      ({key, name}) => (problem[key]?.resources || [])
                           .map(
                               (row) =>
                                   [name,
                                    ...["max_length", ...kResources.map(([field]) => field)].map(
                                        (field) => formatNumber(row[field]))]));
  const number = (text) => ({text, className: "number"});
  return table(
      ["mechanism", number("up to length"), ...kResources.map(([field]) => number(field))], rows,
      {label: "resources"});
}

function lengthsTable(problem) {
  const number = (text) => ({text, className: "number"});
  const rows = kMechanisms.flatMap(
      ({key, name}) =>
          (problem[key]?.lengths || [])
              .map(
                  (row) =>
                      [name, String(row.length), formatNumber(row.words),
                       row.exhaustive ? "all" : "random", formatNumber(row.members),
                       formatAccuracy(row.accuracy), formatAccuracy(row.accuracy_members),
                       formatAccuracy(row.accuracy_others), formatNumber(row.steps),
                       formatNumber(row.pads)]));
  return table(
      [
        "mechanism", number("length"), number("words"), "which", number("members"), number("right"),
        number("members right"), number("others right"), number("steps"), number("pads")
      ],
      rows, {label: "accuracy by length"});
}

function curves(problem) {
  const accuracy =
      kMechanisms.map((mechanism) => accuracyChart(problem, mechanism)).filter(Boolean);
  const resources = kResources.map((resource) => resourceChart(problem, resource)).filter(Boolean);
  const ran = kMechanisms.filter(({key}) => (problem[key]?.resources || []).length > 0);
  return [
    accuracy.length > 0 &&
        section(
            "Accuracy by length",
            chartLegend(
                problem.kind === "task" ? [{key: "members", name: "inputs"}] :
                                          [
                                            {key: "members", name: "words of the language"},
                                            {key: "others", name: "other words"}
                                          ]),
            h("div", {class: "charts"}, accuracy),
            h("p", {class: "muted small"},
              "Shaded: every word of these lengths. Beyond, random words, half in the language and half outside, including near misses."),
            h("details", {}, h("summary", {}, "Accuracy as a table"), lengthsTable(problem))),
    resources.length > 0 &&
        section(
            "Resources by maximum length", chartLegend(ran.map(({key, name}) => ({key, name}))),
            h("div", {class: "charts"}, resources),
            h("details", {}, h("summary", {}, "Resources as a table"), figuresTable(problem))),
  ];
}
