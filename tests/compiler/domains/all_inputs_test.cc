// Values collected from all inputs, against those of inputs evaluated one by one.
#include "compiler/domains/all_inputs.h"

#include <catch2/catch.hpp>

#include "compiler/interpret/trial_inputs.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

CompileScope ScopeOf(const Case& program, std::vector<Atom> vocabulary,
                     std::int64_t max_domain = 1000) {
  CompileScope scope;
  scope.vocabulary = std::move(vocabulary);
  scope.context_length = *program.settings.max_length;
  scope.max_domain = max_domain;
  scope.causal = program.IsCausal();
  return scope;
}

TEST_CASE("the values on all inputs are those that occur, each once and in order") {
  const Case program = TextCase("x = aggregate(full_s, tokens_float) + indices;", "", 3);
  const auto values =
      ValuesOnAllInputs(program.graph, {program.output}, ScopeOf(program, {0.1, 0.2}));
  REQUIRE(values.size() == 1);
  std::vector<Atom> wanted;
  const std::vector<double> means{0.1,
                                  0.2,
                                  (0.1 + 0.2) / 2,
                                  (0.1 + 0.1) / 2,
                                  (0.2 + 0.2) / 2,
                                  (0.1 + 0.1 + 0.1) / 3,
                                  (0.1 + 0.1 + 0.2) / 3,
                                  (0.1 + 0.2 + 0.1) / 3,
                                  (0.2 + 0.1 + 0.1) / 3,
                                  (0.1 + 0.2 + 0.2) / 3,
                                  (0.2 + 0.1 + 0.2) / 3,
                                  (0.2 + 0.2 + 0.1) / 3,
                                  (0.2 + 0.2 + 0.2) / 3};
  for (std::size_t i = 0; i < means.size(); ++i) {
    const int length = i < 2 ? 1 : i < 5 ? 2 : 3;
    for (int p = 0; p < length; ++p) wanted.emplace_back(means[i] + p);
  }
  std::sort(wanted.begin(), wanted.end(), IdentityLess);
  wanted.erase(std::unique(wanted.begin(), wanted.end(), Identical), wanted.end());
  CHECK(ToJson(values.at(program.output)) == ToJson(wanted));
}

TEST_CASE("inputs on which an s-op fails give it no value") {
  const Case program = TextCase("x = 1 / (tokens_int - 1);", "", 2);
  const auto values = ValuesOnAllInputs(program.graph, {program.output},
                                        ScopeOf(program, {std::int64_t{1}, std::int64_t{3}}));
  CHECK(ToJson(values.at(program.output)) == "[0.5]");
}

TEST_CASE("an s-op of more values than may be listed, or of too many inputs, has none") {
  const std::vector<Atom> tokens = CodePoints("ab");
  const Case program = TextCase("x = indices;", "", 8);
  CHECK(ValuesOnAllInputs(program.graph, {program.output}, ScopeOf(program, tokens, 8)).size() ==
        1);
  CHECK(ValuesOnAllInputs(program.graph, {program.output}, ScopeOf(program, tokens, 7)).empty());
  const Case longer = TextCase("x = indices;", "", 64);
  CHECK(ValuesOnAllInputs(longer.graph, {longer.output}, ScopeOf(longer, tokens)).empty());
  CHECK(ValuesOnAllInputs(program.graph, {}, ScopeOf(program, tokens)).empty());
}

}  // namespace
}  // namespace raspc
