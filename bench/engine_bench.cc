// Tokens per second of both engines on models of the size that the compiler makes.
//
// The weights are random, but with the shapes and the fraction of zeros of compiled programs, and
// with hard attention as well. `short` is what `verify` does: thousands of inputs of 16 tokens;
// `long` is one input; `generate` is one token after another through a session.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

#include "runtime/run/make_engine.h"
#include "runtime/engine/engine.h"
#include "base/instruction_set.h"
#include "runtime/engine/kernels/kernels.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

Model BenchModel(DType dtype, int context, double density) {
  RandomModelShape shape;
  shape.vocab = 10;
  shape.context = context;
  shape.d_model = 80;
  shape.layers = 4;
  shape.heads = 3;
  shape.head_dim = 4;
  shape.value_dim = 4;
  shape.d_mlp = 300;
  shape.density = density;
  shape.dtype = dtype;
  shape.target = Target::kDecoder;
  Model model = RandomModel(shape, 1);
  // Queries and keys of few distinct integers at a large scale: weights underflow or tie.
  for (Layer& layer : model.layers) {
    for (Head& head : layer.heads) {
      head.query = (head.query * 80).array().round() * 4096;
      head.key = (head.key * 80).array().round();
    }
  }
  return model;
}

void RunBatches(benchmark::State& state, EngineKind kind, DType dtype, double density, int length,
                int num_sequences, int num_threads) {
  const Model model = BenchModel(dtype, length, density);
  const auto engine = MakeEngine(kind, model, num_threads);
  std::mt19937 random(2);
  std::vector<std::vector<int>> batch;
  for (int s = 0; s < num_sequences; ++s) batch.push_back(RandomTokens(model, length, random));
  for (auto _ : state) benchmark::DoNotOptimize(engine->Run(batch));
  state.SetItemsProcessed(state.iterations() * num_sequences * length);
}

void Generate(benchmark::State& state, EngineKind kind, DType dtype, int length) {
  const Model model = BenchModel(dtype, length, 0.05);
  const auto engine = MakeEngine(kind, model, 1);
  std::mt19937 random(2);
  const std::vector<int> tokens = RandomTokens(model, length, random);
  for (auto _ : state) {
    const auto session = engine->StartSession();
    for (const int token : tokens) benchmark::DoNotOptimize(session->Append(token));
  }
  state.SetItemsProcessed(state.iterations() * length);
}

// A tile of tokens through a matrix with this percentage of nonzero entries, with one instruction
// set.
void Product(benchmark::State& state, InstructionSet set) {
  const auto sets = AvailableInstructionSets();
  if (std::find(sets.begin(), sets.end(), set) == sets.end()) {
    return state.SkipWithError("this machine has no such instructions");
  }
  std::mt19937 random(3);
  Matrix weights = Matrix::Zero(80, 300);
  std::uniform_int_distribution<std::int64_t> percent(0, 99);
  for (double& weight : weights.reshaped()) weight = percent(random) < state.range(0) ? 1.5 : 0;
  const PackedLinear<float> matrix(weights);
  const std::vector<float> x(80 * kTileTokens<float>, 0.5f);
  std::vector<float> y(300 * kTileTokens<float>);
  SetInstructionSet(set);
  for (auto _ : state) {
    matrix.ApplyTile(x.data(), y.data(), kTileTokens<float>);
    benchmark::ClobberMemory();
  }
  SetInstructionSet(sets.back());
  state.SetItemsProcessed(state.iterations() * kTileTokens<float>);
}

constexpr auto kDense = EngineKind::kDense;
constexpr auto kReference = EngineKind::kReference;
constexpr auto kFloat32 = DType::kFloat32;
constexpr auto kFloat64 = DType::kFloat64;

#define RASPC_BENCH(...) \
  BENCHMARK_CAPTURE(__VA_ARGS__)->UseRealTime()->Unit(benchmark::kMillisecond)

RASPC_BENCH(RunBatches, short_reference, kReference, kFloat32, 0.05, 16, 2000, 1);
RASPC_BENCH(RunBatches, short_float32, kDense, kFloat32, 0.05, 16, 2000, 1);
RASPC_BENCH(RunBatches, short_float64, kDense, kFloat64, 0.05, 16, 2000, 1);
RASPC_BENCH(RunBatches, short_float32_threads, kDense, kFloat32, 0.05, 16, 2000, 0);
RASPC_BENCH(RunBatches, short_float32_no_zeros, kDense, kFloat32, 1.0, 16, 2000, 1);
RASPC_BENCH(RunBatches, single_float32, kDense, kFloat32, 0.05, 16, 1, 0);
RASPC_BENCH(RunBatches, long_reference, kReference, kFloat32, 0.05, 1000, 1, 1);
RASPC_BENCH(RunBatches, long_float32, kDense, kFloat32, 0.05, 4000, 1, 1);
RASPC_BENCH(RunBatches, long_float32_threads, kDense, kFloat32, 0.05, 4000, 1, 0);
RASPC_BENCH(Generate, generate_reference, kReference, kFloat32, 500);
RASPC_BENCH(Generate, generate_float32, kDense, kFloat32, 500);
RASPC_BENCH(Generate, generate_float32_long, kDense, kFloat32, 4000);

BENCHMARK_CAPTURE(Product, baseline, InstructionSet::kBaseline)->DenseRange(10, 100, 15);
BENCHMARK_CAPTURE(Product, avx2, InstructionSet::kAvx2)->DenseRange(10, 100, 15);
BENCHMARK_CAPTURE(Product, avx512, InstructionSet::kAvx512)->DenseRange(10, 100, 15);

}  // namespace
}  // namespace raspc
