// Which selectors select at most one position for every query.
//
// Then an aggregate is a gather instead of a mean, and a width is 0 or 1. This holds where no two
// positions share a key: functions of the position, ranks, and ranks among positions that have
// something in common.
#pragma once

#include "compiler/domains/domains.h"

namespace raspc {

// Requires the domains of all s-ops that the selector reads and, for an operand that is a selector,
// whether it selects at most one.
bool SelectsAtMostOne(const DataflowGraph& graph, const Domains& domains, NodeId selector);

// `select(x, x, <)` or `select(x, x, >)`.
bool IsStrictOrder(const SelectNode& select);

}  // namespace raspc
