// A model's weights as the dense engine uses them: matrices packed for the kernels, the heads of a
// layer side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/size.h"
#include "runtime/engine/kernels/kernel_bundle.h"
#include "runtime/engine/kernels/kernels.h"
#include "runtime/model/model.h"

namespace raspc {

// The number of keys a query sees: the first ones.
inline int NumVisible(HeadMask mask, int query, int seq_len) {
  switch (mask) {
    case HeadMask::kNone:
      return seq_len;
    case HeadMask::kCausal:
      return query + 1;
    case HeadMask::kStrictlyCausal:
      return std::max(query, 1);
  }
  return seq_len;
}

// The offsets of a head's queries, keys and values among the features of its layer, and of its
// result among the mixed values.
struct HeadPlace {
  HeadMask mask = HeadMask::kNone;
  int head_dim = 0;
  int value_dim = 0;
  int query_at = 0;
  int key_at = 0;
  int value_at = 0;
  int mixed_at = 0;
  int relative_bias_at = -1;  // among the layer's biases; -1: none
};

template <typename T>
struct DenseLayer {
  explicit DenseLayer(const Layer& layer);

  std::vector<HeadPlace> heads;
  int num_query_features = 0;      // these come first; keys and values follow
  PackedLinear<T> project;         // stream to features: [d_model, num_features]
  PackedLinear<T> output;          // mixed values to stream: [num_mixed, d_model]
  std::vector<T> relative_biases;  // of the heads that have one, end to end
  PackedLinear<T> mlp_in;          // [d_model, d_mlp]
  PackedLinear<T> mlp_out;         // [d_mlp, d_model]
};

// For one query, the number added to the score of key k at index k; null if there is none.
template <typename T>
const T* BiasFor(const DenseLayer<T>& layer, const HeadPlace& head, std::int64_t context_length,
                 int query) {
  if (head.relative_bias_at < 0) return nullptr;
  return layer.relative_biases.data() + head.relative_bias_at + context_length - query;
}

// The model's weights as the kernels use them.
template <typename T>
struct DenseWeights {
  explicit DenseWeights(const Model& m);

  int d_model() const { return model.d_model(); }
  T Embedding(int token_id, int position, int direction) const {
    return tokens(token_id, direction) + positions(position, direction);
  }
  // About how many multiplications a sequence of this many tokens takes.
  std::int64_t WorkFor(std::size_t num_tokens) const {
    const auto seq_len = static_cast<std::int64_t>(num_tokens) + 1;
    return seq_len * (work_per_token + seq_len * work_per_pair);
  }

  const Model& model;  // outlives the engine
  std::vector<DenseLayer<T>> layers;  // as they run
  PackedLinear<T> readout;
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> tokens, positions;
  PackedEmbedding<T> packed_tokens;  // without BOS
  int max_features = 0;
  int max_mixed = 0;
  int max_mlp = 0;
  std::int64_t work_per_token = 0;
  std::int64_t work_per_pair = 0;
};

}  // namespace raspc
