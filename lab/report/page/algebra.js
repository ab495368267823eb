// What algebra says of a regular language: classes of transformers, failing pairs, the automaton.

// "F", "F, A or U".
function alternatives(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function failingPairNode(pair) {
  const power = (extra) =>
      h("span", {}, pair.before && [wordNode(pair.before), " "], wordNode(pair.repeated),
        h("sup", {}, "N"), extra && [" ", wordNode(pair.extra)],
        pair.after && [" ", wordNode(pair.after)]);
  const inside = pair.is_member_without_extra === true ? "the first" :
      pair.is_member_without_extra === false           ? "the second" :
                                                         "one";
  const violates = {
    r_trivial: "it is not R-trivial",
    aperiodic: "it is not aperiodic"
  }[pair.violates] ??
      `violates ${pair.violates}`;
  const defeats = Array.isArray(pair.defeats) ? pair.defeats : [...String(pair.defeats || "")];
  return h(
      "li", {}, power(false), " and ", power(true), h("br"),
      h("span", {class: "muted"},
        `of which ${inside} is in the language for every N: ${violates}, so no network of class ${
            alternatives(defeats)} tells them apart for large N`,
        isNumber(pair.checked_to) &&
            (pair.holds ? `; checked on the automaton to N = ${pair.checked_to}` :
                          "; on the automaton this is wrong")));
}

function modelsTable(problem) {
  const answer = (model, value) => value === true ? "yes" :
      value === false                             ? "no" :
      model.unless                                ? `no, unless ${model.unless}` :
                                                    "unknown";
  return table(
      ["", "transformers", "verdict at the end marker", "verdict at the last symbol", "reference"],
      problem.models.map(
          (model) =>
              [h("strong", {}, model.key), model.model,
               [
                 symbol(
                     model.recognises === true      ? "solved" :
                         model.recognises === false ? "refused" :
                         model.unless               ? "conditional" :
                                                      "unclaimed"),
                 " ", answer(model, model.recognises)
               ],
               answer(model, model.recognises_at_last), model.reference]),
      {label: "classes of transformers"});
}

// What the classification says in plain values; nested tables are left to the JSON file.
function classificationList(classification) {
  const text = (value) => value === true ? "yes" :
      value === false                    ? "no" :
      value === null                     ? "unknown" :
      Array.isArray(value)               ? value.join(", ") || "none" :
                                           String(value);
  const isPlain = (value) => value === null || typeof value !== "object" ||
      (Array.isArray(value) && value.every((one) => typeof one !== "object"));
  return h(
      "details", {}, h("summary", {}, "Classification"),
      h("dl", {class: "columns"},
        Object.entries(classification)
            .filter(([, value]) => isPlain(value))
            .map(
                ([name, value]) => h(
                    "div", {}, h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, text(value))))));
}

// As an image, so that nothing in the drawing can run or load.
function automatonFigure(problem) {
  const url = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(problem.automaton_svg);
  return h(
      "figure", {class: "automaton"},
      h("div", {class: "scroll"},
        h("img", {src: url, alt: `minimal automaton of ${problem.name}`})),
      h("figcaption", {},
        "The minimal automaton. Double lines accept; a dashed state leads nowhere."));
}

function algebra(problem) {
  const pairs = problem.failing_pairs || [];
  if (!(problem.models || []).length && !problem.automaton_svg) return null;
  return section(
      "Algebra", problem.automaton_svg && automatonFigure(problem),
      (problem.models || []).length > 0 && modelsTable(problem),
      pairs.length > 0 &&
          [h("h3", {}, "Failing pairs"), h("ul", {class: "pairs"}, pairs.map(failingPairNode))],
      problem.classification && classificationList(problem.classification));
}
