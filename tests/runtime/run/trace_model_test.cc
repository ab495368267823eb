// What a trace has: the engine's numbers, at every position the model reads.
#include "runtime/run/trace_model.h"

#include <catch2/catch.hpp>

#include "runtime/run/make_engine.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

const std::vector<Atom> kInput = {std::int64_t{1}, std::int64_t{0}, std::int64_t{4},
                                  std::int64_t{1}};

ModelTrace TraceOf(const Model& model) {
  Diagnostics diag;
  const auto trace = TraceModel(model, *MakeEngine(EngineKind::kReference, model), kInput, diag);
  INFO(Render(diag));
  REQUIRE(trace.has_value());
  return *trace;
}

}  // namespace

TEST_CASE("a trace's last stream gives the output, and its patterns are distributions") {
  const Model model = RandomModel(RandomModelShape(), 3);
  const ModelTrace trace = TraceOf(model);
  CHECK(trace.tokens.size() == kInput.size());
  REQUIRE(trace.patterns.size() == model.layers.size());
  REQUIRE(trace.residuals.size() == model.layers.size());
  for (const std::vector<Matrix>& patterns : trace.patterns) {
    REQUIRE(patterns.size() == model.layers[0].heads.size());
    for (const Matrix& pattern : patterns) {
      REQUIRE(pattern.rows() == 5);
      REQUIRE(pattern.cols() == 5);
      CHECK((pattern.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
    }
  }
  CHECK(trace.embeddings.row(0).isApprox(model.token_embedding.row(model.bos_id()) +
                                         model.position_embedding.row(0)));
  const Matrix readouts = trace.residuals.back() * model.readout;
  for (std::size_t i = 0; i < kInput.size(); ++i) {
    const double readout = readouts(static_cast<Eigen::Index>(i) + 1, 0) + model.readout_bias(0);
    CHECK(NumberOf(trace.output.values[i]) == Approx(readout));
  }
}

TEST_CASE("a trace of a model that generates has all generated tokens but the last") {
  RandomModelShape shape;
  shape.readout_dim = shape.vocab;
  shape.causal = true;
  Model model = RandomModel(shape, 5);
  model.generation = GenerationRule{{}, 3};
  model.max_length = model.context_length - 3;
  const ModelTrace trace = TraceOf(model);
  REQUIRE(trace.output.generated.has_value());
  REQUIRE(trace.output.generated->tokens.size() == 3);
  CHECK(trace.tokens.size() == kInput.size() + 2);
  CHECK(Identical(trace.tokens[4], trace.output.generated->tokens[0]));
  CHECK(trace.embeddings.rows() == 7);
}

TEST_CASE("a trace that would be too large, or of a bad input, is refused") {
  const Model model = RandomModel(RandomModelShape(), 3);
  const auto engine = MakeEngine(EngineKind::kReference, model);
  Diagnostics diag;
  CHECK_FALSE(TraceModel(model, *engine, {Atom("x")}, diag));
  REQUIRE(diag.HasErrors());
  CHECK(diag.all().front().kind == ErrorKind::kInput);

  RandomModelShape shape;
  shape.heads = 1;
  shape.layers = 30;
  shape.context = 4000;
  shape.d_model = 1;
  const Model large = RandomModel(shape, 1);
  diag.Clear();
  const std::vector<Atom> input(4000, Atom(std::int64_t{1}));
  CHECK_FALSE(TraceModel(large, *MakeEngine(EngineKind::kReference, large), input, diag));
  REQUIRE(diag.HasErrors());
  CHECK(diag.all().front().kind == ErrorKind::kLimit);
}

}  // namespace raspc
