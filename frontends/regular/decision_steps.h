// A function of several small numbers as a chain of tables, each of which reads one of them.
//
// What has been read is one of a few nodes: two prefixes of numbers are the same node if the
// function goes on alike from both (an ordered decision diagram, Bryant 1986, whose levels are
// numbers instead of bits).
#pragma once

#include <vector>

namespace raspc {

struct DecisionStep {
  std::size_t variable = 0;            // which number is read
  int num_nodes = 1;                   // before it is read
  std::vector<std::vector<int>> next;  // [num_nodes][values of the variable]: the node after
};

// A point at which the function is known.
struct DecisionPoint {
  std::vector<int> values;  // [variables]
  bool result = false;
};

// Reads the variables in their order, those that do not matter left out. Starts at node 0; behind
// the last step node 1 means true and node 0 false. Where no point has the values read, any node
// may follow. Requires a point at least, and no two points of equal values and different results;
// no step if the result is always the same.
std::vector<DecisionStep> DecisionSteps(const std::vector<DecisionPoint>& points,
                                        const std::vector<int>& num_values);

}  // namespace raspc
