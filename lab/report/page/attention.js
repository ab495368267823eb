// An example run: its tokens with what comes out at each, and where every head looks.

const tokenText = (text) => text === "" ? "ε" : text.replaceAll(" ", "␣");

// The positions of a run by name: BOS first, if the model has one.
function positionsOf(example) {
  const partOf = (i) => {
    if (i < example.num_input) return "input";
    return i < example.num_framed ? "frame" : "generated";
  };
  const names =
      (example.tokens || []).map((token, i) => ({text: tokenText(token), part: partOf(i)}));
  return example.has_bos ? [{text: "BOS", part: "bos"}, ...names] : names;
}

// A head's label in words: that of a selector without a name gives its line, which is shown; the
// mean 1/(1+c) is how a width c is counted.
function headName(label, program) {
  const counted = /^width of 1\/\(1\+(.*)\)$/.exec(label);
  if (counted)
    return /^\S+ \d+$/.test(counted[1]) ? "a count without a name" : `counts ${counted[1]}`;
  const nameless = /^\S+ \d+( in line (\d+) of recogniser\.rasp)?$/.exec(label);
  if (!nameless) return label;
  const line = (program || "").split("\n")[nameless[2] - 1]?.trim();
  return line ? `line ${nameless[2]}: ${line}` : "a selector without a name";
}

const kMaskText = {
  none: "sees every position",
  causal: "sees itself and what is before",
  strictly_causal: "sees what is before",
};

// The tokens in a row; `show(weights)` raises a bar at each token that is attended to.
function tokenStrip(example) {
  const shift = example.has_bos ? 1 : 0;
  // Of a run that generates only what comes out from the last framed position on is used.
  const firstUsed =
      (example.tokens || []).length > example.num_framed ? shift + example.num_framed - 1 : shift;
  const outputText = (i) => {
    if (i < firstUsed) return "";
    return tokenText(String(example.outputs?.[i - shift] ?? "–"));
  };
  const chips = positionsOf(example).map(
      ({text, part}, i) =>
          h("li", {class: `token ${part}`}, h("span", {class: "weight"}, h("span", {class: "bar"})),
            h("span", {class: "text"}, text), h("span", {class: "output"}, outputText(i))));
  const show = (query, weights) => chips.forEach((chip, i) => {
    chip.querySelector(".bar").style.height = `${Math.round((weights[i] ?? 0) * 100)}%`;
    chip.classList.toggle("query", i === query);
  });
  const cut = (example.num_tokens ?? 0) - (example.tokens || []).length;
  return {
    node: h(
        "div", {},
        h("ol", {class: "tokens", start: 0}, chips,
          cut > 0 && h("li", {class: "token cut"}, `and ${formatNumber(cut)} more`)),
        h("p", {class: "muted small"}, "Each token, and below it what comes out at its position. ",
          h("span", {class: "swatch input"}), "the word ", h("span", {class: "swatch frame"}),
          "end marker and padding ", h("span", {class: "swatch generated"}), "generated")),
    show
  };
}

function attentionView(example, program, strip) {
  const heads =
      (example.layers || [])
          .flatMap(
              (layer, l) => (layer.heads || []).map((head, i) => ({...head, layer: l, index: i})));
  const positions = positionsOf(example);
  if (heads.length === 0) {
    return h(
        "p", {class: "muted"},
        example.heads_left_out > 0 ? "The run is too long for its attention to be kept." :
                                     "This model has no attention heads.");
  }
  const large = h("div", {class: "large"});
  const buttons = heads.map(
      (head) =>
          h("button",
            {type: "button", class: "head", "aria-pressed": "false", onclick: () => choose(head)},
            thumbnail(head.weights),
            h("span", {class: "where"}, `layer ${head.layer}, head ${head.index}`),
            h("span", {class: "what"}, headName(head.label, program))));
  const choose = (head) => {
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(heads[i] === head)));
    strip.show(head.weights.length - 1, head.weights.at(-1));
    fill(
        large,
        h("p", {}, h("strong", {}, `Layer ${head.layer}, head ${head.index}: `),
          headName(head.label, program),
          head.mask && h("span", {class: "muted"}, ` (${kMaskText[head.mask] ?? head.mask})`)),
        heatMap(
            head, headName(head.label, program), positions, (q) => strip.show(q, head.weights[q])));
  };
  // Heads that look at BOS alone say nothing of this word.
  choose(
      heads.find(
          (head) => head.weights.some((row) => row.some((weight, k) => k > 0 && weight > 0))) ??
      heads[0]);
  return h(
      "div", {class: "attention"},
      h("div", {class: "heads", role: "group", "aria-label": "heads"}, buttons,
        example.heads_left_out > 0 &&
            h("p", {class: "muted small"},
              `${plural(example.heads_left_out, "head")} more not kept`)),
      large);
}

function exampleView(example, program) {
  if (!example) return h("p", {class: "muted"}, "No example was kept.");
  const strip = tokenStrip(example);
  const right = example.right ?? example.expected === example.got;
  const generated = (example.tokens || []).slice(example.num_framed);
  return h(
      "div", {class: "example"},
      h("p", {}, "Input ", h("code", {}, example.word === "" ? "ε" : example.word), ": ",
        h("span", {class: right ? "good" : "bad"}, symbol(right ? "solved" : "failed"), " ",
          example.got),
        right ? "" : [", expected ", h("code", {}, example.expected)]),
      strip.node,
      generated.length > 0 &&
          h("div", {class: "thought"}, h("h4", {}, "Chain of thought"),
            h("ol", {},
              generated.map(
                  (token, i) =>
                      h("li", {}, h("span", {class: "step"}, String(i + 1)),
                        h("code", {}, tokenText(token)))))),
      h("h4", {}, "Attention"), attentionView(example, program, strip));
}
