// The loops of bit_rows.cc, which includes them once for each instruction set; so there is no
// include guard.

// The bytes 0 or 1 as bits, the first the lowest.
RASPC_INLINE std::uint64_t PackBytes(const std::uint8_t* bytes) {
  std::uint64_t packed = 0;
  for (int i = 0; i < 8; ++i) {
    std::uint64_t eight = 0;
    for (int b = 0; b < 8; ++b) eight |= std::uint64_t{bytes[i * 8 + b]} << (8 * b);
    // Moves byte b to bit 56 + b; no two products meet in one bit.
    packed |= (eight * 0x0102040810204080u) >> 56 << (8 * i);
  }
  return packed;
}

template <class Compare>
RASPC_INLINE void SetWhere(const CompareArguments& a, Compare compare) {
  const int first_word = a.from / 64;
  for (int start = a.from; start < a.end;) {
    const int word = start / 64;
    const int stop = a.end < (word + 1) * 64 ? a.end : (word + 1) * 64;
    std::uint64_t bits = 0;
    if (stop - start == 64) {
      std::uint8_t bytes[64];
      for (int i = 0; i < 64; ++i) bytes[i] = compare(a.keys[start + i], a.query);
      bits = PackBytes(bytes);
    } else {
      for (int k = start; k < stop; ++k) {
        bits |= static_cast<std::uint64_t>(compare(a.keys[k], a.query)) << (k % 64);
      }
    }
    a.row[word - first_word] |= bits;
    start = stop;
  }
}

// Function objects rather than lambdas, which would not be compiled for the set.
struct IsEqual {
  RASPC_INLINE bool operator()(std::int64_t key, std::int64_t query) const { return key == query; }
};
struct IsLess {
  RASPC_INLINE bool operator()(std::int64_t key, std::int64_t query) const { return key < query; }
};
struct IsLessEqual {
  RASPC_INLINE bool operator()(std::int64_t key, std::int64_t query) const { return key <= query; }
};
template <class Compare>
struct Opposite {
  RASPC_INLINE bool operator()(std::int64_t key, std::int64_t query) const {
    return !Compare()(key, query);
  }
};

inline void SetWhereCompared(const CompareArguments& a) {
  switch (a.op) {
    case Comparison::kEqual:
      return SetWhere(a, IsEqual());
    case Comparison::kNotEqual:
      return SetWhere(a, Opposite<IsEqual>());
    case Comparison::kLess:
      return SetWhere(a, IsLess());
    case Comparison::kLessEqual:
      return SetWhere(a, IsLessEqual());
    case Comparison::kGreater:
      return SetWhere(a, Opposite<IsLessEqual>());
    case Comparison::kGreaterEqual:
      return SetWhere(a, Opposite<IsLess>());
  }
}

// With `other`, the bits set in both.
inline void CountBits(const CountArguments& a) {
  int count = 0;
  if (a.other == nullptr) {
    for (std::size_t w = 0; w < a.size; ++w) count += __builtin_popcountll(a.row[w]);
  } else {
    for (std::size_t w = 0; w < a.size; ++w) count += __builtin_popcountll(a.row[w] & a.other[w]);
  }
  a.count = count;
}
