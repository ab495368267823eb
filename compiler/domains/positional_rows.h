// What a selector that depends only on positions selects: the same on all inputs of one length.
//
//     select(indices, indices, <=)     // row q has q + 1 positions, and position 0 among them
//     select(1, 1, ==)                 // every row has as many positions as the input
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/domains/domains.h"

namespace raspc {

struct PositionalRows {
  // [query]: the minimum and maximum number of positions of the row, over all lengths that have the
  // query; all numbers in between occur.
  std::vector<std::pair<std::int64_t, std::int64_t>> widths;
  std::vector<bool> is_lone_key;  // [key]: whether some row has this position and no other
  // Whether some row has a position after the query's own, and whether some row lacks one, among
  // those that are visible.
  bool has_later = false, misses_later = false;

  bool MayBeEmpty() const;
  std::int64_t Most() const;
};

// Nothing if the selector depends on more than positions, or there are so many that checking all
// pairs would take long. Requires the domains of all s-ops the selector reads.
std::optional<PositionalRows> PositionalRowsOf(const DataflowGraph& graph, const Domains& domains,
                                               NodeId selector);

}  // namespace raspc
