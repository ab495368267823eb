// What is known of numbers as fractions, against their values on all short inputs.
#include "compiler/domains/fractions.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "compiler/domains/infer_domains.h"
#include "compiler/interpret/interpret.h"
#include "compiler/simplify/simplify.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

// The least number other than 0 that the output has on any input, as an absolute value.
double LeastOf(const Case& program, std::int64_t length) {
  double least = std::numeric_limits<double>::infinity();
  ForEachWord(*program.settings.vocab, length, 100000, [&](const std::vector<Atom>& word) {
    Diagnostics diag;
    Interpreter interpreter(program.graph, word, false);
    const NodeValue* value_of_node = interpreter.Evaluate(program.output, diag);
    if (value_of_node == nullptr) return;
    for (const Atom& value : std::get<SOpValues>(*value_of_node)) {
      const double number = std::abs(NumberOf(value));
      if (number > 1e-12) least = std::min(least, number);
    }
  });
  return least;
}

TEST_CASE("no number other than 0 is smaller than its fractions allow") {
  constexpr std::int64_t kLength = 5;
  const char* means =
      "a = aggregate(select(tokens, \"a\", ==), indices);\n"
      "b = aggregate(select(indices, indices, <=), indices + 1);\n"
      "first = aggregate(select(indices, 1, ==), b + a + 1, 1);\n";
  for (const char* output :
       {"x = a - b;", "x = a * b - 1;", "x = first + 1 / first - 2.5;",
        "x = b / (indices + 2) - a;", "x = (a if indices > 1 else b) - 0.3;", "x = first / b - 1;",
        "x = a / (indices + 3) - b;", "x = average(a - 1) ^ 2 - 0.25;"}) {
    INFO(output);
    const Case program = TextCase(std::string(means) + output, "ab", kLength);
    REQUIRE_FALSE(program.diag.HasErrors());
    CompileScope scope;
    scope.vocabulary = *program.settings.vocab;
    scope.context_length = kLength;
    scope.max_domain = 8;
    Diagnostics diag;
    const Domains domains = InferDomains(program.graph, scope, diag);
    FractionsFinder finder(program.graph, domains);
    const auto& fractions = finder.Of(program.output);
    REQUIRE(fractions);
    CHECK(LeastOf(program, kLength) >= fractions->LeastDistance() * (1 - 1e-9));
  }
}

// That of x is a width at another position, that of 1/x the numerator of x.
TEST_CASE("a number and its inverse do not share a denominator") {
  const Case program = TextCase(
      "x = aggregate(select(indices, 1, ==), aggregate(select(tokens, \"a\", ==), indices) + 1, "
      "1);\n"
      "y = x + 1 / x;",
      "ab", 5);
  CompileScope scope;
  scope.vocabulary = *program.settings.vocab;
  scope.context_length = 5;
  scope.max_domain = 8;
  scope.causal = true;  // so that the width is not the same at all positions
  Diagnostics diag;
  const Domains domains = InferDomains(program.graph, scope, diag);
  FractionsFinder finder(program.graph, domains);
  const auto& fractions = finder.Of(program.output);
  REQUIRE(fractions);
  CHECK(fractions->denominators.size() == 2);
}

// All means of up to N of the given ints, and the floats nearest to them.
TEST_CASE("cells tell all means apart, and keep away from their floats") {
  for (const std::int64_t length : {2, 3, 7, 16, 33, 64}) {
    const Case program =
        TextCase("x = aggregate(select(indices, indices, <=), tokens_int);", "", length);
    CompileScope scope;
    for (const std::int64_t token : {-3, 0, 4}) scope.vocabulary.emplace_back(token);
    scope.context_length = length;
    scope.max_domain = 1;
    Diagnostics diag;
    const Domains domains = InferDomains(program.graph, scope, diag);
    FractionsFinder finder(program.graph, domains);
    const auto cells = finder.CellsOf(program.output, program.output);
    REQUIRE(cells);
    std::map<std::int64_t, double> number_in;  // by cell
    for (std::int64_t width = 1; width <= length; ++width) {
      for (std::int64_t sum = -3 * width; sum <= 4 * width; ++sum) {
        const double number = static_cast<double>(sum) / static_cast<double>(width);
        const double place = (number - cells->start) / cells->width;
        const auto cell = static_cast<std::int64_t>(std::floor(place));
        REQUIRE(cell >= 0);
        REQUIRE(cell < cells->count);
        const double from_end = place - static_cast<double>(cell);
        REQUIRE(std::min(from_end, 1 - from_end) * cells->width >= cells->distance * (1 - 1e-9));
        REQUIRE(number_in.emplace(cell, number).first->second == number);
      }
    }
  }
}

// 0.1 + 0.2 is not 0.3: sums of floats that are rounded have no cells, exact fractions do.
TEST_CASE("numbers whose equality depends on rounding have no cells") {
  for (const ArithmeticKind arithmetic : {ArithmeticKind::kFloat, ArithmeticKind::kRational}) {
    const Case program = TextCase("x = average(tokens_int) + average(tokens_int) / 3;", "", 16);
    CompileScope scope;
    for (const std::int64_t token : {0, 1, 4}) scope.vocabulary.emplace_back(token);
    scope.context_length = 16;
    scope.max_domain = 1;
    SimplifiedGraph graph = Simplify(program.graph, program.output);
    DataflowGraph meant(arithmetic);
    for (NodeId id{0}; id.value < graph.graph.size(); ++id.value) {
      meant.Add(graph.graph[id].kind, graph.graph[id].location);
    }
    Diagnostics diag;
    const Domains domains = InferDomains(meant, scope, diag);
    FractionsFinder finder(meant, domains);
    CHECK(finder.CellsOf(graph.output, graph.output).has_value() ==
          (arithmetic == ArithmeticKind::kRational));
  }
}

}  // namespace
}  // namespace raspc
