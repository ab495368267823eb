#include "compiler/lower/builder/rounding.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace raspc {

Arithmetic ArithmeticOf(DType dtype) {
  return dtype == DType::kFloat32
             ? Arithmetic{24, std::ldexp(1.0, -24), std::numeric_limits<float>::denorm_min(),
                          std::numeric_limits<float>::max()}
             : Arithmetic{53, std::ldexp(1.0, -53), std::numeric_limits<double>::denorm_min(),
                          std::numeric_limits<double>::max()};
}

int LowestBit(double number) {
  if (number == 0) return Bound::kAnyGrid;
  int exponent = 0;
  const double fraction = std::frexp(number, &exponent);  // in [1/2, 1), 53 bits
  const auto bits = static_cast<std::uint64_t>(std::abs(fraction) * 0x1p53);
  return exponent - 53 + std::countr_zero(bits);
}

namespace {

// Whether multiples of 2^grid up to max_abs are all representable.
bool Fits(double max_abs, int grid, const Arithmetic& arithmetic) {
  if (grid == Bound::kAnyGrid) return true;
  return grid >= LowestBit(arithmetic.smallest) && max_abs <= arithmetic.largest &&
         max_abs <= std::ldexp(1.0, std::min(grid, 900) + arithmetic.significand_bits);
}

}  // namespace

Bound BoundOfConstant(double number, const Arithmetic& arithmetic) {
  Bound bound;
  bound.max_abs = std::abs(number);
  bound.grid = LowestBit(number);
  if (Fits(bound.max_abs, bound.grid, arithmetic)) return bound;
  bound.error = bound.max_abs <= arithmetic.largest
                    ? bound.max_abs * arithmetic.unit_roundoff + arithmetic.smallest
                    : std::numeric_limits<double>::infinity();
  return bound;
}

void SumBound::Add(double weight, const Bound& number) {
  if (weight == 0) return;
  ++num_terms_;
  const Bound stored = BoundOfConstant(weight, arithmetic_);
  all_exact_ = all_exact_ && stored.IsExact() && number.IsExact();
  given_.error += std::abs(weight) * number.error;
  if (!stored.IsExact()) given_.error += stored.error * (number.max_abs + number.error);
  given_.max_abs += std::abs(weight) * number.max_abs;
  if (number.grid != Bound::kAnyGrid && stored.grid != Bound::kAnyGrid) {
    given_.grid = std::min(given_.grid, number.grid + stored.grid);
  }
}

Bound SumBound::Computed(double drift) const {
  Bound bound = given_;
  if (all_exact_ && Fits(given_.max_abs, given_.grid, arithmetic_)) {
    bound.max_abs += drift;
    bound.error += drift;
    return bound;
  }
  // One rounding per product, and per addition in the worst order (Higham, Accuracy and Stability
  // of Numerical Algorithms, section 4.2); 1.01 covers the terms of second order, and a drift of
  // half a percent, which is more than the error of doubles relative to float32.
  const double rounding =
      1.01 * num_terms_ * arithmetic_.unit_roundoff * (given_.max_abs + given_.error);
  const double beyond = std::max(0.0, drift - 0.0045 * rounding);
  bound.error += rounding + beyond;
  if (beyond > 0) bound.max_abs += drift;
  bound.error += num_terms_ * arithmetic_.smallest;
  // Twice the sum of the sizes: more than any partial sum with its errors.
  if (!(2 * bound.max_abs <= arithmetic_.largest)) {
    bound.error = std::numeric_limits<double>::infinity();
  }
  return bound;
}

double ErrorOfSum(double a, double b) {
  const double sum = a + b;
  if (!std::isfinite(sum)) return std::numeric_limits<double>::infinity();
  const double b_part = sum - a;
  return std::abs((a - (sum - b_part)) + (b - b_part));
}

double ErrorOfProduct(double a, double b) {
  constexpr double kSmallestWithExactError = 1e-290;
  const double product = a * b;
  if (!std::isfinite(product)) return std::numeric_limits<double>::infinity();
  if (a == 0 || b == 0) return 0;
  if (std::abs(product) < kSmallestWithExactError) {
    return std::abs(product) * 0x1p-53 + std::numeric_limits<double>::denorm_min();
  }
  return std::abs(std::fma(a, b, -product));
}

double PowerOfTwoAtLeast(double number) {
  int exponent = 0;
  const double fraction = std::frexp(number, &exponent);  // number = fraction * 2^exponent
  return std::ldexp(1.0, fraction == 0.5 ? exponent - 1 : exponent);
}

}  // namespace raspc
