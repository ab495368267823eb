// The floats of a program: a double and, where the exact value is another, the fraction that the
// double is nearest to.
//
// With `arithmetic: float` floats are doubles. With `arithmetic: rational` they are exact
// fractions: 0.1 is 1/10, whose nearest double is what the model computes with and what is printed.
// A float without a fraction is exactly its double, in either arithmetic.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fraction.h"

namespace raspc {

// What the floats of a program mean.
enum class ArithmeticKind { kFloat, kRational };
std::string_view NameOf(ArithmeticKind kind);  // "float", "rational"
std::optional<ArithmeticKind> ArithmeticNamed(std::string_view name);

// The most bits of the numerator, or denominator, of a float's fraction.
inline constexpr std::int64_t kMaxFractionBits = 10'000;

class Float {
 public:
  // Exactly this number. Only doubles convert, so that an int is never taken for a float; without
  // throwing, so that an atom takes one without a detour.
  template <std::same_as<double> T>
  Float(T number) noexcept : nearest_(number) {}  // NOLINT: as implicit as an int's
  // Requires a fraction whose nearest double is finite.
  static Float Of(const Fraction& fraction);
  // The decimal number that is written as the shortest that reads back to the double.
  static Float ShortestDecimal(double number);

  double nearest() const { return nearest_; }
  // Whether the nearest double is the exact value.
  bool IsDouble() const { return !exact_; }
  Fraction exact() const { return exact_ ? *exact_ : Fraction::OfDouble(nearest_); }
  // Memory in addition to the object's own, in bytes.
  std::size_t ExtraBytes() const { return exact_ ? exact_->NumBytes() : 0; }

  // By exact value. Requires finite numbers.
  friend std::strong_ordering operator<=>(const Float& a, const Float& b) {
    // Rounding is monotone.
    if (a.nearest_ < b.nearest_) return std::strong_ordering::less;
    if (a.nearest_ > b.nearest_) return std::strong_ordering::greater;
    if (a.IsDouble() && b.IsDouble()) return std::strong_ordering::equal;
    return a.exact() <=> b.exact();
  }
  friend bool operator==(const Float& a, const Float& b) { return (a <=> b) == 0; }

 private:
  double nearest_;
  std::optional<Fraction> exact_;  // never the double itself
};

}  // namespace raspc
