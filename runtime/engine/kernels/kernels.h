// The inner loops of the dense engine: products with a weight matrix, and attention.
//
// Tokens lie side by side in vector lanes, so each nonzero weight is loaded once for a whole tile
// of tokens and no operation mixes lanes. A compiled model's matrices are more than 90 % zeros,
// which is why the products go through lists of the nonzero weights, unless there are few zeros.
//
// Every result is a sum in one fixed order (documented below), whichever entry point computes it
// and however wide the machine's vectors are. That makes results reproducible, and equal for a
// sequence run alone, in a batch, or step by step.
//
// T is float or double throughout.
#pragma once

#include <array>
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

// y = x W + b for a fixed W [num_inputs, num_outputs].
//
// Each y(j) is b(j) + x(i1) W(i1,j) + x(i2) W(i2,j) + …, summed from left to right, i1 < i2 < …,
// over the nonzero entries (over all of them where most are nonzero; the result is the same as long
// as x is finite).
template <typename T>
class PackedLinear {
 public:
  PackedLinear() = default;
  PackedLinear(const Matrix& weights, const Vector& bias);
  // No bias.
  explicit PackedLinear(const Matrix& weights);

  int num_inputs() const { return num_inputs_; }
  int num_outputs() const { return static_cast<int>(columns_.size()); }
  std::int64_t num_nonzeros() const { return static_cast<std::int64_t>(entries_.size()); }

  // A tile of tokens: x is [num_inputs, kTileTokens], contiguous; output j goes to y + j *
  // y_stride, kTileTokens values. x and y do not overlap.
  void ApplyTile(const T* x, T* y, std::ptrdiff_t y_stride,
                 Activation activation = Activation::kNone) const;
  // The same, added to y; an output without entries and bias is unchanged.
  void AddTile(const T* x, T* y, std::ptrdiff_t y_stride) const;
  // One token: x is [num_inputs]; output j goes to y[j * y_stride].
  void ApplyOne(const T* x, T* y, std::ptrdiff_t y_stride = 1,
                Activation activation = Activation::kNone) const;
  // The same, added to y, [num_outputs].
  void AddOne(const T* x, T* y) const;

  struct Entry {
    std::int32_t input;
    T weight;
  };
  // The nonzero entries [begin, end), in the order of their inputs.
  struct Column {
    std::int32_t output;
    T bias;
    std::int64_t begin, end;
  };
  static constexpr int kPanel = 4;

  // For the kernels.
  const std::vector<Entry>& entries() const { return entries_; }
  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<T>& panels() const { return panels_; }

 private:
  // The fraction of nonzero entries above which panels are faster; see docs/benchmarks.md.
  static constexpr double kPanelDensity = 0.5;

  void FillPanels(const Matrix& weights);
  T SumAt(const Column& column, const T* x) const;

  int num_inputs_ = 0;
  std::vector<Column> columns_;  // [num_outputs]
  std::vector<Entry> entries_;
  std::vector<T> panels_;  // [panels, num_inputs, kPanel], zeros after the last; or empty
};

// Keys and values of one head for one sequence, feature by feature: feature d of position k is at
// keys[d * key_stride + k]. Readable up to the next multiple of kKeyLanes after the
// last position; those lanes are ignored but must be initialised.
template <typename T>
struct KeysAndValues {
  const T* keys;
  const T* values;
  std::ptrdiff_t key_stride, value_stride;
  int head_dim;
  int value_dim;
};

// Maximum number of queries processed at once.
inline constexpr int kMaxQueries = 4;

// Queries of one head and sequence: feature d of query i is at features[d * stride + i].
template <typename T>
struct Queries {
  const T* features;
  std::ptrdiff_t stride;
  int count;                                 // 1 to kMaxQueries
  std::array<int, kMaxQueries>
      num_visible;  // [count]: the number of keys it sees, the first ones; >= 1
  // [count]: added to the scores of the keys from 1 on, bias[k] to that of key k; or null.
  std::array<const T*, kMaxQueries> bias;
};

// Where the results of Attend go: value d of query i to mixed[d * stride + i].
//
// `weights` is scratch, [count, weights_stride], weights_stride at least the largest num_visible
// rounded up to kKeyLanes. With `keep_weights` it holds exp(score - max score) afterwards, 0 after
// the visible keys, and sums[i] is their sum, so that weights[k] / sums[i] is the pattern.
template <typename T>
struct Attention {
  T* mixed;
  std::ptrdiff_t stride;
  T* weights;
  std::ptrdiff_t weights_stride;
  bool keep_weights = false;
  std::array<T, kMaxQueries> sums = {};
};

// Attention of a few queries of one head.
//
// A score is a sum over d from 0 up. The sums over keys (of the weights, and of the weighted
// values) have kKeyLanes partial sums, key k in number k mod kKeyLanes, added up pairwise at the
// end; the weighted sum is divided by the sum of weights last. exp is std::exp, which
// underflows to 0 where the construction relies on it. A key with weight 0 is not attended to,
// whatever its value. The result for a query does not depend on other queries.
template <typename T>
void Attend(const Queries<T>& queries, const KeysAndValues<T>& head, Attention<T>& out);

// The same for one query, which is [head_dim], contiguous: value d of the result goes to out[d *
// out_stride]. `weights` has room for num_visible rounded up to kKeyLanes. Returns the sum of the
// weights, which are in `weights` if they are to be kept.
template <typename T>
T Attend(const T* query, const KeysAndValues<T>& head, const T* bias, int num_visible, T* weights,
         T* out, std::ptrdiff_t out_stride, bool keep_weights = true);

}  // namespace raspc
