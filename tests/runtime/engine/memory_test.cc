// Measures a run's heap memory: linear in the tokens, within the bound that engine.h states.
//
// The counts are of operator new, which this executable replaces. Results are matrices of Eigen,
// which asks malloc, so that they are not among them.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <random>
#include <vector>

#include "runtime/run/make_engine.h"
#include "runtime/engine/engine.h"
#include "tests/runtime/random_model.h"

namespace {

// Currently allocated bytes, and the peak since the last reset.
std::atomic<std::int64_t> current_bytes{0};
std::atomic<std::int64_t> peak_bytes{0};

// In front of each block, as large as the strictest alignment asks for.
constexpr std::size_t kHeader = alignof(std::max_align_t);

void* CountedNew(std::size_t size) {
  void* block = std::malloc(size + kHeader);
  if (block == nullptr) throw std::bad_alloc();
  *static_cast<std::size_t*>(block) = size;
  const std::int64_t now = current_bytes += static_cast<std::int64_t>(size);
  std::int64_t peak = peak_bytes;
  while (now > peak && !peak_bytes.compare_exchange_weak(peak, now)) {
  }
  return static_cast<char*>(block) + kHeader;
}

void* NothrowNew(std::size_t size) noexcept {
  try {
    return CountedNew(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void CountedDelete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  void* block = static_cast<char*>(pointer) - kHeader;
  current_bytes -= static_cast<std::int64_t>(*static_cast<std::size_t*>(block));
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return CountedNew(size); }
void* operator new[](std::size_t size) { return CountedNew(size); }
// The standard library's pass on to the others, but those of a sanitizer do not.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return NothrowNew(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return NothrowNew(size); }
void operator delete(void* pointer, const std::nothrow_t&) noexcept { CountedDelete(pointer); }
void operator delete[](void* pointer, const std::nothrow_t&) noexcept { CountedDelete(pointer); }
void operator delete(void* pointer) noexcept { CountedDelete(pointer); }
void operator delete[](void* pointer) noexcept { CountedDelete(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { CountedDelete(pointer); }
void operator delete[](void* pointer, std::size_t) noexcept { CountedDelete(pointer); }

namespace raspc {
namespace {

// The peak memory of `run` beyond what was in use before.
template <typename Function>
std::int64_t PeakOf(const Function& run) {
  const std::int64_t before = current_bytes;
  peak_bytes = before;
  run();
  return peak_bytes - before;
}

}  // namespace

TEST_CASE("allocations are counted") {
  CHECK(PeakOf([] { std::vector<char> block(12345); }) == 12345);
}

// The bound of engine.h, for one sequence of n tokens.
std::int64_t BoundFor(EngineKind kind, const Model& model, int threads, std::int64_t n) {
  std::int64_t features = 0;
  for (const Layer& layer : model.layers) {
    std::int64_t of_layer = 0;
    for (const Head& head : layer.heads) of_layer += 2 * head.query.cols() + head.value.cols();
    features = std::max(features, of_layer);
  }
  const std::int64_t numbers = model.d_model() + features;
  const std::int64_t per_token =
      kind == EngineKind::kDense ? 8 * (numbers + 4 * threads) + 32 : 32 * numbers + 128;
  return n * per_token + threads * (std::int64_t{1} << 20);
}

Model ModelOf(std::uint32_t seed) {
  RandomModelShape shape;
  shape.dtype = seed % 2 == 0 ? DType::kFloat32 : DType::kFloat64;
  shape.d_model = seed % 3 == 0 ? 5 : 24;
  shape.heads = 1 + static_cast<int>(seed % 4);
  shape.head_dim = 1 + static_cast<int>(seed % 3);
  shape.value_dim = 1;
  shape.d_mlp = 40;
  shape.scale = seed % 4 < 2 ? 3000 : 1;
  shape.density = seed % 5 == 0 ? 0.9 : 0.2;
  shape.relative_bias = seed % 6 == 0;
  shape.context = 4000;
  return RandomModel(shape, seed);
}

TEST_CASE("a run takes memory in proportion to its tokens, within the bound") {
  for (const EngineKind kind : {EngineKind::kDense, EngineKind::kStructured}) {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
      const Model model = ModelOf(seed);
      const int threads = seed % 2 == 0 ? 1 : 3;
      const auto engine = MakeEngine(kind, model, threads);
      std::mt19937 random(seed);
      for (const int n : {300, 4000}) {
        const std::vector<std::vector<int>> one = {RandomTokens(model, n, random)};
        const std::int64_t peak = PeakOf([&] { engine->Run(one); });
        const std::int64_t bound = BoundFor(kind, model, threads, n);
        INFO(NameOf(kind) << " seed " << seed << " n " << n << ": " << peak << " of " << bound);
        CHECK(peak <= bound);
      }
    }
  }
}

// Each head needs an index or scores of its own while it runs, and a neuron a number; but not all
// at the same time.
TEST_CASE("a run of many layers, neurons and readouts takes no more memory than of a few") {
  RandomModelShape shape;
  shape.d_model = 6;
  shape.layers = 120;
  shape.heads = 1;
  shape.head_dim = 2;
  shape.value_dim = 1;
  shape.d_mlp = 500;
  shape.readout_dim = 700;
  shape.scale = 3000;
  shape.density = 0.1;
  shape.context = 1000;
  const Model model = RandomModel(shape, 3);
  std::mt19937 random(3);
  const std::vector<std::vector<int>> one = {RandomTokens(model, 1000, random)};
  const auto engine = MakeEngine(EngineKind::kStructured, model, 1);
  const std::int64_t peak = PeakOf([&] { engine->Run(one); });
  const std::int64_t results = 1000 * shape.readout_dim * static_cast<std::int64_t>(sizeof(double));
  const std::int64_t bound = BoundFor(EngineKind::kStructured, model, 1, 1000) + results;
  INFO(peak << " of " << bound);
  CHECK(peak <= bound);
}

TEST_CASE("tables for a great many heads take no more memory than a few times the model") {
  RandomModelShape shape;
  shape.vocab = 5000;
  shape.context = 5000;
  shape.d_model = 4;
  shape.layers = 1;
  shape.heads = 4000;
  shape.head_dim = 2;
  shape.value_dim = 1;
  shape.d_mlp = 0;
  shape.density = 1;
  Model model = RandomModel(shape, 1);
  // Keys of every second head are by token, the others' by position.
  model.position_embedding.leftCols(2).setZero();
  model.token_embedding.rightCols(2).setZero();
  for (std::size_t h = 0; h < model.layers[0].heads.size(); ++h) {
    Head& head = model.layers[0].heads[h];
    head.key.middleRows(h % 2 == 0 ? 0 : 2, 2).setZero();
  }
  for (Eigen::Index p = 0; p <= shape.context; ++p) {
    model.position_embedding(p, 2) = static_cast<double>(p);
    model.position_embedding(p, 3) = static_cast<double>(p * p);
  }
  for (int t = 0; t < shape.vocab; ++t) model.token_embedding(t, 0) = t % 7;
  model.token_embedding.col(1).setZero();
  const std::int64_t peak = PeakOf([&] { MakeEngine(EngineKind::kStructured, model); });
  const std::int64_t bound = (std::int64_t{8} << 24) + 200 * SizesOf(model).parameters;
  INFO(peak << " of " << bound);
  CHECK(peak <= bound);
}

TEST_CASE("many short sequences take no more memory at once than a few") {
  for (const EngineKind kind : {EngineKind::kDense, EngineKind::kStructured}) {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
      const Model model = ModelOf(seed);
      const int threads = 2;
      const auto engine = MakeEngine(kind, model, threads);
      std::mt19937 random(seed);
      std::vector<std::vector<int>> many;
      for (int i = 0; i < 4000; ++i) many.push_back(RandomTokens(model, 12 + i % 7, random));
      const std::int64_t peak = PeakOf([&] { engine->Run(many); });
      // A bundle or group on each thread, and for each sequence its place.
      const std::int64_t bound = threads * BoundFor(kind, model, 1, 64 * 19) + 4000 * 64;
      INFO(NameOf(kind) << " seed " << seed << ": " << peak << " of " << bound);
      CHECK(peak <= bound);
    }
  }
}

}  // namespace raspc
