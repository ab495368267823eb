// Programs by composition that are cut to fewer rounds than the words take: where they first go
// wrong, beside where the automaton says that they must.
#pragma once

#include <atomic>
#include <nlohmann/json.hpp>

#include "lab/suite/suite_options.h"
#include "lab/problem/problem.h"

namespace raspc {

// An entry for each number of rounds from 1 to options.max_rounds with which words of up to
// options.max_length symbols can be too long; none where the problem is no regular language, or its
// program for `log-depth` does not depend on the number of rounds. What an entry holds is in
// docs/suite.md.
nlohmann::json TryFewRounds(const Problem& problem, const SuiteOptions& options,
                            const std::atomic<bool>& stop);

}  // namespace raspc
