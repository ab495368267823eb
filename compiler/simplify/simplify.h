// Rewrites a graph into a smaller one with the same values.
//
// Nodes not needed for the output are dropped; maps of constants are evaluated; and counts are
// recognised. RASP has no counting primitive: its library computes the number of positions in a
// selector row from the mean of an indicator of position 0, over the row with that position added.
// A head can produce that count directly, so the idiom becomes one WidthNode:
//
//     round(1 / aggregate(s or first, mark) - 1 + aggregate(s and first, 1, 0))    ->  width(s)
//     round(1 / aggregate(full, mark)), full selecting every position              ->  width(full)
//     round(width(s) * aggregate(s, indicator(x)))                  ->  width(s and
//     select(indicator(x), 1, ==))
//
//     round(width(s) * aggregate(s, x)), x of ints                 ->  sum(s, x)
//
// and likewise for a sum of `length` and `indices` that is the width of a comparison of positions.
// Here first = select(indices, 0, ==) and mark = indicator(indices == 0). Each is an identity on
// every input, causal or not: position 0 is a key of every query.
#pragma once

#include "compiler/graph/dataflow_graph.h"

namespace raspc {

struct SimplifiedGraph {
  DataflowGraph graph;
  NodeId output;
};
// `find_counts` false: leaves the idioms as they are.
SimplifiedGraph Simplify(const DataflowGraph& graph, NodeId output, bool find_counts = true);

// Whether a selector compares two constants and holds, so that every query selects every key.
bool IsFullSelector(const DataflowGraph& graph, NodeId id);

}  // namespace raspc
