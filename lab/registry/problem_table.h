// The problems that no automaton defines, with what theory says of each mechanism, as a table for
// docs/languages.md. The others have a table of their own (lab/families/regular/catalogue_table.h).
#pragma once

#include <string>

#include "automata/limits.h"

namespace raspc {

// A Markdown table with a row for each example of each such entry.
std::string ProblemsMarkdown(const LanguageLimits& limits);

}  // namespace raspc
