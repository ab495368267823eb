// An example run: its tokens with what comes out at each, and where every head looks.
//
// Row q of a head's weights says how much position q takes from each position k. Weights are drawn
// dark for 1 and not at all for 0.

const kThumbCell = 3;  // pixels of a small picture's cells
const kShades = 8;     // of a small picture
// Pixels of the large picture's cells: fewer positions have larger ones.
const cellSize = (n) => Math.max(16, Math.min(30, Math.floor(400 / n)));

const tokenText = (text) => text === "" ? "ε" : text.replaceAll(" ", "␣");

// The positions of a run by name: BOS first, if the model has one.
function positionsOf(example) {
  const names = (example.tokens || []).map((token, i) => ({
    text: tokenText(token),
    part: i < example.num_input ? "input" : i < example.num_framed ? "frame" : "generated",
  }));
  return example.has_bos ? [{text: "BOS", part: "bos"}, ...names] : names;
}

// The cells of one shade as a path: few elements, however many weights.
function shadePaths(weights, size) {
  const paths = Array.from({length: kShades + 1}, () => "");
  weights.forEach((row, q) => row.forEach((weight, k) => {
    const shade = weight > 0 ? Math.max(1, Math.round(weight * kShades)) : 0;
    if (shade) paths[shade] += `M${k * size} ${q * size}h${size}v${size}h-${size}Z`;
  }));
  return paths.map((d, shade) => d && s("path", {class: "heat", d, "fill-opacity": shade / kShades}));
}

function thumbnail(weights) {
  const side = weights.length * kThumbCell;
  return s("svg", {class: "thumb", viewBox: `0 0 ${side} ${side}`, width: 72, height: 72, "aria-hidden": "true"},
           s("rect", {class: "paper", width: side, height: side}), shadePaths(weights, kThumbCell));
}

// A head's label in words: that of a selector without a name gives its line, which is shown; the mean
// 1/(1+c) is how a width c is counted.
function headName(label, program) {
  const counted = /^width of 1\/\(1\+(.*)\)$/.exec(label);
  if (counted) return /^\S+ \d+$/.test(counted[1]) ? "a count without a name" : `counts ${counted[1]}`;
  const nameless = /^\S+ \d+( in line (\d+) of recogniser\.rasp)?$/.exec(label);
  if (!nameless) return label;
  const line = (program || "").split("\n")[nameless[2] - 1]?.trim();
  return line ? `line ${nameless[2]}: ${line}` : "a selector without a name";
}

const kMaskText = {none: "sees every position", causal: "sees itself and what is before", strictly_causal: "sees what is before"};

// The large picture of a head. `onRow` is told which query is pointed at.
function heatMap(head, name, positions, onRow) {
  const n = head.weights.length;
  const cell = cellSize(n);
  const longest = Math.max(...positions.map(({text}) => [...text].length));
  const margin = Math.min(90, 14 + 7.2 * longest);
  const keyLabel = (text, middle) => [...text].length <= 2 ? {x: middle, y: margin - 5, "text-anchor": "middle"}
                                                          : {transform: `translate(${middle + 4} ${margin - 5}) rotate(-90)`};
  const side = n * cell;
  const highlight = s("g", {class: "pointed"});
  const readout = h("p", {class: "readout", "aria-live": "polite"}, "Point at a cell, or move with the arrow keys.");
  let at = [n - 1, 0];
  const point = (q, k) => {
    at = [q, k];
    fill(highlight,
        s("rect", {x: margin, y: margin + q * cell, width: side, height: cell}),
        s("rect", {x: margin + k * cell, y: margin, width: cell, height: side}));
    const weight = head.weights[q]?.[k] ?? 0;
    fill(readout,
        "position ", h("code", {}, `${q} ${positions[q].text}`), " takes ", h("strong", {}, `${Math.round(weight * 1000) / 10}\u202f%`),
        " from position ", h("code", {}, `${k} ${positions[k].text}`));
    onRow(q);
  };
  const cells = head.weights.map((row, q) => row.map((weight, k) => weight > 0 &&
      s("rect", {class: "heat", x: margin + k * cell, y: margin + q * cell, width: cell, height: cell, "fill-opacity": weight})));
  const label = (text) => [...text].length > 11 ? [...text].slice(0, 10).join("") + "…" : text;
  const picture = s("svg", {
    class: "heatmap", viewBox: `0 0 ${margin + side + 1} ${margin + side + 1}`, width: margin + side + 1,
    tabindex: 0, role: "img", "aria-label": `attention of ${name}; move with the arrow keys`,
  },
    s("text", {class: "axis-name", x: 2, y: margin - 6}, "query"),
    s("text", {class: "axis-name", x: margin - 4, y: 10, "text-anchor": "end"}, "key"),
    positions.slice(0, n).map(({text, part}, i) => {
      const middle = margin + i * cell + cell / 2;
      return [s("text", {class: part, x: margin - 5, y: middle + 4, "text-anchor": "end"}, label(text)),
              s("text", {class: part, ...keyLabel(text, middle)}, label(text))];
    }),
    s("rect", {class: "paper", x: margin, y: margin, width: side, height: side}), cells,
    s("path", {class: "lattice", d: Array.from({length: n + 1}, (_, i) => `M${margin + i * cell} ${margin}v${side}M${margin} ${margin + i * cell}h${side}`).join("")}),
    highlight);
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    const scale = (margin + side + 1) / box.width;
    const k = Math.floor(((event.clientX - box.left) * scale - margin) / cell);
    const q = Math.floor(((event.clientY - box.top) * scale - margin) / cell);
    if (q >= 0 && q < n && k >= 0 && k < n) point(q, k);
  });
  picture.addEventListener("keydown", (event) => {
    const move = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
    if (!move) return;
    event.preventDefault();
    point(Math.min(n - 1, Math.max(0, at[0] + move[0])), Math.min(n - 1, Math.max(0, at[1] + move[1])));
  });
  picture.addEventListener("focus", () => point(at[0], at[1]));
  return h("div", {class: "heatbox"}, h("div", {class: "scroll"}, picture), readout);
}

// The tokens in a row; `show(weights)` raises a bar at each token that is attended to.
function tokenStrip(example) {
  const shift = example.has_bos ? 1 : 0;
  // Of a run that generates only what comes out from the last framed position on is used.
  const firstUsed = (example.tokens || []).length > example.num_framed ? shift + example.num_framed - 1 : shift;
  const chips = positionsOf(example).map(({text, part}, i) => {
    const output = example.outputs?.[i - shift];
    return h("li", {class: `token ${part}`},
             h("span", {class: "weight"}, h("span", {class: "bar"})),
             h("span", {class: "text"}, text),
             h("span", {class: "output"}, i < firstUsed ? "" : output === null || output === undefined ? "–" : tokenText(String(output))));
  });
  const show = (query, weights) => chips.forEach((chip, i) => {
    chip.querySelector(".bar").style.height = `${Math.round((weights[i] ?? 0) * 100)}%`;
    chip.classList.toggle("query", i === query);
  });
  const cut = (example.num_tokens ?? 0) - (example.tokens || []).length;
  return {node: h("div", {},
                  h("ol", {class: "tokens", start: 0}, chips, cut > 0 && h("li", {class: "token cut"}, `and ${formatNumber(cut)} more`)),
                  h("p", {class: "muted small"},
                    "Each token, and below it what comes out at its position. ",
                    h("span", {class: "swatch input"}), "the word ", h("span", {class: "swatch frame"}), "end mark and padding ",
                    h("span", {class: "swatch generated"}), "generated")),
          show};
}

function attentionView(example, program, strip) {
  const heads = (example.layers || []).flatMap((layer, l) => (layer.heads || []).map((head, i) => ({...head, layer: l, index: i})));
  const positions = positionsOf(example);
  if (heads.length === 0) {
    return h("p", {class: "muted"}, example.heads_left_out > 0 ? "The run is too long for its attention to be kept." : "This model has no attention heads.");
  }
  const large = h("div", {class: "large"});
  const buttons = heads.map((head) => h("button", {type: "button", class: "head", "aria-pressed": "false", onclick: () => choose(head)},
      thumbnail(head.weights), h("span", {class: "where"}, `layer ${head.layer + 1}, head ${head.index + 1}`),
      h("span", {class: "what"}, headName(head.label, program))));
  const choose = (head) => {
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(heads[i] === head)));
    strip.show(head.weights.length - 1, head.weights.at(-1));
    fill(large,
        h("p", {}, h("strong", {}, `Layer ${head.layer + 1}, head ${head.index + 1}: `), headName(head.label, program),
          head.mask && h("span", {class: "muted"}, ` (${kMaskText[head.mask] ?? head.mask})`)),
        heatMap(head, headName(head.label, program), positions, (q) => strip.show(q, head.weights[q])));
  };
  // Heads that look at BOS alone say nothing of this word.
  choose(heads.find((head) => head.weights.some((row) => row.some((weight, k) => k > 0 && weight > 0))) ?? heads[0]);
  return h("div", {class: "attention"},
           h("div", {class: "heads", role: "group", "aria-label": "heads"}, buttons,
             example.heads_left_out > 0 && h("p", {class: "muted small"}, `${plural(example.heads_left_out, "head")} more not kept`)),
           large);
}

function exampleView(example, program) {
  if (!example) return h("p", {class: "muted"}, "No example was kept.");
  const strip = tokenStrip(example);
  const right = example.right ?? example.expected === example.got;
  const generated = (example.tokens || []).slice(example.num_framed);
  return h("div", {class: "example"},
           h("p", {}, "Input ", h("code", {}, example.word === "" ? "ε" : example.word), ": ",
             h("span", {class: right ? "good" : "bad"}, symbol(right ? "solved" : "failed"), " ", example.got),
             right ? "" : [", expected ", h("code", {}, example.expected)]),
           strip.node,
           generated.length > 0 && h("div", {class: "thought"}, h("h4", {}, "Chain of thought"),
             h("ol", {}, generated.map((token, i) => h("li", {}, h("span", {class: "step"}, String(i + 1)), h("code", {}, tokenText(token)))))),
           h("h4", {}, "Attention"), attentionView(example, program, strip));
}
