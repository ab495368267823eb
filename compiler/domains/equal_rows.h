// Which selectors select, for every query, only positions with the same value of an s-op.
//
// Then the mean of the values is that value, however many there are.
#pragma once

#include <map>
#include <utility>

#include "compiler/domains/domains.h"

namespace raspc {

// Caches its answers. Keeps references to the graph and the domains, which may grow.
class EqualRows {
 public:
  EqualRows(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains) {}

  // Whether all positions in a row of the selector have the same value of the s-op: those with an
  // equal key do, if the key determines the value, as a rank by value does. Requires the domains of
  // all s-ops that either reads.
  bool SelectsEqualValues(NodeId selector, NodeId values);

 private:
  bool Decide(NodeId selector, NodeId values);
  // Whether equal values of `argument` imply equal values of `function`, at any two positions.
  bool IsFunctionOf(NodeId function, NodeId argument) const;

  const DataflowGraph& graph_;
  const Domains& domains_;
  std::map<std::pair<NodeId, NodeId>, bool> known_;  // by selector and values
};

}  // namespace raspc
