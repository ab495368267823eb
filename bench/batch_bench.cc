// Tokens per second of the engines on batches: the models of Tracr's library programs, with inputs
// of maximum length.
//
// With --write DIR it writes, instead of measuring, each model as DIR/PROGRAM.safetensors and the
// batch as DIR/PROGRAM.json (the token ids, and what the first sequences decode to), so that
// bench/compare can run the same in PyTorch.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "runtime/run/make_engine.h"
#include "bench/bench_engines.h"
#include "bench/tracr_twins.h"
#include "base/files.h"
#include "base/instruction_set.h"
#include "runtime/run/run_model.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

struct Options {
  std::int64_t length = 128;
  int num_sequences = 256;
  int num_threads = 2;
  std::string folder = RASPC_SOURCE_DIR "/programs";
  std::string write;
  std::string instructions;
};

// A model and the sequences on which it runs.
struct Workload {
  Model model;
  std::vector<std::vector<int>> sequences;
};

// The architecture in which the twin's model is smallest.
Target TargetOf(const TracrTwin& twin) {
  if (twin.is_for_encoder) return Target::kEncoder;
  return twin.looks_left ? Target::kDecoder : Target::kMasked;
}

// Null after printing why there is none.
std::unique_ptr<Workload> MakeWorkload(const TracrTwin& twin, const Options& options) {
  Diagnostics diag;
  std::optional<Model> model =
      CompileTwin(twin, options.folder, TargetOf(twin), options.length, diag);
  if (!model) {
    fmt::print(stderr, "{}: {}\n", twin.program, Render(diag));
    return nullptr;
  }
  auto workload = std::make_unique<Workload>();
  workload->model = *std::move(model);
  std::mt19937 random(1);
  std::uniform_int_distribution<int> token(0, workload->model.bos_id() - 1);
  for (int s = 0; s < options.num_sequences; ++s) {
    std::vector<int>& sequence = workload->sequences.emplace_back();
    for (std::int64_t i = 0; i < options.length; ++i) sequence.push_back(token(random));
  }
  return workload;
}

void RunBatch(benchmark::State& state, const TracrTwin& twin, EngineKind kind,
              const Options& options) {
  const auto workload = MakeWorkload(twin, options);
  if (!workload) return state.SkipWithError("no model");
  const auto engine = MakeEngine(kind, workload->model, options.num_threads);
  for (auto _ : state) benchmark::DoNotOptimize(engine->Run(workload->sequences));
  state.SetItemsProcessed(state.iterations() * options.num_sequences * options.length);
}

// The batch, and the decoded output of each sequence.
std::string BatchJson(const Workload& workload) {
  std::vector<std::vector<Atom>> inputs;
  for (const std::vector<int>& sequence : workload.sequences) {
    std::vector<Atom>& input = inputs.emplace_back();
    for (const int id : sequence) {
      input.push_back(workload.model.vocabulary[static_cast<std::size_t>(id)]);
    }
  }
  const auto engine = MakeEngine(EngineKind::kReference, workload.model);
  nlohmann::json outputs = nlohmann::json::array();
  for (const ModelOutput& output : RunModel(workload.model, *engine, inputs)) {
    outputs.push_back(nlohmann::json::parse(ToJson(output.values)));
  }
  return nlohmann::json{{"ids", workload.sequences}, {"outputs", outputs}}.dump() + "\n";
}

int WriteAll(const Options& options) {
  Diagnostics diag;
  for (const TracrTwin& twin : TracrTwins()) {
    const auto workload = MakeWorkload(twin, options);
    if (!workload) return 2;
    const std::string path = options.write + "/" + twin.program;
    WriteModelFile(workload->model, path + ".safetensors", diag);
    WriteFile(path + ".json", BatchJson(*workload), diag);
  }
  if (!diag.HasErrors()) return 0;
  fmt::print(stderr, "{}", Render(diag));
  return 2;
}

void Declare(CLI::App& app, Options& options) {
  app.add_option("--length", options.length, "Tokens of each input; the models' maximum length")
      ->check(CLI::Range(1, 1 << 12))
      ->capture_default_str();
  app.add_option("--batch", options.num_sequences, "Inputs in a batch")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  app.add_option("--threads", options.num_threads, "Threads of an engine")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--folder", options.folder, "Folder of the programs")->capture_default_str();
  app.add_option("--instructions", options.instructions, "baseline, avx2 or avx512")
      ->check(CLI::IsMember({"baseline", "avx2", "avx512"}));
  app.add_option("--write", options.write, "Write models and batches to this folder instead");
}

int Run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);  // removes its own flags
  CLI::App app("Tokens per second on batches");
  Options options;
  Declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (const auto set = InstructionSetNamed(options.instructions)) SetInstructionSet(*set);
  if (!options.write.empty()) return WriteAll(options);
  for (const TracrTwin& twin : TracrTwins()) {
    for (const EngineKind kind : kBenchEngines) {
      benchmark::RegisterBenchmark(fmt::format("batch/{}/{}", twin.program, NameOf(kind)).c_str(),
                                   [&twin, kind, &options](benchmark::State& state) {
                                     RunBatch(state, twin, kind, options);
                                   })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace raspc

int main(int argc, char** argv) { return raspc::Run(argc, argv); }
