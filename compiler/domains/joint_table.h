// Several s-ops side by side, as functions of all their features together.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/domains/domains.h"

namespace raspc {

struct JointTable {
  std::vector<Feature> features;    // ascending; the first varies slowest
  std::vector<std::int64_t> sizes;  // of the features
  std::int64_t num_rows = 1;
  std::vector<std::vector<std::int32_t>>
      values;  // [node][row]: index into the node's domain, -1 undefined

  // The value of a feature in a row.
  std::int64_t Digit(std::size_t feature, std::int64_t row) const;
};

// The joint table of s-ops with finite domains; nothing if the scope's max_domain forbids a table
// of its size. `opened` is treated as a function of the features of its own table even if its users
// treat it as a feature.
std::optional<JointTable> Tabulate(const DataflowGraph& graph, const Domains& domains,
                                   std::span<const NodeId> nodes, NodeId opened = NodeId{});

// For each operand of a map that has a table, the index of its value in each row of that table.
std::vector<std::vector<std::int32_t>> OperandsByRow(const DataflowGraph& graph,
                                                     const Domains& domains, NodeId map);

}  // namespace raspc
