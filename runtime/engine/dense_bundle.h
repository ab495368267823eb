// Runs many sequences of one length at once, one in each vector lane.
//
// In a causal model a position depends on nothing behind it. So where the sequences of a bundle
// begin as those of the bundle before it did, lane by lane, their first positions are not computed
// again: of all words of some length in order, neighbouring bundles differ in a few positions only.
#pragma once

#include <span>
#include <vector>

#include "runtime/engine/dense_weights.h"
#include "runtime/engine/readouts.h"

namespace raspc {

// Runs one bundle after another, reusing its memory: see NumbersFor. Not thread-safe; threads have
// one each.
template <typename T>
class BundleRunner {
 public:
  explicit BundleRunner(const DenseWeights<T>& weights) : weights_(weights) {}

  // Fills results[s] for each s in `members`, 1 to kTileTokens sequences of one length.
  void Run(std::span<const std::vector<int>> sequences, std::span<const int> members,
           Readouts& results);

  // The numbers that a bundle of sequences of seq_len positions (BOS included) keeps, with the
  // features of every layer or of one.
  static std::int64_t NumbersFor(const DenseWeights<T>& weights, std::int64_t seq_len,
                                 bool every_layer) {
    const auto layers = every_layer ? static_cast<std::int64_t>(weights.layers.size()) : 1;
    return kTileTokens<T> * seq_len *
           (weights.d_model() + layers * weights.max_features + weights.readout.num_outputs());
  }
  // Most memory that a bundle takes, in bytes, but for what does not grow with the length.
  static constexpr std::int64_t kMostBytes = std::int64_t{16} << 20;
  static bool Fits(const DenseWeights<T>& weights, std::int64_t seq_len, bool every_layer) {
    return NumbersFor(weights, seq_len, every_layer) * static_cast<std::int64_t>(sizeof(T)) <=
           kMostBytes;
  }

 private:
  static constexpr int kTile = kTileTokens<T>;

  T* Stream(int position) {
    return stream_.data() + std::int64_t{position} * weights_.d_model() * kTile;
  }
  // Of the layer at hand.
  T* Features(int position) {
    return features_.data() +
           (layer_ * capacity_ + position) * std::int64_t{weights_.max_features} * kTile;
  }
  T* Readout(int position) {
    return readouts_.data() + std::int64_t{position} * weights_.readout.num_outputs() * kTile;
  }
  T* Mixed(int query) { return mixed_.data() + std::int64_t{query} * weights_.max_mixed * kTile; }

  void Fit();
  void Embed(int first);
  int ReadTokens(std::span<const std::vector<int>> sequences, std::span<const int> members);
  void RunLayer(const DenseLayer<T>& layer, int first, int first_query);
  void Attend(const DenseLayer<T>& layer, int first, int count);
  void ReadOut(std::span<const int> members, int first, Readouts& results);

  const DenseWeights<T>& weights_;
  int seq_len_ = 0;
  std::int64_t capacity_ = 0;  // positions there is room for
  // Whether the features of every layer are kept, and with them what the last bundle computed.
  bool keeps_layers_ = false;
  int num_kept_ = 0;        // positions of which what the last bundle computed is there
  std::int64_t layer_ = 0;  // where the features of the layer at hand are; 0 unless all are kept
  std::vector<std::int32_t> tokens_;  // [kTile, capacity]: ids, without BOS
  std::vector<T> stream_;             // [capacity, d_model, kTile]
  std::vector<T> features_;           // [layers or 1, capacity, max_features, kTile]
  std::vector<T> readouts_;           // [capacity, readout_dim, kTile]
  std::vector<T> mixed_;              // [kMaxBundleQueries, max_mixed, kTile]
  std::vector<T> hidden_;             // [max_mlp, kTile]
  std::vector<T> scratch_;            // BundleScratch(seq_len)
};

}  // namespace raspc
