// One cell of the suite: a problem by one mechanism, from its program to its verdict.
#pragma once

#include <atomic>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "lab/suite/suite_options.h"
#include "lab/suite/suite_verdict.h"
#include "lab/problem/problem.h"

namespace raspc {

// The cell before it is run; its form is in docs/suite.md. `message` says why it is not run.
nlohmann::json CellNotRun(const Problem& problem, Mechanism mechanism,
                          const std::optional<std::string>& message);

// Runs the cell on this thread only. The result depends only on the problem, the mechanism and
// ToJson(options), except for "seconds" and where a time limit cut it short. Nothing once `stop` is
// set.
std::optional<nlohmann::json> RunCell(const Problem& problem, Mechanism mechanism,
                                      const SuiteOptions& options, const std::atomic<bool>& stop);

}  // namespace raspc
