// A function of several small numbers as a chain of tables, each of which reads one of them.
//
// The state after reading some numbers is one of a few nodes: two prefixes lead to the same node if
// the function continues in the same way from both (an ordered decision diagram, Bryant 1986, whose
// levels are numbers instead of bits).
#pragma once

#include <vector>

namespace raspc {

struct DecisionStep {
  std::size_t variable = 0;            // the number that is read
  int num_nodes = 1;                   // before it is read
  std::vector<std::vector<int>> next;  // [num_nodes][values of the variable]: the node after
};

// A point at which the function is known.
struct DecisionPoint {
  std::vector<int> values;  // [variables]
  bool result = false;
};

// Reads the variables in order, skipping irrelevant ones. Starts at node 0; after the last step
// node 1 means true and node 0 false. If no point has the values read, any node may follow.
// Requires at least one point, and no two points with equal values and different results; there are
// no steps if the result is always the same.
std::vector<DecisionStep> DecisionSteps(const std::vector<DecisionPoint>& points,
                                        const std::vector<int>& num_values);

}  // namespace raspc
