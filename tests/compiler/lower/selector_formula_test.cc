// Formulas of selectors against the truth tables of the graphs they come from.
#include "compiler/lower/selector_formula.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace raspc {
namespace {

using Random = std::mt19937_64;

// A graph with four comparisons, and random logic over them.
struct RandomSelectors {
  DataflowGraph graph;
  std::vector<NodeId> comparisons;
  std::vector<NodeId> selectors;

  explicit RandomSelectors(Random& random) {
    const NodeId tokens = graph.Add(TokensNode{TokenView::kString}, {});
    const NodeId indices = graph.Add(IndicesNode{}, {});
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

  bool Holds(const Formula& formula, unsigned row) const {
    return raspc::Holds(formula, [&](NodeId select) { return Truth(select, row); });
  }
};

// Two parts or more, none of the kind of the whole; negation at comparisons only.
bool IsNormal(const Formula& formula) {
  if (formula.kind == Formula::Kind::kComparison) {
    return formula.parts.empty() && formula.select.IsValid();
  }
  if (formula.negated || formula.parts.size() < 2) return false;
  for (const Formula& part : formula.parts) {
    if (part.kind == formula.kind || !IsNormal(part)) return false;
  }
  return true;
}

TEST_CASE("a formula holds where its selector does") {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const RandomSelectors selectors(random);
    for (const NodeId id : selectors.selectors) {
      const Formula formula = FormulaOfSelector(selectors.graph, id);
      INFO(KeyOf(formula));
      REQUIRE(IsNormal(formula));
      for (unsigned row = 0; row < 16; ++row) {
        REQUIRE(selectors.Holds(formula, row) == selectors.Truth(id, row));
      }
    }
  }
}

TEST_CASE("And holds where both formulas do") {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const RandomSelectors selectors(random);
    const auto some = [&] {
      return FormulaOfSelector(selectors.graph,
                               selectors.selectors[random() % selectors.selectors.size()]);
    };
    const Formula a = some();
    const Formula b = some();
    const Formula both = And(a, b);
    REQUIRE(IsNormal(both));
    for (unsigned row = 0; row < 16; ++row) {
      REQUIRE(selectors.Holds(both, row) == (selectors.Holds(a, row) && selectors.Holds(b, row)));
    }
  }
}

TEST_CASE("formulas with one key hold alike") {
  Random random(3);
  for (int round = 0; round < 100; ++round) {
    const RandomSelectors selectors(random);
    std::map<std::string, Formula> by_key;
    for (const NodeId id : selectors.selectors) {
      const Formula formula = FormulaOfSelector(selectors.graph, id);
      const auto [at, is_new] = by_key.try_emplace(KeyOf(formula), formula);
      for (unsigned row = 0; row < 16; ++row) {
        REQUIRE(selectors.Holds(formula, row) == selectors.Holds(at->second, row));
      }
    }
  }
}

TEST_CASE("a formula's comparisons are those it depends on, each once") {
  Random random(4);
  for (int round = 0; round < 100; ++round) {
    const RandomSelectors selectors(random);
    for (const NodeId id : selectors.selectors) {
      const Formula formula = FormulaOfSelector(selectors.graph, id);
      const std::vector<NodeId> found = ComparisonsOf(formula);
      const std::set<NodeId> distinct(found.begin(), found.end());
      REQUIRE(distinct.size() == found.size());
      for (std::size_t i = 0; i < selectors.comparisons.size(); ++i) {
        for (unsigned row = 0; row < 16; ++row) {
          if (selectors.Holds(formula, row) != selectors.Holds(formula, row ^ 1U << i)) {
            REQUIRE(distinct.contains(selectors.comparisons[i]));
          }
        }
      }
    }
  }
}

TEST_CASE("not is pushed down to the comparisons") {
  DataflowGraph graph;
  const NodeId indices = graph.Add(IndicesNode{}, {});
  const NodeId less = graph.Add(SelectNode{Comparison::kLess, indices, indices}, {});
  const NodeId equal = graph.Add(SelectNode{Comparison::kEqual, indices, indices}, {});
  const NodeId either = graph.Add(SelectorLogicNode{SelectorOp::kOr, {less, equal}}, {});
  const NodeId neither = graph.Add(SelectorLogicNode{SelectorOp::kNot, {either}}, {});
  const Formula formula = FormulaOfSelector(graph, neither);
  CHECK(formula.kind == Formula::Kind::kAnd);
  REQUIRE(formula.parts.size() == 2);
  CHECK(formula.parts[0].negated);
  CHECK(formula.parts[1].negated);
  CHECK(KeyOf(formula) != KeyOf(FormulaOfSelector(graph, either)));
  const NodeId again = graph.Add(SelectorLogicNode{SelectorOp::kNot, {neither}}, {});
  CHECK(KeyOf(FormulaOfSelector(graph, again)) == KeyOf(FormulaOfSelector(graph, either)));
}

}  // namespace
}  // namespace raspc
