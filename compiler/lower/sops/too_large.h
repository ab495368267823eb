// The error for an s-op with more values than can be listed: which one, its operands, and a remedy.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "compiler/domains/domains.h"
#include "compiler/graph/dataflow_graph.h"

namespace raspc {

// `what` is a clause about the s-op or selector, such as "is a function of too many values". The
// notes give the sizes of its operands' domains, and where numbers that cannot be listed come from.
Diagnostic TooLarge(const DataflowGraph& graph, const Domains& domains, NodeId id,
                    const std::string& what);

// The same for an operation on a number without a list, whose result changes abruptly with it:
// `what_jumps` is a clause such as "rounds a number".
Diagnostic Undecided(const DataflowGraph& graph, const Domains& domains, NodeId id,
                     std::string_view what_jumps);

// Why an s-op is not listed, as a clause about it: it has more values than can be listed, or, where
// it has few, it depends on an s-op that has more.
std::string WhyUnlisted(const DataflowGraph& graph, const Domains& domains, NodeId id);

}  // namespace raspc
