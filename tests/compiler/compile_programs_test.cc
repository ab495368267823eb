// Every program in programs/ compiles for inputs of up to 16 tokens, and the weights agree with the
// interpreter: on every input up to length 5 (4 where the vocabulary has more than 8 tokens)
// and on 2,000 random ones, on both engines.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/load/load_program.h"
#include "compiler/verify/verify.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

// Slow builds check shorter and fewer inputs, but every program.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool kIsFastBuild = true;
#else
constexpr bool kIsFastBuild = false;
#endif
constexpr std::int64_t kMaxLength = 16;

std::vector<std::string> ProgramPaths() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RASPC_SOURCE_DIR) + "/programs")) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".rasp" && path.stem() != "rasplib") paths.push_back(path.string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

VerifyPlan PlanFor(const Model& model) {
  VerifyPlan plan;
  const std::int64_t longest = model.alphabet.size() > 8 ? 4 : 5;
  plan.exhaustive_length = kIsFastBuild ? longest : longest - 2;
  plan.random_count = kIsFastBuild ? 2000 : 50;
  plan.seed = 7;
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

TEST_CASE("every program compiles to weights that agree with the interpreter") {
  std::int64_t num_compared = 0;
  std::int64_t num_skipped = 0;
  const std::vector<std::string> paths = ProgramPaths();
  REQUIRE(paths.size() >= 25);
  for (const std::string& path : paths) {
    INFO(path);
    Diagnostics diag;
    LoadOptions options;
    options.overrides.max_length = kMaxLength;
    const auto program = LoadProgram(path, options, diag);
    INFO(Render(diag));
    REQUIRE(program);
    const auto model = Compile(*program, diag);
    INFO(Render(diag));
    REQUIRE(model);
    CHECK(model->dtype == DType::kFloat32);
    const auto report = Verify(*program, *model, PlanFor(*model), diag);
    INFO(Render(diag));
    REQUIRE(report);
    INFO(DescribeDifferences(*report));
    CHECK(report->differing == 0);
    CHECK(report->compared > 0);
    num_compared += report->compared;
    num_skipped += report->skipped;
  }
  std::cout << "programs: " << paths.size() << ", inputs compared on both engines: " << num_compared
            << ", skipped: " << num_skipped << "\n";
}

TEST_CASE("a model is exact whichever pass is left out, and smaller with all of them") {
  const std::vector<std::string> paths = ProgramPaths();
  int num_models = 0;
  for (std::size_t i = 0; i < paths.size(); i += kIsFastBuild ? 1 : 9) {
    INFO(paths[i]);
    Diagnostics diag;
    LoadOptions options;
    options.overrides.max_length = 8;
    options.overrides.target = Target::kMasked;
    const auto program = LoadProgram(paths[i], options, diag);
    REQUIRE(program);
    const auto whole = Compile(*program, diag);
    REQUIRE(whole);
    for (const OptimizationDescription& pass : AllOptimizations()) {
      INFO("without " << pass.name);
      Diagnostics own;
      const auto model = Compile(*program, own, nullptr, Optimizations{}.Without(pass.pass));
      INFO(Render(own));
      if (!model) {  // then it does not compile without the optimisation, and reports it
        CHECK(pass.pass == Optimization::kCounts);
        CHECK(own.HasErrors());
        continue;
      }
      VerifyPlan plan;
      plan.exhaustive_length = 2;
      plan.random_count = 60;
      const auto report = Verify(*program, *model, plan, own);
      REQUIRE(report);
      INFO(DescribeDifferences(*report));
      CHECK(report->differing == 0);
      CHECK(report->compared > 0);
      ++num_models;
      if (pass.pass == Optimization::kBits || pass.pass == Optimization::kPositions) continue;  // pay off later
      CHECK(SizesOf(*model).parameters >= SizesOf(*whole).parameters);
    }
  }
  CHECK(num_models > static_cast<int>(paths.size() / 9));
}

TEST_CASE("compiling twice gives the same bytes") {
  for (const char* name : {"sort", "dyck2", "parity_generate"}) {
    INFO(name);
    std::string bytes[2];
    for (std::string& file : bytes) {
      Diagnostics diag;
      const auto program = LoadProgram(
          std::string(RASPC_SOURCE_DIR) + "/programs/" + name + ".rasp", LoadOptions{}, diag);
      REQUIRE(program);
      const auto model = Compile(*program, diag);
      REQUIRE(model);
      file = SerializeModel(*model);
    }
    CHECK(bytes[0] == bytes[1]);
  }
}

}  // namespace
}  // namespace raspc
