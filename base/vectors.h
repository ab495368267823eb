// Lanes<T>: 64 bytes of numbers, for the kernels, as one or more machine vectors.
//
// Each lane computes on its own, and multiplications are not fused with additions
// (-ffp-contract=off), so that every instruction set gives the same bits. The compiler's vector
// types do the work. Types wider than the machine's vectors would make this one unnecessary, but
// without hardware support GCC 12 compares and selects such vectors one lane at a time.
//
// No include guard: for_each_instruction_set.h includes it once per instruction set, and defines
// RASPC_VECTOR_BYTES, the size of the machine's vectors.

inline constexpr int kVectorBytes = RASPC_VECTOR_BYTES;
inline constexpr int kParts = 64 / kVectorBytes;

template <typename T, int kBytes = kVectorBytes>
struct VectorOf {
  typedef T Type __attribute__((vector_size(kBytes)));
};

template <typename T>
struct Lanes {
  using Part = typename VectorOf<T>::Type;
  Part part[kParts];
};

// The result of comparing, lane by lane.
template <typename T>
struct LaneMask {
  using Part = decltype(typename Lanes<T>::Part{} < typename Lanes<T>::Part{});
  Part part[kParts];
};

#undef RASPC_FOR_PARTS
#define RASPC_FOR_PARTS(p) _Pragma("GCC unroll 4") for (int p = 0; p < kParts; ++p)

template <typename T>
RASPC_INLINE Lanes<T> Load(const T* from) {
  // Part by part: the compiler would copy 64 bytes at once through memory.
  constexpr int kPartLanes = kVectorBytes / static_cast<int>(sizeof(T));
  Lanes<T> result;
  RASPC_FOR_PARTS(p) std::memcpy(&result.part[p], from + p * kPartLanes, kVectorBytes);
  return result;
}
template <typename T>
RASPC_INLINE void Store(const Lanes<T>& from, T* to) {
  constexpr int kPartLanes = kVectorBytes / static_cast<int>(sizeof(T));
  RASPC_FOR_PARTS(p) std::memcpy(to + p * kPartLanes, &from.part[p], kVectorBytes);
}
template <typename T>
RASPC_INLINE Lanes<T> AllLanes(T number) {
  Lanes<T> result;
  RASPC_FOR_PARTS(p) result.part[p] = number - typename Lanes<T>::Part{};
  return result;
}

template <typename T>
RASPC_INLINE Lanes<T> operator+(Lanes<T> a, const Lanes<T>& b) {
  RASPC_FOR_PARTS(p) a.part[p] += b.part[p];
  return a;
}
template <typename T>
RASPC_INLINE Lanes<T> operator-(Lanes<T> a, const Lanes<T>& b) {
  RASPC_FOR_PARTS(p) a.part[p] -= b.part[p];
  return a;
}
template <typename T>
RASPC_INLINE Lanes<T> operator*(Lanes<T> a, const Lanes<T>& b) {
  RASPC_FOR_PARTS(p) a.part[p] *= b.part[p];
  return a;
}
template <typename T>
RASPC_INLINE Lanes<T> operator/(Lanes<T> a, const Lanes<T>& b) {
  RASPC_FOR_PARTS(p) a.part[p] /= b.part[p];
  return a;
}
template <typename T>
RASPC_INLINE Lanes<T> operator*(Lanes<T> a, T number) {
  RASPC_FOR_PARTS(p) a.part[p] *= number;
  return a;
}
template <typename T>
RASPC_INLINE LaneMask<T> operator==(const Lanes<T>& a, const Lanes<T>& b) {
  LaneMask<T> result;
  RASPC_FOR_PARTS(p) result.part[p] = a.part[p] == b.part[p];
  return result;
}
template <typename T>
RASPC_INLINE LaneMask<T> operator<(const Lanes<T>& a, const Lanes<T>& b) {
  LaneMask<T> result;
  RASPC_FOR_PARTS(p) result.part[p] = a.part[p] < b.part[p];
  return result;
}
// Lane by lane, `yes` where the mask is set and `no` elsewhere.
template <typename T>
RASPC_INLINE Lanes<T> Select(const LaneMask<T>& mask, const Lanes<T>& yes, const Lanes<T>& no) {
  Lanes<T> result;
  RASPC_FOR_PARTS(p) result.part[p] = mask.part[p] ? yes.part[p] : no.part[p];
  return result;
}

// Combines the lanes pairwise until one is left: first the halves of the 64 bytes, lane i with lane
// i + half, then halves of what is left. `Combine` has a static function Of(into, from) on vectors.
template <typename Combine, typename T, int kBytes = 64>
RASPC_INLINE T Reduce(const T* lanes) {
  if constexpr (kBytes == sizeof(T)) {
    return lanes[0];
  } else {
    constexpr int kHalf = kBytes / 2 / static_cast<int>(sizeof(T));
    constexpr int kStep = kBytes / 2 < kVectorBytes ? kBytes / 2 : kVectorBytes;
    using Part = typename VectorOf<T, kStep>::Type;
    T half[kHalf];
#pragma GCC unroll 4
    for (int at = 0; at < kHalf; at += kStep / static_cast<int>(sizeof(T))) {
      Part low, high;
      std::memcpy(&low, lanes + at, sizeof low);
      std::memcpy(&high, lanes + kHalf + at, sizeof high);
      Combine::Of(low, high);
      std::memcpy(half + at, &low, sizeof low);
    }
    return Reduce<Combine, T, kBytes / 2>(half);
  }
}

struct Sum {
  template <typename Vector>
  static RASPC_INLINE void Of(Vector& into, const Vector& from) {
    into += from;
  }
};
struct Maximum {
  template <typename Vector>
  static RASPC_INLINE void Of(Vector& into, const Vector& from) {
    into = from > into ? from : into;
  }
};

template <typename Combine, typename T>
RASPC_INLINE T ReduceLanes(const Lanes<T>& vector) {
  T lanes[64 / sizeof(T)];
  Store(vector, lanes);
  return Reduce<Combine, T>(lanes);
}
