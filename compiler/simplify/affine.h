// S-ops that are linear functions of the position and of the number of positions, whatever the
// tokens: `length - 1 - indices` and the like.
//
// A table over both would have a row for each pair, including positions after the end of the input.
// Here p < n holds, and the largest and smallest value are at the corners of that triangle, so the
// cost does not depend on the length of inputs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/graph/dataflow_graph.h"

namespace raspc {

// of_length * n + of_position * p + constant, at position p of n.
struct Affine {
  std::int64_t of_length = 0, of_position = 0, constant = 0;

  friend bool operator==(const Affine&, const Affine&) = default;
  // The smallest value at any position of an input of 1 to `most` positions.
  std::int64_t Least(std::int64_t most) const;
};
Affine operator+(const Affine& a, const Affine& b);
Affine operator*(const Affine& a, std::int64_t factor);

// By node id: the s-op as a linear function, where it is a function of ints and its numbers are
// small enough that no sum of a few of them overflows.
std::vector<std::optional<Affine>> FindAffine(const DataflowGraph& graph, bool causal);

}  // namespace raspc
