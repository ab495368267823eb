// Both sides of the certificate: accepted models never exceed its bounds, up to the longest inputs
// accepted for float32; and something that it refuses does fail.
#include <catch2/catch.hpp>

#include "runtime/run/make_engine.h"
#include "runtime/model/model.h"
#include "tests/compiler/rounding_edge.h"

namespace raspc {
namespace {

constexpr std::int64_t kLongest = kIsFastBuild ? 512 : 96;   // in float32
constexpr std::int64_t kBeyond = kIsFastBuild ? 1024 : 128;  // in float64

// Compiles for a length in a type and provokes errors.
void CheckAtLength(const EdgeProgram& program, std::int64_t max_length, DType dtype) {
  const Case edge = EdgeCase(program, max_length, dtype);
  Diagnostics diag;
  const auto stages = RunStages(edge, diag);
  if (!stages && dtype == DType::kFloat64) return;  // too large to list
  INFO(program.name << " for " << max_length << " in " << NameOf(dtype) << ": " << Render(diag));
  REQUIRE(stages);
  auto inputs = HardInputs(stages->model.vocabulary, max_length, kIsFastBuild ? 4 : 1);
  inputs.push_back(WorseInput(*stages, inputs.back(), kIsFastBuild ? 10 : 2));
  const EdgeReport report = ProbeEdge(edge, *stages, stages->model, inputs, true);
  CHECK(report.problem == "");
  CHECK(report.num_wrong == 0);
  CHECK(report.num_values > 0);
}

TEST_CASE("up to the edge of float32, and beyond it in float64, no bound is below the error seen") {
  for (const EdgeProgram& program : EdgePrograms()) {
    const std::int64_t longest = LongestInFloat32(program, kLongest);
    INFO(program.name << ": float32 up to " << longest);
    CHECK(longest >= 16);
    CheckAtLength(program, longest, DType::kFloat32);
    CheckAtLength(program, longest, DType::kFloat64);
    CheckAtLength(program, std::min(2 * longest, kBeyond), DType::kFloat64);
  }
}

// --- What is refused.

TEST_CASE("sums that the certificate refuses in float32 go wrong there, and none that it accepts") {
  std::int64_t largest_accepted = 0, smallest_wrong = 0;
  for (const SumProbe& probe : ProbeSums()) {
    INFO("factor " << probe.factor);
    if (probe.forced.num_wrong > 0 && smallest_wrong == 0) smallest_wrong = probe.factor;
    if (!probe.accepted) continue;
    largest_accepted = probe.factor;
    CHECK(probe.accepted->problem == "");
    CHECK(probe.accepted->num_wrong == 0);
    CHECK(probe.forced.num_wrong == 0);
  }
  CHECK(largest_accepted > 1000);
  REQUIRE(smallest_wrong > largest_accepted);
  // Nor is the certificate so cautious that it is useless.
  CHECK(smallest_wrong / largest_accepted <= 64);
}

TEST_CASE("a mean that the certificate refuses in float32 is too far off there") {
  const EdgeProgram program{"a mean", "x = aggregate(select(tokens, \"a\", ==), indices / 3);",
                            "ab", Target::kEncoder};
  const Case edge = EdgeCase(program, 16, DType::kFloat64);
  Diagnostics diag;
  CHECK_FALSE(RunStages(EdgeCase(program, 16, DType::kFloat32), diag));
  CHECK_THAT(Render(diag), Catch::Contains("known only to within"));
  Diagnostics none;
  const auto stages = RunStages(edge, none);
  REQUIRE(stages);
  const auto inputs = HardInputs(stages->model.vocabulary, 16, 4);
  CHECK(ProbeEdge(edge, *stages, stages->model, inputs, true).num_wrong == 0);
  CHECK(ProbeEdge(edge, *stages, ForcedIntoFloat32(*stages), inputs, false).num_wrong > 0);
}

TEST_CASE("an error beyond its bound is noticed") {
  const Case edge = EdgeCase(EdgePrograms().front(), 32, DType::kFloat32);
  Diagnostics diag;
  auto stages = RunStages(edge, diag);
  REQUIRE(stages);
  const auto inputs = HardInputs(stages->model.vocabulary, 32, 2);
  REQUIRE(ProbeEdge(edge, *stages, stages->model, inputs, true).problem == "");
  SECTION("of a variable") {
    for (Variable& variable : stages->blocks.variables) variable.bound.error /= 4096;
    CHECK(ProbeEdge(edge, *stages, stages->model, inputs, true).problem != "");
  }
  SECTION("of a variable that is claimed to be exact") {
    for (Variable& variable : stages->blocks.variables) variable.bound.error = 0;
    CHECK(ProbeEdge(edge, *stages, stages->model, inputs, true).problem != "");
  }
  SECTION("of a weight") {
    Model model = stages->model;
    model.layers[0].mlp.out_bias.array() += 0.25;
    CHECK(ProbeEdge(edge, *stages, model, inputs, true).problem != "");
  }
  SECTION("that is not a number") {
    Model model = stages->model;
    model.layers[0].mlp.out_bias.array() += std::numeric_limits<double>::quiet_NaN();
    CHECK(ProbeEdge(edge, *stages, model, inputs, true).problem != "");
  }
}

TEST_CASE("models with their neurons in another order compute the same") {
  Diagnostics diag;
  const auto stages = RunStages(EdgeCase(EdgePrograms().front(), 16, DType::kFloat64), diag);
  REQUIRE(stages);
  const std::vector<Atom> input = CodePoints("abbaab");
  const auto engine = MakeEngine(EngineKind::kReference, stages->model, 1);
  const Matrix readout = RunOn(*engine, stages->model, input).readout;
  for (int order = 0; order < kNumNeuronOrders; ++order) {
    const Model ordered = WithNeuronOrder(stages->model, order);
    INFO("order " << order);
    if (order == 3) CHECK(ordered.layers[0].mlp.in != stages->model.layers[0].mlp.in);
    const auto other = MakeEngine(EngineKind::kReference, ordered, 1);
    CHECK((RunOn(*other, ordered, input).readout - readout).cwiseAbs().maxCoeff() < 1e-9);
  }
}

}  // namespace
}  // namespace raspc
