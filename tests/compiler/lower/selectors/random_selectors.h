// A graph with four comparisons, of tokens and of positions, and random logic over them.
#pragma once

#include <random>
#include <vector>

#include "compiler/lower/selectors/selector_formula.h"

namespace raspc {

using Random = std::mt19937_64;

struct RandomSelectors {
  DataflowGraph graph;
  NodeId tokens, indices;
  std::vector<NodeId> comparisons;
  std::vector<NodeId> selectors;

  explicit RandomSelectors(Random& random) {
    tokens = graph.Add(TokensNode{TokenView::kString}, {});
    indices = graph.Add(IndicesNode{}, {});
    for (const Comparison op : {Comparison::kEqual, Comparison::kLess}) {
      comparisons.push_back(graph.Add(SelectNode{op, tokens, tokens}, {}));
      comparisons.push_back(graph.Add(SelectNode{op, indices, indices}, {}));
    }
    selectors = comparisons;
    for (int i = 0; i < 12; ++i) {
      const auto some = [&] { return selectors[random() % selectors.size()]; };
      switch (random() % 3) {
        case 0:
          selectors.push_back(graph.Add(SelectorLogicNode{SelectorOp::kNot, {some()}}, {}));
          break;
        case 1:
          selectors.push_back(graph.Add(SelectorLogicNode{SelectorOp::kAnd, {some(), some()}}, {}));
          break;
        default:
          selectors.push_back(graph.Add(SelectorLogicNode{SelectorOp::kOr, {some(), some()}}, {}));
      }
    }
  }

  // The truth of a selector where comparison i holds if bit i of `row` is set.
  bool Truth(NodeId id, unsigned row) const {
    for (std::size_t i = 0; i < comparisons.size(); ++i) {
      if (comparisons[i] == id) return (row >> i & 1U) != 0;
    }
    const auto& logic = std::get<SelectorLogicNode>(graph[id].kind);
    const bool first = Truth(logic.operands[0], row);
    if (logic.op == SelectorOp::kNot) return !first;
    const bool second = Truth(logic.operands[1], row);
    return logic.op == SelectorOp::kAnd ? first && second : first || second;
  }

  bool Holds(const Formulas& formulas, FormulaId id, unsigned row) const {
    return formulas.Holds(id, [&](NodeId select) { return Truth(select, row); });
  }
};

}  // namespace raspc
