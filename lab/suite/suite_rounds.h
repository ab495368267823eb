// Programs by composition that are cut to fewer rounds than needed: where they first fail, compared
// with where the automaton says that they must.
#pragma once

#include <atomic>
#include <vector>

#include "lab/problem/problem.h"
#include "lab/suite/suite_options.h"
#include "lab/suite/suite_result.h"

namespace raspc {

// A result for each number of rounds from 1 to options.max_rounds with which words of up to
// options.max_length symbols can be too long; none if the problem is not a regular language, or its
// program for `log-depth` does not depend on the number of rounds.
std::vector<RoundResult> TryFewRounds(const Problem& problem, const SuiteOptions& options,
                                      const std::atomic<bool>& stop);

}  // namespace raspc
