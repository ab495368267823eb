// Comparisons of keys with queries that an equality beside them settles at the query alone:
//
//     select(x, a, <) and select(x, b, ==)  ->  select(b < a, true, ==) and select(x, b, ==)
//
// with the roles of keys and queries as in select: where the key x equals the query's b, comparing
// x with a is comparing b with a. The comparison becomes an s-op of one position, so that the head
// needs one penalty for it and not one for each class of a.
#pragma once

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// Whether there is such a comparison.
bool HasComparisonsAtQuery(const DataflowGraph& graph);

// The graph with those replaced whose result is known to be decidable at the query
// (compiler/domains/fractions.h).
SimplifiedGraph CompareAtQuery(const SimplifiedGraph& simplified, const Domains& domains);

}  // namespace raspc
