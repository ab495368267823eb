// The inner loops of the dense engine: products with a weight matrix, and attention of one query.
//
// Tokens lie side by side in vector lanes, so each weight that is not zero is loaded once for a
// whole tile of tokens and no operation mixes lanes. A compiled model's matrices are more than 90 %
// zeros, which is why the products walk over lists of the others; a matrix without zeros costs the
// loading of its indices on top.
//
// Every result is a sum in one fixed order (documented below), whichever of the entry points
// computes it and however wide the machine's vectors are. That makes results reproducible, and
// equal for a sequence alone, in a batch, or grown step by step.
//
// T is float or double throughout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

// Tokens per tile, and keys per step of the attention sums: 128 and 64 bytes.
template <typename T>
inline constexpr int kTileTokens = 128 / sizeof(T);
template <typename T>
inline constexpr int kKeyLanes = 64 / sizeof(T);

// What happens to a product before it is stored.
enum class Activation { kNone, kRelu };

// y = x W + b for a fixed W [num_inputs, num_outputs], columns as lists of non-zero entries.
//
// Each y(j) is b(j) + x(i1) W(i1,j) + x(i2) W(i2,j) + …, summed from left to right, i1 < i2 < …
template <typename T>
class PackedLinear {
 public:
  PackedLinear() = default;
  PackedLinear(const Matrix& weights, const Vector& bias);
  // No bias.
  explicit PackedLinear(const Matrix& weights);

  int num_inputs() const { return num_inputs_; }
  int num_outputs() const { return num_outputs_; }
  std::int64_t num_nonzeros() const { return static_cast<std::int64_t>(entries_.size()); }

  // A tile of tokens: x is [num_inputs, kTileTokens], contiguous; output j goes to y + j *
  // y_stride, kTileTokens values. x and y do not overlap.
  void ApplyTile(const T* x, T* y, std::ptrdiff_t y_stride,
                 Activation activation = Activation::kNone) const;
  // One token: x is [num_inputs]; output j goes to y[j * y_stride].
  void ApplyOne(const T* x, T* y, std::ptrdiff_t y_stride = 1,
                Activation activation = Activation::kNone) const;

  struct Entry {
    std::int32_t input;
    T weight;
  };

 private:
  int num_inputs_ = 0;
  int num_outputs_ = 0;
  std::vector<T> bias_;                // [num_outputs]
  std::vector<std::int64_t> columns_;  // [num_outputs + 1]: where a column's entries begin
  std::vector<Entry> entries_;
};

// Keys and values of one head for one sequence, feature by feature: feature d of position k is at
// keys[d * stride + k]. Readable, if without meaning, up to the next multiple of kKeyLanes behind
// the last position; those lanes must hold numbers, not uninitialised memory.
template <typename T>
struct KeysAndValues {
  const T* keys;
  const T* values;
  std::ptrdiff_t stride;
  int head_dim;
  int value_dim;
};

// One query's attention to the first `num_visible` >= 1 keys. `query` is [head_dim], contiguous;
// value d of the result goes to out[d * out_stride]. `weights` has room for num_visible rounded up
// to kKeyLanes; afterwards it holds exp(score - max score), and the sum of these is returned, so
// that weights[k] / sum is the pattern.
//
// `bias`, unless it is null, is added to the scores of the keys from 1 on: bias[k] to that of key
// k.
//
// A score is a sum over d from 0 up. The sums over keys (of the weights, and of the weighted
// values) have kKeyLanes partial sums, key k in number k mod kKeyLanes, added up pairwise at the
// end; the weighted sum is divided by the sum of weights last. exp is std::exp, which does
// underflow to 0 where the construction relies on it. A key whose weight is 0 is not attended to,
// whatever its value.
template <typename T>
T Attend(const T* query, const KeysAndValues<T>& head, const T* bias, int num_visible, T* weights,
         T* out, std::ptrdiff_t out_stride);

}  // namespace raspc
