#include "base/float.h"

#include <array>
#include <charconv>

namespace raspc {

std::string_view NameOf(ArithmeticKind kind) {
  return kind == ArithmeticKind::kFloat ? "float" : "rational";
}

std::optional<ArithmeticKind> ArithmeticNamed(std::string_view name) {
  for (const ArithmeticKind kind : {ArithmeticKind::kFloat, ArithmeticKind::kRational}) {
    if (NameOf(kind) == name) return kind;
  }
  return std::nullopt;
}

Float Float::Of(const Fraction& fraction) {
  Float result(fraction.Nearest());
  if (fraction != Fraction::OfDouble(result.nearest_)) result.exact_ = fraction;
  return result;
}

Float Float::ShortestDecimal(double number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const auto decimal = Fraction::OfDecimal({digits.data(), end}, kMaxFractionBits);
  Float result(number + 0.0);  // fractions have no negative zero
  if (decimal && *decimal != Fraction::OfDouble(number)) result.exact_ = decimal;
  return result;
}

}  // namespace raspc
