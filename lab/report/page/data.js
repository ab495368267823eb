// The report, and data derived from it: verdicts, figures, CSV.

const report = JSON.parse(document.getElementById("report").textContent);
const problems = report.problems || [];

const kMechanisms = [
  {key: "direct", name: "direct", about: "constant depth"},
  {key: "log-depth", name: "log-depth", about: "depth that grows with log n"},
  {key: "cot", name: "chain of thought", about: "intermediate tokens are generated (cot)"},
  {key: "pad", name: "padding", about: "constant depth with padding tokens (pad)"},
];

// The outcome of a cell, in the order of the legend.
const kStatuses = {
  solved: "right on every word tried",
  failed: "wrong on some word",
  refused: "refused: impossible by theory",
  conditional: "refused: impossible unless complexity classes collapse",
  known: "possible, but raspc has no program",
  unclaimed: "open: no known program, and no proof that there is none",
  beyond: "too large for the limits of this run",
  notrun: "not run",
};
const kStatusNames = {
  solved: "solved",
  failed: "wrong",
  refused: "no",
  conditional: "no*",
  known: "known, not built",
  unclaimed: "no program",
  beyond: "too large",
  notrun: "not run",
};

const kExpectations = {
  yes: "yes",
  no: "no",
  conditional_no: "no, unless classes collapse",
  no_claim: "no claim"
};

function statusOf(cell) {
  switch (cell?.observed) {
    case "solved":
      return "solved";
    case "failed":
      return "failed";
    case "beyond_limit":
      return "beyond";
    case "refused": {
      const expectation = cell.theory?.expectation;
      return expectation === "no"          ? "refused" :
          expectation === "conditional_no" ? "conditional" :
          expectation === "yes" && cell.theory.built === false ? "known" :
                                             "unclaimed";
    }
    default:
      return "notrun";
  }
}

const isMismatch = (cell) => cell?.match === false;
const hasMismatch = (problem) => kMechanisms.some(({key}) => isMismatch(problem[key]));
const isSolved = (problem) => kMechanisms.some(({key}) => statusOf(problem[key]) === "solved");
// Publications say that trained transformers do not learn it, none that they do, and a compiled one
// solves it.
const isExpressibleNotLearned = (problem) => isSolved(problem) &&
    (problem.published || []).some((row) => row.learned === false) &&
    !problem.published.some((row) => row.learned === true);

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

function formatNumber(value) {
  if (!isNumber(value)) return "–";
  return Number.isInteger(value) ? value.toLocaleString("en").replace(/,/g, "\u202f") :
                                   String(Math.round(value * 1000) / 1000);
}

// 1 as `100 %`; smaller values never round up to it.
function formatAccuracy(value) {
  if (!isNumber(value)) return "–";
  const text = value === 1 ? "100" : (Math.floor(value * 1000) / 10).toFixed(1);
  return text + "\u202f%";
}

const plural = (count, noun) => `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;

const lastResources = (cell) => (cell?.resources || []).at(-1);

// The maximum length of the cell's program, if that is less than what was requested
function shorterThanAsked(cell) {
  const asked = report.options?.max_length;
  return isNumber(cell?.max_length) && isNumber(asked) && cell.max_length < asked ?
      cell.max_length :
      null;
}

// What a solved cell costs, in a few characters.
function costOf(key, cell) {
  const last = lastResources(cell);
  if (!last) return "";
  if (key === "cot" && isNumber(last.steps)) return plural(last.steps, "step");
  if (key === "pad" && last.pads > 0) return plural(last.pads, "padding token");
  return plural(last.layers, "layer");
}

// The text next to a cell's symbol.
function cellText(key, cell) {
  const status = statusOf(cell);
  switch (status) {
    case "solved": {
      const cost = costOf(key, cell) || kStatusNames.solved;
      return shorterThanAsked(cell) === null ? cost : `${cost}, n ≤ ${cell.max_length}`;
    }
    case "failed":
      return isNumber(cell.first_failing_length) ? `from n = ${cell.first_failing_length}` :
                                                   kStatusNames.failed;
    default:
      return kStatusNames[status];
  }
}

const kModelKeys = ["F", "C", "H", "P", "T"];

// `y`, `-`, `-*` (not unless complexity classes are equal), `l` (only with the verdict at the last
// symbol) or `?`.
function modelMark(model) {
  if (model?.unless) return "-*";
  if (!model || model.recognises === null || model.recognises === undefined) return "?";
  if (model.recognises) return "y";
  return model.recognises_at_last ? "l" : "-";
}

// --- CSV

const kCsvColumns = [
  ["problem", (p) => p.name],
  ["kind", (p) => p.kind],
  ["level", (p) => p.level],
  ["mechanism", (p, key) => key],
  ["theory", (p, key, c) => c.theory?.expectation],
  ["observed", (p, key, c) => c.observed],
  ["match", (p, key, c) => c.match],
  ["accuracy", (p, key, c) => c.accuracy],
  ["words", (p, key, c) => c.words],
  ["first_failing_length", (p, key, c) => c.first_failing_length],
  ["program_depth", (p, key, c) => c.program_depth],
  ["max_length", (p, key, c) => c.max_length ?? lastResources(c)?.max_length],
  ...["layers", "heads", "d_model", "d_mlp", "parameters", "nonzeros", "steps", "pads"].map(
      (field) => [field, (p, key, c) => lastResources(c)?.[field]]),
  ["seconds", (p, key, c) => c.seconds],
  ["construction", (p, key, c) => c.construction],
  ["message", (p, key, c) => c.message],
];

function csvField(value) {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

function reportCsv() {
  const lines = [kCsvColumns.map(([name]) => name).join(",")];
  for (const problem of problems) {
    for (const {key} of kMechanisms) {
      const cell = problem[key];
      if (cell)
        lines.push(kCsvColumns.map(([, read]) => csvField(read(problem, key, cell))).join(","));
    }
  }
  return lines.join("\r\n") + "\r\n";
}
