// Which selectors select, for every query, positions that have one value of an s-op.
//
// Then the mean of the values is that value, whatever their number.
#pragma once

#include <map>
#include <utility>

#include "compiler/domains/domains.h"

namespace raspc {

// Remembers what it has told. Keeps references to the graph and the domains, which may grow.
class EqualRows {
 public:
  EqualRows(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains) {}

  // Whether all positions in a row of the selector have one value of the s-op: those with an equal
  // key do, where the key tells the value, as a rank by value does. Requires the domains of all
  // s-ops that either reads.
  bool SelectsEqualValues(NodeId selector, NodeId values);

 private:
  bool Decide(NodeId selector, NodeId values);
  // Whether equal values of `argument` come with equal values of `function`, at any two positions.
  bool IsFunctionOf(NodeId function, NodeId argument) const;

  const DataflowGraph& graph_;
  const Domains& domains_;
  std::map<std::pair<NodeId, NodeId>, bool> known_;  // by selector and values
};

}  // namespace raspc
