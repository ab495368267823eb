// A selector as a formula over comparisons, with `not` only at the comparisons.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/graph/dataflow_graph.h"

namespace raspc {

// A selector whose formula would be too long, because parts of it are used again and again: each
// part is computed once.
struct SelectorProgram {
  struct Step {
    NodeId comparison;  // of this, or
    SelectorOp op = SelectorOp::kAnd;
    std::vector<std::size_t> operands;  // of earlier steps
  };
  std::vector<Step> steps;  // the last is the selector
};

struct Formula {
  // kKeyIn: the value of an s-op at the key is in a set; only as a part of the outermost kAnd.
  // kSelector: a whole selector.
  enum class Kind { kComparison, kKeyIn, kSelector, kAnd, kOr };
  Kind kind = Kind::kComparison;
  NodeId select;                                   // kComparison, kSelector
  bool negated = false;                            // kComparison, kSelector
  std::shared_ptr<const SelectorProgram> program;  // kSelector
  // kComparison of order: only the pairs whose codes first differ at this bit; -1: all of them. A
  // comparison is the disjoint union of these over the bits.
  int bit = -1;
  NodeId values;               // kKeyIn
  std::vector<bool> set;       // kKeyIn: by index in the domain of `values`
  std::vector<Formula> parts;  // kAnd, kOr: two or more, none of the same kind
};

// The formula of a selector node, of bounded size.
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
