// The error for an s-op with more values than can be listed: which one, its operands, and a remedy.
#pragma once

#include <string>

#include "compiler/domains/domains.h"
#include "compiler/graph/dataflow_graph.h"
#include "base/diagnostics.h"

namespace raspc {

// `what` is a clause about the s-op, such as "is a function of too many values". The notes give the
// sizes of its operands' domains, and where numbers that cannot be listed come from.
Diagnostic TooLarge(const DataflowGraph& graph, const Domains& domains, NodeId id,
                    const std::string& what);

}  // namespace raspc
