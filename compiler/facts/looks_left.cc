#include "compiler/facts/looks_left.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "compiler/domains/positional_rows.h"
#include "compiler/facts/facts.h"
#include "compiler/simplify/affine.h"

namespace raspc {
namespace {

// The entries of a selector with a key after the query.
enum class Later { kUnknown, kAll, kNone };

// What an s-op is at least and at most, at every position of every input.
struct AffineBounds {
  std::optional<Affine> low, high;
};

// The smallest value of key - query, where the key is at a later position. The triples of query,
// key and length are the integer points of a simplex, so linear functions have their smallest value
// at one of its corners. Requires at least two positions.
std::int64_t LeastDifference(const Affine& key, const Affine& query, std::int64_t most) {
  const auto at = [&](std::int64_t q, std::int64_t k, std::int64_t length) {
    return (key.of_length - query.of_length) * length + key.of_position * k -
           query.of_position * q + key.constant - query.constant;
  };
  return std::min(
      {at(0, 1, 2), at(0, 1, most), at(0, most - 1, most), at(most - 2, most - 1, most)});
}

class LaterKeys {
 public:
  LaterKeys(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph),
        domains_(domains),
        facts_(graph, domains, domains.scope.vocabulary),
        affine_(FindAffine(graph, /*causal=*/false)),
        later_(static_cast<std::size_t>(graph.size()), Later::kUnknown) {
    for (NodeId id{0}; id.value < graph.size(); ++id.value) {
      if (graph.IsSelector(id)) later_[Index(id)] = Infer(id);
    }
  }

  bool LooksLeft(NodeId selector) const { return later_[Index(selector)] == Later::kNone; }

 private:
  static std::size_t Index(NodeId id) { return static_cast<std::size_t>(id.value); }

  Later Infer(NodeId id) const {
    if (facts_.IsAlwaysEmpty(id) || domains_.scope.context_length < 2) return Later::kNone;
    const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
    const Later known =
        select != nullptr ? OfSelect(*select)
                          : OfLogic(std::get<SelectorLogicNode>(graph_[id].kind));
    if (known != Later::kUnknown) return known;
    const auto rows = PositionalRowsOf(graph_, domains_, id);
    if (!rows) return Later::kUnknown;
    return !rows->has_later ? Later::kNone : !rows->misses_later ? Later::kAll : Later::kUnknown;
  }

  Later OfLogic(const SelectorLogicNode& node) const {
    const auto of = [&](NodeId part) { return later_[Index(part)]; };
    if (node.op == SelectorOp::kNot) {
      const Later part = of(node.operands[0]);
      return part == Later::kNone ? Later::kAll : part == Later::kAll ? Later::kNone : part;
    }
    // One operand suffices, or else all of them are needed.
    const Later settling = node.op == SelectorOp::kAnd ? Later::kNone : Later::kAll;
    const Later other = node.op == SelectorOp::kAnd ? Later::kAll : Later::kNone;
    const auto is = [&](Later later) {
      return [&, later](NodeId part) { return of(part) == later; };
    };
    if (std::any_of(node.operands.begin(), node.operands.end(), is(settling))) return settling;
    return std::all_of(node.operands.begin(), node.operands.end(), is(other)) ? other
                                                                              : Later::kUnknown;
  }

  Later OfSelect(const SelectNode& node) const {
    const AffineBounds key = BoundsOf(node.keys), query = BoundsOf(node.queries);
    const std::int64_t most = domains_.scope.context_length;
    const bool has_low = key.low && query.high, has_high = key.high && query.low;
    const std::int64_t low = has_low ? LeastDifference(*key.low, *query.high, most) : 0;
    const std::int64_t high =
        has_high ? -LeastDifference(*key.high * -1, *query.low * -1, most) : 0;
    const bool is_less = has_high && high < 0, is_greater = has_low && low > 0;
    const bool is_at_most = has_high && high <= 0, is_at_least = has_low && low >= 0;
    const auto known = [](bool all, bool none) {
      return all ? Later::kAll : none ? Later::kNone : Later::kUnknown;
    };
    switch (node.op) {
      case Comparison::kEqual:
        return known(is_at_most && is_at_least, is_less || is_greater);
      case Comparison::kNotEqual:
        return known(is_less || is_greater, is_at_most && is_at_least);
      case Comparison::kLess:
        return known(is_less, is_at_least);
      case Comparison::kLessEqual:
        return known(is_at_most, is_greater);
      case Comparison::kGreater:
        return known(is_greater, is_at_most);
      case Comparison::kGreaterEqual:
        return known(is_at_least, is_less);
    }
    return Later::kUnknown;
  }

  // Of numbers small enough that sums of a few of them do not overflow.
  AffineBounds BoundsOf(NodeId id) const {
    if (affine_[Index(id)]) return {affine_[Index(id)], affine_[Index(id)]};
    const auto* width = std::get_if<WidthNode>(&graph_[id].kind);
    if (width != nullptr && LooksLeft(width->selector)) {
      return {Affine{}, Affine{0, 1, 1}};  // the positions up to the query's own are one more
    }
    constexpr double kLargest = 1 << 30;
    const auto range = facts_.RangeOf(id);
    if (!range || range->low < -kLargest || range->high > kLargest) return {};
    return {Affine{0, 0, static_cast<std::int64_t>(std::floor(range->low))},
            Affine{0, 0, static_cast<std::int64_t>(std::ceil(range->high))}};
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  const Facts facts_;
  const std::vector<std::optional<Affine>> affine_;  // by node id
  std::vector<Later> later_;                         // by node id, of selectors
};

// The selector that an s-op reads from other positions with, if it is one that does.
std::optional<NodeId> SelectorOf(const NodeKind& kind) {
  if (const auto* aggregate = std::get_if<AggregateNode>(&kind)) return aggregate->selector;
  if (const auto* width = std::get_if<WidthNode>(&kind)) return width->selector;
  if (const auto* sum = std::get_if<SumNode>(&kind)) return sum->selector;
  return std::nullopt;
}

}  // namespace

std::optional<NodeId> WhatMayLookRight(const DataflowGraph& graph, const Domains& domains) {
  const LaterKeys later(graph, domains);
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const auto selector = SelectorOf(graph[id].kind);
    if (!selector || later.LooksLeft(*selector)) continue;
    return graph[*selector].use.IsKnown() ? id : *selector;
  }
  return std::nullopt;
}

}  // namespace raspc
