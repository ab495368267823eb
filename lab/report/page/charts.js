// Curves as inline SVG: axes with ticks, lines that differ in dash and marker as well as in colour.

const kChart = {
  width: 300,
  height: 190,
  left: 42,
  right: 10,
  top: 10,
  bottom: 38
};

// Outlines, nested where they coincide: a point of several series shows all
// of their marks.
const kMarkers = {
  circle: (x, y) => `M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0`,
  square: (x, y) => `M${x - 3.9} ${y - 3.9}h7.8v7.8h-7.8Z`,
  diamond: (x, y) => `M${x} ${y - 3.6}L${x + 3.6} ${y}L${x} ${y + 3.6}L${x - 3.6} ${y}Z`,
  cross: (x, y) => `M${x - 5} ${y}h10M${x} ${y - 5}v10`,
};

// Coinciding lines are visible too: each is narrower than the ones below it, or dashed.
const kStyles = {
  direct: {marker: "circle", dash: null, width: 4.5},
  "log-depth": {marker: "square", dash: null, width: 2.4},
  pad: {marker: "diamond", dash: "7 5", width: 1.6},
  cot: {marker: "cross", dash: "2 5", width: 1.2},
  members: {marker: "circle", dash: null, width: 3.6},
  others: {marker: "square", dash: "5 4", width: 1.6},
};

// 1, 2 or 5 times a power of ten, so that there are about `count` steps in `range`.
function niceStep(range, count) {
  const raw = range / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((f) => f * power >= raw * 0.999);
  return factor * power;
}

function linearTicks(min, max, count) {
  const step = niceStep(max - min || 1, count);
  const ticks = [];
  for (let tick = Math.ceil(min / step) * step; tick <= max + step * 1e-6; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

function logTicks(min, max) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max * 1.001; ++power) {
    if (10 ** power >= min * 0.999) ticks.push(10 ** power);
  }
  return ticks;
}

const kPowerSigns = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
function shortNumber(value) {
  for (const [size, sign] of kPowerSigns)
    if (value >= size) return String(Number((value / size).toPrecision(3))) + sign;
  return String(value);
}

// The scale of y: from 0, or by powers of ten if the values are far apart.
function valueScale(values, fixedMax) {
  const positive = values.filter((value) => value > 0);
  const max = fixedMax ?? Math.max(1, ...values);
  const min = Math.min(...positive);
  const isLog = fixedMax === undefined && positive.length === values.length && max / min > 30;
  if (isLog) {
    const low = 10 ** Math.floor(Math.log10(min)), high = 10 ** Math.ceil(Math.log10(max));
    return {
      isLog,
      ticks: logTicks(low, high),
      at: (v) => (Math.log10(v) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))
    };
  }
  const ticks =
      linearTicks(0, max, 4).filter((tick) => Number.isInteger(tick) || fixedMax !== undefined);
  const top = fixedMax ?? Math.max(max, ticks.length > 1 ? ticks.at(-1) : max) * 1.04;
  return {isLog, ticks, at: (v) => v / top};
}

function axes({scale, xTicks, x, y}, xLabel, percent) {
  const {width, height, left, right, bottom} = kChart;
  const base = height - bottom;
  return s(
      "g", {class: "axes"},
      scale.ticks.map(
          (tick) =>
              [s("line", {class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick)}),
               s("text", {x: left - 6, y: y(tick) + 3.5, "text-anchor": "end"},
                 percent ? `${tick * 100}%` : shortNumber(tick))]),
      xTicks.map(
          (tick) =>
              [s("line", {class: "tick", x1: x(tick), x2: x(tick), y1: base, y2: base + 4}),
               s("text", {x: x(tick), y: base + 16, "text-anchor": "middle"}, String(tick))]),
      s("line", {class: "axis", x1: left, x2: width - right, y1: base, y2: base}),
      s("text",
        {class: "label", x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle"},
        xLabel));
}

// The scales of a chart of these series.
function plotOf(series, max) {
  const {width, height, left, right, top, bottom} = kChart;
  const points = series.flatMap((one) => one.points);
  const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const xMin = Math.min(0, xs[0] ?? 0), xMax = Math.max(1, xs.at(-1) ?? 1);
  const scale = valueScale(points.map(([, y]) => y), max);
  return {
    scale,
    xMin,
    xMax,
    xTicks: xs.length <= 4 ? xs : linearTicks(xMin, xMax, 5),
    x: (value) => left + (value - xMin) / (xMax - xMin) * (width - left - right),
    y: (value) => height - bottom - scale.at(value) * (height - top - bottom),
  };
}

function lineNode(d, style) {
  return s("path", {class: "line", d, "stroke-dasharray": style.dash, "stroke-width": style.width});
}

// One line with its markers.
function seriesNode({x, y}, one) {
  const style = kStyles[one.key];
  const places = one.points.map(([px, py]) => [x(px), y(py)]);
  const d = places.map(([px, py], k) => `${k ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`);
  const marker = ([px, py], k) =>
      s("path", {class: "marker", d: kMarkers[style.marker](px, py)},
        s("title", {}, one.points[k][2]));
  return s(
      "g", {class: `series series-${one.key}`}, lineNode(d.join(""), style), places.map(marker));
}

function shadeNode({x, xMin}, shadeTo) {
  const {height, top, bottom} = kChart;
  const place = {x: x(xMin), y: top, width: x(shadeTo) - x(xMin), height: height - top - bottom};
  return s(
      "rect", {class: "shade", ...place}, s("title", {}, `every word up to length ${shadeTo}`));
}

// A vertical line with a text on the side with room for it.
function markNode({x, xMax}, mark) {
  const {height, top, bottom} = kChart;
  const at = x(mark.x);
  const isRight = mark.x > xMax * 0.6;
  const place = {x: at + (isRight ? -4 : 4), y: height - bottom - 8};
  return s(
      "g", {class: "mark"}, s("line", {x1: at, x2: at, y1: top, y2: height - bottom}),
      s("text", {...place, "text-anchor": isRight ? "end" : "start"}, mark.text));
}

// The names of series that are the same at every place, for each such group.
function equalSeries(series) {
  const groups = new Map();
  for (const one of series) {
    const places = JSON.stringify(one.points.map(([px, py]) => [px, py]));
    groups.set(places, [...(groups.get(places) || []), one.name]);
  }
  return [...groups.values()].filter((names) => names.length > 1).map((names) => names.join(", "));
}

// chart({title, xLabel, series: [{name, key, points: [[x, y, text]]}], max, percent, shadeTo,
// markX})
//   max      the largest y, if it does not follow from the points
//   shadeTo  x up to which the plot is shaded
//   markX    {x, text}: a vertical line
// Every point is placed by its values, however many series share it.
function chart(options) {
  const series = options.series.filter((one) => one.points.length > 0)
                     .sort((a, b) => kStyles[b.key].width - kStyles[a.key].width);
  const plot = plotOf(series, options.max);
  const lines = series.map((one) => seriesNode(plot, one));
  const summary = series.map(
      (one) => `${one.name}: ${one.points.map(([px, py]) => `${py} at ${px}`).join(", ")}`);
  const says = {role: "img", "aria-label": `${options.title}. ${summary.join("; ")}`};
  return h(
      "figure", {class: "chart"},
      h("figcaption", {}, options.title,
        plot.scale.isLog && h("span", {class: "muted"}, " (powers of ten)"),
        equalSeries(series).map((names) => h("span", {class: "muted"}, ` (equal: ${names})`))),
      s("svg", {viewBox: `0 0 ${kChart.width} ${kChart.height}`, ...says},
        options.shadeTo > 0 && shadeNode(plot, options.shadeTo),
        axes(plot, options.xLabel, options.percent), options.markX && markNode(plot, options.markX),
        lines));
}

// The names of series with their lines.
function chartLegend(entries) {
  return h(
      "p", {class: "legend"},
      entries.map(
          ({key, name}) =>
              h("span", {class: "key"},
                s("svg", {
                  class: `series series-${key}`,
                  viewBox: "0 0 34 16",
                  width: 34,
                  height: 16,
                  "aria-hidden": "true"
                },
                  lineNode("M1 8H33", kStyles[key]),
                  s("path", {class: "marker", d: kMarkers[kStyles[key].marker](17, 8)})),
                " ", name)));
}
