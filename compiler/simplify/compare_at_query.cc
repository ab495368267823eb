#include "compiler/simplify/compare_at_query.h"

#include <optional>
#include <utility>
#include <vector>

#include "compiler/domains/fractions.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

MapOp OperationOf(Comparison op) {
  switch (op) {
    case Comparison::kEqual:
      return MapOp::kEqual;
    case Comparison::kNotEqual:
      return MapOp::kNotEqual;
    case Comparison::kLess:
      return MapOp::kLess;
    case Comparison::kLessEqual:
      return MapOp::kLessEqual;
    case Comparison::kGreater:
      return MapOp::kGreater;
    case Comparison::kGreaterEqual:
      return MapOp::kGreaterEqual;
  }
  return MapOp::kEqual;
}

// The equality among the operands of an `and` by which the others with the same keys are settled;
// -1: none.
int EqualityOf(const DataflowGraph& graph, NodeId id) {
  const auto* both = std::get_if<SelectorLogicNode>(&graph[id].kind);
  if (both == nullptr || both->op != SelectorOp::kAnd) return -1;
  const auto select = [&](std::size_t i) {
    return std::get_if<SelectNode>(&graph[both->operands[i]].kind);
  };
  for (std::size_t i = 0; i < both->operands.size(); ++i) {
    if (select(i) == nullptr || select(i)->op != Comparison::kEqual) continue;
    for (std::size_t j = 0; j < both->operands.size(); ++j) {
      if (j != i && select(j) != nullptr && select(j)->keys == select(i)->keys &&
          !std::holds_alternative<ConstantNode>(graph[select(i)->keys].kind)) {
        return static_cast<int>(i);
      }
    }
  }
  return -1;
}

}  // namespace

bool HasComparisonsAtQuery(const DataflowGraph& graph) {
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    if (EqualityOf(graph, id) >= 0) return true;
  }
  return false;
}

SimplifiedGraph CompareAtQuery(const SimplifiedGraph& simplified, const Domains& domains) {
  const DataflowGraph& graph = simplified.graph;
  RewrittenGraph rewritten(graph);
  FractionsFinder fractions(graph, domains);
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const int at = EqualityOf(graph, id);
    if (at < 0) {
      rewritten.Copy(id);
      continue;
    }
    const auto& both = std::get<SelectorLogicNode>(graph[id].kind);
    const NodeId equality = both.operands[static_cast<std::size_t>(at)];
    const auto& equal = std::get<SelectNode>(graph[equality].kind);
    const NodeId yes = rewritten.AddHelper(id, ConstantNode{Atom(true)});
    SelectorLogicNode settled{SelectorOp::kAnd, {}};
    for (const NodeId operand : both.operands) {
      const auto* select = std::get_if<SelectNode>(&graph[operand].kind);
      if (operand == equality || select == nullptr || select->keys != equal.keys ||
          !fractions.Separate(equal.queries, select->queries)) {
        settled.operands.push_back(rewritten.NewIdOf(operand));
        continue;
      }
      const MapNode comparison{
          OperationOf(select->op),
          {rewritten.NewIdOf(equal.queries), rewritten.NewIdOf(select->queries)},
          nullptr};
      const NodeId holds = rewritten.AddHelper(operand, comparison);
      settled.operands.push_back(
          rewritten.AddHelper(operand, SelectNode{Comparison::kEqual, yes, holds}));
    }
    rewritten.Replace(id, settled);
  }
  return std::move(rewritten).Finish(simplified.output);
}

}  // namespace raspc
