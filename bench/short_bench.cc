// All inputs up to a length, in batches and one at a time, evaluated causally: the workload of the
// verifier and of anything else that runs many short inputs.
//
// `batch` is one call of Run with all inputs of a length, on all threads; `single` one call per
// input; `decoded` and `decoded_single` are the same from tokens to decoded values, as in `raspc
// run`. `interpreter` is the other side of a verification, on one thread.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "runtime/run/make_engine.h"
#include "bench/bench_engines.h"
#include "compiler/compile.h"
#include "compiler/interpret/interpret.h"
#include "compiler/interpret/trial_inputs.h"
#include "compiler/load/load_program.h"
#include "runtime/run/run_model.h"

namespace raspc {
namespace {

constexpr std::size_t kBatchInputs = 4096;

struct Options {
  std::int64_t length = 16;
  int num_threads = 2;
  std::string folder = RASPC_SOURCE_DIR "/programs";
};

struct Workload {
  std::optional<LoadedProgram> program;
  Model model;
  std::vector<std::vector<Atom>> inputs;
  std::vector<std::vector<int>> ids;
  std::int64_t num_tokens = 0;
};

// Null after printing why there is none.
std::unique_ptr<Workload> MakeWorkload(const std::string& name, const Options& options) {
  Diagnostics diag;
  auto workload = std::make_unique<Workload>();
  LoadOptions load;
  load.overrides.max_length = options.length;
  load.overrides.causal = true;
  workload->program = LoadProgram(options.folder + "/" + name + ".rasp", load, diag);
  std::optional<Model> model;
  if (workload->program) {
    model = Compile(*workload->program, diag);
  }
  if (!model) {
    fmt::print(stderr, "{}", Render(diag));
    return nullptr;
  }
  workload->model = *std::move(model);
  const std::vector<Atom>& vocabulary = workload->model.vocabulary;
  ForEachInput(workload->model.alphabet, 1, options.length, [&](std::vector<Atom> input) {
    std::vector<int>& ids = workload->ids.emplace_back();
    for (const Atom& token : input) {
      const auto same = [&](const Atom& other) { return Identical(token, other); };
      ids.push_back(static_cast<int>(std::find_if(vocabulary.begin(), vocabulary.end(), same) -
                                     vocabulary.begin()));
    }
    workload->num_tokens += static_cast<std::int64_t>(input.size());
    workload->inputs.push_back(std::move(input));
    return true;
  });
  return workload;
}

void RunInBatches(benchmark::State& state, const std::string& name, EngineKind kind,
                  const Options& options) {
  const auto workload = MakeWorkload(name, options);
  if (!workload) return state.SkipWithError("no model");
  const auto engine = MakeEngine(kind, workload->model, options.num_threads);
  const std::span<const std::vector<int>> ids(workload->ids);
  for (auto _ : state) {
    for (std::size_t first = 0; first < ids.size(); first += kBatchInputs) {
      const std::size_t num = std::min(kBatchInputs, ids.size() - first);
      benchmark::DoNotOptimize(engine->Run(ids.subspan(first, num)));
    }
  }
  state.SetItemsProcessed(state.iterations() * workload->num_tokens);
}

void RunOneByOne(benchmark::State& state, const std::string& name, EngineKind kind,
                 const Options& options) {
  const auto workload = MakeWorkload(name, options);
  if (!workload) return state.SkipWithError("no model");
  const auto engine = MakeEngine(kind, workload->model, options.num_threads);
  for (auto _ : state) {
    for (const std::vector<int>& ids : workload->ids) {
      benchmark::DoNotOptimize(engine->Run(std::span(&ids, 1)));
    }
  }
  state.SetItemsProcessed(state.iterations() * workload->num_tokens);
}

// As in the verifier and `raspc run`: tokens in, decoded values out.
void RunAndDecode(benchmark::State& state, const std::string& name, EngineKind kind,
                  const Options& options) {
  const auto workload = MakeWorkload(name, options);
  if (!workload) return state.SkipWithError("no model");
  const auto engine = MakeEngine(kind, workload->model, options.num_threads);
  const std::span<const std::vector<Atom>> inputs(workload->inputs);
  for (auto _ : state) {
    for (std::size_t first = 0; first < inputs.size(); first += kBatchInputs) {
      const std::size_t num = std::min(kBatchInputs, inputs.size() - first);
      benchmark::DoNotOptimize(RunModel(workload->model, *engine, inputs.subspan(first, num)));
    }
  }
  state.SetItemsProcessed(state.iterations() * workload->num_tokens);
}

void RunAndDecodeOneByOne(benchmark::State& state, const std::string& name, EngineKind kind,
                          const Options& options) {
  const auto workload = MakeWorkload(name, options);
  if (!workload) return state.SkipWithError("no model");
  const auto engine = MakeEngine(kind, workload->model, options.num_threads);
  for (auto _ : state) {
    for (const std::vector<Atom>& input : workload->inputs) {
      benchmark::DoNotOptimize(RunModel(workload->model, *engine, std::span(&input, 1)));
    }
  }
  state.SetItemsProcessed(state.iterations() * workload->num_tokens);
}

void Interpret(benchmark::State& state, const std::string& name, const Options& options) {
  const auto workload = MakeWorkload(name, options);
  if (!workload) return state.SkipWithError("no model");
  const LoadedProgram& program = *workload->program;
  Diagnostics diag;
  Interpreter interpreter(program.traced.graph, {}, program.evaluation.causal);
  for (auto _ : state) {
    for (const std::vector<Atom>& input : workload->inputs) {
      interpreter.Restart(input);
      benchmark::DoNotOptimize(interpreter.Evaluate(program.output, diag));
    }
  }
  state.SetItemsProcessed(state.iterations() * workload->num_tokens);
}

template <typename Function>
void Register(const std::string& name, Function function) {
  benchmark::RegisterBenchmark(name.c_str(), function)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

void RegisterAll(const Options& options) {
  for (const std::string name : {"parity", "dyck1"}) {
    for (const EngineKind kind : kBenchEngines) {
      const auto with = [&, name, kind](auto function) {
        return [=, &options](benchmark::State& state) { function(state, name, kind, options); };
      };
      Register(fmt::format("batch/{}/{}", name, NameOf(kind)), with(RunInBatches));
      Register(fmt::format("single/{}/{}", name, NameOf(kind)), with(RunOneByOne));
      Register(fmt::format("decoded/{}/{}", name, NameOf(kind)), with(RunAndDecode));
      Register(fmt::format("decoded_single/{}/{}", name, NameOf(kind)), with(RunAndDecodeOneByOne));
    }
    Register(fmt::format("interpreter/{}", name),
             [name, &options](benchmark::State& state) { Interpret(state, name, options); });
  }
}

int Run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);  // takes its own flags out
  CLI::App app("Many short inputs, in batches and one at a time");
  Options options;
  app.add_option("--length", options.length, "The longest inputs; the models' maximum length")
      ->check(CLI::Range(1, 24))
      ->capture_default_str();
  app.add_option("--threads", options.num_threads, "Threads of an engine")
      ->check(CLI::Range(1, 1024))
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
