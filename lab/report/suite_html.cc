// Assembles the page from the report and the parts in lab/report/page/.
//
// The report is embedded as JSON that the page's script reads and turns into elements with text
// nodes. The only markup written here is a summary for readers without JavaScript.
#include "lab/report/suite_html.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/html.h"
#include "frontends/generated_program.h"
#include "lab/report/embedded_page.h"

namespace raspc {
namespace {

using nlohmann::json;

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

std::string TextIn(const json& object, const std::string& field) {
  return object.is_object() && object.contains(field) && object[field].is_string()
             ? object[field].get<std::string>()
             : "";
}

std::string FallbackTable(const json& report) {
  std::string head = "<tr><th>problem</th><th>level</th>";
  for (const Mechanism mechanism : kAllMechanisms) {
    head += fmt::format("<th>{}</th>", MechanismName(mechanism));
  }
  std::string rows;
  if (report.contains("problems")) {
    for (const json& problem : report["problems"]) {
      rows += fmt::format("<tr><td>{}</td><td>{}</td>", EscapeHtml(TextIn(problem, "name")),
                          EscapeHtml(TextIn(problem, "level")));
      for (const Mechanism mechanism : kAllMechanisms) {
        const std::string name(MechanismName(mechanism));
        const json& cell = problem.contains(name) ? problem[name] : json::object();
        const bool differs = cell.contains("match") && cell["match"] == false;
        rows += fmt::format("<td>{}{}</td>", EscapeHtml(TextIn(cell, "observed")),
                            differs ? ", not as theory says" : "");
      }
      rows += "</tr>\n";
    }
  }
  return fmt::format("<table>\n<thead>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>", head, rows);
}

}  // namespace

std::string JsonForScript(const json& json) {
  // All of these occur only inside strings. ASCII has no U+2028, which would end a line in scripts.
  const std::string text =
      json.dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&') {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string SuiteHtml(const json& report) {
  // The template is scanned once, so that inserted text is not searched for placeholders.
  const std::array<std::pair<std::string_view, std::string>, 4> places = {
      {{"style", std::string(Part("page.css"))},
       {"script", Script()},
       {"report", JsonForScript(report)},
       {"fallback", FallbackTable(report)}}};
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
