// The problems that are not regular, with what theory says of each mechanism, as a table for
// docs/languages.md. The regular ones have a table of their own (catalogue/catalogue_table.h).
#pragma once

#include <string>

#include "languages/limits.h"

namespace raspc {

// A Markdown table with a row for each example of each entry that is not a regular language.
std::string ProblemsMarkdown(const LanguageLimits& limits);

}  // namespace raspc
