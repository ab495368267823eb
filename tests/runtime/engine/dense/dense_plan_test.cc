// How the dense engine divides batches, and that common prefixes do not change results.
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "runtime/run/make_engine.h"
#include "runtime/engine/dense/dense_plan.h"
#include "runtime/engine/engine.h"
#include "tests/runtime/random_model.h"

namespace raspc {
namespace {

using Batch = std::vector<std::vector<int>>;

// Words that begin with one of a few prefixes, some of them twice, some empty, of all lengths.
Batch PlantedBatch(const Model& model, int count, int longest, std::mt19937& random) {
  Batch prefixes;
  for (int i = 0; i < 4; ++i) prefixes.push_back(RandomTokens(model, longest, random));
  Batch batch;
  for (int i = 0; i < count; ++i) {
    if (i > 0 && random() % 8 == 0) {
      batch.push_back(batch[random() % batch.size()]);
      continue;
    }
    const int length = static_cast<int>(random() % Size(longest + 1));
    std::vector<int>& word = batch.emplace_back(RandomTokens(model, length, random));
    const std::vector<int>& prefix = prefixes[random() % prefixes.size()];
    const auto known = static_cast<std::ptrdiff_t>(random() % (word.size() + 1));
    std::copy(prefix.begin(), prefix.begin() + known, word.begin());
  }
  return batch;
}

// All words of a length, in order.
Batch AllWords(int num_tokens, int length) {
  Batch batch;
  std::vector<int> word(Size(length), 0);
  for (int at = 0; at >= 0;) {
    batch.push_back(word);
    for (at = length - 1; at >= 0 && ++word[Size(at)] == num_tokens; --at) word[Size(at)] = 0;
  }
  return batch;
}

RandomModelShape CausalShape(std::uint32_t seed) {
  RandomModelShape shape;
  shape.causal = true;
  shape.dtype = seed % 2 == 0 ? DType::kFloat32 : DType::kFloat64;
  shape.vocab = seed % 5 == 0 ? 1 : seed % 3 == 0 ? 2 : 4;
  shape.context = 24;
  shape.layers = static_cast<int>(seed % 4);
  shape.heads = static_cast<int>(seed * 3 % 4);
  shape.head_dim = static_cast<int>(seed % 6);
  shape.value_dim = static_cast<int>(seed % 3);
  shape.d_mlp = seed % 7 == 0 ? 0 : 11;
  shape.readout_dim = seed % 4 == 0 ? 3 : 1;
  shape.scale = seed % 4 < 2 ? 2000 : 1;  // hard and soft attention
  shape.relative_bias = seed % 8 < 4;
  return shape;
}

// All sequences of a plan.
std::vector<int> Planned(const BatchPlan& plan) {
  std::vector<int> all;
  for (const BundleChain& chain : plan.chains) {
    all.insert(all.end(), chain.members.begin(), chain.members.end());
  }
  for (const auto& group : plan.groups) all.insert(all.end(), group.begin(), group.end());
  std::sort(all.begin(), all.end());
  return all;
}

BatchPlan PlanFor(const Model& model, const Batch& batch, int threads = 1) {
  return model.dtype == DType::kFloat32
             ? PlanBatch(DenseWeights<float>(model), batch, threads, /*may_bundle=*/true)
             : PlanBatch(DenseWeights<double>(model), batch, threads, /*may_bundle=*/true);
}

// The tokens that all lanes of a chain have to read at each step after the first.
std::vector<int> NewTokens(const BundleChain& chain, const Batch& batch) {
  const int length = static_cast<int>(batch[Size(chain.members[0])].size());
  std::vector<int> most(Size(chain.num_steps), 0);
  for (std::size_t i = 0; i < chain.members.size(); ++i) {
    int& at = most[i % most.size()];
    at = std::max(at, length - chain.shared[i]);
  }
  most.erase(most.begin());
  return most;
}

}  // namespace

TEST_CASE("a plan has every sequence once, and chains of one length that fit into the lanes") {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    RandomModelShape shape = CausalShape(seed);
    shape.causal = seed % 3 != 0;
    const Model model = RandomModel(shape, seed);
    std::mt19937 random(seed);
    const Batch batch = PlantedBatch(model, static_cast<int>(seed * 37 % 400), 20, random);
    const DenseWeights<float> weights(model);
    for (const bool may_bundle : {true, false}) {
      const BatchPlan plan = PlanBatch(weights, batch, 1 + static_cast<int>(seed % 3), may_bundle);
      std::vector<int> want(batch.size());
      for (std::size_t s = 0; s < batch.size(); ++s) want[s] = static_cast<int>(s);
      REQUIRE(Planned(plan) == want);
      if (!may_bundle) CHECK(plan.chains.empty());
      for (const BundleChain& chain : plan.chains) {
        CHECK(chain.members.size() <= Size(chain.num_steps * kTileTokens<float>));
        CHECK(chain.num_steps <= static_cast<int>(chain.members.size()));
        if (!model.causal) CHECK_FALSE(chain.Reuses());
        CHECK((!chain.Reuses() || chain.shared.size() == chain.members.size()));
        for (const int s : chain.members) {
          CHECK(batch[Size(s)].size() == batch[Size(chain.members[0])].size());
        }
      }
    }
  }
}

TEST_CASE("lanes go through all words of a length in step") {
  RandomModelShape shape;
  shape.causal = true;
  shape.dtype = DType::kFloat32;
  // Lanes and their words: 32 of 64, 27 of 81, 32 of 32, and 32 of 20, four subtrees of five words.
  // Where all lanes are in step, words have one new token and every t-th another, and so on.
  struct Case {
    int num_tokens, length, num_steps;
    double new_tokens;
  };
  for (const Case& c :
       {Case{2, 11, 64, 2.0}, Case{3, 7, 81, 1.5}, Case{4, 5, 32, 1.34}, Case{5, 4, 20, 1.41}}) {
    shape.vocab = c.num_tokens;
    const Model model = RandomModel(shape, 1);
    Batch batch = AllWords(c.num_tokens, c.length);
    for (const bool in_order : {true, false}) {
      if (!in_order) std::shuffle(batch.begin(), batch.end(), std::mt19937(1));
      const BatchPlan plan = PlanFor(model, batch);
      REQUIRE(plan.chains.size() == 1);
      CHECK(plan.rest.empty());
      CHECK(plan.chains[0].num_steps == c.num_steps);
      const std::vector<int> new_tokens = NewTokens(plan.chains[0], batch);
      const double sum = std::accumulate(new_tokens.begin(), new_tokens.end(), 0.0);
      CHECK(sum / c.num_steps < c.new_tokens);
    }
  }
}

TEST_CASE("a part of all words that begins in the middle is gone through in step too") {
  RandomModelShape shape;
  shape.causal = true;
  shape.dtype = DType::kFloat32;
  shape.vocab = 3;
  const Model model = RandomModel(shape, 1);
  const Batch all = AllWords(3, 9);
  const Batch batch(all.begin() + 1234, all.begin() + 1234 + 4096);
  const BatchPlan plan = PlanFor(model, batch);
  REQUIRE(plan.chains.size() == 1);
  const std::vector<int> new_tokens = NewTokens(plan.chains[0], batch);
  const int sum = std::accumulate(new_tokens.begin(), new_tokens.end(), 0);
  // 128 bundles at least, of 1.5 new tokens at least.
  CHECK(sum < 2 * 128 * 1.5);
}

TEST_CASE("nothing is kept for the next bundle if sequences have little in common") {
  RandomModelShape shape;
  shape.causal = true;
  shape.vocab = 26;
  const Model model = RandomModel(shape, 1);
  std::mt19937 random(1);
  Batch batch;
  for (int i = 0; i < 320; ++i) batch.push_back(RandomTokens(model, 20, random));
  BatchPlan plan = PlanFor(model, batch);
  // Each bundle is by itself, for the threads to share out.
  REQUIRE(plan.chains.size() > 4);
  for (const BundleChain& chain : plan.chains) {
    CHECK_FALSE(chain.Reuses());
    CHECK(chain.num_steps == 1);
  }
  for (std::vector<int>& word : batch) std::fill_n(word.begin(), 3, 7);
  plan = PlanFor(model, batch);
  REQUIRE(plan.chains.size() == 1);
  CHECK(plan.chains[0].Reuses());
}

TEST_CASE("there are chains for every thread where that pays") {
  RandomModelShape shape;
  shape.causal = true;
  shape.vocab = 2;
  shape.d_model = 50;
  shape.heads = 20;
  const Model model = RandomModel(shape, 1);
  const Batch batch = AllWords(2, 13);
  CHECK(PlanFor(model, batch, 1).chains.size() == 1);
  CHECK(PlanFor(model, batch, 4).chains.size() >= 4);
  const Batch few = AllWords(2, 6);
  CHECK(PlanFor(model, few, 4).chains.size() == 1);
}

TEST_CASE("sequences that have much in common give what each gives alone") {
  int num_chains = 0, num_compared = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    const Model model = RandomModel(CausalShape(seed), seed);
    REQUIRE(CheckModel(model) == std::nullopt);
    std::mt19937 random(seed);
    Batch batch = PlantedBatch(model, 300 + static_cast<int>(seed % 90), 14, random);
    if (seed % 4 == 0) {
      for (const std::vector<int>& word : AllWords(std::min(2, model.bos_id()), 7)) {
        batch.push_back(word);
      }
    }
    if (seed % 3 == 0) std::sort(batch.begin(), batch.end());
    num_chains += static_cast<int>(PlanFor(model, batch).chains.size());
    const auto engine = MakeEngine(EngineKind::kDense, model, 1);
    const Readouts got = engine->Run(batch);
    const Readouts want = MakeEngine(EngineKind::kReference, model)->Run(batch);
    REQUIRE(MakeEngine(EngineKind::kDense, model, 3)->Run(batch) == got);
    for (std::size_t s = 0; s < batch.size(); ++s) {
      CAPTURE(seed, s);
      REQUIRE(got[s] == engine->Run(std::span(&batch[s], 1))[0]);
      if (model.dtype == DType::kFloat64) REQUIRE(got[s].isApprox(want[s], 1e-9));
      // Where attention is nearly hard, float32 may choose another key.
      if (seed % 4 >= 2) REQUIRE(got[s].isApprox(want[s], 1e-4));
      num_compared += static_cast<int>(batch[s].size());
    }
  }
  CHECK(num_chains >= 100);
  WARN(num_compared << " positions compared, in " << num_chains << " chains and what is left");
}

TEST_CASE("chains on many threads give what they give on one") {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    RandomModelShape shape = CausalShape(seed);
    shape.vocab = 2;
    shape.layers = 3;
    shape.heads = 6;
    shape.head_dim = 4;
    shape.value_dim = 3;
    shape.d_model = 30;
    const Model model = RandomModel(shape, seed);
    Batch batch = AllWords(2, 12);
    for (const std::vector<int>& word : AllWords(2, 9)) batch.push_back(word);
    const BatchPlan plan = PlanFor(model, batch, 4);
    REQUIRE(plan.work >= kWorkWorthThreads);
    REQUIRE(plan.chains.size() >= 4);
    const Readouts want = MakeEngine(EngineKind::kDense, model, 1)->Run(batch);
    CHECK(MakeEngine(EngineKind::kDense, model, 4)->Run(batch) == want);
  }
}

}  // namespace raspc
