// What an MLP segment is asked to compute, and how well.
#pragma once

#include <vector>

#include "compiler/domains/joint_table.h"
#include "compiler/graph/dataflow_graph.h"

namespace raspc {

// Functions of some s-ops: for each row of their joint table, a target (NaN: undefined).
struct FunctionRequest {
  std::vector<NodeId> nodes;
  NodeId opened;  // at most one of them: see Tabulate
  JointTable table;
  std::vector<std::vector<double>> targets;  // [target][row]
};

// How good the outputs have to be.
enum class Quality {
  kNumber,          // within the plan's tolerance
  kZeroSet,         // of 0 and 1: exactly 0, or at least 1
  kApproximateSet,  // of 0 and 1: within kApproximateTolerance
};

// The error allowed in an indicator where a head selects at most one key: its scores need not be
// equal among several, only clear of the others'.
inline constexpr double kApproximateTolerance = 1.0 / 512;

}  // namespace raspc
