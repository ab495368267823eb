// Runs many sequences of one length at once, one in each vector lane.
//
// In a causal model a position depends on nothing after it. So bundles are run in chains: each lane
// goes through sequences in an order in which those with a common prefix are adjacent
// (prefix_order.h), and the first positions of a bundle that are equal, lane by lane, to those of
// the previous bundle are not recomputed. For all words of one length, divided into equal parts of
// the order, all lanes move from one word to the next in step: two positions are computed per word,
// however long it is.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "runtime/engine/dense/dense_weights.h"
#include "runtime/engine/readouts.h"

namespace raspc {

// kTileTokens sequences side by side, and the values at their positions; BOS is position 0.
// Reuses its memory. Not thread-safe; threads have one each.
template <typename T>
class Bundle {
 public:
  explicit Bundle(const DenseWeights<T>& weights) : weights_(weights) {}

  // The number of values that a bundle of seq_len positions keeps, with the features of every layer
  // // or of one.
  static std::int64_t NumbersFor(const DenseWeights<T>& weights, std::int64_t seq_len,
                                 bool every_layer) {
    const auto layers = every_layer ? static_cast<std::int64_t>(weights.layers.size()) : 1;
    return kTileTokens<T> * seq_len *
           (weights.d_model() + layers * weights.max_features + weights.readout.num_outputs());
  }
  // Maximum memory of a bundle in bytes, except for what does not grow with the length.
  static constexpr std::int64_t kMaxBytes = std::int64_t{16} << 20;
  static bool Fits(const DenseWeights<T>& weights, std::int64_t seq_len, bool every_layer) {
    return NumbersFor(weights, seq_len, every_layer) * static_cast<std::int64_t>(sizeof(T)) <=
           kMaxBytes;
  }

  // Makes room for seq_len positions, and discards the contents if it has to grow.
  void Fit(int seq_len, bool every_layer);

  // Token ids at a position from 1 on: [kTileTokens], all of them below the vocabulary's size.
  std::int32_t* Tokens(int position) { return tokens_.data() + std::int64_t{position} * kTile; }
  // [readout_dim, kTileTokens], at a position from 1 on.
  const T* Readout(int position) const {
    return readouts_.data() + std::int64_t{position} * weights_.readout.num_outputs() * kTile;
  }

  // Computes the positions [first, end) from their tokens. The keys and values of earlier ones
  // must be present, and unless the model is causal, [first, end) must be all positions.
  void Compute(int first, int end);

 private:
  static constexpr int kTile = kTileTokens<T>;

  T* Stream(int position) {
    return stream_.data() + std::int64_t{position} * weights_.d_model() * kTile;
  }
  // Queries, keys and values of a layer: [layer.num_features, kTileTokens]. If the features of only
  // // one layer are kept, those of the current layer.
  T* Features(std::size_t layer, int position) {
    const std::int64_t at = keeps_layers_ ? static_cast<std::int64_t>(layer) * capacity_ : 0;
    return features_.data() + (at + position) * std::int64_t{weights_.max_features} * kTile;
  }
  T* Mixed(int query) { return mixed_.data() + std::int64_t{query} * weights_.max_mixed * kTile; }

  void Embed(int first, int end);
  void RunLayer(std::size_t layer_index, int first, int first_query, int end);
  void Attend(std::size_t layer_index, int first, int count, int end);

  const DenseWeights<T>& weights_;
  std::int64_t capacity_ = 0;         // capacity in positions
  bool keeps_layers_ = false;         // whether the features of every layer are kept
  std::vector<std::int32_t> tokens_;  // [capacity, kTile]
  std::vector<T> stream_;             // [capacity, d_model, kTile]
  std::vector<T> features_;           // [layers or 1, capacity, max_features, kTile]
  std::vector<T> readouts_;           // [capacity, readout_dim, kTile]
  std::vector<T> mixed_;              // [kMaxBundleQueries, max_mixed, kTile]
  std::vector<T> hidden_;             // [max_mlp, kTile]
  std::vector<T> scratch_;            // BundleScratch(capacity)
};

// Sequences of one length in the order in which lanes go through them: lane l takes num_steps of
// them, from l * num_steps on; the last lane may have fewer.
struct BundleChain {
  std::span<const int> members;  // [sequences], up to num_steps * kTileTokens
  // [sequences]: the length of the prefix that each shares with the previous one. Empty if nothing
  // is // reused: where the model is not causal, or a bundle with the features of every layer is
  // too large.
  std::span<const int> shared;
  int num_steps = 0;

  bool Reuses() const { return !shared.empty(); }
};

// Runs one chain after another, reusing its memory. Not thread-safe; threads have one each.
template <typename T>
class ChainRunner {
 public:
  explicit ChainRunner(const DenseWeights<T>& weights) : weights_(weights), bundle_(weights) {}

  // Fills results[s] for each s in the chain.
  void Run(std::span<const std::vector<int>> sequences, const BundleChain& chain,
           Readouts& results);

 private:
  void SetLanes(const BundleChain& chain, int step);
  int FirstPosition(const BundleChain& chain, int step) const;
  void ReadTokens(std::span<const std::vector<int>> sequences, const BundleChain& chain, int step,
                  int first);
  void HandOut(const BundleChain& chain, int step, int first, Readouts& results);

  const DenseWeights<T>& weights_;
  Bundle<T> bundle_;
  int length_ = 0;
  int num_lanes_ = 0;                                 // of the current step; the first ones
  std::array<const double*, kTileTokens<T>> last_{};  // [lanes]: the readouts of the previous step
};

}  // namespace raspc
