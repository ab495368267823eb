// What is known of numbers as fractions, against their values on all short inputs.
#include "compiler/domains/fractions.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "compiler/domains/infer_domains.h"
#include "compiler/interpret/interpret.h"
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

}  // namespace
}  // namespace raspc
