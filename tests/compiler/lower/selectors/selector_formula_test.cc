// Formulas of selectors against the truth tables of the graphs they come from.
#include "compiler/lower/selectors/selector_formula.h"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "tests/compiler/lower/selectors/random_selectors.h"

namespace raspc {
namespace {

// Two parts or more, none of the kind of the whole; negation at comparisons only.
bool IsNormal(const Formulas& formulas, FormulaId id) {
  const Formula& formula = formulas[id];
  if (formula.kind == Formula::Kind::kComparison) {
    return formula.parts.empty() && formula.select.IsValid();
  }
  if (formula.negated || formula.parts.size() < 2) return false;
  for (const FormulaId part : formula.parts) {
    if (formulas[part].kind == formula.kind || !IsNormal(formulas, part)) return false;
  }
  return true;
}

TEST_CASE("a formula holds where its selector does") {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const RandomSelectors selectors(random);
    Formulas formulas(selectors.graph);
    for (const NodeId id : selectors.selectors) {
      const FormulaId formula = formulas.OfSelector(id);
      REQUIRE(IsNormal(formulas, formula));
      for (unsigned row = 0; row < 16; ++row) {
        REQUIRE(selectors.Holds(formulas, formula, row) == selectors.Truth(id, row));
      }
    }
  }
}

TEST_CASE("And holds where both formulas do") {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const RandomSelectors selectors(random);
    Formulas formulas(selectors.graph);
    const auto some = [&] {
      return formulas.OfSelector(selectors.selectors[random() % selectors.selectors.size()]);
    };
    const FormulaId a = some();
    const FormulaId b = some();
    const FormulaId both = formulas.And(a, b);
    REQUIRE(IsNormal(formulas, both));
    for (unsigned row = 0; row < 16; ++row) {
      REQUIRE(selectors.Holds(formulas, both, row) ==
              (selectors.Holds(formulas, a, row) && selectors.Holds(formulas, b, row)));
    }
  }
}

TEST_CASE("equal formulas are one, and others are not") {
  Random random(3);
  for (int round = 0; round < 100; ++round) {
    const RandomSelectors selectors(random);
    Formulas formulas(selectors.graph);
    std::vector<FormulaId> ids;
    for (const NodeId id : selectors.selectors) ids.push_back(formulas.OfSelector(id));
    for (const FormulaId a : ids) {
      REQUIRE(formulas.Add(formulas[a]) == a);
      for (const FormulaId b : ids) REQUIRE((a == b) == (formulas[a] == formulas[b]));
    }
  }
}

TEST_CASE("what is added later moves no formula") {
  Random random(5);
  const RandomSelectors selectors(random);
  Formulas formulas(selectors.graph);
  const FormulaId id = formulas.OfSelector(selectors.selectors.front());
  const Formula* formula = &formulas[id];
  for (int bit = 0; bit < 1000; ++bit) {
    Formula other = formulas[id];
    other.bit = bit;
    REQUIRE(formulas.Add(other) != id);
  }
  CHECK(&formulas[id] == formula);
}

TEST_CASE("a formula's comparisons are those it depends on, each once") {
  Random random(4);
  for (int round = 0; round < 100; ++round) {
    const RandomSelectors selectors(random);
    Formulas formulas(selectors.graph);
    for (const NodeId id : selectors.selectors) {
      const FormulaId formula = formulas.OfSelector(id);
      const std::vector<NodeId> found = formulas.ComparisonsOf(formula);
      const std::set<NodeId> distinct(found.begin(), found.end());
      REQUIRE(distinct.size() == found.size());
      for (std::size_t i = 0; i < selectors.comparisons.size(); ++i) {
        for (unsigned row = 0; row < 16; ++row) {
          if (selectors.Holds(formulas, formula, row) !=
              selectors.Holds(formulas, formula, row ^ 1U << i)) {
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
  const NodeId again = graph.Add(SelectorLogicNode{SelectorOp::kNot, {neither}}, {});
  Formulas formulas(graph);
  const FormulaId id = formulas.OfSelector(neither);
  const Formula& formula = formulas[id];
  CHECK(formula.kind == Formula::Kind::kAnd);
  REQUIRE(formula.parts.size() == 2);
  CHECK(formulas[formula.parts[0]].negated);
  CHECK(formulas[formula.parts[1]].negated);
  CHECK(id != formulas.OfSelector(either));
  CHECK(formulas.OfSelector(again) == formulas.OfSelector(either));
}

TEST_CASE("an and drops what follows from its other parts") {
  DataflowGraph graph;
  const NodeId indices = graph.Add(IndicesNode{}, {});
  const NodeId less = graph.Add(SelectNode{Comparison::kLess, indices, indices}, {});
  const NodeId equal = graph.Add(SelectNode{Comparison::kEqual, indices, indices}, {});
  const NodeId either = graph.Add(SelectorLogicNode{SelectorOp::kOr, {less, equal}}, {});
  Formulas formulas(graph);
  const FormulaId a = formulas.OfSelector(less);
  CHECK(formulas.And(a, formulas.OfSelector(either)) == a);
  CHECK(formulas.And(a, a) == a);
}

}  // namespace
}  // namespace raspc
