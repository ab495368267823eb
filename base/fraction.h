// Exact fractions of any size.
//
// The numbers of a program that is evaluated with `arithmetic: rational`. The representation
// (Boost.Multiprecision) is only seen by fraction.cc. A fraction never changes, so copies share it
// and threads may read it. Operations do not limit sizes; callers do, with NumBits.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace raspc {

class Fraction {
 public:
  explicit Fraction(std::int64_t number);
  // Requires denominator != 0.
  Fraction(std::int64_t numerator, std::int64_t denominator);
  // The double itself. Requires a finite one.
  static Fraction OfDouble(double number);
  // The decimal number [-] digits [. digits] [e [sign] digits], as written; nothing where it has
  // more than about `max_bits` bits, or is none.
  static std::optional<Fraction> OfDecimal(std::string_view text, std::int64_t max_bits);

  friend Fraction operator+(const Fraction& a, const Fraction& b);
  friend Fraction operator-(const Fraction& a, const Fraction& b);
  friend Fraction operator*(const Fraction& a, const Fraction& b);
  // Requires b != 0.
  friend Fraction operator/(const Fraction& a, const Fraction& b);
  friend Fraction operator-(const Fraction& a);
  friend std::strong_ordering operator<=>(const Fraction& a, const Fraction& b);
  friend bool operator==(const Fraction& a, const Fraction& b) { return (a <=> b) == 0; }

  // The largest int that is not greater.
  Fraction Floor() const;
  // Raised to a power; |exponent| * NumBits() should be small. Requires exponent >= 0, or not 0.
  Fraction Power(std::int64_t exponent) const;
  // The positive number whose power this is; nothing if that is not a fraction. Requires this and
  // `degree` to be positive.
  std::optional<Fraction> Root(std::int64_t degree) const;

  int Sign() const;  // -1, 0 or 1
  bool IsInt() const;
  // The numerator and denominator in lowest terms, the latter positive; nothing where they do not
  // fit 64 bits.
  struct Parts {
    std::int64_t numerator, denominator;
  };
  std::optional<Parts> SmallParts() const;
  // The length in bits of the longer of numerator and denominator.
  std::int64_t NumBits() const;
  // The nearest double, to even in the middle of two; infinite, or 0, where none is near. Below
  // the normal doubles it may be the second nearest.
  double Nearest() const;
  std::string ToText() const;  // "-1/3", "5"
  // Memory, in bytes.
  std::size_t NumBytes() const;

 private:
  friend class FractionSum;
  struct Value;
  explicit Fraction(Value value);
  std::shared_ptr<const Value> value_;
};

// A sum of many fractions. Those of few different denominators are added as ints.
class FractionSum {
 public:
  FractionSum();
  FractionSum(const FractionSum& other);
  FractionSum(FractionSum&&) noexcept;
  FractionSum& operator=(const FractionSum& other);
  FractionSum& operator=(FractionSum&&) noexcept;
  ~FractionSum();

  bool IsEmpty() const { return state_ == nullptr; }
  void Add(const Fraction& fraction);
  Fraction Total() const;

 private:
  struct State;
  std::unique_ptr<State> state_;  // null: 0
};

}  // namespace raspc
