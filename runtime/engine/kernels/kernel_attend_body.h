// The loops of kernel_attend.cc, which includes them once for each instruction set; so there is no
// include guard.

template <typename T>
constexpr T kMinusInfinity = -std::numeric_limits<T>::infinity();

// Values whose sums are kept in registers at once.
constexpr int kValuesAtOnce = 2;

// Queries whose sums are kept in registers at once; narrow vectors take more registers.
constexpr int kQueriesAtOnce = kParts == 1 ? 4 : kParts == 2 ? 2 : 1;

// 0, 1, 2, …
template <typename T>
RASPC_INLINE Lanes<T> LaneNumbers() {
  T numbers[kKeyLanes<T>];
  for (int lane = 0; lane < kKeyLanes<T>; ++lane) numbers[lane] = static_cast<T>(lane);
  return Load(numbers);
}

// The scores of kCount queries, from `from` on, for one vector of keys, from k on.
template <typename T, int kCount>
RASPC_INLINE void ScoresAt(const AttendArguments<T>& a, int from, int k,
                           Lanes<T> (&scores)[kCount]) {
#pragma GCC unroll 4
  for (int i = 0; i < kCount; ++i) scores[i] = Lanes<T>{};
  for (int d = 0; d < a.head.head_dim; ++d) {
    const Lanes<T> key = Load(a.head.keys + d * a.head.key_stride + k);
    const T* query = a.queries.features + d * a.queries.stride + from;
#pragma GCC unroll 4
    for (int i = 0; i < kCount; ++i) scores[i] = scores[i] + key * query[i];
  }
}

// The bias of the keys from k on, of which num_left are visible; BOS is exempt.
template <typename T>
RASPC_INLINE Lanes<T> BiasAt(const T* bias, int k, int num_left) {
  if (k > 0 && num_left >= kKeyLanes<T>) return Load(bias + k);
  T some[kKeyLanes<T>] = {};
  for (int lane = k == 0 ? 1 : 0; lane < std::min(num_left, kKeyLanes<T>); ++lane) {
    some[lane] = bias[k + lane];
  }
  return Load(some);
}

// Writes the scores of kCount queries from `from` on, minus infinity after a query's visible keys,
// up to num_lanes; and finds the largest of each.
template <typename T, int kCount>
RASPC_INLINE void Scores(const AttendArguments<T>& a, int from, int num_lanes,
                         T (&largest)[kCount]) {
  const Lanes<T> numbers = LaneNumbers<T>();
  const Lanes<T> lowest = AllLanes(kMinusInfinity<T>);
  Lanes<T> max[kCount];
#pragma GCC unroll 4
  for (int i = 0; i < kCount; ++i) max[i] = lowest;
  for (int k = 0; k < num_lanes; k += kKeyLanes<T>) {
    Lanes<T> scores[kCount];
    ScoresAt<T, kCount>(a, from, k, scores);
#pragma GCC unroll 4
    for (int i = 0; i < kCount; ++i) {
      const T* bias = a.queries.bias[from + i];
      const int num_left = a.queries.num_visible[from + i] - k;
      if (bias != nullptr) scores[i] = scores[i] + BiasAt(bias, k, num_left);
      if (num_left < kKeyLanes<T>) {
        scores[i] = Select(numbers < AllLanes(static_cast<T>(num_left)), scores[i], lowest);
      }
      max[i] = Select(max[i] < scores[i], scores[i], max[i]);
      Store(scores[i], a.out.weights + (from + i) * a.out.weights_stride + k);
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < kCount; ++i) largest[i] = ReduceLanes<Maximum>(max[i]);
}

// The result of the second pass for one query.
template <typename T>
struct HardSums {
  bool is_hard;  // every weight is exp(0) = 1 or an underflow to 0; if not, the sums mean nothing
  T total;       // how many keys have the largest score
  T values[kValuesAtOnce];  // the sums of their values
};

// The second pass for kCount queries from `from` on, and kNum values from `first` on.
template <typename T, int kCount, int kNum>
RASPC_INLINE void SumHard(const AttendArguments<T>& a, int from, const T (&max)[kCount], int first,
                          int num_lanes, HardSums<T> (&result)[kCount]) {
  const Lanes<T> zero = {};
  const Lanes<T> one = AllLanes(T{1}), underflow = AllLanes(kUnderflow<T>);
  const T* scores = a.out.weights + from * a.out.weights_stride;
  const T* values = a.head.values + first * a.head.value_stride;
  Lanes<T> num_largest[kCount], num_not_zero[kCount], sum[kCount][kNum];
#pragma GCC unroll 4
  for (int i = 0; i < kCount; ++i) {
    num_largest[i] = num_not_zero[i] = zero;
#pragma GCC unroll 4
    for (int d = 0; d < kNum; ++d) sum[i][d] = zero;
  }
  for (int k = 0; k < num_lanes; k += kKeyLanes<T>) {
    Lanes<T> value[kNum];
#pragma GCC unroll 4
    for (int d = 0; d < kNum; ++d) value[d] = Load(values + d * a.head.value_stride + k);
#pragma GCC unroll 4
    for (int i = 0; i < kCount; ++i) {
      const Lanes<T> difference = Load(scores + i * a.out.weights_stride + k) - AllLanes(max[i]);
      const LaneMask<T> is_largest = difference == zero;
      num_largest[i] = num_largest[i] + Select(is_largest, one, zero);
      // NaN is not below, so it counts.
      num_not_zero[i] = num_not_zero[i] + Select(difference < underflow, zero, one);
#pragma GCC unroll 4
      for (int d = 0; d < kNum; ++d) {
        // Selected rather than multiplied: values after the last key may be infinite.
        sum[i][d] = sum[i][d] + Select(is_largest, value[d], zero);
      }
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < kCount; ++i) {
    // No lane of the difference is negative.
    result[i].is_hard = ReduceLanes<Sum>(num_not_zero[i] - num_largest[i]) == 0;
    result[i].total = ReduceLanes<Sum>(num_largest[i]);
#pragma GCC unroll 4
    for (int d = 0; d < kNum; ++d) result[i].values[d] = ReduceLanes<Sum>(sum[i][d]);
  }
}

template <typename T>
RASPC_INLINE T SumOf(const T* weights, int num_lanes) {
  Lanes<T> sum = {};
  for (int k = 0; k < num_lanes; k += kKeyLanes<T>) sum = sum + Load(weights + k);
  return ReduceLanes<Sum>(sum);
}

template <typename T>
RASPC_INLINE T WeightedSum(const T* weights, const T* values, int num_lanes) {
  const Lanes<T> zero = {};
  Lanes<T> sum = {};
  for (int k = 0; k < num_lanes; k += kKeyLanes<T>) {
    const Lanes<T> weight = Load(weights + k);
    sum = sum + Select(weight == zero, zero, weight * Load(values + k));
  }
  return ReduceLanes<Sum>(sum);
}

// The scores become exp(score - max).
template <typename T>
RASPC_INLINE void Exponentiate(T* scores, T max, int num_lanes) {
  for (int k = 0; k < num_lanes; ++k) scores[k] = WeightOf<T>(scores[k] - max);
}

// One query for which exp is needed, or its weights are.
template <typename T>
RASPC_INLINE void MixSoft(const AttendArguments<T>& a, int query, T max, int num_lanes) {
  T* weights = a.out.weights + query * a.out.weights_stride;
  Exponentiate<T>(weights, max, num_lanes);
  const T total = SumOf<T>(weights, num_lanes);
  a.out.sums[query] = total;
  for (int d = 0; d < a.head.value_dim; ++d) {
    a.out.mixed[d * a.out.stride + query] =
        WeightedSum<T>(weights, a.head.values + d * a.head.value_stride, num_lanes) / total;
  }
}

// Mixes kNum values from `first` on as if attention were hard, and reports for which queries it is.
template <typename T, int kCount, int kNum>
RASPC_INLINE void MixHard(const AttendArguments<T>& a, int from, const T (&max)[kCount], int first,
                          int num_lanes, bool (&is_hard)[kCount]) {
  HardSums<T> sums[kCount];
  SumHard<T, kCount, kNum>(a, from, max, first, num_lanes, sums);
#pragma GCC unroll 4
  for (int i = 0; i < kCount; ++i) {
    is_hard[i] = sums[i].is_hard;
    T* mixed = a.out.mixed + first * a.out.stride + from + i;
#pragma GCC unroll 4
    for (int d = 0; d < kNum; ++d) mixed[d * a.out.stride] = sums[i].values[d] / sums[i].total;
  }
}

// kCount queries from `from` on.
template <typename T, int kCount>
RASPC_INLINE void AttendTo(const AttendArguments<T>& a, int from) {
  int most_visible = 0;
  for (int i = 0; i < kCount; ++i) {
    most_visible = std::max(most_visible, a.queries.num_visible[from + i]);
  }
  const int num_lanes = (most_visible + kKeyLanes<T> - 1) / kKeyLanes<T> * kKeyLanes<T>;
  T max[kCount];
  Scores<T, kCount>(a, from, num_lanes, max);
  bool is_hard[kCount] = {};
  int first = 0;
  for (; first + kValuesAtOnce <= a.head.value_dim; first += kValuesAtOnce) {
    MixHard<T, kCount, kValuesAtOnce>(a, from, max, first, num_lanes, is_hard);
  }
  if (first < a.head.value_dim) MixHard<T, kCount, 1>(a, from, max, first, num_lanes, is_hard);
  for (int i = 0; i < kCount; ++i) {
    if (!is_hard[i] || a.out.keep_weights) MixSoft<T>(a, from + i, max[i], num_lanes);
  }
}

template <typename T>
void AttendQueries(const AttendArguments<T>& a) {
  int from = 0;
  for (; from + kQueriesAtOnce <= a.queries.count; from += kQueriesAtOnce) {
    AttendTo<T, kQueriesAtOnce>(a, from);
  }
  for (; from < a.queries.count; ++from) AttendTo<T, 1>(a, from);
}
