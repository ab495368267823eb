#include "compiler/simplify/gather_from_parts.h"

#include <algorithm>
#include <utility>

#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

// The parts that an aggregate is split into, or none.
std::vector<NodeId> PartsOf(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const auto* aggregate = std::get_if<AggregateNode>(&graph[id].kind);
  if (aggregate == nullptr) return {};
  const auto* either = std::get_if<SelectorLogicNode>(&graph[aggregate->selector].kind);
  const Domain& values = domains[aggregate->values];
  const bool has_numbers = values.MayBe(AtomType::kInt) || values.MayBe(AtomType::kFloat) ||
                           values.MayBe(AtomType::kBool);
  if (either == nullptr || either->op != SelectorOp::kOr || has_numbers) return {};
  return either->operands;
}

}  // namespace

bool HasPartsToGatherFrom(const DataflowGraph& graph, const Domains& domains) {
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (!PartsOf(graph, domains, id).empty()) return true;
  }
  return false;
}

SimplifiedGraph GatherFromParts(const SimplifiedGraph& simplified, const Domains& domains) {
  RewrittenGraph rewritten(simplified.graph);
  for (NodeId id{0}; id.value < simplified.graph.size(); ++id.value) {
    const std::vector<NodeId> parts = PartsOf(simplified.graph, domains, id);
    if (parts.empty()) {
      rewritten.Copy(id);
      continue;
    }
    const auto& aggregate = std::get<AggregateNode>(simplified.graph[id].kind);
    const NodeId values = rewritten.NewIdOf(aggregate.values);
    const NodeId one = rewritten.AddHelper(id, ConstantNode{Atom(std::int64_t{1})});
    const auto gather = [&](NodeId part) {
      return AggregateNode{rewritten.NewIdOf(part), values, aggregate.default_value};
    };
    NodeId chosen = rewritten.AddHelper(id, gather(parts.back()));
    for (std::size_t i = parts.size() - 1; i-- > 0;) {
      const NodeId any =
          rewritten.AddHelper(id, AggregateNode{rewritten.NewIdOf(parts[i]), one, std::nullopt});
      const NodeId own = rewritten.AddHelper(id, gather(parts[i]));
      const MapNode choice{MapOp::kChoose, {any, own, chosen}, nullptr};
      chosen = i == 0 ? rewritten.Replace(id, choice) : rewritten.AddHelper(id, choice);
    }
  }
  return std::move(rewritten).Finish(simplified.output);
}

}  // namespace raspc
