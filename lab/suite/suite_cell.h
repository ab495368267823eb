// One cell of the suite: a problem by one mechanism, from its program to its verdict.
#pragma once

#include <atomic>
#include <optional>

#include "lab/problem/problem.h"
#include "lab/suite/suite_options.h"
#include "lab/suite/suite_result.h"

namespace raspc {

// Runs the cell on this thread only. The result depends only on the problem, the mechanism and the
// options that results depend on, except for `seconds` and where a time limit cut it short. Nothing
// once `stop` is set.
std::optional<CellResult> RunCell(const Problem& problem, Mechanism mechanism,
                                  const SuiteOptions& options, const std::atomic<bool>& stop);

}  // namespace raspc
