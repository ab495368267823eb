// Assembles the page from the result and the parts in lab/report/page/.
//
// The result is embedded as JSON that the page's script reads and turns into elements with text
// nodes. The only markup written here is a summary for readers without JavaScript.
#include "lab/report/suite_html.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/html.h"
#include "lab/report/embedded_page.h"
#include "lab/suite/suite_json.h"

namespace raspc {
namespace {

// In this order, as constants must come before their uses.
constexpr std::array<std::string_view, 12> kScripts = {
    "dom.js",       "data.js",   "charts.js",    "heat_map.js", "attention.js", "matrix.js",
    "published.js", "curves.js", "mechanism.js", "algebra.js",  "problem.js",   "main.js"};

std::string_view Part(std::string_view name) { return EmbeddedPage(name).value_or(""); }

// One scope for all, none of it visible outside.
std::string Script() {
  std::string script = "(() => {\n\"use strict\";\n";
  for (const std::string_view name : kScripts) script += Part(name);
  return script + "})();\n";
}

std::string FallbackTable(const SuiteResult& result) {
  std::string head = "<tr><th>problem</th><th>level</th>";
  for (const Mechanism mechanism : kAllMechanisms) {
    head += fmt::format("<th>{}</th>", MechanismName(mechanism));
  }
  std::string rows;
  for (const ProblemResult& problem : result.problems) {
    rows += fmt::format("<tr><td>{}</td><td>{}</td>", EscapeHtml(problem.name),
                        EscapeHtml(problem.level.value_or("")));
    for (const CellResult& cell : problem.cells) {
      rows += fmt::format("<td>{}{}</td>", ObservedName(cell.observed),
                          cell.match ? "" : ", contradicts theory");
    }
    rows += "</tr>\n";
  }
  return fmt::format("<table>\n<thead>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>", head, rows);
}

// The result as JSON that is safe in a script element: ASCII, without <, > and &.
std::string JsonForScript(const SuiteResult& result) {
  // All of these occur only inside strings. ASCII has no U+2028, which would end a line in scripts.
  std::string safe;
  for (const char c : SuiteJson(result, JsonText::kAscii)) {
    if (c == '<' || c == '>' || c == '&') {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string SuiteHtml(const SuiteResult& result) {
  // The template is scanned once, so that inserted text is not searched for placeholders.
  const std::array<std::pair<std::string_view, std::string>, 4> places = {
      {{"style", std::string(Part("page.css"))},
       {"script", Script()},
       {"report", JsonForScript(result)},
       {"fallback", FallbackTable(result)}}};
  std::string html;
  std::string_view rest = Part("page.html");
  while (true) {
    const std::size_t open = rest.find("{{");
    html += rest.substr(0, open);
    if (open == std::string_view::npos) return html;
    const std::size_t close = rest.find("}}", open);
    const std::string_view name = rest.substr(open + 2, close - open - 2);
    for (const auto& [place, text] : places) {
      if (place == name) html += text;
    }
    rest = rest.substr(close + 2);
  }
}

}  // namespace raspc
