// Finds, for every s-op, the values it can take and the features it is a function of (domains.h).
#pragma once

#include <vector>

#include "compiler/domains/domains.h"
#include "base/diagnostics.h"

namespace raspc {

// The aggregates without a list of values, although their operands may have one.
std::vector<NodeId> UnlistedAggregates(const DataflowGraph& graph, const Domains& domains);

// Whether an aggregate that may be a mean has a list of more values than this.
bool HasListedMeans(const DataflowGraph& graph, const Domains& domains, std::size_t min_values);

// Every node of the graph gets a domain. Reports kType or kValue for an s-op that fails on every
// row. Cost: the sum of the tables' sizes.
Domains InferDomains(const DataflowGraph& graph, const CompileScope& scope, Diagnostics& diag);

}  // namespace raspc
