// Interventions: what is set stays set, and only what depends on it changes.
#include "runtime/run/intervene.h"

#include <catch2/catch.hpp>
#include <random>

#include "runtime/run/make_engine.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

Model CausalModel() {
  RandomModelShape shape;
  shape.causal = true;
  return RandomModel(shape, 7);
}

ErrorKind KindOfRefusal(const Model& model, std::string_view variable, std::int64_t position,
                        const Atom& value) {
  std::vector<Clamp> clamps;
  Diagnostics diag;
  AddClamps(model, variable, position, value, clamps, diag);
  CHECK(clamps.empty());
  REQUIRE(diag.HasErrors());
  return diag.all().front().kind;
}

}  // namespace

TEST_CASE("a clamped number has its value in every layer, and readers read it") {
  const Model model = CausalModel();
  std::mt19937 random(1);
  const std::vector<std::vector<int>> batch = {RandomTokens(model, 8, random)};
  const auto engine = MakeReferenceEngine(model, 1, {{4, 2, 1.5}, {100, 0, 9.0}});
  const auto plain = MakeReferenceEngine(model, 1);
  int num_layers = 0;
  Observer observer;
  observer.residual = [&](int, int, const Matrix& residual) {
    CHECK(residual(4, 2) == 1.5);
    ++num_layers;
  };
  const Readouts set = engine->Run(batch, &observer);
  CHECK(num_layers == 1 + static_cast<int>(model.layers.size()));
  const Readouts unset = plain->Run(batch);
  // Program positions; the model is causal, so nothing before it changes.
  for (int i = 0; i < 8; ++i) CHECK((set[0](i, 0) == unset[0](i, 0)) == (i < 3));
}

TEST_CASE("a clamp of the value that a number has anyway changes nothing") {
  RandomModelShape shape;
  shape.layers = 1;
  shape.d_mlp = 0;
  shape.heads = 0;
  const Model model = RandomModel(shape, 2);
  const double number = model.token_embedding(3, 1) + model.position_embedding(1, 1);
  const std::vector<std::vector<int>> batch = {{3, 2}};
  const auto engine = MakeReferenceEngine(model, 1, {{1, 1, number}});
  CHECK(engine->Run(batch) == MakeReferenceEngine(model, 1)->Run(batch));
}

TEST_CASE("a session with clamps gives what a run with them does") {
  const Model model = CausalModel();
  std::mt19937 random(4);
  const std::vector<std::vector<int>> batch = {RandomTokens(model, 9, random)};
  const auto engine = MakeReferenceEngine(model, 1, {{0, 1, -1.0}, {3, 2, 0.5}, {3, 4, 2.0}});
  const Readouts readouts = engine->Run(batch);
  const auto session = engine->StartSession();
  for (std::size_t i = 0; i < batch[0].size(); ++i) {
    CHECK(session->Append(batch[0][i])(0) == readouts[0](static_cast<Eigen::Index>(i), 0));
  }
}

TEST_CASE("a variable is an s-op with one of its values, or a direction with a number") {
  Model model = CausalModel();
  model.value_codes.push_back({"hist",
                               1,
                               {Atom(std::int64_t{1}), Atom("a"), Atom(true)},
                               {{2, {0.5, 1.5, NAN}}, {4, {7, 8, 9}}}});
  std::vector<Clamp> clamps;
  Diagnostics diag;
  AddClamps(model, "hist", 3, Atom("a"), clamps, diag);
  AddClamps(model, "direction 1", 0, Atom(2.5), clamps, diag);
  CHECK(diag.empty());
  REQUIRE(clamps.size() == 3);
  CHECK((clamps[0].position == 4 && clamps[0].direction == 2 && clamps[0].value == 1.5));
  CHECK((clamps[1].position == 4 && clamps[1].direction == 4 && clamps[1].value == 8));
  CHECK((clamps[2].position == 1 && clamps[2].direction == 1 && clamps[2].value == 2.5));

  CHECK(KindOfRefusal(model, "hist", 0, Atom(1.0)) == ErrorKind::kInput);   // of another type
  CHECK(KindOfRefusal(model, "hist", 0, Atom(true)) == ErrorKind::kInput);  // never comes up
  CHECK(KindOfRefusal(model, "hits", 0, Atom(std::int64_t{1})) == ErrorKind::kInput);
  CHECK(KindOfRefusal(model, "direction 1", 0, Atom("a")) == ErrorKind::kInput);
  CHECK(KindOfRefusal(model, "hist", -1, Atom("a")) == ErrorKind::kInput);
  CHECK(KindOfRefusal(model, "hist", model.context_length, Atom("a")) == ErrorKind::kInput);
}

}  // namespace raspc
