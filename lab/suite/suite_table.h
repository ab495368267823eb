// The result of a suite as a table for a terminal, and as CSV.
#pragma once

#include <string>

#include "lab/suite/suite_result.h"

namespace raspc {

// A row of at most 80 columns per problem, under its level, with the algebraic verdicts on classes
// of transformers and the result of each mechanism, in signs that need no colour; below it a
// legend, the number of cells of each kind, and the problems that are solved although publications
// say they are not learned.
std::string SuiteTable(const SuiteResult& result);

// A row per cell, with a header; fields with commas, quotes or line breaks are quoted
// (RFC 4180).
std::string SuiteCsv(const SuiteResult& result);

}  // namespace raspc
