// The inner loops for bundles: kTileTokens sequences of one length, one in each lane.
//
// Where kernels.h computes 16 keys of a query in one operation, this computes the same key and
// query of 16 sequences. Nothing is added up across lanes, no lane is wasted on masked keys, and a
// short sequence takes no longer per token than a long one. Results are the same to the last bit:
// the partial sums are the same, in the same order.
//
// A tile is [rows, kTileTokens]: each row holds one number per sequence.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "runtime/engine/kernels/kernels.h"

namespace raspc {

// Maximum number of positions whose queries are processed at once.
inline constexpr int kMaxBundleQueries = 4;

// One head for the queries at a few positions.
template <typename T>
struct BundleHead {
  const T* queries;  // query i: the tile at queries + i * position_stride, [head_dim, kTileTokens]
  const T* keys;     // key k: the tile at keys + k * position_stride, the same shape
  const T* values;   // value k: the tile at values + k * position_stride, [value_dim, kTileTokens]
  std::ptrdiff_t position_stride;
  int head_dim;
  int value_dim;
  int count;                                       // of queries, 1 to kMaxBundleQueries
  std::array<int, kMaxBundleQueries> num_visible;  // [count]: keys, at least 1, none more than the
                                                   // next query
  std::array<const T*, kMaxBundleQueries> bias;    // [count], as in Queries
};

// Numbers that AttendBundle needs room for.
template <typename T>
inline std::int64_t BundleScratch(int num_visible) {
  return (std::int64_t{kMaxBundleQueries} * num_visible + kKeyLanes<T>)*kKeyLanes<T>;
}

// Attends as Attend does. The result for query i is the tile at mixed + i * mixed_stride,
// [value_dim, kTileTokens].
template <typename T>
void AttendBundle(const BundleHead<T>& head, T* scratch, T* mixed, std::ptrdiff_t mixed_stride);

// Embeds kTileTokens tokens at one position. A direction in which all tokens have the same number
// is filled with it; for the others the token's number is looked up.
template <typename T>
class PackedEmbedding {
 public:
  PackedEmbedding() = default;
  // `tokens` is [num_tokens, d_model].
  explicit PackedEmbedding(const Matrix& tokens);

  // `ids` are token ids, each below num_tokens, [kTileTokens]; `position` is added to each,
  // [d_model]; `out` is a tile, [d_model, kTileTokens].
  void Apply(const std::int32_t* ids, const T* position, T* out) const;

  int num_tokens() const { return num_tokens_; }
  int d_model() const { return d_model_; }
  // The numbers of direction d: [num_tokens].
  const T* Direction(int d) const { return directions_.data() + std::int64_t{d} * num_tokens_; }
  bool Varies(int d) const { return varies_[static_cast<std::size_t>(d)] != 0; }

 private:
  int num_tokens_ = 0;
  int d_model_ = 0;
  std::vector<T> directions_;          // [d_model, num_tokens]
  std::vector<unsigned char> varies_;  // [d_model]
};

}  // namespace raspc
