// Joint tables: on real inputs, the row of the given features has every node's value.
#include "compiler/domains/joint_table.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "compiler/domains/infer_domains.h"
#include "compiler/interpret/interpret.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

Domains DomainsOf(const DataflowGraph& graph, const Case& program, std::int64_t max_domain) {
  CompileScope scope;
  scope.vocabulary = *program.settings.vocab;
  scope.context_length = *program.settings.max_length;
  scope.max_domain = max_domain;
  Diagnostics diag;
  return InferDomains(graph, scope, diag);
}

std::int64_t ValueOf(const Domains& domains, const Feature& feature, std::size_t position,
                     const std::vector<Atom>& input, Interpreter& interpreter) {
  Diagnostics diag;
  if (feature.kind == Feature::Kind::kPosition) return static_cast<std::int64_t>(position);
  if (feature.kind == Feature::Kind::kNode) {
    return domains[feature.node].IndexOf(
        std::get<SOpValues>(*interpreter.Evaluate(feature.node, diag))[position]);
  }
  for (std::size_t i = 0; i < domains.scope.vocabulary.size(); ++i) {
    if (Identical(domains.scope.vocabulary[i], input[position]))
      return static_cast<std::int64_t>(i);
  }
  return -1;
}

const char* const kProgram =
    "same = selector_width(select(tokens, tokens, ==));\n"
    "before = aggregate(select(indices, indices - 1, ==), tokens, \"-\");\n"
    "a = same + indices;\n"
    "b = before == tokens;\n"
    "c = same * same;\n"
    "d = (a > 2) and b;\n"
    "x = (c if d else a) + length;\n";

TEST_CASE("the row of the features at hand gives the values of all nodes") {
  const Case program = TextCase(kProgram, "ab", 4);
  REQUIRE_FALSE(program.diag.HasErrors());
  const auto [graph, output] = Simplify(program.graph, program.output);
  const Domains domains = DomainsOf(graph, program, 65536);
  std::vector<NodeId> sops;
  for (std::int32_t i = 0; i < graph.size(); ++i) {
    if (!graph.IsSelector(NodeId{i})) sops.push_back(NodeId{i});
  }
  std::mt19937_64 random(1);
  for (int round = 0; round < 60; ++round) {
    std::vector<NodeId> nodes;
    for (std::size_t n = 1 + random() % 3; n > 0; --n)
      nodes.push_back(sops[random() % sops.size()]);
    const auto table = Tabulate(graph, domains, nodes);
    REQUIRE(table);
    ForEachWord(*program.settings.vocab, 4, 100, [&](const std::vector<Atom>& word) {
      Interpreter interpreter(graph, word, false);
      for (std::size_t p = 0; p < word.size(); ++p) {
        std::int64_t row = 0;
        for (std::size_t f = 0; f < table->features.size(); ++f) {
          const std::int64_t digit = ValueOf(domains, table->features[f], p, word, interpreter);
          row = row * table->sizes[f] + digit;
        }
        for (std::size_t f = 0; f < table->features.size(); ++f) {
          REQUIRE(table->Digit(f, row) ==
                  ValueOf(domains, table->features[f], p, word, interpreter));
        }
        for (std::size_t n = 0; n < nodes.size(); ++n) {
          Diagnostics diag;
          const Atom& value = std::get<SOpValues>(*interpreter.Evaluate(nodes[n], diag))[p];
          INFO(graph.Describe(nodes[n]) << " on " << ToJson(word) << " at " << p);
          REQUIRE(table->values[n][static_cast<std::size_t>(row)] ==
                  domains[nodes[n]].IndexOf(value));
        }
      }
    });
  }
}

TEST_CASE("a joint table has a row for each combination of features, or is refused") {
  const Case program = TextCase(kProgram, "ab", 4);
  const auto [graph, output] = Simplify(program.graph, program.output);
  Domains domains = DomainsOf(graph, program, 65536);
  const std::vector<NodeId> nodes{output};
  const auto table = Tabulate(graph, domains, nodes);
  REQUIRE(table);
  std::int64_t product = 1;
  for (std::size_t f = 0; f < table->features.size(); ++f) {
    CHECK(table->sizes[f] == domains.SizeOf(table->features[f]));
    product *= table->sizes[f];
  }
  CHECK(table->num_rows == product);
  CHECK(std::is_sorted(table->features.begin(), table->features.end()));
  domains.scope.max_domain = product - 1;
  CHECK_FALSE(Tabulate(graph, domains, nodes));
  domains.scope.max_domain = product;
  CHECK(Tabulate(graph, domains, nodes));
}

TEST_CASE("a table of one feature is never too large") {
  CompileScope scope;
  scope.context_length = 5;
  scope.max_domain = 60;
  using Sizes = std::vector<std::int64_t>;
  const auto is_tabulated = [&](const Sizes& sizes) { return scope.IsTabulated(sizes); };
  CHECK(is_tabulated({}));
  CHECK(is_tabulated({6, 10}));
  CHECK_FALSE(is_tabulated({6, 11}));
  CHECK(is_tabulated({1'000'000}));
  CHECK(is_tabulated({1, 1'000'000, 0}));  // features with one value, or none, do not multiply
  CHECK_FALSE(is_tabulated({2, 1'000'000}));
  const std::int64_t huge = std::int64_t{1} << 40;
  CHECK_FALSE(is_tabulated({huge, huge, huge}));
  CHECK(scope.MostInts() == 60);
  scope.context_length = 100;
  CHECK(scope.MostInts() == 400);
}

TEST_CASE("a cut node is its own feature, unless it is opened") {
  const Case program = TextCase(kProgram, "ab", 4);
  const auto [graph, output] = Simplify(program.graph, program.output);
  const Domains domains = DomainsOf(graph, program, 60);
  NodeId cut;
  for (std::int32_t i = 0; i < graph.size(); ++i) {
    if (domains.is_cut[static_cast<std::size_t>(i)]) cut = NodeId{i};
  }
  REQUIRE(cut.IsValid());
  const std::vector<NodeId> nodes{cut};
  const auto closed = Tabulate(graph, domains, nodes);
  REQUIRE(closed);
  REQUIRE(closed->features.size() == 1);
  CHECK(closed->features[0] == Feature{Feature::Kind::kNode, cut});
  CHECK(closed->num_rows == static_cast<std::int64_t>(domains[cut].values.size()));
  const auto opened = Tabulate(graph, domains, nodes, cut);
  REQUIRE(opened);
  CHECK(opened->features == domains.TableOf(cut).features);
  CHECK(opened->values[0] == domains.TableOf(cut).rows);
}

TEST_CASE("no nodes have one row") {
  const Case program = TextCase(kProgram, "ab", 4);
  const auto [graph, output] = Simplify(program.graph, program.output);
  const auto table = Tabulate(graph, DomainsOf(graph, program, 65536), {});
  REQUIRE(table);
  CHECK(table->num_rows == 1);
  CHECK(table->values.empty());
}

}  // namespace
}  // namespace raspc
