// Elements and text. Whatever comes from the report becomes a text node or an attribute, never
// markup.

const kSvg = "http://www.w3.org/2000/svg";

// Appends strings, nodes and (nested) arrays of them; null, undefined and false are left out.
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child))
      append(parent, child);
    else
      parent.append(child);
  }
  return parent;
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on"))
      node.addEventListener(name.slice(2), value);
    else
      node.setAttribute(name, value === true ? "" : String(value));
  }
  return node;
}

// h("a", {href: "#"}, "text", h("b")): an HTML element. Attributes "on..." are listeners.
function h(tag, attributes, ...children) {
  return append(setAttributes(document.createElement(tag), attributes), children);
}

// The same for SVG.
function s(tag, attributes, ...children) {
  return append(setAttributes(document.createElementNS(kSvg, tag), attributes), children);
}

// Replaces the parent's contents by the children.
function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, children);
}

// Symbols that are distinguishable without colour, drawn so that no font is needed.
const kSymbols = {
  solved: "M3 8.6 6.4 12 13 4.4",
  failed: "M4 4 12 12M12 4 4 12",
  refused: "M8 2A6 6 0 1 1 7.99 2M3.9 3.9 12.1 12.1",
  conditional:
      "M4.2 11.8 11.8 4.2M8 2A6 6 0 0 1 13 5M14 8A6 6 0 0 1 11 13.2M8 14A6 6 0 0 1 3 11M2 8A6 6 0 0 1 5 2.8",
  known: "M3 8H5M7 8H9M11 8H13",
  unclaimed: "M5.4 5.6A2.6 2.6 0 1 1 8.6 8.1Q8 8.5 8 9.8M8 12.4V12.9",
  beyond: "M3.4 3.4 8 8 3.4 12.6M8.4 3.4 13 8 8.4 12.6",
  notrun: "M5 8H11",
  mismatch: "M3 6H13M3 10H13M10.5 2.5 5.5 13.5",
};

function symbol(kind) {
  return s(
      "svg", {class: "symbol", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true"},
      s("path", {d: kSymbols[kind]}));
}

function section(title, ...children) {
  return h("section", {}, h("h2", {}, title), children);
}

// A table from its column heads and its rows of cells; a head may be {text, className}.
function table(heads, rows, attributes) {
  const classOf = (i) => heads[i]?.className;
  return h(
      "div",
      {class: "scroll", tabindex: 0, role: "region", "aria-label": attributes?.label || "table"},
      h("table", {class: attributes?.class},
        h("thead", {},
          h("tr", {},
            heads.map((head, i) => h("th", {scope: "col", class: classOf(i)}, head.text ?? head)))),
        h("tbody", {},
          rows.map(
              (row) => h("tr", {}, row.map((cell, i) => h("td", {class: classOf(i)}, cell)))))));
}

// Offers text to the reader as a file.
function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], {type: type + ";charset=utf-8"}));
  const link = h("a", {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// Copies text; if the browser denies the clipboard, through a selection.
async function copyText(text, button) {
  const say = (message) => {
    const label = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = message;
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  };
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    const area = h("textarea", {class: "offscreen"});
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    button.focus();
    say(copied ? "Copied" : "Not copied");
  }
}

// A word as code; the empty one has a name.
const wordNode = (word) => h("code", {}, word === "" ? "ε" : word);
