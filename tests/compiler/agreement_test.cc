// All engines agree with the interpreter on the programs of programs/: one table of programs, each
// with its vocabulary, maximum length, architecture and optimisations, and the inputs it is
// compared on.
//
// Random programs and those once compiled wrong are compared in random_programs_test.cc and
// regressions_test.cc, recorded outputs in compile_conformance_test.cc.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "bench/tracr_twins.h"
#include "compiler/verify/verify.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

struct Row {
  std::string program;               // the path
  std::optional<std::string> vocab;  // a token per character; else the program's own
  std::int64_t max_length = 16;
  std::optional<Target> target;  // else the program's own, and so for the next
  std::optional<bool> causal;
  std::optional<Optimization> without;
  // All inputs up to this length, random ones, and those of one token repeated.
  std::int64_t exhaustive_length = 0, random_count = 0;
  bool tries_repeated_tokens = false;
};

std::string Describe(const Row& row) {
  std::string text = row.program + ", up to " + std::to_string(row.max_length);
  if (row.target) text += ", as " + std::string(NameOf(*row.target));
  if (row.causal) text += *row.causal ? ", causal" : ", not causal";
  for (const OptimizationDescription& pass : kAllOptimizations) {
    if (pass.pass == row.without) text += ", without " + std::string(pass.name);
  }
  return text;
}

std::optional<LoadedProgram> Load(const Row& row, Diagnostics& diag) {
  LoadOptions options;
  if (row.vocab) options.overrides.vocab = CodePoints(*row.vocab);
  options.overrides.max_length = row.max_length;
  options.overrides.target = row.target;
  options.overrides.causal = row.causal;
  return LoadProgram(row.program, options, diag);
}

VerifyPlan PlanFor(const Row& row, const Model& model) {
  VerifyPlan plan;
  const std::int64_t most = model.alphabet.size() > 8 ? 4 : 5;
  plan.exhaustive_length = std::min(row.exhaustive_length, most);
  plan.random_count = row.random_count;
  if (!kIsFastBuild) {
    plan.exhaustive_length = std::min(plan.exhaustive_length, most - 2);
    plan.random_count = std::min<std::int64_t>(plan.random_count, 50);
  }
  plan.seed = 7;
  for (const Atom& token : model.alphabet) {
    if (!row.tries_repeated_tokens) break;
    plan.inputs.emplace_back(static_cast<std::size_t>(row.max_length), token);
  }
  return plan;
}

std::string DescribeDifferences(const VerifyReport& report) {
  std::string text;
  for (const Difference& difference : report.differences) {
    text += std::string(NameOf(difference.engine)) + " on " + ToJson(difference.input) +
            ": wanted " + difference.wanted + ", got " + difference.got + "\n";
  }
  return text;
}

struct Agreement {
  Model model;
  VerifyReport report;
};

// Checks a row; nothing if the program does not compile without an optimisation that may be needed.
std::optional<Agreement> CheckAgreement(const Row& row) {
  INFO(Describe(row));
  Diagnostics diag;
  const auto program = Load(row, diag);
  INFO(Render(diag));
  REQUIRE(program);
  Optimizations optimizations;
  if (row.without) optimizations = optimizations.Without(*row.without);
  auto model = Compile(*program, diag, nullptr, optimizations);
  INFO(Render(diag));
  if (!model && row.without == Optimization::kCounts) {
    CHECK(diag.HasErrors());
    return std::nullopt;
  }
  REQUIRE(model);
  const auto problem = CheckModel(*model);
  INFO(problem.value_or(""));
  CHECK_FALSE(problem.has_value());
  if (row.target) CHECK(model->target == *row.target);
  auto report = Verify(*program, *model, PlanFor(row, *model), diag);
  REQUIRE(report);
  INFO(DescribeDifferences(*report));
  CHECK(report->differing == 0);
  return Agreement{*std::move(model), *std::move(report)};
}

TEST_CASE("every program compiles to weights that agree with the interpreter") {
  std::int64_t num_compared = 0, num_skipped = 0;
  const std::vector<std::string> paths = ProgramPaths();
  REQUIRE(paths.size() >= 25);
  for (const std::string& path : paths) {
    const auto agreed = CheckAgreement(
        {.program = path, .max_length = 16, .exhaustive_length = 5, .random_count = 2000});
    INFO(path);
    CHECK(agreed->model.dtype == DType::kFloat32);
    CHECK(agreed->report.compared > 0);
    num_compared += agreed->report.compared;
    num_skipped += agreed->report.skipped;
  }
  std::cout << "programs: " << paths.size() << ", inputs compared on all engines: " << num_compared
            << ", skipped: " << num_skipped << "\n";
}

TEST_CASE("every program agrees with the interpreter for every target it has") {
  for (const Case& program : ProgramCases(6)) {
    for (const Target target : {Target::kEncoder, Target::kDecoder, Target::kMasked}) {
      for (const bool causal : {false, true}) {
        if (program.settings.generate && (target == Target::kEncoder || !causal)) continue;
        if (target == Target::kDecoder && !causal) continue;
        CheckAgreement({.program = std::string(RASPC_SOURCE_DIR) + "/programs/" + program.name +
                                   ".rasp",
                        .max_length = 6,
                        .target = target,
                        .causal = causal,
                        .exhaustive_length = 2,
                        .random_count = 40});
      }
    }
  }
}

// Counts are largest where all tokens are one, and shares smallest.
TEST_CASE("the models whose sizes are compared compute their programs, in every architecture") {
  for (const TracrTwin& twin : TracrTwins()) {
    for (const Target target : {Target::kEncoder, Target::kDecoder, Target::kMasked}) {
      if (!HasForm(twin, target)) continue;
      const std::optional<bool> causal =
          target == Target::kDecoder ? std::optional(true) : std::nullopt;
      const auto agreed = CheckAgreement(
          {.program = std::string(RASPC_SOURCE_DIR) + "/programs/" + twin.program + ".rasp",
           .vocab = twin.vocab,
           .max_length = kIsFastBuild ? 128 : 32,
           .target = target,
           .causal = causal,
           .random_count = kIsFastBuild ? 20 : 4,
           .tries_repeated_tokens = true});
      INFO(twin.program << " as " << NameOf(target));
      CHECK(agreed->report.skipped == 0);
    }
  }
}

TEST_CASE("a model is exact whichever pass is left out, and smaller with all of them") {
  const std::vector<std::string> paths = ProgramPaths();
  int num_models = 0;
  for (std::size_t i = 0; i < paths.size(); i += kIsFastBuild ? 1 : 9) {
    Row row{.program = paths[i],
            .max_length = 8,
            .target = Target::kMasked,
            .exhaustive_length = 2,
            .random_count = 60};
    const auto whole = CheckAgreement(row);
    for (const OptimizationDescription& pass : kAllOptimizations) {
      row.without = pass.pass;
      const auto agreed = CheckAgreement(row);
      if (!agreed) continue;
      INFO(Describe(row));
      CHECK(agreed->report.compared > 0);
      ++num_models;
      // These two pay off for greater lengths.
      if (pass.pass == Optimization::kBits || pass.pass == Optimization::kPositions) continue;
      CHECK(SizesOf(agreed->model).parameters >= SizesOf(whole->model).parameters);
    }
  }
  CHECK(num_models > static_cast<int>(paths.size() / 9));
}

}  // namespace
}  // namespace raspc
