// Pictures of attention: a small one of a head, and a large one to be read cell by cell.
//
// Row q of a head's weights says how much position q attends to each position k. Weights are drawn
// dark for 1 and not at all for 0.

const kThumbCell = 3;  // pixels of a small picture's cells
const kShades = 8;     // of a small picture

// The cells of one shade as a path: few elements, however many weights.
function shadePaths(weights, size) {
  const paths = Array.from({length: kShades + 1}, () => "");
  weights.forEach((row, q) => row.forEach((weight, k) => {
    const shade = weight > 0 ? Math.max(1, Math.round(weight * kShades)) : 0;
    if (shade) paths[shade] += `M${k * size} ${q * size}h${size}v${size}h-${size}Z`;
  }));
  return paths.map(
      (d, shade) => d && s("path", {class: "heat", d, "fill-opacity": shade / kShades}));
}

function thumbnail(weights) {
  const side = weights.length * kThumbCell;
  return s(
      "svg", {
        class: "thumb",
        viewBox: `0 0 ${side} ${side}`,
        width: 72,
        height: 72,
        "aria-hidden": "true"
      },
      s("rect", {class: "paper", width: side, height: side}), shadePaths(weights, kThumbCell));
}

// The geometry of the large picture: `n` positions in cells of `cell` pixels, after a margin
// for labels. Fewer positions have larger cells.
function heatLayout(n, positions) {
  const cell = Math.max(16, Math.min(30, Math.floor(400 / n)));
  const longest = Math.max(...positions.map(({text}) => [...text].length));
  const margin = Math.max(46, Math.min(90, 14 + 7.2 * longest));
  return {n, cell, margin, side: n * cell, size: margin + n * cell + 1};
}

// The names of positions along both axes; those of keys are turned if they are long.
function heatLabels({n, cell, margin}, positions) {
  const short = (text) => [...text].length > 11 ? [...text].slice(0, 10).join("") + "…" : text;
  const placeOfKey = (text, middle) => {
    if ([...text].length <= 2) return {x: middle, y: margin - 5, "text-anchor": "middle"};
    return {transform: `translate(${middle + 4} ${margin - 5}) rotate(-90)`};
  };
  const ofPosition = ({text, part}, i) => {
    const middle = margin + i * cell + cell / 2;
    const placeOfQuery = {x: margin - 5, y: middle + 4, "text-anchor": "end"};
    return [
      s("text", {class: part, ...placeOfQuery}, short(text)),
      s("text", {class: part, ...placeOfKey(text, middle)}, short(text))
    ];
  };
  return [
    s("text", {class: "axis-name", x: 2, y: margin - 6}, "query"),
    s("text", {class: "axis-name", x: margin - 4, y: 10, "text-anchor": "end"}, "key"),
    positions.slice(0, n).map(ofPosition)
  ];
}

function heatCells({cell, margin}, weights) {
  const one = (weight, q, k) => {
    const place = {x: margin + k * cell, y: margin + q * cell, width: cell, height: cell};
    return s("rect", {class: "heat", ...place, "fill-opacity": weight});
  };
  return weights.map((row, q) => row.map((weight, k) => weight > 0 && one(weight, q, k)));
}

function heatLattice({n, cell, margin, side}) {
  let d = "";
  for (let i = 0; i <= n; ++i) {
    const at = margin + i * cell;
    d += `M${at} ${margin}v${side}M${margin} ${at}h${side}`;
  }
  return s("path", {class: "lattice", d});
}

// The query and key under the pointer, or null.
function cellAt({n, cell, margin, size}, picture, event) {
  const box = picture.getBoundingClientRect();
  const index = (pixels) => Math.floor((pixels * size / box.width - margin) / cell);
  const q = index(event.clientY - box.top), k = index(event.clientX - box.left);
  return q >= 0 && q < n && k >= 0 && k < n ? [q, k] : null;
}

const kArrows = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

// Calls point(q, k) as the pointer or the arrow keys move over the picture.
function followCells(layout, picture, point) {
  let at = [layout.n - 1, 0];
  const go = (cell) => {
    at = cell.map((index) => Math.min(layout.n - 1, Math.max(0, index)));
    point(...at);
  };
  picture.addEventListener("pointermove", (event) => {
    const cell = cellAt(layout, picture, event);
    if (cell) go(cell);
  });
  picture.addEventListener("keydown", (event) => {
    const arrow = kArrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    go([at[0] + arrow[0], at[1] + arrow[1]]);
  });
  picture.addEventListener("focus", () => go(at));
}

// The large picture of a head called `name`. `onRow` receives the query under the pointer.
function heatMap(head, name, positions, onRow) {
  const layout = heatLayout(head.weights.length, positions);
  const {cell, margin, side, size} = layout;
  const highlight = s("g", {class: "pointed"});
  const readout =
      h("p", {class: "readout", "aria-live": "polite"},
        "Point at a cell, or move with the arrow keys.");
  const point = (q, k) => {
    fill(
        highlight, s("rect", {x: margin, y: margin + q * cell, width: side, height: cell}),
        s("rect", {x: margin + k * cell, y: margin, width: cell, height: side}));
    const weight = Math.round((head.weights[q]?.[k] ?? 0) * 1000) / 10;
    fill(
        readout, "position ", h("code", {}, `${q} ${positions[q].text}`), " takes ",
        h("strong", {}, `${weight}\u202f%`), " from position ",
        h("code", {}, `${k} ${positions[k].text}`));
    onRow(q);
  };
  const look = {class: "heatmap", viewBox: `0 0 ${size} ${size}`, width: size};
  const says = {role: "img", "aria-label": `attention of ${name}; move with the arrow keys`};
  const picture =
      s("svg", {...look, ...says, tabindex: 0}, heatLabels(layout, positions),
        s("rect", {class: "paper", x: margin, y: margin, width: side, height: side}),
        heatCells(layout, head.weights), heatLattice(layout), highlight);
  followCells(layout, picture, point);
  return h("div", {class: "heatbox"}, h("div", {class: "scroll"}, picture), readout);
}
