// Tokens generated one by one through a session, on one core.
//
// `synthetic` is a model of the shape and sparsity of one with a published figure (7
// layers, width 38, 19 two-dimensional heads and 47 hidden neurons in each, 98.7 % zeros, normal
// random weights, float64), with attention made hard by its scale. `program` is
// programs/remainder_generate.rasp, an automaton of ten states, one state a token. `step` is the
// cost of a step once the context has a given length.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <unordered_map>

#include "runtime/run/make_engine.h"
#include "bench/bench_engines.h"
#include "bench/synthetic_model.h"
#include "compiler/compile.h"
#include "compiler/load/load_program.h"
#include "runtime/run/run_model.h"

namespace raspc {
namespace {

struct Options {
  std::int64_t context = 100'000;
  std::int64_t dense_context = 4'000;  // engines whose cost per step grows with the context
  std::string folder = RASPC_SOURCE_DIR "/programs";
};

std::int64_t ContextFor(EngineKind kind, const Options& options) {
  return kind == EngineKind::kStructured ? options.context : options.dense_context;
}

// A session that reads its own output once its input has been read.
class Generation {
 public:
  Generation(const Model& model, const Engine& engine)
      : model_(model), session_(engine.StartSession()) {
    for (std::size_t i = 0; i < model.vocabulary.size(); ++i) {
      ids_.emplace(model.vocabulary[i], static_cast<int>(i));
    }
  }

  void Read(int id) {
    const Vector readout = session_->Append(id);
    const std::optional<Atom> value =
        Decode(model_.decoding, {readout.data(), static_cast<std::size_t>(readout.size())});
    const auto found = value ? ids_.find(*value) : ids_.end();
    next_ = found == ids_.end() ? -1 : found->second;
  }
  // Reads the last output; false if that is not in the vocabulary.
  bool Step() {
    if (next_ < 0) return false;
    Read(next_);
    return true;
  }

 private:
  const Model& model_;
  std::unique_ptr<Session> session_;
  std::unordered_map<Atom, int, IdentityHash, IdentityEqual> ids_;
  int next_ = -1;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void RunSynthetic(benchmark::State& state, EngineKind kind, const Options& options) {
  const std::int64_t context = ContextFor(kind, options);
  const Model model = SyntheticModel(context, 1);
  const auto engine = MakeEngine(kind, model, 1);
  for (auto _ : state) {
    Generation generation(model, *engine);
    generation.Read(0);
    for (std::int64_t i = 1; i < context; ++i) generation.Step();
  }
  state.SetItemsProcessed(state.iterations() * context);
}

std::optional<Model> CompileProgram(std::int64_t num_digits, const Options& options) {
  Diagnostics diag;
  LoadOptions load;
  load.overrides.max_length = num_digits;
  load.overrides.max_steps = num_digits + 1;
  const auto program = LoadProgram(options.folder + "/remainder_generate.rasp", load, diag);
  std::optional<Model> model;
  if (program) model = Compile(*program, diag);
  if (!model) fmt::print(stderr, "{}", Render(diag));
  return model;
}

// Reads digits and the end marker. The vocabulary starts with "0", "1", "|".
void ReadInput(Generation& generation, std::int64_t num_digits) {
  std::mt19937 random(1);
  for (std::int64_t i = 0; i < num_digits; ++i) {
    generation.Read(static_cast<int>(random() & 1));
  }
  generation.Read(2);
}

// Half of the context is input, which is read before the clock starts; the rest is generated.
void RunProgram(benchmark::State& state, EngineKind kind, const Options& options) {
  const std::int64_t num_digits = ContextFor(kind, options) / 2;
  const auto model = CompileProgram(num_digits, options);
  if (!model) return state.SkipWithError("no model");
  const auto engine = MakeEngine(kind, *model, 1);
  for (auto _ : state) {
    Generation generation(*model, *engine);
    ReadInput(generation, num_digits);
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < num_digits; ++i) {
      if (!generation.Step()) return state.SkipWithError("it generates what it cannot read");
    }
    state.SetIterationTime(SecondsSince(start));
  }
  state.SetItemsProcessed(state.iterations() * num_digits);
}

// The last tenth of the steps before the context reaches a length, half of it input; enough steps
// to include the cost of occasional sorting.
void RunSteps(benchmark::State& state, std::int64_t context, const Options& options) {
  const std::int64_t num_steps = context / 10;
  const auto model = CompileProgram(options.context / 2, options);
  if (!model) return state.SkipWithError("no model");
  const auto engine = MakeEngine(EngineKind::kStructured, *model, 1);
  for (auto _ : state) {
    Generation generation(*model, *engine);
    ReadInput(generation, context / 2);
    for (std::int64_t i = context / 2 + 1; i < context - num_steps; ++i) generation.Step();
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < num_steps; ++i) {
      if (!generation.Step()) return state.SkipWithError("it generates what it cannot read");
    }
    state.SetIterationTime(SecondsSince(start) / static_cast<double>(num_steps));
  }
}

void RegisterAll(const Options& options) {
  for (const EngineKind kind : kBenchEngines) {
    benchmark::RegisterBenchmark(
        fmt::format("synthetic/{}", NameOf(kind)).c_str(),
        [kind, &options](benchmark::State& state) { RunSynthetic(state, kind, options); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(
        fmt::format("program/{}", NameOf(kind)).c_str(),
        [kind, &options](benchmark::State& state) { RunProgram(state, kind, options); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  for (const std::int64_t context : {std::int64_t{1000}, options.context}) {
    benchmark::RegisterBenchmark(
        fmt::format("step/structured/{}", context).c_str(),
        [context, &options](benchmark::State& state) { RunSteps(state, context, options); })
        ->UseManualTime()
        ->Iterations(5)
        ->Unit(benchmark::kNanosecond);
  }
}

int Run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);  // takes its own flags out
  CLI::App app("Tokens generated per second");
  Options options;
  app.add_option("--context", options.context, "Tokens in the end, for structured")
      ->check(CLI::Range(2000, 1 << 20))
      ->capture_default_str();
  app.add_option("--dense-context", options.dense_context, "The same for the other engines")
      ->check(CLI::Range(2, 1 << 20))
      ->capture_default_str();
  app.add_option("--folder", options.folder, "Folder of the programs")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  RegisterAll(options);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
