// A selector as a formula over comparisons, with `not` only at the comparisons.
//
// Formulas are kept in a table in which equal formulas are one, so they are compared, and results
// are kept for them, by id.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "compiler/graph/dataflow_graph.h"

namespace raspc {

struct FormulaId {
  std::int32_t value = -1;
  friend bool operator==(FormulaId, FormulaId) = default;
  friend auto operator<=>(FormulaId, FormulaId) = default;
};

struct Formula {
  // kKeyIn: the value of an s-op at the key is in a set; only as a part of the outermost kAnd.
  // kSelector: a whole selector, whose formula would be too long.
  enum class Kind { kComparison, kKeyIn, kSelector, kAnd, kOr };
  Kind kind = Kind::kComparison;
  NodeId select;         // kComparison, kSelector
  bool negated = false;  // kComparison, kSelector
  // kComparison of order: only the pairs whose codes first differ at this bit; -1: all of them. A
  // comparison is the disjoint union of these over the bits.
  int bit = -1;
  NodeId values;                 // kKeyIn
  std::vector<bool> set;         // kKeyIn: by index in the domain of `values`
  std::vector<FormulaId> parts;  // kAnd, kOr: two or more, none of the same kind
  friend bool operator==(const Formula&, const Formula&) = default;
  friend auto operator<=>(const Formula&, const Formula&) = default;
};

class Formulas {
 public:
  // Keeps a reference to the graph.
  explicit Formulas(const DataflowGraph& graph) : graph_(graph) {}

  // Valid as long as the table.
  const Formula& operator[](FormulaId id) const {
    return *formulas_[static_cast<std::size_t>(id.value)];
  }
  FormulaId Add(Formula formula);

  // The formula of a selector node, of bounded size.
  FormulaId OfSelector(NodeId selector) { return OfSelector(selector, false); }
  // The formula that holds where both do.
  FormulaId And(FormulaId a, FormulaId b);

  // The comparisons in it, each once, in order of first occurrence.
  std::vector<NodeId> ComparisonsOf(FormulaId id) const;
  // The first selector of the graph that is made of all of them: what messages about the formula
  // are about. Requires a comparison.
  NodeId SelectorWith(FormulaId id) const;
  // The s-ops its comparisons read on one side, each once; constants are left out.
  std::vector<NodeId> NodesOf(FormulaId id, bool queries) const;
  // Whether it holds, given which comparisons hold.
  bool Holds(FormulaId id, const std::function<bool(NodeId select)>& comparison_holds) const;
  // The same for 64 cases at once, one per bit: in which of those in `asked` it holds. Operands of
  // `and` and `or` are evaluated in order, and each comparison is asked only about the cases that
  // are still open; its answer about others does not matter.
  using WordOfComparison = std::function<std::uint64_t(NodeId select, std::uint64_t asked)>;
  std::uint64_t HoldsForEach(FormulaId id, std::uint64_t asked,
                             const WordOfComparison& comparison_holds) const;

 private:
  // A selector whose formula would be too long, because parts of it are used again and again: each
  // part is computed once.
  struct Program {
    struct Step {
      NodeId comparison;  // of this, or
      SelectorOp op = SelectorOp::kAnd;
      std::vector<std::size_t> operands;  // of earlier steps
    };
    std::vector<Step> steps;  // the last is the selector
  };
  class ProgramBuilder;

  FormulaId OfSelector(NodeId selector, bool negated);
  FormulaId Make(NodeId selector, bool negated);
  FormulaId WholeSelector(NodeId selector, bool negated);
  FormulaId Combine(Formula::Kind kind, std::span<const FormulaId> parts);
  bool IsAbsorbed(FormulaId part, Formula::Kind kind, const std::set<FormulaId>& others) const;
  std::size_t NumLeaves(FormulaId id) const;
  void CollectComparisons(FormulaId id, std::vector<NodeId>& found) const;
  static std::uint64_t ProgramHolds(const Program& program, std::uint64_t asked,
                                    const WordOfComparison& comparison_holds);

  const DataflowGraph& graph_;
  std::map<Formula, FormulaId> ids_;
  std::vector<const Formula*> formulas_;  // by id; keys of ids_
  std::map<std::pair<NodeId, bool>, FormulaId> of_selectors_;  // by whether negated
  std::map<NodeId, Program> programs_;                         // of whole selectors
};

// For which of less, equal and greater a comparison holds: the bits 1, 2 and 4.
int OutcomeBits(Comparison op, bool negated);

}  // namespace raspc
