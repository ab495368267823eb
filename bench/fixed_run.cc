// Fixed runs for counting instructions: `raspc_fixed_run NAME` does one of them, once.
//
// bench/compare runs it under callgrind, which counts only instructions within MeasuredRun. One
// thread, and the instructions that every machine of the architecture has, so that the counts
// depend only on the sources and the compiler. `raspc_fixed_run --list` prints the compiler's
// version, then a line for each run with its name and number of tokens.
#include <fmt/format.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "runtime/run/make_engine.h"
#include "compiler/compile.h"
#include "compiler/load/load_program.h"
#include "base/instruction_set.h"
#include "runtime/run/run_model.h"

namespace raspc {

// Not static and never inlined: callgrind finds it by its name.
__attribute__((noinline)) void MeasuredRun(const std::function<void()>& run) { run(); }

namespace {

struct FixedRun {
  std::string name;
  EngineKind engine;
  std::string program;
  Target target;
  std::int64_t length;  // of each input
  int num_inputs;
  bool generates = false;  // then as many tokens are generated as the input has
};

const std::vector<FixedRun>& FixedRuns() {
  static const std::vector<FixedRun> runs = {
      {"dense batch", EngineKind::kDense, "sort", Target::kMasked, 64, 64},
      {"structured long input", EngineKind::kStructured, "dyck1", Target::kDecoder, 4096, 1},
      {"structured generation", EngineKind::kStructured, "remainder_generate", Target::kDecoder,
       1000, 1, true},
  };
  return runs;
}

std::int64_t TokensOf(const FixedRun& run) {
  return run.length * run.num_inputs * (run.generates ? 2 : 1);
}

std::optional<Model> CompileFor(const FixedRun& run) {
  Diagnostics diag;
  LoadOptions load;
  load.overrides.max_length = run.length;
  load.overrides.target = run.target;
  if (run.target == Target::kDecoder) load.overrides.causal = true;
  if (run.generates) load.overrides.max_steps = run.length + 1;
  const auto program =
      LoadProgram(std::string(RASPC_SOURCE_DIR) + "/programs/" + run.program + ".rasp", load, diag);
  std::optional<Model> model;
  if (program) model = Compile(*program, diag);
  if (!model) fmt::print(stderr, "{}", Render(diag));
  return model;
}

int Run(const FixedRun& run) {
  const auto model = CompileFor(run);
  if (!model) return 2;
  std::mt19937 random(1);
  std::vector<std::vector<Atom>> inputs;
  std::vector<std::vector<int>> ids;
  for (int i = 0; i < run.num_inputs; ++i) {
    inputs.emplace_back();
    ids.emplace_back();
    for (std::int64_t k = 0; k < run.length; ++k) {
      const std::size_t token = random() % model->alphabet.size();
      inputs.back().push_back(model->alphabet[token]);
      ids.back().push_back(static_cast<int>(token));
    }
  }
  const auto engine = MakeEngine(run.engine, *model, 1);
  bool failed = false;
  MeasuredRun([&] {
    if (run.generates) {
      failed = RunModel(*model, *engine, inputs)[0].error.has_value();
    } else {
      failed = engine->Run(ids).empty();
    }
  });
  if (failed) fmt::print(stderr, "error: the run failed\n");
  return failed ? 2 : 0;
}

int Main(int argc, char** argv) {
  const std::string name = argc == 2 ? argv[1] : "";
  if (name == "--list") {
    fmt::print("{}\n", __VERSION__);
    for (const FixedRun& run : FixedRuns()) fmt::print("{}\t{}\n", run.name, TokensOf(run));
    return 0;
  }
  SetInstructionSet(InstructionSet::kBaseline);
  for (const FixedRun& run : FixedRuns()) {
    if (run.name == name) return Run(run);
  }
  fmt::print(stderr, "usage: raspc_fixed_run --list, or one of the names that lists\n");
  return 2;
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Main(argc, argv); }
