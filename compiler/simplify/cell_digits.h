// Comparisons of selectors between two numbers neither of which is listed.
//
//     select(m, w, <), for means m and w
//
// Different means are some least distance apart (compiler/domains/fractions.h), so that cells of
// that width hold one of them each, and the numbers of two cells compare as the means do. The
// number of a cell is large, but its digits are not (MapOp::kDigit), and they are listed:
//
//     m == w    select(m1, w1, ==) and select(m2, w2, ==) and …
//     m < w     select(m1, w1, <) or (select(m1, w1, ==) and select(m2, w2, <)) or …
//
// The parts of an order exclude each other, so a width is the sum of theirs
// (compiler/lower/selectors/width_parts.h). An aggregate needs the order as one matrix, for which
// digits have too many values together. But an input has no more keys than positions, so that a
// rank says as much as the number: how many keys are less than it.
//
//     m < w     select(rank(m), rank(w), <), rank(x) = selector_width(select(m, x, <))
//
// A key m less than w counts for the rank of w, and so do all that are less than m; if m is not
// less than w, no key counts for w that does not for m. Under a causal mask positions count
// different keys, and there are no such ranks.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "compiler/domains/fractions.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {

class CellDigits {
 public:
  // Keeps a reference; nodes are added to the graph.
  explicit CellDigits(RewrittenGraph& rewritten) : rewritten_(rewritten) {}

  // A selector that holds where `select` of the old graph, with `op` for its comparison, does. Both
  // sides must be copied.
  NodeId ByDigits(NodeId origin, const SelectNode& select, Comparison op, const Cells& cells);
  // The same by ranks, where selectors are not causal.
  NodeId ByRanks(NodeId origin, const SelectNode& select, Comparison op, const Cells& cells);

 private:
  std::vector<NodeId> DigitsOf(NodeId id, const Cells& cells);
  NodeId RankOf(NodeId origin, const SelectNode& select, Comparison op, const Cells& cells);
  NodeId Combined(NodeId origin, SelectorOp op, std::vector<NodeId> parts);

  RewrittenGraph& rewritten_;
};

}  // namespace raspc
