#include "compiler/simplify/place_compared.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/domains/fractions.h"
#include "compiler/simplify/cell_digits.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

Comparison Negated(Comparison op) {
  switch (op) {
    case Comparison::kEqual:
      return Comparison::kNotEqual;
    case Comparison::kNotEqual:
      return Comparison::kEqual;
    case Comparison::kLess:
      return Comparison::kGreaterEqual;
    case Comparison::kLessEqual:
      return Comparison::kGreater;
    case Comparison::kGreater:
      return Comparison::kLessEqual;
    case Comparison::kGreaterEqual:
      return Comparison::kLess;
  }
  return op;
}

class Placing {
 public:
  Placing(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph),
        domains_(domains),
        fractions_(graph, domains),
        rewritten_(graph),
        digits_(rewritten_) {}

  SimplifiedGraph Run(NodeId output) {
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      if (FindCells(id)) continue;  // made for each user
      const auto* select = std::get_if<SelectNode>(&graph_[id].kind);
      const auto compared = select == nullptr ? std::nullopt : Compared(*select);
      if (compared) {
        rewritten_.Replace(id, *compared);
      } else {
        rewritten_.Replace(id, WithSelector(id));
      }
    }
    return std::move(rewritten_).Finish(output);
  }

 private:
  // What a selector is for, which decides how an order between unlisted numbers is made.
  enum class Use {
    kWidth,      // a part of an `and` whose width is counted
    kAggregate,  // a part of an `and` of an aggregate
    kWithin,     // a part of something else
  };

  // What it compares instead; nothing where it stays as it is.
  std::optional<SelectNode> Compared(const SelectNode& select) {
    const bool are_keys_listed = domains_[select.keys].is_finite;
    const bool are_queries_listed = domains_[select.queries].is_finite;
    if (are_keys_listed && are_queries_listed) return std::nullopt;
    if (select.keys == select.queries && fractions_.IsSameEverywhere(select.keys)) {
      const NodeId any = rewritten_.AddHelper(select.keys, ConstantNode{Atom(std::int64_t{1})});
      return SelectNode{select.op, any, any};
    }
    if (!are_keys_listed && !are_queries_listed) return std::nullopt;
    const NodeId listed = are_keys_listed ? select.keys : select.queries;
    const NodeId other = are_keys_listed ? select.queries : select.keys;
    if (!fractions_.Separate(other, domains_[listed])) return std::nullopt;
    auto table = std::make_shared<MapTable>();
    table->items = domains_[listed].values;
    return SelectNode{select.op, PlaceOf(select.keys, table), PlaceOf(select.queries, table)};
  }

  NodeId PlaceOf(NodeId id, const std::shared_ptr<const MapTable>& listed) {
    return rewritten_.AddHelper(id, MapNode{MapOp::kPlace, {rewritten_.NewIdOf(id)}, listed},
                                "place of " + graph_.Describe(id));
  }

  // Whether a selector compares two unlisted numbers, or is made of such, all of whose cells are
  // known; keeps these.
  bool FindCells(NodeId id) {
    if (const auto* select = std::get_if<SelectNode>(&graph_[id].kind)) {
      if (domains_[select->keys].is_finite || domains_[select->queries].is_finite ||
          (select->keys == select->queries && fractions_.IsSameEverywhere(select->keys))) {
        return false;
      }
      if (const auto cells = fractions_.CellsOf(select->queries, select->keys)) cells_[id] = *cells;
      return cells_.contains(id);
    }
    if (!std::holds_alternative<SelectorLogicNode>(graph_[id].kind)) return false;
    for (const NodeId operand : graph_.OperandsOf(id)) {
      if (IsMadeForUsers(operand)) made_for_users_.insert(id);
    }
    return made_for_users_.contains(id);
  }

  bool IsMadeForUsers(NodeId id) const {
    return cells_.contains(id) || made_for_users_.contains(id);
  }

  // A node of the old graph with the operands that it has in the new one.
  NodeKind WithSelector(NodeId id) {
    const bool counts = std::holds_alternative<WidthNode>(graph_[id].kind) ||
                        std::holds_alternative<SumNode>(graph_[id].kind);
    return graph_.WithOperands(id, [&](NodeId operand) {
      return IsMadeForUsers(operand)
                 ? SelectorFor(operand, false, counts ? Use::kWidth : Use::kAggregate)
                 : rewritten_.NewIdOf(operand);
    });
  }

  NodeId SelectorFor(NodeId id, bool is_negated, Use use) {
    const std::tuple key{id, is_negated, use};
    if (const auto known = selectors_.find(key); known != selectors_.end()) return known->second;
    return selectors_.emplace(key, MakeSelector(id, is_negated, use)).first->second;
  }

  NodeId MakeSelector(NodeId id, bool is_negated, Use use) {
    if (!IsMadeForUsers(id)) {
      const NodeId copy = rewritten_.NewIdOf(id);
      return is_negated ? rewritten_.AddHelper(id, SelectorLogicNode{SelectorOp::kNot, {copy}})
                        : copy;
    }
    if (const auto* select = std::get_if<SelectNode>(&graph_[id].kind)) {
      return ComparedByCells(id, *select, is_negated ? Negated(select->op) : select->op, use);
    }
    const auto& logic = std::get<SelectorLogicNode>(graph_[id].kind);
    if (logic.op == SelectorOp::kNot) return SelectorFor(logic.operands[0], !is_negated, use);
    const bool is_and = (logic.op == SelectorOp::kAnd) != is_negated;
    std::vector<NodeId> parts;
    for (const NodeId operand : logic.operands) {
      parts.push_back(SelectorFor(operand, is_negated, is_and ? use : Use::kWithin));
    }
    return rewritten_.AddHelper(
        id, SelectorLogicNode{is_and ? SelectorOp::kAnd : SelectorOp::kOr, std::move(parts)});
  }

  NodeId ComparedByCells(NodeId id, const SelectNode& select, Comparison op, Use use) {
    const Cells& cells = cells_.at(id);
    const bool is_apart =
        use == Use::kWidth || (use == Use::kAggregate && op == Comparison::kEqual);
    return is_apart || domains_.scope.causal ? digits_.ByDigits(id, select, op, cells)
                                             : digits_.ByRanks(id, select, op, cells);
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  FractionsFinder fractions_;
  RewrittenGraph rewritten_;
  CellDigits digits_;
  std::map<NodeId, Cells> cells_;    // of comparisons
  std::set<NodeId> made_for_users_;  // other selectors that contain such a comparison
  std::map<std::tuple<NodeId, bool, Use>, NodeId> selectors_;
};

}  // namespace

bool ComparesUnlisted(const DataflowGraph& graph, const Domains& domains) {
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const auto* select = std::get_if<SelectNode>(&graph[id].kind);
    if (select == nullptr) continue;
    if (!domains[select->keys].is_finite || !domains[select->queries].is_finite) return true;
  }
  return false;
}

SimplifiedGraph PlaceCompared(const SimplifiedGraph& simplified, const Domains& domains) {
  return Placing(simplified.graph, domains).Run(simplified.output);
}

}  // namespace raspc
