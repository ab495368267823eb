#include "compiler/simplify/split_modulo.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/simplify/affine.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

constexpr std::int64_t kMostQuotients = 4;

struct AffineBounds {
  Affine low, high;
};

class ModuloSplitting {
 public:
  ModuloSplitting(const DataflowGraph& graph, const Domains& domains)
      : graph_(graph),
        domains_(domains),
        affine_(FindAffine(graph, domains.scope.causal)),
        rewritten_(graph) {}

  std::optional<SimplifiedGraph> Run(NodeId output) {
    bool is_changed = false;
    for (NodeId id{0}; id.value < graph_.size(); ++id.value) {
      const auto quotients = QuotientsOf(id);
      if (!quotients) {
        rewritten_.Copy(id);
        continue;
      }
      is_changed = true;
      rewritten_.Replace(id, Chosen(id, quotients->first, quotients->second));
    }
    if (!is_changed) return std::nullopt;
    return std::move(rewritten_).Finish(output);
  }

 private:
  // The least and the greatest quotient of a remainder of ints by an s-op of position and length.
  std::optional<std::pair<std::int64_t, std::int64_t>> QuotientsOf(NodeId id) const {
    const auto* modulo = std::get_if<MapNode>(&graph_[id].kind);
    if (modulo == nullptr || modulo->op != MapOp::kModulo) return std::nullopt;
    const auto& divisor = affine_[static_cast<std::size_t>(modulo->operands[1].value)];
    const bool is_constant = divisor && divisor->of_length == 0 && divisor->of_position == 0;
    if (!divisor || is_constant || Least(*divisor) < 1) return std::nullopt;
    const auto bounds = BoundsOf(modulo->operands[0]);
    if (!bounds) return std::nullopt;
    std::int64_t low = kMostQuotients, high = -kMostQuotients;
    while (low >= -kMostQuotients && Least(bounds->low + *divisor * -low) < 0) --low;
    while (high <= kMostQuotients && Least(*divisor * (high + 1) + bounds->high * -1) < 1) ++high;
    const bool is_bounded = low >= -kMostQuotients && high <= kMostQuotients;
    if (!is_bounded || low > high || high - low >= kMostQuotients) return std::nullopt;
    return std::pair{low, high};
  }

  std::int64_t Least(const Affine& form) const { return form.Least(domains_.scope.context_length); }

  std::optional<AffineBounds> BoundsOf(NodeId id) const {
    if (const auto& exact = affine_[static_cast<std::size_t>(id.value)]) {
      return AffineBounds{*exact, *exact};
    }
    if (std::holds_alternative<WidthNode>(graph_[id].kind)) {
      return AffineBounds{{}, domains_.scope.causal ? Affine{0, 1, 1} : Affine{1, 0, 0}};
    }
    const auto* map = std::get_if<MapNode>(&graph_[id].kind);
    if (map == nullptr || map->operands.empty()) return std::nullopt;
    const auto a = BoundsOf(map->operands[0]);
    if (!a) return std::nullopt;
    if (map->op == MapOp::kPlus) return a;
    if (map->op == MapOp::kNegate) return AffineBounds{a->high * -1, a->low * -1};
    if (map->op != MapOp::kAdd && map->op != MapOp::kSubtract) return std::nullopt;
    const auto b = BoundsOf(map->operands[1]);
    if (!b) return std::nullopt;
    if (map->op == MapOp::kAdd) return AffineBounds{a->low + b->low, a->high + b->high};
    return AffineBounds{a->low + b->high * -1, a->high + b->low * -1};
  }

  // The remainder, where the quotient is from `low` to `high`.
  NodeKind Chosen(NodeId id, std::int64_t low, std::int64_t high) {
    const auto& modulo = std::get<MapNode>(graph_[id].kind);
    const NodeId dividend = rewritten_.NewIdOf(modulo.operands[0]);
    const NodeId divisor = rewritten_.NewIdOf(modulo.operands[1]);
    const auto helper = [&](MapOp op, std::vector<NodeId> operands) {
      return rewritten_.AddHelper(id, MapNode{op, std::move(operands), nullptr});
    };
    const auto multiple = [&](std::int64_t factor) {
      if (factor == 1) return divisor;
      const NodeId constant = rewritten_.AddHelper(id, ConstantNode{Atom(factor)});
      return factor == 0 ? constant : helper(MapOp::kMultiply, {divisor, constant});
    };
    NodeKind result = MapNode{MapOp::kSubtract, {dividend, multiple(high)}, nullptr};
    for (std::int64_t quotient = high; quotient-- > low;) {
      const NodeId is_less = helper(MapOp::kLess, {dividend, multiple(quotient + 1)});
      const NodeId less = helper(MapOp::kSubtract, {dividend, multiple(quotient)});
      const NodeId otherwise = rewritten_.AddHelper(id, std::move(result));
      result = MapNode{MapOp::kChoose, {is_less, less, otherwise}, nullptr};
    }
    return result;
  }

  const DataflowGraph& graph_;
  const Domains& domains_;
  std::vector<std::optional<Affine>> affine_;
  RewrittenGraph rewritten_;
};

}  // namespace

std::optional<SimplifiedGraph> SplitModulo(const SimplifiedGraph& simplified,
                                           const Domains& domains) {
  return ModuloSplitting(simplified.graph, domains).Run(simplified.output);
}

}  // namespace raspc
