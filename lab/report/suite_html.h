// The report of `raspc lab suite` as one page.
#pragma once

#include <string>

#include "lab/suite/suite_result.h"

namespace raspc {

// A self-contained HTML page: the matrix of problems by mechanisms with filters, and a page for
// each problem with curves, an example's attention, the automaton, the algebra, the program and
// published results. It loads nothing, and its content security policy forbids it to.
// What an unfinished run did not reach is shown as not run. Nothing in the result, whatever its
// strings, becomes markup or script.
std::string SuiteHtml(const SuiteResult& result);

}  // namespace raspc
