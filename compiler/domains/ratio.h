// Exact fractions of 64-bit ints. Operations give nothing where the result would not fit.
#pragma once

#include <cstdint>
#include <optional>

#include "base/fraction.h"

namespace raspc {

// In lowest terms, with a positive denominator.
struct Ratio {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;

  double ToDouble() const {
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  // Whether it is a multiple of 2^-bits.
  bool IsDyadic(int bits) const;
  friend bool operator==(const Ratio&, const Ratio&) = default;
};

std::optional<Ratio> Product(const Ratio& a, const Ratio& b);
// Requires b != 0.
std::optional<Ratio> Quotient(const Ratio& a, const Ratio& b);
// The largest number of which both are multiples; that of 0 and b is |b|.
std::optional<Ratio> GreatestDivisor(const Ratio& a, const Ratio& b);

// Nothing where it does not fit.
std::optional<Ratio> RatioOf(const Fraction& fraction);

// The fraction of the smallest denominator, up to a limit, whose nearest double is `number`; 1/10
// for 0.1. Requires a finite number.
std::optional<Ratio> SimplestFraction(double number, std::int64_t max_denominator);

}  // namespace raspc
