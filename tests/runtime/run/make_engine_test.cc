// Which engine runs a batch where none is asked for.
#include "runtime/run/make_engine.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

// A small float32 model that decodes to a list of values and is certified, so that both engines may
// run it, with readouts that differ in their last bits.
Model CertifiedModel() {
  RandomModelShape shape;
  shape.context = 600;
  shape.readout_dim = 3;
  shape.causal = true;
  shape.dtype = DType::kFloat32;
  Model model = RandomModel(shape, 1);
  model.certificate.exact_to_length = model.max_length;
  return model;
}

std::vector<std::vector<int>> SequencesOf(const Model& model, int count, int length) {
  std::mt19937 random(1);
  std::vector<std::vector<int>> sequences;
  for (int i = 0; i < count; ++i) sequences.push_back(RandomTokens(model, length, random));
  return sequences;
}

bool ChoosesDense(const Model& model, const std::vector<std::vector<int>>& sequences) {
  return EngineChoice(model).For(sequences) == EngineKind::kDense;
}

}  // namespace

TEST_CASE("dense runs many short sequences of one length, structured everything else") {
  const Model model = CertifiedModel();
  CHECK(ChoosesDense(model, SequencesOf(model, 64, 8)));
  CHECK_FALSE(ChoosesDense(model, {}));
  CHECK_FALSE(ChoosesDense(model, SequencesOf(model, 1, 8)));
  CHECK_FALSE(ChoosesDense(model, SequencesOf(model, 64, 500)));
  std::vector<std::vector<int>> different;
  for (int length = 1; length <= 40; ++length) {
    different.push_back(SequencesOf(model, 1, length)[0]);
  }
  CHECK_FALSE(ChoosesDense(model, different));
}

TEST_CASE("structured runs what dense might decode to something else") {
  Model model = CertifiedModel();
  const auto sequences = SequencesOf(model, 64, 8);
  model.certificate.exact_to_length = model.max_length - 1;
  CHECK_FALSE(ChoosesDense(model, sequences));
  model = CertifiedModel();
  model.readout = model.readout.leftCols(1).eval();
  model.readout_bias = model.readout_bias.head(1).eval();
  model.decoding = {};
  model.decoding.kind = OutputDecoding::Kind::kRaw;
  CHECK_FALSE(ChoosesDense(model, sequences));
}

TEST_CASE("the fastest engine gives the readouts of the engine that it chooses") {
  const Model model = CertifiedModel();
  const auto engine = MakeFastestEngine(model, 1);
  const auto dense = MakeEngine(EngineKind::kDense, model, 1);
  const auto structured = MakeEngine(EngineKind::kStructured, model, 1);
  const auto many = SequencesOf(model, 64, 8), one = SequencesOf(model, 1, 8);
  REQUIRE_FALSE(dense->Run(many) == structured->Run(many));  // otherwise this shows nothing
  CHECK(engine->Run(many) == dense->Run(many));
  CHECK(engine->Run(one) == structured->Run(one));
  const auto session = engine->StartSession(), wanted = structured->StartSession();
  for (const int token : one[0]) CHECK(session->Append(token) == wanted->Append(token));
}

}  // namespace raspc
