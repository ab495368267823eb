// What holds when settings are given: the defaults, and the rules between causality, generation and
// target. What Specify reports of vocabularies and lengths is in tests/compiler/compile_test.cc.
#include "compiler/settings/specification.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

namespace raspc {
namespace {

ProgramSettings Given(const std::function<void(ProgramSettings&)>& change) {
  ProgramSettings settings;
  settings.vocab = CodePoints("ab#");
  settings.max_length = 5;
  change(settings);
  return settings;
}

Specification MustSpecify(const ProgramSettings& given) {
  Diagnostics diag;
  const auto specification = Specify(given, "x", diag);
  INFO(Render(diag));
  REQUIRE(specification);
  REQUIRE(diag.empty());
  return *specification;
}

TEST_CASE("what is not given has its default") {
  const Specification plain = MustSpecify(Given([](ProgramSettings&) {}));
  CHECK(plain.name == "x");
  CHECK(plain.alphabet == plain.vocabulary);
  CHECK(plain.max_length == 5);
  CHECK(plain.context_length == 5);
  CHECK(plain.dtype == DType::kFloat32);
  CHECK(plain.may_widen);
  CHECK(plain.max_domain == 65536);
  CHECK_FALSE(plain.reduce_counts_first);
  CHECK_FALSE(plain.evaluation.generation);
  CHECK(plain.evaluation.arithmetic == ArithmeticKind::kFloat);
  const Specification exact = MustSpecify(
      Given([](ProgramSettings& s) { s.arithmetic = ArithmeticKind::kRational; }));
  CHECK(exact.evaluation.arithmetic == ArithmeticKind::kRational);

  const Specification generating = MustSpecify(Given([](ProgramSettings& s) {
    s.generate = "x";
    s.append = CodePoints("#");
    s.dtype = DType::kFloat32;
  }));
  REQUIRE(generating.evaluation.generation);
  CHECK(generating.evaluation.generation->max_steps == 64);
  CHECK(generating.evaluation.generation->stop.empty());
  CHECK(generating.context_length == 5 + 1 + 64);
  CHECK_FALSE(generating.may_widen);
}

TEST_CASE("causality, generation and target settle each other") {
  struct Row {
    std::optional<bool> causal;
    bool generates;
    std::optional<Target> target;
    // What holds.
    bool is_causal = false;
    Target wanted = Target::kEncoder;
    bool has_mask = false;
  };
  const auto row = GENERATE(values<Row>({
      {{}, false, {}, false, Target::kEncoder, false},
      {true, false, {}, true, Target::kDecoder, true},
      {true, false, Target::kEncoder, true, Target::kEncoder, false},
      {true, false, Target::kMasked, true, Target::kMasked, true},
      {{}, false, Target::kMasked, false, Target::kMasked, false},
      {{}, false, Target::kDecoder, false, Target::kDecoder, true},
      {false, false, Target::kDecoder, false, Target::kDecoder, true},
      {{}, true, {}, true, Target::kDecoder, true},
      {{}, true, Target::kMasked, true, Target::kMasked, true},
      {{}, true, Target::kEncoder, false, Target::kEncoder, false},
      {true, true, Target::kEncoder, true, Target::kEncoder, false},
      {false, true, {}, false, Target::kEncoder, false},
      {false, true, Target::kMasked, false, Target::kMasked, false},
      {false, true, Target::kDecoder, false, Target::kDecoder, true},
  }));
  const ProgramSettings given = Given([&](ProgramSettings& s) {
    s.causal = row.causal;
    if (row.generates) s.generate = "x";
    s.target = row.target;
  });
  Diagnostics diag;
  const auto specification = Specify(given, "x", diag);
  REQUIRE(specification);
  CHECK(SpecifyEvaluation(given).causal == row.is_causal);
  CHECK(specification->evaluation.causal == row.is_causal);
  CHECK(specification->target == row.wanted);
  CHECK(specification->HasCausalMask() == row.has_mask);
}

TEST_CASE("options override directives, and turn generation on and off") {
  struct Row {
    std::string what;
    std::function<void(ProgramSettings&)> options;
    std::optional<std::string> generates;
    bool is_causal;
    std::string message;
  };
  const auto row = GENERATE(values<Row>({
      {"nothing", [](ProgramSettings&) {}, "x", true, ""},
      {"the s-op that generates", [](ProgramSettings& s) { s.output = "x"; }, "x", true, ""},
      {"another s-op", [](ProgramSettings& s) { s.output = "y"; }, {}, true, ""},
      {"another that generates", [](ProgramSettings& s) { s.generate = "y"; }, "y", true, ""},
      {"two that differ",
       [](ProgramSettings& s) {
         s.output = "y";
         s.generate = "z";
       },
       "z", true,
       "--sop y and --generate z differ, but the s-op that generates is the output; give only one "
       "of them"},
      {"steps of no generation",
       [](ProgramSettings& s) {
         s.output = "y";
         s.max_steps = 3;
       },
       {},
       true,
       "--max-steps requires a program that generates; name the s-op that generates with "
       "--generate"},
  }));
  ProgramSettings directives, options;
  directives.generate = "x";
  row.options(options);
  Diagnostics diag;
  const ProgramSettings combined = CombineSettings(directives, options, diag);
  INFO(row.what);
  CHECK(combined.generate == row.generates);
  CHECK(combined.causal == row.is_causal);
  CHECK(Render(diag) == (row.message.empty() ? "" : "error: " + row.message + "\n"));
}

}  // namespace
}  // namespace raspc
