// Runs many sequences of one length at once, one in each vector lane.
#pragma once

#include <span>
#include <vector>

#include "runtime/engine/dense_weights.h"

namespace raspc {

// Runs one bundle after another, reusing its memory: for kTileTokens sequences of seq_len positions
// (BOS included) that is kTileTokens * (seq_len * (d_model + features) + …) numbers. Not
// thread-safe; threads have one each.
template <typename T>
class BundleRunner {
 public:
  explicit BundleRunner(const DenseWeights<T>& weights) : weights_(weights) {}

  // Fills results[s] for each s in `members`, 1 to kTileTokens sequences of one length.
  void Run(std::span<const std::vector<int>> sequences, std::span<const int> members,
           std::vector<Matrix>& results);

  // The numbers that a bundle of sequences of seq_len positions keeps.
  static std::int64_t NumbersFor(const DenseWeights<T>& weights, std::int64_t seq_len) {
    return kTileTokens<T> * seq_len * (weights.d_model() + weights.max_features);
  }

 private:
  static constexpr int kTile = kTileTokens<T>;

  T* Stream(int position) {
    return stream_.data() + std::int64_t{position} * weights_.d_model() * kTile;
  }
  T* Features(int position) {
    return features_.data() + std::int64_t{position} * weights_.max_features * kTile;
  }
  T* Mixed(int query) { return mixed_.data() + std::int64_t{query} * weights_.max_mixed * kTile; }

  void Fit();
  void Embed(std::span<const std::vector<int>> sequences, std::span<const int> members);
  void RunLayer(const DenseLayer<T>& layer, int first_query);
  void Attend(const DenseLayer<T>& layer, int first, int count);
  void ReadOut(std::span<const int> members, std::vector<Matrix>& results);

  const DenseWeights<T>& weights_;
  int seq_len_ = 0;
  std::vector<T> stream_;    // [seq_len, d_model, kTile]
  std::vector<T> features_;  // [seq_len, max_features, kTile]
  std::vector<T> mixed_;     // [kMaxBundleQueries, max_mixed, kTile]
  std::vector<T> hidden_;    // [max_mlp, kTile]
  std::vector<T> readout_;   // [readout_dim, kTile]
  std::vector<T> scratch_;   // BundleScratch(seq_len)
};

}  // namespace raspc
