// Which selectors select at most one position for every query.
//
// Then an aggregate is no mean but a look-up, and a width is 0 or 1. That holds where the keys that
// are asked for differ from position to position: functions of the position, ranks, and running
// numbers among positions that have something in common.
#pragma once

#include "compiler/domains/domains.h"

namespace raspc {

// Requires the domains of all s-ops that the selector reads and, of an operand that is a selector,
// whether it selects at most one.
bool SelectsAtMostOne(const DataflowGraph& graph, const Domains& domains, NodeId selector);

// `select(x, x, <)` or `select(x, x, >)`.
bool IsStrictOrder(const SelectNode& select);

}  // namespace raspc
