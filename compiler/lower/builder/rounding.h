// Bounds on rounding, for the certificate.
//
// A number in the model stands for an ideal number: its value in exact arithmetic. `error`
// bounds the distance between the two at every position of every input, for IEEE arithmetic with
// any order of summation. A number with no error at all is `exact`, and then known to be a multiple
// of 2^grid; sums of such numbers are exact as long as every partial sum fits the significand,
// whatever the order.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "runtime/model/model.h"

namespace raspc {

// The arithmetic in which a model runs.
struct Arithmetic {
  int significand_bits;  // 24 or 53
  double unit_roundoff;  // half the distance from 1 to the next number
  double smallest;       // the smallest positive number: what a product may lose when it underflows
  double largest;
  int lowest_bit;  // of the smallest number
};
Arithmetic ArithmeticOf(DType dtype);

struct Bound {
  double max_abs = 0;  // of the ideal number
  double error = 0;
  int grid = kAnyGrid;  // meaningful if error is 0
  bool IsExact() const { return error == 0; }

  static constexpr int kAnyGrid = std::numeric_limits<int>::max();  // of zero
};

// The largest e such that the number is a multiple of 2^e; kAnyGrid for 0. Requires a finite
// number. Inline, as bounds are taken of every weight that is tried: several hundred million.
inline int LowestBit(double number) {
  constexpr int kFractionBits = 52;
  constexpr int kBias = 1023;
  const auto bits = std::bit_cast<std::uint64_t>(number);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << kFractionBits) - 1);
  const auto exponent = static_cast<int>(bits >> kFractionBits & 0x7ff);
  if (exponent == 0) {  // subnormal: a multiple of the smallest number
    if (fraction == 0) return Bound::kAnyGrid;
    return 1 - kBias - kFractionBits + std::countr_zero(fraction);
  }
  return exponent - kBias - kFractionBits +
         std::countr_zero(fraction | std::uint64_t{1} << kFractionBits);
}

// Whether multiples of 2^grid up to max_abs are all representable.
inline bool IsRepresentable(double max_abs, int grid, const Arithmetic& arithmetic) {
  if (grid == Bound::kAnyGrid) return true;
  if (grid < arithmetic.lowest_bit || !(max_abs <= arithmetic.largest)) return false;
  // max_abs <= 2^(grid + significand_bits), by exponents, which std::ldexp does not do inline. The
  // power is a normal number.
  constexpr int kMaxGrid = 900;  // beyond any number of the type
  const int exponent = (grid < kMaxGrid ? grid : kMaxGrid) + arithmetic.significand_bits;
  return max_abs <= std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

// The bound of a constant as the model stores it: exact if it fits the type; unbounded if it is too
// large.
inline Bound BoundOfConstant(double number, const Arithmetic& arithmetic) {
  Bound bound;
  bound.max_abs = std::abs(number);
  bound.grid = LowestBit(number);
  if (IsRepresentable(bound.max_abs, bound.grid, arithmetic)) return bound;
  bound.error = bound.max_abs <= arithmetic.largest
                    ? bound.max_abs * arithmetic.unit_roundoff + arithmetic.smallest
                    : std::numeric_limits<double>::infinity();
  return bound;
}

// Adds up a sum of products weight * number (weights are stored constants), term by term, and
// bounds how far the computed sum can be from the ideal one.
class SumBound {
 public:
  explicit SumBound(const Arithmetic& arithmetic) : arithmetic_(arithmetic) {}
  void Add(double weight, const Bound& number);
  // With the rounding of the products and of the summation itself. In addition the sum may
  // differ by `drift` from the number it stands for.
  Bound Computed(double drift = 0) const;
  // Without: the distance of the exact sum of the actual numbers from the ideal sum.
  Bound Given() const { return given_; }

 private:
  Arithmetic arithmetic_;
  int num_terms_ = 0;
  bool all_exact_ = true;
  Bound given_;
};

// How far a + b and a * b, computed in doubles, are from the sum and the product. Infinite where
// they overflow.
double ErrorOfSum(double a, double b);
double ErrorOfProduct(double a, double b);

// The smallest power of two that is at least `number`, which must be positive and finite.
double PowerOfTwoAtLeast(double number);

}  // namespace raspc
