// The loops of kernel_bundle.cc, which includes them once for each instruction set; so there is no
// include guard.
//
// A tile is processed one vector of lanes after another, because the keys and values of one vector
// fit the nearest cache more often than those of all.

// Queries whose scores are computed together, so that a key is loaded once for all of them.
inline constexpr int kBundleQueries = kParts <= 2 ? 4 : 2;
static_assert(kBundleQueries <= kMaxBundleQueries);

#define RASPC_FOR_QUERIES(i) _Pragma("GCC unroll 4") for (int i = 0; i < kCount; ++i)

// The scores of kCount queries from `from` on, for the keys [first, last): those of query i go to
// scores + i * stride, a vector per key, and update max[i]. kHeadDim is head_dim, or -1 if that
// is only known at run time.
template <typename T, int kCount, int kHeadDim>
RASPC_INLINE void ScoreKeys(const BundleHead<T>& head, int lane, int from, int first, int last,
                            T* scores, std::ptrdiff_t stride, Lanes<T>* max) {
  constexpr int kKept = kHeadDim > 0 ? kHeadDim : 1;
  const T* queries = head.queries + from * head.position_stride + lane;
  Lanes<T> query[kCount][kKept];
  if constexpr (kHeadDim > 0) {
    RASPC_FOR_QUERIES(i) {
#pragma GCC unroll 4
      for (int d = 0; d < kHeadDim; ++d) {
        query[i][d] = Load(queries + i * head.position_stride + d * kTileTokens<T>);
      }
    }
  }
  for (int k = first; k < last; ++k) {
    const T* key = head.keys + k * head.position_stride + lane;
    Lanes<T> score[kCount];
    RASPC_FOR_QUERIES(i) score[i] = Lanes<T>{};
    if constexpr (kHeadDim >= 0) {
#pragma GCC unroll 4
      for (int d = 0; d < kHeadDim; ++d) {
        const Lanes<T> entry = Load(key + d * kTileTokens<T>);
        RASPC_FOR_QUERIES(i) score[i] = score[i] + entry * query[i][d];
      }
    } else {
      for (int d = 0; d < head.head_dim; ++d) {
        const Lanes<T> entry = Load(key + d * kTileTokens<T>);
        RASPC_FOR_QUERIES(i) {
          score[i] =
              score[i] + entry * Load(queries + i * head.position_stride + d * kTileTokens<T>);
        }
      }
    }
    RASPC_FOR_QUERIES(i) {
      const T* bias = head.bias[from + i];
      if (bias != nullptr && k > 0) score[i] = score[i] + AllLanes(bias[k]);
      max[i] = Select(max[i] < score[i], score[i], max[i]);
      Store(score[i], scores + i * stride + k * kKeyLanes<T>);
    }
  }
}

template <typename T, int kCount>
RASPC_INLINE void ScoreKeys(const BundleHead<T>& head, int lane, int from, int first, int last,
                            T* scores, std::ptrdiff_t stride, Lanes<T>* max) {
  switch (head.head_dim) {
    case 0:
      return ScoreKeys<T, kCount, 0>(head, lane, from, first, last, scores, stride, max);
    case 1:
      return ScoreKeys<T, kCount, 1>(head, lane, from, first, last, scores, stride, max);
    case 2:
      return ScoreKeys<T, kCount, 2>(head, lane, from, first, last, scores, stride, max);
    case 3:
      return ScoreKeys<T, kCount, 3>(head, lane, from, first, last, scores, stride, max);
    case 4:
      return ScoreKeys<T, kCount, 4>(head, lane, from, first, last, scores, stride, max);
    default:
      return ScoreKeys<T, kCount, -1>(head, lane, from, first, last, scores, stride, max);
  }
}

// Adds up kKeyLanes partial sums pairwise, as Reduce does.
template <typename T>
RASPC_INLINE Lanes<T> AddPartials(const T* partials) {
  Lanes<T> sum[kKeyLanes<T>];
#pragma GCC unroll 16
  for (int i = 0; i < kKeyLanes<T>; ++i) sum[i] = Load(partials + i * kKeyLanes<T>);
#pragma GCC unroll 4
  for (int half = kKeyLanes<T> / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) sum[i] = sum[i] + sum[i + half];
  }
  return sum[0];
}

// The sum over keys k of `term.At(k)`, in kKeyLanes partial sums.
template <typename T, typename Term>
RASPC_INLINE Lanes<T> SumOverKeys(int num_visible, T* partials, Term& term) {
  const int num_partials = std::min(num_visible, kKeyLanes<T>);
  for (int k = 0; k < num_partials; ++k) {
    Store(Lanes<T>{} + term.At(k), partials + k * kKeyLanes<T>);
  }
  for (int k = num_partials; k < kKeyLanes<T>; ++k) Store(Lanes<T>{}, partials + k * kKeyLanes<T>);
  for (int k = num_partials; k < num_visible; ++k) {
    T* partial = partials + k % kKeyLanes<T> * kKeyLanes<T>;
    Store(Load(partial) + term.At(k), partial);
  }
  return AddPartials(partials);
}

// The values of the keys with the largest score, where attention is hard.
template <typename T>
struct LargestValue {
  const T* scores;
  const T* values;
  std::ptrdiff_t stride;
  const Lanes<T>& max;

  RASPC_INLINE Lanes<T> At(int k) const {
    const Lanes<T> zero = {}, difference = Load(scores + k * kKeyLanes<T>) - max;
    return Select(difference == zero, Load(values + k * stride), zero);
  }
};

// How many scores equal the largest, and how many weights do not underflow to 0: if these numbers
// are equal, attention is hard.
template <typename T>
struct Counts {
  Lanes<T> num_largest, num_not_zero;

  RASPC_INLINE void Add(const Lanes<T>& difference) {
    const Lanes<T> zero = {}, one = AllLanes(T{1});
    num_largest = num_largest + Select(difference == zero, one, zero);
    // NaN is not below, so it counts.
    num_not_zero = num_not_zero + Select(difference < AllLanes(kUnderflow<T>), zero, one);
  }
  // No lane of the difference is negative.
  RASPC_INLINE bool AreHard() const { return ReduceLanes<Sum>(num_not_zero - num_largest) == 0; }
};

// The same values, counting as well.
template <typename T>
struct CountedValue {
  LargestValue<T> largest;
  Counts<T> counts;

  RASPC_INLINE Lanes<T> At(int k) {
    const Lanes<T> zero = {};
    const Lanes<T> difference = Load(largest.scores + k * kKeyLanes<T>) - largest.max;
    counts.Add(difference);
    return Select(difference == zero, Load(largest.values + k * largest.stride), zero);
  }
};

template <typename T>
struct Weight {
  const T* weights;
  RASPC_INLINE Lanes<T> At(int k) const { return Load(weights + k * kKeyLanes<T>); }
};

template <typename T>
struct WeightedValue {
  const T* weights;
  const T* values;
  std::ptrdiff_t stride;

  RASPC_INLINE Lanes<T> At(int k) const {
    const Lanes<T> zero = {}, weight = Load(weights + k * kKeyLanes<T>);
    return Select(weight == zero, zero, weight * Load(values + k * stride));
  }
};

// The scores become exp(score - max).
template <typename T>
RASPC_INLINE void Exponentiate(T* scores, int num_visible, const Lanes<T>& max) {
  T most[kKeyLanes<T>];
  Store(max, most);
  for (int k = 0; k < num_visible; ++k) {
    T* row = scores + k * kKeyLanes<T>;
    for (int i = 0; i < kKeyLanes<T>; ++i) row[i] = WeightOf<T>(row[i] - most[i]);
  }
}

// One query whose scores are known, in one vector of lanes.
template <typename T>
struct MixArguments {
  const T* values;  // the first feature of value 0, in these lanes
  std::ptrdiff_t position_stride;
  int value_dim;
  int num_visible;
  const Lanes<T>& max;
  T* scores;
  T* partials;  // [kKeyLanes, kKeyLanes]
  T* mixed;     // the first feature, in these lanes
};

// Mixes the values as if attention were hard; false if it is not.
template <typename T>
RASPC_INLINE bool MixHard(const MixArguments<T>& m) {
  CountedValue<T> first = {{m.scores, m.values, m.position_stride, m.max}, {}};
  const Lanes<T> sum = SumOverKeys<T>(m.num_visible, m.partials, first);
  if (!first.counts.AreHard()) return false;
  Store(sum / first.counts.num_largest, m.mixed);
  for (int d = 1; d < m.value_dim; ++d) {
    const T* values = m.values + d * kTileTokens<T>;
    const LargestValue<T> next = {m.scores, values, m.position_stride, m.max};
    Store(SumOverKeys<T>(m.num_visible, m.partials, next) / first.counts.num_largest,
          m.mixed + d * kTileTokens<T>);
  }
  return true;
}

template <typename T>
RASPC_INLINE void MixSoft(const MixArguments<T>& m) {
  Exponentiate<T>(m.scores, m.num_visible, m.max);
  const Weight<T> weight = {m.scores};
  const Lanes<T> total = SumOverKeys<T>(m.num_visible, m.partials, weight);
  for (int d = 0; d < m.value_dim; ++d) {
    const T* values = m.values + d * kTileTokens<T>;
    const WeightedValue<T> value = {m.scores, values, m.position_stride};
    Store(SumOverKeys<T>(m.num_visible, m.partials, value) / total, m.mixed + d * kTileTokens<T>);
  }
}

// The queries [from, from + kCount) in one vector of lanes.
template <typename T, int kCount>
RASPC_INLINE void AttendFrom(const BundleArguments<T>& a, int lane, int from) {
  const BundleHead<T>& head = a.head;
  const int fewest = head.num_visible[from], most = head.num_visible[from + kCount - 1];
  const std::ptrdiff_t stride = std::ptrdiff_t{most} * kKeyLanes<T>;
  Lanes<T> max[kCount];
  RASPC_FOR_QUERIES(i) max[i] = AllLanes(-std::numeric_limits<T>::infinity());
  ScoreKeys<T, kCount>(head, lane, from, 0, fewest, a.scratch, stride, max);
  for (int i = 0; i < kCount; ++i) {
    T* scores = a.scratch + i * stride;
    const int num_visible = head.num_visible[from + i];
    if (num_visible > fewest) {
      ScoreKeys<T, 1>(head, lane, from + i, fewest, num_visible, scores, stride, &max[i]);
    }
    const MixArguments<T> mix = {head.values + lane,
                                 head.position_stride,
                                 head.value_dim,
                                 num_visible,
                                 max[i],
                                 scores,
                                 a.scratch + kCount * stride,
                                 a.mixed + (from + i) * a.mixed_stride + lane};
    if (!MixHard<T>(mix)) MixSoft<T>(mix);
  }
}

template <typename T>
void AttendInLanes(const BundleArguments<T>& a) {
  if (a.head.value_dim == 0) return;
  for (int lane = 0; lane < kTileTokens<T>; lane += kKeyLanes<T>) {
    int from = 0;
    for (; from + kBundleQueries <= a.head.count; from += kBundleQueries) {
      AttendFrom<T, kBundleQueries>(a, lane, from);
    }
    for (; from < a.head.count; ++from) AttendFrom<T, 1>(a, lane, from);
  }
}

// Looking a number up in a vector costs an operation per number, but up to this many that is faster
// than loading lane by lane.
inline constexpr int kMaxSelected = 16;

template <typename T>
RASPC_INLINE Lanes<T> LookUp(const T* numbers, int count, const std::int32_t* ids) {
  T found[kKeyLanes<T>];
  if (count > kMaxSelected) {
    for (int i = 0; i < kKeyLanes<T>; ++i) found[i] = numbers[ids[i]];
    return Load(found);
  }
  for (int i = 0; i < kKeyLanes<T>; ++i) found[i] = static_cast<T>(ids[i]);
  const Lanes<T> wanted = Load(found);
  Lanes<T> result = AllLanes(numbers[0]);
  for (int t = 1; t < count; ++t) {
    result = Select(wanted == AllLanes(static_cast<T>(t)), AllLanes(numbers[t]), result);
  }
  return result;
}

template <typename T>
void EmbedInLanes(const EmbedArguments<T>& a) {
  const int num_tokens = a.embedding.num_tokens();
  for (int d = 0; d < a.embedding.d_model(); ++d) {
    const T* numbers = a.embedding.Direction(d);
    const Lanes<T> position = AllLanes(a.position[d]);
    const bool varies = a.embedding.Varies(d);
    for (int lane = 0; lane < kTileTokens<T>; lane += kKeyLanes<T>) {
      const Lanes<T> token =
          varies ? LookUp<T>(numbers, num_tokens, a.ids + lane) : AllLanes(numbers[0]);
      Store(token + position, a.out + d * kTileTokens<T> + lane);
    }
  }
}
