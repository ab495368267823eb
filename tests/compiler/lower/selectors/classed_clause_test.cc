// Classes of queries and keys against the clauses they come from.
#include "compiler/lower/selectors/classed_clause.h"

#include <array>
#include <catch2/catch.hpp>
#include <map>
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
        REQUIRE(classed->matrix.At(q, k) == holds);
        if (classed->matching) {
          REQUIRE((classed->matching->query_codes[q] == classed->matching->key_codes[k]) == holds);
        }
      }
      CHECK(MergeEqualRows(classed->matrix).rows == classed->matrix);
      CHECK(classed->matrix.num_rows() == classed->queries.num_classes);
    }
  }
  CHECK(num_matchings > 20);
}

// A graph in which some comparisons have no result: those of order between tokens and indices.
struct FailingSelectors {
  DataflowGraph graph;
  NodeId tokens = graph.Add(TokensNode{TokenView::kString}, {});
  NodeId indices = graph.Add(IndicesNode{}, {});
  std::vector<NodeId> selectors;

  explicit FailingSelectors(Random& random) {
    for (const Comparison op : {Comparison::kEqual, Comparison::kLess, Comparison::kGreaterEqual}) {
      selectors.push_back(graph.Add(SelectNode{op, tokens, indices}, {}));
      selectors.push_back(graph.Add(SelectNode{op, tokens, tokens}, {}));
      selectors.push_back(graph.Add(SelectNode{op, indices, indices}, {}));
    }
    for (int i = 0; i < 12; ++i) {
      const auto some = [&] { return selectors[random() % selectors.size()]; };
      const SelectorOp op = std::array{SelectorOp::kNot, SelectorOp::kAnd,
                                       SelectorOp::kOr}[random() % 3];
      std::vector<NodeId> operands{some()};
      if (op != SelectorOp::kNot) operands.push_back(some());
      selectors.push_back(graph.Add(SelectorLogicNode{op, operands}, {}));
    }
  }
};

// By definition: the comparisons of each pair, in the order of the formula, one by one.
bool HoldsByPair(const Sops& sops, const Formulas& formulas, FormulaId clause,
                 const std::map<NodeId, Atom>& at_query, const std::map<NodeId, Atom>& at_key) {
  bool fails = false;
  const bool holds = formulas.Holds(clause, [&](NodeId select) {
    const auto& node = *sops.As<SelectNode>(select);
    const OpResult result =
        CompareForSelect(node.op, at_key.at(node.keys), at_query.at(node.queries));
    fails = fails || std::holds_alternative<OpError>(result);
    return !std::holds_alternative<OpError>(result) && IsTrue(std::get<Atom>(result));
  });
  return holds && !fails;
}

TEST_CASE("a matrix made 64 keys at a time has the entries that comparing each pair gives") {
  Random random(3);
  constexpr int kLength = 70;  // more than a word
  int num_selected = 0, num_pairs = 0;
  for (int round = 0; round < 12; ++round) {
    const FailingSelectors program(random);
    const Domains domains = SelectorCase::DomainsOf(program.graph, kLength);
    const Sops sops(program.graph, domains, {});
    Formulas formulas(program.graph);
    const Positions positions(sops, formulas);
    for (const NodeId selector : program.selectors) {
      const FormulaId clause = formulas.OfSelector(selector);
      const auto classed = Classed(sops, formulas, positions, clause);
      REQUIRE(classed);
      const JointTable of_queries = *sops.Tabulate(classed->queries.nodes);
      const JointTable of_keys = *sops.Tabulate(classed->keys.nodes);
      for (int pair = 0; pair < 200; ++pair) {
        const auto row_of = [&](const JointTable& table) {
          return static_cast<std::size_t>(random() % static_cast<std::uint64_t>(table.num_rows));
        };
        const auto atoms = [&](const ClassedSide& side, const JointTable& table, std::size_t row) {
          std::map<NodeId, Atom> values;
          for (std::size_t i = 0; i < side.nodes.size(); ++i) {
            const auto value = static_cast<std::size_t>(table.values[i][row]);
            values.emplace(side.nodes[i], sops[side.nodes[i]].values[value]);
          }
          return values;
        };
        const std::size_t query = row_of(of_queries), key = row_of(of_keys);
        const bool holds =
            HoldsByPair(sops, formulas, clause, atoms(classed->queries, of_queries, query),
                        atoms(classed->keys, of_keys, key));
        REQUIRE(classed->matrix.At(
                    static_cast<std::size_t>(classed->queries.class_of_row[query]),
                    static_cast<std::size_t>(classed->keys.class_of_row[key])) == holds);
        num_selected += holds ? 1 : 0;
        ++num_pairs;
      }
    }
  }
  CHECK(num_selected > num_pairs / 20);
  CHECK(num_selected < num_pairs / 2);
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
