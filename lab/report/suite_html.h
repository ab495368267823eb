// The report of `raspc lab suite` as one page.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace raspc {

// A self-contained HTML page: the matrix of problems by mechanisms with filters, and a page for
// each problem with curves, an example's attention, the automaton, the algebra, the program and
// published results. It loads nothing, and its content security policy forbids it to.
// `report` is the suite's JSON report; missing parts of an unfinished report are shown as not run.
// Nothing in the report, whatever its strings, becomes markup or script.
std::string SuiteHtml(const nlohmann::json& report);

// JSON that is safe in a script element: ASCII, without <, > and &.
std::string JsonForScript(const nlohmann::json& json);

}  // namespace raspc
