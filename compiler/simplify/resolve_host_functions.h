// Host functions become operations of the graph: selectors whose predicate is a function of the
// host become comparisons, so that no later stage knows of them.
//
// A predicate is called for each pair of a value of the keys and a value of the queries, as domains
// list them. What it computes is, the first that applies:
//
//     one comparison                select(k, q, <), and the like
//     a comparison at a distance    select(k, q + c, ==), and the like, of ints
//     at most one partner           select(k, partner(q), ==), or the same for each key
//     equality of classes           select(class(k), class(q), ==)
//     an order of classes           select(rank(k), rank(q), <=)
//     anything else                 an `or` of equalities, one for each class
//
// where partners, classes and ranks are maps given by a table. A map by a host function stays one
// (domain inference writes its table); but where it computes on all values what an operation of the
// language does, such as `lambda x, y: x - y`, it becomes that operation, which may need no table.
#pragma once

#include <optional>
#include <set>

#include "base/diagnostics.h"
#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// Whether the output depends on a host function.
bool HasHostFunctions(const DataflowGraph& graph, NodeId output);

struct ResolvedGraph {
  SimplifiedGraph simplified;
  // Predicates that fail on some pair of values. The result has no position selected there; where
  // such a pair occurs, the program has no value.
  std::set<const HostFunction*> partial;
};

// The graph without HostSelectNodes; nothing after an error. Reports kLimit where the values of a
// predicate's arguments are not listed, or their pairs are too many to try, and what InferDomains
// reports.
std::optional<ResolvedGraph> ResolveHostFunctions(const DataflowGraph& graph, NodeId output,
                                                  const CompileScope& scope, Diagnostics& diag);

}  // namespace raspc
