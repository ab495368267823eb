// What domains leave open: which of the listed values actually occur, and how many positions the
// rows of a selector have.
//
// Domains say what a value is a function of and over-approximate the rest. Nearly every program has
// s-ops for which they list too much: the default of an aggregate whose rows are never empty, a
// length that is not above the index. For weights this costs next to nothing, but it would give
// wrong answers on whether an operation can fail: `aggregate(opposite, tokens)` would mix strings
// and the default 0, `1 / selector_width(same)` would divide by zero. So there are a few rules,
// each valid for all inputs:
//
//   - the position is below the length;
//   - a row is never empty if its own position, or the first one, is always selected, or if the
// query // is always one of keys that run through all positions;
//   - a row has at most one position if it picks a rank among equals, or a first or last instance;
//   - a mean of numbers that are not negative is not zero if the first is selected and is not zero.
//
// Needs: a simplified graph and its domains. Facts are one-sided: "not known" does not mean
// "false".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/graph/dataflow_graph.h"
#include "compiler/simplify/affine.h"

namespace raspc {

class Facts {
 public:
  // `occurring_tokens` are those that can occur in a sequence; others of the vocabulary are not
  // used. Keeps references to the graph and the domains. Cost: about that of the domains' tables.
  Facts(const DataflowGraph& graph, const Domains& domains,
        const std::vector<Atom>& occurring_tokens);

  // Whether a token of the vocabulary can occur in a sequence.
  bool TokenOccurs(std::size_t token) const { return token_occurs_[token]; }
  // Whether an s-op can have this value, of its finite domain, at a position of some input.
  bool Occurs(NodeId id, std::size_t value) const;
  // Whether it can have values of this type.
  bool MayBe(NodeId id, AtomType type) const;
  bool MayBeNumber(NodeId id) const;
  // Bounds of the numbers that the s-op can have, tight if it is listed; nothing if it can be a
  // string or has no value at all.
  struct Range {
    double low, high;
  };
  std::optional<Range> RangeOf(NodeId id) const;

  bool IsNeverEmpty(NodeId selector) const { return never_empty_[Index(selector)]; }
  bool IsAlwaysEmpty(NodeId selector) const { return always_empty_[Index(selector)]; }
  bool HasAtMostOne(NodeId selector) const { return at_most_one_[Index(selector)]; }
  // For an equality whose rows are empty exactly where the query has a certain value: that value.
  std::optional<std::int64_t> OnlyMissedQuery(NodeId selector) const;

  // Calls `visit` with the rows of a table over these features (numbered as in FunctionTable) that
  // can occur, until it returns false.
  void ForEachRow(const std::vector<Feature>& features,
                  const std::function<bool(std::int64_t row,
                                           const std::vector<std::int64_t>& digits)>& visit) const;

 private:
  // The entries of a selector at some place.
  enum class Truth { kUnknown, kAlways, kNever };

  static std::size_t Index(NodeId id) { return static_cast<std::size_t>(id.value); }
  template <typename Kind>
  const Kind* As(NodeId id) const {
    return std::get_if<Kind>(&graph_[id].kind);
  }

  // facts_values.cc
  void InferValues(NodeId id);
  void InferAggregate(NodeId id, const AggregateNode& node);
  bool IsPositiveMean(const AggregateNode& node) const;
  void InferWidth(NodeId id, const WidthNode& node);
  void InferMap(NodeId id);
  bool AllOccur(const Feature& feature) const;
  bool DigitOccurs(const Feature& feature, std::int64_t digit) const;
  bool IsLength(const Feature& feature) const;

  // facts_selectors.cc
  void FindDistinct();
  void InferRows(NodeId id);
  void InferEntries(NodeId id, const SelectNode& node);
  void InferEntries(NodeId id, const SelectorLogicNode& node);
  Truth ComparePairs(const SelectNode& node) const;
  Truth Compare(Comparison op, const std::optional<Affine>& key, const std::optional<Affine>& query,
                NodeId keys, NodeId queries) const;
  std::optional<Affine> LowestKey(const SelectNode& node) const;
  bool FindsItsKey(const SelectNode& node) const;
  bool CountsOthers(NodeId id) const;
  bool IsAlwaysInTable(NodeId id, std::int64_t low) const;
  const SelectNode* AsEquality(NodeId id) const;
  bool IsOrder(NodeId id) const;
  bool IsConstant(NodeId id, const Atom& value) const;
  std::optional<NodeId> AsHasFocus(NodeId id) const;
  std::optional<NodeId> AsFirstInstance(NodeId id) const;
  bool IsSomewhereTrue(NodeId id) const;

  const DataflowGraph& graph_;
  const Domains& domains_;
  std::vector<bool> token_occurs_;             // by number in the vocabulary
  std::vector<std::optional<Affine>> affine_;  // by node id
  std::vector<std::vector<bool>> occurs_;      // by node id, then value; empty: all do
  std::vector<bool> is_distinct_;              // by node id: no two positions share a value
  std::vector<Truth> on_diagonal_, at_first_;  // by node id: entries (q, q) and (q, 0)
  std::vector<bool> never_empty_, always_empty_, at_most_one_;  // by node id
};

}  // namespace raspc
