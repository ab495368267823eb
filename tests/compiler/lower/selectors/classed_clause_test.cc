// Classes of queries and keys against the clauses they come from.
#include "compiler/lower/selectors/classed_clause.h"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "tests/compiler/lower/selectors/selector_testing.h"

namespace raspc {
namespace {

// The class of a position: the side reads the token, the index, neither, or both.
int ClassAt(const SelectorCase& program, const ClassedSide& side,
            const SelectorCase::Place& place) {
  const JointTable table = *program.sops.Tabulate(side.nodes);
  std::int64_t row = 0;
  for (std::size_t i = 0; i < table.features.size(); ++i) {
    const bool is_token = table.features[i].kind == Feature::Kind::kToken;
    row = row * table.sizes[i] + (is_token ? place.token : place.index);
  }
  return side.class_of_row[static_cast<std::size_t>(row)];
}

TEST_CASE("a query class selects a key class exactly where the clause holds") {
  Random random(1);
  int num_matchings = 0;
  for (int round = 0; round < 60; ++round) {
    SelectorCase program(random, 6, {});
    for (const NodeId selector : program.selectors.selectors) {
      const FormulaId clause = program.formulas.OfSelector(selector);
      const auto classed = Classed(program.sops, program.formulas, program.positions, clause);
      REQUIRE(classed);
      if (classed->matching) ++num_matchings;
      for (int pair = 0; pair < 40; ++pair) {
        const auto query = program.SomePlace(random);
        const auto key = program.SomePlace(random);
        const auto q = static_cast<std::size_t>(ClassAt(program, classed->queries, query));
        const auto k = static_cast<std::size_t>(ClassAt(program, classed->keys, key));
        const bool holds = program.Holds(clause, query, key);
        REQUIRE(classed->matrix[q][k] == holds);
        if (classed->matching) {
          REQUIRE((classed->matching->query_codes[q] == classed->matching->key_codes[k]) == holds);
        }
      }
      const std::set<std::vector<bool>> rows(classed->matrix.begin(), classed->matrix.end());
      CHECK(rows.size() == classed->queries.num_classes);
    }
  }
  CHECK(num_matchings > 20);
}

TEST_CASE("clauses that a causal mask implies are not scored, and no others") {
  Random random(2);
  LowerOptions causal;
  causal.causal = true;
  int num_implied = 0;
  for (int round = 0; round < 60; ++round) {
    SelectorCase program(random, 5, causal);
    for (const NodeId selector : program.selectors.selectors) {
      const FormulaId clause = program.formulas.OfSelector(selector);
      bool is_implied = true;
      for (int query = 0; query < 5; ++query) {
        for (int key = 0; key <= query; ++key) {
          for (int tokens = 0; tokens < 16; ++tokens) {
            is_implied = is_implied &&
                         program.Holds(clause, {tokens / 4, query}, {tokens % 4, key});
          }
        }
      }
      const auto classed = Classed(program.sops, program.formulas, program.positions, clause);
      if (!classed) {
        ++num_implied;
        CHECK(is_implied);
      }
      const auto reads = program.formulas.NodesOf(clause, true);
      const bool of_positions = reads == std::vector<NodeId>{program.selectors.indices};
      if (of_positions && is_implied) CHECK_FALSE(classed);
    }
  }
  CHECK(num_implied > 5);
}

TEST_CASE("a matching of shared values matches each with itself and the rest with nothing") {
  const Matching matching = MatchingOfShared(5);
  REQUIRE(matching.query_codes.size() == 6);
  for (std::size_t q = 0; q < 6; ++q) {
    for (std::size_t k = 0; k < 6; ++k) {
      CHECK((matching.query_codes[q] == matching.key_codes[k]) == (q == k && q < 5));
    }
  }
}

}  // namespace
}  // namespace raspc
