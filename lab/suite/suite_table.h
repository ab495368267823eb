// The report of a suite as a table to read in a terminal, and as CSV.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace raspc {

// A row of at most 80 columns for each problem, under its level, with the verdicts on classes of
// transformers that algebra gives and what each mechanism came to, in signs that need no colour;
// below it what the signs mean, how many cells there are of each, and what is solved that
// publications say is not learned.
std::string SuiteTable(const nlohmann::json& report);

// A row for each cell, with a header; fields with commas, quotes or line breaks are quoted
// (RFC 4180).
std::string SuiteCsv(const nlohmann::json& report);

}  // namespace raspc
