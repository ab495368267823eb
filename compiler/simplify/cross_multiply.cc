#include "compiler/simplify/cross_multiply.h"

#include <optional>
#include <utility>
#include <vector>

#include "compiler/domains/wide_map.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

MapOp WithSidesSwapped(MapOp op) {
  switch (op) {
    case MapOp::kLess:
      return MapOp::kGreater;
    case MapOp::kLessEqual:
      return MapOp::kGreaterEqual;
    case MapOp::kGreater:
      return MapOp::kLess;
    case MapOp::kGreaterEqual:
      return MapOp::kLessEqual;
    default:
      return op;
  }
}

// A number that is divided by one that is not listed, but never negative, or never positive.
struct Quotient {
  NodeId dividend, divisor;
  bool is_negative = false;  // the divisor
};

std::optional<Quotient> AsQuotient(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const auto* map = std::get_if<MapNode>(&graph[id].kind);
  if (map == nullptr || map->op != MapOp::kDivide) return std::nullopt;
  const NodeId divisor = map->operands[1];
  const auto interval = IntervalOf(domains[divisor]);
  if (domains[divisor].is_finite || domains[divisor].MayBe(AtomType::kString) || !interval) {
    return std::nullopt;
  }
  if (interval->low < 0 && interval->high > 0) return std::nullopt;
  return Quotient{map->operands[0], divisor, interval->low < 0};
}

// The comparison, if there is a quotient on a side.
const MapNode* AsComparison(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const auto* map = std::get_if<MapNode>(&graph[id].kind);
  const bool has_quotient = map != nullptr && OutcomesOf(map->op) &&
                            (AsQuotient(graph, domains, map->operands[0]) ||
                             AsQuotient(graph, domains, map->operands[1]));
  return has_quotient ? map : nullptr;
}

}  // namespace

bool ComparesQuotients(const DataflowGraph& graph, const Domains& domains) {
  if (graph.arithmetic() != ArithmeticKind::kRational) return false;
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (AsComparison(graph, domains, id) != nullptr) return true;
  }
  return false;
}

SimplifiedGraph CrossMultiply(const SimplifiedGraph& simplified, const Domains& domains) {
  const DataflowGraph& graph = simplified.graph;
  RewrittenGraph rewritten(graph);
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const MapNode* comparison = AsComparison(graph, domains, id);
    if (comparison == nullptr) {
      rewritten.Copy(id);
      continue;
    }
    MapNode multiplied{comparison->op, {}, nullptr};
    std::vector<NodeId> factors;  // of the other side
    for (const NodeId side : comparison->operands) {
      const auto quotient = AsQuotient(graph, domains, side);
      multiplied.operands.push_back(rewritten.NewIdOf(quotient ? quotient->dividend : side));
      factors.push_back(quotient ? rewritten.NewIdOf(quotient->divisor) : NodeId{});
      if (quotient && quotient->is_negative) multiplied.op = WithSidesSwapped(multiplied.op);
    }
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
      if (!factors[1 - i].IsValid()) continue;
      multiplied.operands[i] = rewritten.AddHelper(
          id, MapNode{MapOp::kMultiply, {multiplied.operands[i], factors[1 - i]}, nullptr});
    }
    rewritten.Replace(id, std::move(multiplied));
  }
  return std::move(rewritten).Finish(simplified.output);
}

}  // namespace raspc
