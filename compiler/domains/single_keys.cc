// Uses only the shape of a selector and the tables of the s-ops it reads.
#include "compiler/domains/single_keys.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace raspc {
namespace {

// An `and` with more operands than this is not searched for what they have in common.
constexpr std::size_t kMaxConjuncts = 256;

class SingleKeys {
 public:
  SingleKeys(const DataflowGraph& graph, const Domains& domains) : graph_(graph), domains_(domains) {}

  bool SelectsAtMostOne(NodeId id) const {
    if (const auto* select = std::get_if<SelectNode>(&graph_[id].kind)) {
      return select->op == Comparison::kEqual &&
             (IsDifferentEverywhere(select->keys) || IsRank(select->keys));
    }
    const auto& logic = std::get<SelectorLogicNode>(graph_[id].kind);
    if (logic.op != SelectorOp::kAnd) return false;
    const bool is_one_of_them =
        std::any_of(logic.operands.begin(), logic.operands.end(), [&](NodeId operand) {
          return domains_.at_most_one[static_cast<std::size_t>(operand.value)];
        });
    return is_one_of_them || LooksUpRunningNumber(id);
  }

 private:
  // Whether an s-op counts the positions before each in some strict total order, so that no two
  // positions share a value. Without the keys after the query it would count only some of them.
  bool IsRank(NodeId id) const {
    const auto* width = std::get_if<WidthNode>(&graph_[id].kind);
    return width != nullptr && !domains_.scope.causal && IsStrictTotalOrder(width->selector);
  }

  // Positions by an s-op that differs everywhere, such as the index, or by any s-op and, where that
  // is equal, by another strict total order: select(x, x, <) or (select(x, x, ==) and …).
  bool IsStrictTotalOrder(NodeId id) const {
    if (const auto* select = std::get_if<SelectNode>(&graph_[id].kind)) {
      return IsStrictOrder(*select) && IsDifferentEverywhere(select->keys);
    }
    const auto* either = std::get_if<SelectorLogicNode>(&graph_[id].kind);
    if (either == nullptr || either->op != SelectorOp::kOr) return false;
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}}) {
      const auto* less = std::get_if<SelectNode>(&graph_[either->operands[first]].kind);
      const auto* tie = std::get_if<SelectorLogicNode>(&graph_[either->operands[1 - first]].kind);
      if (less == nullptr || !IsStrictOrder(*less) || tie == nullptr ||
          tie->op != SelectorOp::kAnd) {
        continue;
      }
      for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
        const auto* equal = std::get_if<SelectNode>(&graph_[tie->operands[at]].kind);
        if (equal != nullptr && equal->op == Comparison::kEqual && equal->keys == less->keys &&
            equal->queries == less->keys && IsStrictTotalOrder(tie->operands[1 - at])) {
          return true;
        }
      }
    }
    return false;
  }

  // Whether no two positions share a value, all of them numbers: each value has one position, in
  // all rows of a table of the position and perhaps of other features, such as that of `t + i /
  // 10`.
  bool IsDifferentEverywhere(NodeId id) const {
    const FunctionTable& function = domains_.TableOf(id);
    std::size_t step = 1, size = 0;  // of the digit of the position in a row's number
    for (std::size_t i = function.features.size(); i-- > 0 && size == 0;) {
      const auto of_feature = static_cast<std::size_t>(domains_.SizeOf(function.features[i]));
      if (function.features[i].kind == Feature::Kind::kPosition) {
        size = of_feature;
      } else {
        step *= of_feature;
      }
    }
    if (size == 0) return false;
    std::map<double, std::size_t> position_of;
    for (std::size_t row = 0; row < function.rows.size(); ++row) {
      if (function.rows[row] < 0) continue;
      const Atom& value = domains_[id].values[static_cast<std::size_t>(function.rows[row])];
      // Equality in the language ignores the type: 1 == 1.0.
      if (!IsNumber(value)) return false;
      const std::size_t position = row / step % size;
      if (position_of.try_emplace(NumberOf(value), position).first->second != position)
        return false;
    }
    return true;
  }

  // Whether no two rows of its table have equal values, all of them numbers.
  bool IsOneToOne(NodeId id) const {
    std::set<double> seen;
    for (const std::int32_t row : domains_.TableOf(id).rows) {
      if (row < 0) continue;
      const Atom& value = domains_[id].values[static_cast<std::size_t>(row)];
      // Equality in the language ignores the type: 1 == 1.0.
      if (!IsNumber(value) || !seen.insert(NumberOf(value)).second) return false;
    }
    return true;
  }

  // The operands of `and`, whatever their nesting, unless these are very many. Selectors are
  // shared, so each is opened once.
  std::set<NodeId> ConjunctsOf(NodeId id) const {
    std::set<NodeId> parts, opened;
    std::vector<NodeId> open = {id};
    while (!open.empty()) {
      const NodeId part = open.back();
      open.pop_back();
      if (!opened.insert(part).second) continue;
      if (opened.size() > kMaxConjuncts) return {id};
      const auto* logic = std::get_if<SelectorLogicNode>(&graph_[part].kind);
      if (logic == nullptr || logic->op != SelectorOp::kAnd) {
        parts.insert(part);
      } else {
        open.insert(open.end(), logic->operands.begin(), logic->operands.end());
      }
    }
    return parts;
  }

  // Whether it selects, among positions that have something in common, one by its rank among them:
  // of two such positions the later (or the earlier) has more of them on one side, so that no two
  // have the same rank.
  bool LooksUpRunningNumber(NodeId id) const {
    const std::set<NodeId> conjuncts = ConjunctsOf(id);
    return std::any_of(conjuncts.begin(), conjuncts.end(), [&](NodeId part) {
      const SelectNode* equal = AsEquality(part);
      const std::optional<NodeId> count =
          equal == nullptr ? std::nullopt : OneToOneInAWidth(equal->keys);
      return count && CountsOnOneSide(*count, conjuncts);
    });
  }

  const SelectNode* AsEquality(NodeId id) const {
    const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
    return select != nullptr && select->op == Comparison::kEqual ? select : nullptr;
  }

  // The width that an s-op is a one-to-one function of, if there is one.
  std::optional<NodeId> OneToOneInAWidth(NodeId id) const {
    if (std::holds_alternative<WidthNode>(graph_[id].kind)) return id;
    const FunctionTable& function = domains_.TableOf(id);
    if (function.features.size() != 1 || function.features[0].kind != Feature::Kind::kNode) {
      return std::nullopt;
    }
    const NodeId width = function.features[0].node;
    if (!std::holds_alternative<WidthNode>(graph_[width].kind) || !IsOneToOne(id)) {
      return std::nullopt;
    }
    return width;
  }

  // Whether the width counts the positions on one side of each (possibly including it) that share
  // with it what the `conjuncts` require of a key: a condition on the key only, or a value it must
  // have.
  bool CountsOnOneSide(NodeId width, const std::set<NodeId>& conjuncts) const {
    bool has_order = false;
    for (const NodeId part : ConjunctsOf(std::get<WidthNode>(graph_[width].kind).selector)) {
      const auto* select = std::get_if<SelectNode>(&graph_[part].kind);
      if (select == nullptr) return false;
      const bool is_order = IsOrderOfPositions(*select);
      has_order = has_order || is_order;
      if (!is_order && !AllAgree(part, *select, conjuncts)) return false;
    }
    return has_order;
  }

  // Causally only an order that looks back distinguishes positions.
  bool IsOrderOfPositions(const SelectNode& node) const {
    if (node.keys != node.queries || !std::holds_alternative<IndicesNode>(graph_[node.keys].kind)) {
      return false;
    }
    const bool looks_back = node.op == Comparison::kLess || node.op == Comparison::kLessEqual;
    const bool looks_ahead =
        node.op == Comparison::kGreater || node.op == Comparison::kGreaterEqual;
    return looks_back || (looks_ahead && !domains_.scope.causal);
  }

  // Whether the selector `part` holds for all pairs of positions that the conjuncts select for one
  // query.
  bool AllAgree(NodeId part, const SelectNode& node, const std::set<NodeId>& conjuncts) const {
    const bool is_of_key = std::holds_alternative<ConstantNode>(graph_[node.queries].kind);
    if (is_of_key) return conjuncts.contains(part);
    if (node.op != Comparison::kEqual || node.keys != node.queries) return false;
    return std::any_of(conjuncts.begin(), conjuncts.end(), [&](NodeId asked) {
      const SelectNode* equal = AsEquality(asked);
      return equal != nullptr && equal->keys == node.keys;
    });
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
};

}  // namespace

bool IsStrictOrder(const SelectNode& select) {
  return select.keys == select.queries &&
         (select.op == Comparison::kLess || select.op == Comparison::kGreater);
}

bool SelectsAtMostOne(const DataflowGraph& graph, const Domains& domains, NodeId selector) {
  return SingleKeys(graph, domains).SelectsAtMostOne(selector);
}

}  // namespace raspc
