// See kernels.h for the order of every sum, which is what these loops must keep.
//
// The loops use the compiler's vector types, 32 bytes at a time, and are compiled for several
// instruction sets of which the best is chosen when the program is loaded. As each lane computes on
// its own and multiplications are not fused with additions (-ffp-contract=off), all give the same
// bits.
#include "runtime/engine/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

// The resolvers of cloned functions run before a sanitizer is ready for them.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define RASPC_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define RASPC_CLONES
#endif
#define RASPC_INLINE inline __attribute__((always_inline))

namespace raspc {
namespace {

template <typename T>
struct VectorOf {
  static constexpr int kLanes = 32 / sizeof(T);
  typedef T Type __attribute__((vector_size(32)));
};
template <typename T>
using Lanes = typename VectorOf<T>::Type;

template <typename T>
RASPC_INLINE void Load(const T* from, Lanes<T>& to) {
  std::memcpy(&to, from, sizeof to);
}
template <typename T>
RASPC_INLINE void Store(const Lanes<T>& from, T* to) {
  std::memcpy(to, &from, sizeof from);
}

// One tile of tokens through the columns of a matrix, four vectors of lanes side by side.
template <typename T>
RASPC_INLINE void ProductTile(const typename PackedLinear<T>::Entry* entries,
                              const std::int64_t* columns, const T* bias, int num_outputs,
                              bool relu, const T* x, T* y, std::ptrdiff_t y_stride) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  constexpr int kTile = kTileTokens<T>;
  static_assert(kTile == 4 * kLanes);
  for (int j = 0; j < num_outputs; ++j) {
    Lanes<T> sum0 = bias[j] - Lanes<T>{};
    Lanes<T> sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (std::int64_t e = columns[j]; e < columns[j + 1]; ++e) {
      const T* input = x + std::ptrdiff_t{entries[e].input} * kTile;
      const T weight = entries[e].weight;
      Lanes<T> x0, x1, x2, x3;
      Load(input, x0);
      Load(input + kLanes, x1);
      Load(input + 2 * kLanes, x2);
      Load(input + 3 * kLanes, x3);
      sum0 += x0 * weight;
      sum1 += x1 * weight;
      sum2 += x2 * weight;
      sum3 += x3 * weight;
    }
    if (relu) {
      const Lanes<T> zero = {};
      // A NaN is not below zero, so it stays.
      sum0 = sum0 < zero ? zero : sum0;
      sum1 = sum1 < zero ? zero : sum1;
      sum2 = sum2 < zero ? zero : sum2;
      sum3 = sum3 < zero ? zero : sum3;
    }
    T* out = y + j * y_stride;
    Store(sum0, out);
    Store(sum1, out + kLanes);
    Store(sum2, out + 2 * kLanes);
    Store(sum3, out + 3 * kLanes);
  }
}

// The scores of all keys up to the next multiple of kKeyLanes.
template <typename T>
RASPC_INLINE void Scores(const T* query, const T* keys, std::ptrdiff_t stride, int head_dim,
                         int num_visible, T* scores) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  for (int k = 0; k < num_visible; k += kKeyLanes<T>) {
    Lanes<T> sum0 = {}, sum1 = {};
    for (int d = 0; d < head_dim; ++d) {
      const T* key = keys + d * stride + k;
      Lanes<T> key0, key1;
      Load(key, key0);
      Load(key + kLanes, key1);
      sum0 += key0 * query[d];
      sum1 += key1 * query[d];
    }
    Store(sum0, scores + k);
    Store(sum1, scores + k + kLanes);
  }
}

// The largest of the scores; lanes behind the last take part as copies of the first.
template <typename T>
RASPC_INLINE T LargestScore(T* scores, int num_visible, int num_lanes) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  for (int k = num_visible; k < num_lanes; ++k) scores[k] = scores[0];
  Lanes<T> max;
  Load(scores, max);
  for (int k = kLanes; k < num_lanes; k += kLanes) {
    Lanes<T> score;
    Load(scores + k, score);
    max = score > max ? score : max;
  }
  T result = max[0];
  for (int lane = 1; lane < kLanes; ++lane) result = max[lane] > result ? max[lane] : result;
  return result;
}

// Where exp is 0 in the type: below the logarithm of half the smallest subnormal number.
template <typename T>
constexpr T kUnderflow = sizeof(T) == 4 ? T{-104} : T{-746};

// Whether some weight is neither exp(0) = 1 nor an underflow to 0. In a hard maximum none is.
template <typename T>
RASPC_INLINE bool NeedsExp(const T* scores, T max, int num_lanes) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  const Lanes<T> zero = {};
  decltype(zero < zero) soft = {};
  for (int k = 0; k < num_lanes; k += kLanes) {
    Lanes<T> score;
    Load(scores + k, score);
    const Lanes<T> difference = score - max;
    soft |= ~(difference == zero) & ~(difference < kUnderflow<T>);  // NaN is among them
  }
  bool any = false;
  for (int lane = 0; lane < kLanes; ++lane) any |= soft[lane] != 0;
  return any;
}

// The scores become exp(score - max), where NeedsExp says that 0 and 1 are all there is.
template <typename T>
RASPC_INLINE void HardWeights(T* scores, T max, int num_lanes) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  const Lanes<T> zero = {};
  const Lanes<T> one = zero + T{1};
  for (int k = 0; k < num_lanes; k += kLanes) {
    Lanes<T> score;
    Load(scores + k, score);
    const Lanes<T> difference = score - max;
    Store<T>(difference == zero ? one : zero, scores + k);
  }
}

// The scores become exp(score - max), one by one.
template <typename T>
RASPC_INLINE void SoftWeights(T* scores, T max, int num_visible) {
  for (int k = 0; k < num_visible; ++k) {
    const T difference = scores[k] - max;
    scores[k] = difference < kUnderflow<T> ? T{0} : std::exp(difference);
  }
}

// Adds up the lanes pairwise: first the halves of the 64 bytes, then halves of what is left.
template <typename T>
RASPC_INLINE T AddLanes(const Lanes<T>& sum0, const Lanes<T>& sum1) {
  const Lanes<T> sum = sum0 + sum1;
  T parts[VectorOf<T>::kLanes];
  Store(sum, parts);
  for (int half = VectorOf<T>::kLanes / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; ++lane) parts[lane] += parts[lane + half];
  }
  return parts[0];
}

template <typename T>
RASPC_INLINE T SumOf(const T* weights, int num_lanes) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  Lanes<T> sum0 = {}, sum1 = {};
  for (int k = 0; k < num_lanes; k += 2 * kLanes) {
    Lanes<T> weight0, weight1;
    Load(weights + k, weight0);
    Load(weights + k + kLanes, weight1);
    sum0 += weight0;
    sum1 += weight1;
  }
  return AddLanes<T>(sum0, sum1);
}

template <typename T>
RASPC_INLINE T WeightedSum(const T* weights, const T* values, int num_lanes) {
  constexpr int kLanes = VectorOf<T>::kLanes;
  const Lanes<T> zero = {};
  Lanes<T> sum0 = {}, sum1 = {};
  for (int k = 0; k < num_lanes; k += 2 * kLanes) {
    Lanes<T> weight0, weight1, value0, value1;
    Load(weights + k, weight0);
    Load(weights + k + kLanes, weight1);
    Load(values + k, value0);
    Load(values + k + kLanes, value1);
    // Selected rather than multiplied: what lies behind the last key may be infinite.
    sum0 += weight0 != zero ? weight0 * value0 : zero;
    sum1 += weight1 != zero ? weight1 * value1 : zero;
  }
  return AddLanes<T>(sum0, sum1);
}

template <typename T>
RASPC_INLINE T AttendHere(const T* query, const KeysAndValues<T>& head, const T* bias,
                          int num_visible, T* weights, T* out, std::ptrdiff_t out_stride) {
  constexpr int kStep = kKeyLanes<T>;
  const int num_lanes = (num_visible + kStep - 1) / kStep * kStep;
  Scores(query, head.keys, head.stride, head.head_dim, num_visible, weights);
  if (bias != nullptr) {
    for (int k = 1; k < num_visible; ++k) weights[k] += bias[k];
  }
  const T max = LargestScore(weights, num_visible, num_lanes);
  if (NeedsExp(weights, max, num_lanes)) {
    SoftWeights(weights, max, num_visible);
  } else {
    HardWeights(weights, max, num_lanes);
  }
  for (int k = num_visible; k < num_lanes; ++k) weights[k] = 0;
  const T sum = SumOf(weights, num_lanes);
  for (int d = 0; d < head.value_dim; ++d) {
    out[d * out_stride] = WeightedSum(weights, head.values + d * head.stride, num_lanes) / sum;
  }
  return sum;
}

// Templates cannot be cloned, so each type has a function of its own around the shared body.
RASPC_CLONES void ProductTileFor(const PackedLinear<float>::Entry* entries,
                                 const std::int64_t* columns, const float* bias, int num_outputs,
                                 bool relu, const float* x, float* y, std::ptrdiff_t y_stride) {
  ProductTile<float>(entries, columns, bias, num_outputs, relu, x, y, y_stride);
}
RASPC_CLONES void ProductTileFor(const PackedLinear<double>::Entry* entries,
                                 const std::int64_t* columns, const double* bias, int num_outputs,
                                 bool relu, const double* x, double* y, std::ptrdiff_t y_stride) {
  ProductTile<double>(entries, columns, bias, num_outputs, relu, x, y, y_stride);
}
RASPC_CLONES float AttendFor(const float* query, const KeysAndValues<float>& head,
                             const float* bias, int num_visible, float* weights, float* out,
                             std::ptrdiff_t out_stride) {
  return AttendHere<float>(query, head, bias, num_visible, weights, out, out_stride);
}
RASPC_CLONES double AttendFor(const double* query, const KeysAndValues<double>& head,
                              const double* bias, int num_visible, double* weights, double* out,
                              std::ptrdiff_t out_stride) {
  return AttendHere<double>(query, head, bias, num_visible, weights, out, out_stride);
}

}  // namespace

template <typename T>
PackedLinear<T>::PackedLinear(const Matrix& weights, const Vector& bias)
    : num_inputs_(static_cast<int>(weights.rows())),
      num_outputs_(static_cast<int>(weights.cols())) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(num_outputs_) + 1, 0);
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    for (Eigen::Index j = 0; j < weights.cols(); ++j) {
      sizes[static_cast<std::size_t>(j) + 1] += weights(i, j) != 0;
    }
  }
  columns_.resize(sizes.size());
  for (std::size_t j = 1; j < sizes.size(); ++j) columns_[j] = columns_[j - 1] + sizes[j];
  entries_.resize(static_cast<std::size_t>(columns_.back()));
  std::vector<std::int64_t> next = columns_;
  // Row after row, so that the entries of a column come in the order of its rows.
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    for (Eigen::Index j = 0; j < weights.cols(); ++j) {
      if (weights(i, j) == 0) continue;
      entries_[static_cast<std::size_t>(next[static_cast<std::size_t>(j)]++)] = {
          static_cast<std::int32_t>(i), static_cast<T>(weights(i, j))};
    }
  }
  for (const double b : bias) bias_.push_back(static_cast<T>(b));
}

template <typename T>
PackedLinear<T>::PackedLinear(const Matrix& weights)
    : PackedLinear(weights, Vector::Zero(weights.cols())) {}

template <typename T>
void PackedLinear<T>::ApplyTile(const T* x, T* y, std::ptrdiff_t y_stride,
                                Activation activation) const {
  ProductTileFor(entries_.data(), columns_.data(), bias_.data(), num_outputs_,
                 activation == Activation::kRelu, x, y, y_stride);
}

template <typename T>
void PackedLinear<T>::ApplyOne(const T* x, T* y, std::ptrdiff_t y_stride,
                               Activation activation) const {
  for (std::size_t j = 0; j < bias_.size(); ++j) {
    T sum = bias_[j];
    for (std::int64_t e = columns_[j]; e < columns_[j + 1]; ++e) {
      const Entry& entry = entries_[static_cast<std::size_t>(e)];
      sum += x[entry.input] * entry.weight;
    }
    if (activation == Activation::kRelu) sum = sum < 0 ? T{0} : sum;
    y[static_cast<std::ptrdiff_t>(j) * y_stride] = sum;
  }
}

template <typename T>
T Attend(const T* query, const KeysAndValues<T>& head, const T* bias, int num_visible, T* weights,
         T* out, std::ptrdiff_t out_stride) {
  return AttendFor(query, head, bias, num_visible, weights, out, out_stride);
}

template class PackedLinear<float>;
template class PackedLinear<double>;
template float Attend<float>(const float*, const KeysAndValues<float>&, const float*, int, float*,
                             float*, std::ptrdiff_t);
template double Attend<double>(const double*, const KeysAndValues<double>&, const double*, int,
                               double*, double*, std::ptrdiff_t);

}  // namespace raspc
