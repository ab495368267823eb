// The page of one problem.

function neighbours(problem, filters) {
  const shown = problems.filter((one) => one === problem || passes(one, filters));
  const at = shown.indexOf(problem);
  const link = (other, text) => other &&
      h("a", {href: problemHref(other.name)},
        text === "next" ? [other.name, " →"] : ["← ", other.name]);
  return h(
      "nav", {class: "neighbours", "aria-label": "problems"},
      h("a", {href: writeFilters(filters)}, "All problems"),
      h("span", {}, link(shown[at - 1], "previous")), h("span", {}, link(shown[at + 1], "next")));
}

function factsOf(problem) {
  const alphabet = problem.alphabet || [];
  const shown = alphabet.slice(0, 40);
  return h(
      "div", {class: "facts"}, problem.definition && h("p", {class: "lead"}, problem.definition),
      h("p", {},
        [problem.kind, problem.level].filter(Boolean).map(
            (text) => h("span", {class: "chip"}, text)),
        alphabet.length > 0 && h("span", {class: "muted"}, "symbols "),
        shown.map((one) => h("code", {class: "symbol-of"}, one)),
        alphabet.length > shown.length &&
            h("span", {class: "muted"}, ` and ${alphabet.length - shown.length} more`)));
}

function verdictCard(problem, mechanism, chosen, choose) {
  const cell = problem[mechanism.key] || {};
  const status = statusOf(cell);
  const theory = cell.theory || {};
  return h(
      "button", {
        type: "button",
        role: "tab",
        id: `tab-${mechanism.key}`,
        "aria-selected": String(chosen),
        "aria-controls": "mechanism",
        tabindex: chosen ? 0 : -1,
        class: `card ${status}${isMismatch(cell) ? " mismatch" : ""}`,
        onclick: () => choose(mechanism.key)
      },
      h("span", {class: "card-name"}, mechanism.name),
      h("span", {class: `cell ${status}`}, symbol(status), " ", cellText(mechanism.key, cell)),
      isMismatch(cell) && h("span", {class: "bad"}, symbol("mismatch"), " contradicts theory"),
      h("span", {class: "small"}, h("span", {class: "muted"}, "theory: "),
        kExpectations[theory.expectation] ?? "–"),
      isNumber(cell.accuracy) &&
          h("span", {class: "small"}, h("span", {class: "muted"}, "right: "),
            `${formatAccuracy(cell.accuracy)} of ${plural(cell.words, "word")}`));
}

// Tabs, with the arrow keys as is usual for them.
function mechanismTabs(problem, by, choose) {
  const list =
      h("div", {class: "cards", role: "tablist", "aria-label": "mechanisms"},
        kMechanisms.map(
            (mechanism) => verdictCard(problem, mechanism, mechanism.key === by, choose)));
  list.addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const at = kMechanisms.findIndex(({key}) => key === by);
    choose(kMechanisms[(at + step + kMechanisms.length) % kMechanisms.length].key);
  });
  return list;
}

// Fills `main`. The mechanism in view is part of the address.
function showProblem(main, problem, by, filters) {
  const firstRun =
      kMechanisms.find(({key}) => statusOf(problem[key]) === "solved") ?? kMechanisms[0];
  let chosen = kMechanisms.some(({key}) => key === by) ? by : firstRun.key;
  const place = h("div", {});
  const refresh = (focus) => {
    fill(
        place, mechanismTabs(problem, chosen, choose),
        mechanismView(problem, kMechanisms.find(({key}) => key === chosen)));
    if (focus) document.getElementById(`tab-${chosen}`).focus();
  };
  const choose = (key) => {
    chosen = key;
    history.replaceState(null, "", problemHref(problem.name, key));
    refresh(true);
  };
  refresh(false);
  fill(
      main, neighbours(problem, filters), h("h1", {class: "problem-name"}, problem.name),
      factsOf(problem), place, curves(problem), algebra(problem),
      (problem.published || []).length > 0 &&
          section("Published results", publishedTable([problem])));
}
