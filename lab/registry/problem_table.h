// The problems not defined by an automaton, with what theory says about each mechanism, as a table
// for docs/languages.md. The others have their own table (lab/families/regular/catalogue_table.h).
#pragma once

#include <string>

#include "automata/limits.h"

namespace raspc {

// A Markdown table with a row for each example of each such entry.
std::string ProblemsMarkdown(const LanguageLimits& limits);

}  // namespace raspc
