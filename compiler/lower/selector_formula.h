// A selector as a formula over comparisons, with `not` only at the comparisons.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/graph/dataflow_graph.h"

namespace raspc {

struct Formula {
  // kKeyIn: the value of an s-op at the key is in a set; only as a part of the outermost kAnd.
  enum class Kind { kComparison, kKeyIn, kAnd, kOr };
  Kind kind = Kind::kComparison;
  NodeId select;         // kComparison
  bool negated = false;  // kComparison
  // kComparison of order: only the pairs whose codes first differ at this bit; -1: all of them. A
  // comparison is the disjoint union of these over the bits.
  int bit = -1;
  NodeId values;               // kKeyIn
  std::vector<bool> set;       // kKeyIn: by index in the domain of `values`
  std::vector<Formula> parts;  // kAnd, kOr: two or more, none of the same kind
};

// The formula of a selector node.
Formula FormulaOfSelector(const DataflowGraph& graph, NodeId selector);

// The formula that holds where both do.
Formula And(const Formula& a, const Formula& b);

// A text that is equal for equal formulas.
std::string KeyOf(const Formula& formula);

// The comparisons in it, each once, in order of first occurrence.
std::vector<NodeId> ComparisonsOf(const Formula& formula);

// The s-ops its comparisons read on one side, each once; constants are left out.
std::vector<NodeId> NodesOf(const DataflowGraph& graph, const Formula& formula, bool queries);

// For which of less, equal and greater a comparison holds: the bits 1, 2 and 4.
int OutcomeBits(Comparison op, bool negated);

// Whether it holds, given which comparisons hold.
bool Holds(const Formula& formula, const std::function<bool(NodeId select)>& comparison_holds);

}  // namespace raspc
