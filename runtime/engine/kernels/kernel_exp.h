// The exponential of the attention kernels.
#pragma once

#include <cmath>

namespace raspc {

// Where exp is 0 in T: below the logarithm of half the smallest subnormal number.
template <typename T>
inline constexpr T kUnderflow = sizeof(T) == 4 ? T{-104} : T{-746};

// The weight of a key whose score is `difference` above the largest. NaN gives NaN.
template <typename T>
inline T WeightOf(T difference) {
  return difference < kUnderflow<T> ? T{0} : std::exp(difference);
}

}  // namespace raspc
