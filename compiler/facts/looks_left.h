// Whether a program computes the same under a causal mask: no selector that counts looks right.
//
//     select(indices, indices, <=)                        // looks left: no key after the query
//     select(tokens, tokens, ==) and select(indices, indices, <)    // so does any `and` with one
//     select(tokens, tokens, ==)                          // may look right
//     select(1, 1, ==)                                    // so does this, and with it `length`
#pragma once

#include <optional>

#include "compiler/domains/domains.h"
#include "compiler/graph/dataflow_graph.h"

namespace raspc {

// The first selector of an aggregate, width or sum that is not known to select, on every input,
// only positions up to the query's own; nothing if all of them are known to. Then evaluating
// causally changes no value. One-sided: a selector that is returned may look left all the same. For
// one that only the standard library has a name for, what reads it is returned, such as `length`.
//
// Needs: a simplified graph and its domains, which are not causal. Known are comparisons of linear
// functions of position and length, or of a width that counts positions up to the query's own;
// selectors that depend only on positions (compiler/domains/positional_rows.h); those without any
// position; and what follows by `and`, `or` and `not`.
std::optional<NodeId> WhatMayLookRight(const DataflowGraph& graph, const Domains& domains);

}  // namespace raspc
