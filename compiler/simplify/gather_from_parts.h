// Aggregates over an `or` of selectors, as a choice between aggregates over each of them:
//
//     aggregate(s or t, x, d)  ->  aggregate(s, x, d) if aggregate(s, 1, 0) else aggregate(t, x, d)
//
// where x is never a number: several strings have no mean, so a row that selects two positions has
// no value, and any other takes its only one from whichever selector has it. One head for each part
// needs no matrix of everything that the parts compare together.
#pragma once

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// Whether there is such an aggregate.
bool HasPartsToGatherFrom(const DataflowGraph& graph, const Domains& domains);

// The graph with all of them replaced.
SimplifiedGraph GatherFromParts(const SimplifiedGraph& simplified, const Domains& domains);

}  // namespace raspc
