// What a builder adds, and what it shares.
#include "compiler/lower/builder/blocks_builder.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

namespace raspc {
namespace {

using Column = std::vector<double>;

VariableMeaning Named(const char* name) { return VariableMeaning::Text(name, 3); }

// The number that a form has for a token and at a position, of embedding-only variables.
double ValueAt(const Blocks& blocks, const LinearForm& form, std::size_t token,
               std::size_t position) {
  double value = form.constant;
  for (const auto& [id, weight] : form.terms) {
    const Variable& variable = blocks[id];
    if (!variable.by_token.empty()) value += weight * variable.by_token[token];
    if (!variable.by_position.empty()) value += weight * variable.by_position[position];
  }
  return value;
}

TEST_CASE("an embedding has its columns' sum, and equal columns are one variable") {
  BlocksBuilder builder(DType::kFloat32);
  const Column by_token{3, 0, -1}, by_position{0.5, 7};
  const LinearForm form = builder.Embedding(by_token, by_position, Named("x"));
  for (std::size_t token = 0; token < 3; ++token) {
    for (std::size_t position = 0; position < 2; ++position) {
      CHECK(ValueAt(builder.blocks(), form, token, position) ==
            by_token[token] + by_position[position]);
    }
  }
  CHECK(builder.Embedding(by_token, by_position, Named("y")) == form);
  REQUIRE(builder.blocks().variables.size() == 1);
  CHECK(builder.blocks().variables[0].label == "x");
  CHECK(builder.blocks().variables[0].line == 3);
}

TEST_CASE("a constant column takes no variable") {
  BlocksBuilder builder(DType::kFloat32);
  CHECK(builder.Embedding({2, 2, 2}, {0.5, 0.5}, Named("x")) == LinearForm::Constant(2.5));
  CHECK(builder.blocks().variables.empty());
  const LinearForm form = builder.Embedding({2, 2, 2}, {0, 1}, Named("x"));
  CHECK(ValueAt(builder.blocks(), form, 0, 1) == 3);
  CHECK(builder.Embedding({}, {0, 1}, Named("y")).terms == form.terms);
}

TEST_CASE("a column of 0s and 1s stands in for its complement, another column does not") {
  BlocksBuilder builder(DType::kFloat32);
  builder.Embedding({1, 0, 1}, {}, Named("x"));
  const LinearForm complement = builder.Embedding({0, 1, 0}, {}, Named("y"));
  CHECK(builder.blocks().variables.size() == 1);
  CHECK(ValueAt(builder.blocks(), complement, 0, 0) == 0);
  CHECK(ValueAt(builder.blocks(), complement, 1, 0) == 1);
  builder.Embedding({2, 0, 2}, {}, Named("z"));
  builder.Embedding({0, 2, 0}, {}, Named("w"));
  CHECK(builder.blocks().variables.size() == 3);
}

TEST_CASE("channels of a head and outputs of a segment are ready after what they read") {
  BlocksBuilder builder(DType::kFloat32);
  const LinearForm place = builder.Embedding({}, {0, 1, 2}, Named("place"));
  const std::size_t head = builder.AddHead({});
  Variable variable;
  variable.ready = 1;
  variable.bound = builder.BoundOf(place);
  const LinearForm mean = builder.AddChannel(head, place, 5, variable, Named("mean"));
  CHECK(builder.ReadyOf(mean) == 1);
  CHECK(builder.blocks()[mean.terms[0].first].at_bos == 5);
  CHECK(builder.blocks().heads[head].channels.size() == 1);
  CHECK(builder.ReadyAfterMlp(mean) == 2);

  MlpSegment segment(builder.blocks(), mean, {0, 1, 2});
  const auto steps = segment.Steps({0, 0, 1});
  REQUIRE(steps);
  const LinearForm form = builder.AddSegment(segment, *steps, mean, Named("last"));
  CHECK(builder.ReadyOf(form) == 2);
  CHECK(builder.blocks().mlps.size() == 1);
  CHECK(builder.blocks().margins.size() == 1);
}

TEST_CASE("cleaning makes a number near 0 exactly 0") {
  BlocksBuilder builder(DType::kFloat32);
  LinearForm noisy = builder.Embedding({}, {0, 1}, Named("noisy"));
  noisy.drift = 0.01;
  VariableMeaning meaning;
  meaning.kind = VariableMeaning::Kind::kFunction;
  meaning.of = std::make_shared<const ValueList>(
      ValueList{"x", "", 0, {Atom(std::int64_t{5}), Atom(std::int64_t{7})}, {}});
  meaning.code = {0, 1};
  const auto clean = builder.Cleaned(noisy, meaning);
  REQUIRE(clean);
  CHECK(builder.blocks()[clean->terms[0].first].label == "penalty(x=7)");
  const MlpBlock& block = builder.blocks().mlps.at(0);
  for (const double error : {-0.01, 0.0, 0.01}) {
    double at_zero = block.outputs[0].base, at_one = block.outputs[0].base;
    for (const auto& [neuron, weight] : block.outputs[0].weights) {
      const LinearForm& input = block.neurons[static_cast<std::size_t>(neuron)];
      const double slope = input.terms.empty() ? 0 : input.terms[0].second;
      at_zero += weight * std::max(0.0, input.constant + slope * error);
      at_one += weight * std::max(0.0, input.constant + slope * (1 + error));
    }
    CHECK(at_zero == 0);
    CHECK(at_one >= 1);
  }
}

}  // namespace
}  // namespace raspc
