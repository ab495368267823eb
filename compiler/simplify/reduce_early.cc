#include "compiler/simplify/reduce_early.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

bool HasIntsOnly(const Domain& domain) {
  if (!domain.is_finite) {
    return domain.may_be_int && !domain.may_be_float && !domain.may_be_bool &&
           !domain.may_be_string;
  }
  return std::all_of(domain.values.begin(), domain.values.end(),
                     [](const Atom& value) { return TypeOf(value) == AtomType::kInt; });
}

class EarlyReduction {
 public:
  EarlyReduction(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph), domains_(domains), rewritten_(graph) {}

  std::optional<SimplifiedGraph> Run(NodeId output) {
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      const auto divisor = DivisorOf(id);
      if (!divisor) {
        rewritten_.Copy(id);
        continue;
      }
      const auto& modulo = std::get<MapNode>(graph_[id].kind);
      const NodeId dividend = Congruent(modulo.operands[0], *divisor);
      rewritten_.Replace(
          id, MapNode{MapOp::kModulo, {dividend, rewritten_.NewIdOf(modulo.operands[1])}, nullptr});
    }
    if (!has_reduced_a_sum_) return std::nullopt;
    return std::move(rewritten_).Finish(output);
  }

 private:
  // The constant by which a node divides ints for their remainder.
  std::optional<std::int64_t> DivisorOf(NodeId id) const {
    const auto* modulo = std::get_if<MapNode>(&graph_[id].kind);
    if (modulo == nullptr || modulo->op != MapOp::kModulo) return std::nullopt;
    const auto* constant = std::get_if<ConstantNode>(&graph_[modulo->operands[1]].kind);
    if (constant == nullptr || TypeOf(constant->value) != AtomType::kInt) return std::nullopt;
    const std::int64_t divisor = std::get<std::int64_t>(constant->value);
    if (divisor < 2 || !HasIntsOnly(domains_[modulo->operands[0]])) return std::nullopt;
    return divisor;
  }

  // An int, in the new graph, that differs from the s-op by a multiple of m.
  NodeId Congruent(NodeId id, std::int64_t m) {
    if (!HasIntsOnly(domains_[id])) return rewritten_.NewIdOf(id);
    if (const auto known = congruent_.find({id, m}); known != congruent_.end()) {
      return known->second;
    }
    const NodeId made = MakeCongruent(id, m);
    return congruent_.emplace(std::pair{id, m}, made).first->second;
  }

  NodeId MakeCongruent(NodeId id, std::int64_t m) {
    if (const auto* sum = std::get_if<SumNode>(&graph_[id].kind)) {
      if (HasIntsOnly(domains_[sum->values]) && !IsReduced(sum->values, m)) {
        has_reduced_a_sum_ = true;
      }
      return rewritten_.AddHelper(
          id, SumNode{rewritten_.NewIdOf(sum->selector), Remainder(sum->values, m)});
    }
    const auto* map = std::get_if<MapNode>(&graph_[id].kind);
    if (map == nullptr) return rewritten_.NewIdOf(id);
    std::vector<NodeId> operands;
    switch (map->op) {
      case MapOp::kAdd:
      case MapOp::kSubtract:
      case MapOp::kNegate:
      case MapOp::kPlus:
        for (const NodeId operand : map->operands) operands.push_back(Congruent(operand, m));
        break;
      case MapOp::kMultiply:
        for (const NodeId operand : map->operands) operands.push_back(Remainder(operand, m));
        break;
      case MapOp::kChoose:
        operands = {rewritten_.NewIdOf(map->operands[0]), Congruent(map->operands[1], m),
                    Congruent(map->operands[2], m)};
        break;
      default:
        return rewritten_.NewIdOf(id);
    }
    return rewritten_.AddHelper(id, MapNode{map->op, std::move(operands), nullptr});
  }

  // Whether all its values are their own remainders.
  bool IsReduced(NodeId id, std::int64_t m) const {
    const Domain& domain = domains_[id];
    return domain.is_finite && HasIntsOnly(domain) &&
           std::all_of(domain.values.begin(), domain.values.end(), [&](const Atom& value) {
             const std::int64_t number = std::get<std::int64_t>(value);
             return number >= 0 && number < m;
           });
  }

  // The remainder itself, of an s-op of ints.
  NodeId Remainder(NodeId id, std::int64_t m) {
    if (!HasIntsOnly(domains_[id])) return rewritten_.NewIdOf(id);
    if (IsReduced(id, m)) return rewritten_.NewIdOf(id);
    if (const auto* constant = std::get_if<ConstantNode>(&graph_[id].kind)) {
      const std::int64_t remainder = std::get<std::int64_t>(constant->value) % m;
      return rewritten_.AddHelper(id,
                                  ConstantNode{Atom(remainder < 0 ? remainder + m : remainder)});
    }
    const NodeId divisor = rewritten_.AddHelper(id, ConstantNode{Atom(m)});
    return rewritten_.AddHelper(id, MapNode{MapOp::kModulo, {Congruent(id, m), divisor}, nullptr});
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  RewrittenGraph rewritten_;
  std::map<std::pair<NodeId, std::int64_t>, NodeId> congruent_;
  bool has_reduced_a_sum_ = false;
};

}  // namespace

std::optional<SimplifiedGraph> ReduceEarly(const SimplifiedGraph& simplified,
                                           const Domains& domains) {
  return EarlyReduction(simplified.graph, domains).Run(simplified.output);
}

}  // namespace raspc
