// The catalogue with its classification, as a table for docs/languages.md.
#pragma once

#include <string>

#include "automata/limits.h"

namespace raspc {

// A Markdown table with a row for each entry, or for each of its examples if it has parameters.
std::string CatalogueMarkdown(const LanguageLimits& limits);

// Text escaped for a cell of a Markdown table.
std::string MarkdownCell(const std::string& text);

}  // namespace raspc
