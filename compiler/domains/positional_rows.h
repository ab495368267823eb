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
  // [query]: the positions of the row of the longest input, ascending; shorter inputs have the
  // first of them, at least widths[query].first.
  std::vector<std::vector<std::size_t>> keys;
  std::vector<bool> is_single_key;  // [key]: whether some row has this position and no other
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

// The values that an aggregate over these rows can have: that of a single position, or the mean of
// several. Nothing if the aggregated s-op depends on more than the position, if some row has a mean
// that is none, of strings say, or if there are more than `max_values`.
std::optional<std::vector<Atom>> PositionalMeans(const DataflowGraph& graph, const Domains& domains,
                                                 const PositionalRows& rows, NodeId values,
                                                 std::int64_t max_values);

}  // namespace raspc
