// A numerator and a positive denominator in lowest terms, as big ints.
#include "base/fraction.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace raspc {
namespace {

using boost::multiprecision::cpp_int;

std::int64_t BitsOf(const cpp_int& number) {
  if (number == 0) return 0;
  return static_cast<std::int64_t>(msb(cpp_int(abs(number)))) + 1;
}

std::optional<std::int64_t> SmallInt(const cpp_int& number) {
  if (number > std::numeric_limits<std::int64_t>::max() ||
      number < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return number.convert_to<std::int64_t>();
}

// The largest int whose power is not greater than `number` > 0, by bisection; exponents are small.
cpp_int FloorOfRoot(const cpp_int& number, unsigned degree) {
  cpp_int low = 1, high = cpp_int(1) << (msb(number) / degree + 1);
  while (high - low > 1) {
    const cpp_int middle = (low + high) / 2;
    if (pow(middle, degree) <= number) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<cpp_int> IntRoot(const cpp_int& number, std::int64_t degree) {
  if (number == 1) return number;
  if (degree > static_cast<std::int64_t>(msb(number))) return std::nullopt;
  const auto small_degree = static_cast<unsigned>(degree);
  cpp_int root = FloorOfRoot(number, small_degree);
  return pow(root, small_degree) == number ? std::optional(std::move(root)) : std::nullopt;
}

}  // namespace

struct Fraction::Value {
  cpp_int numerator, denominator;

  // Divides by what both have in common and makes the denominator positive.
  static Value Reduced(cpp_int numerator, cpp_int denominator) {
    const cpp_int common = gcd(numerator, denominator);
    if (common != 1) {
      numerator /= common;
      denominator /= common;
    }
    if (denominator < 0) {
      numerator = -numerator;
      denominator = -denominator;
    }
    return {std::move(numerator), std::move(denominator)};
  }
};

Fraction::Fraction(Value value) : value_(std::make_shared<const Value>(std::move(value))) {}
Fraction::Fraction(std::int64_t number) : Fraction(Value{number, 1}) {}
Fraction::Fraction(std::int64_t numerator, std::int64_t denominator)
    : Fraction(Value::Reduced(numerator, denominator)) {}

Fraction Fraction::OfDouble(double number) {
  int exponent = 0;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(number, &exponent), 53));
  exponent -= 53;
  if (exponent >= 0) return Fraction(Value{cpp_int(mantissa) << exponent, 1});
  return Fraction(Value::Reduced(mantissa, cpp_int(1) << -exponent));
}

std::optional<Fraction> Fraction::OfDecimal(std::string_view text, std::int64_t max_bits) {
  constexpr std::int64_t kBitsPerDigit = 3;  // at least so many
  const bool is_negative = !text.empty() && text[0] == '-';
  if (is_negative) text.remove_prefix(1);
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::int64_t exponent = 0;
  if (e < text.size()) {
    std::string_view digits = text.substr(e + 1);
    if (!digits.empty() && digits[0] == '+') digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  }
  const std::string_view mantissa = text.substr(0, e);
  std::string digits;
  for (const char c : mantissa) {
    if (c != '.') digits += c;
  }
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  const std::size_t point = mantissa.find('.');
  const auto num_after_point =
      point == std::string_view::npos ? 0 : static_cast<std::int64_t>(mantissa.size() - point) - 1;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));  // else it is octal
  if (digits.empty()) return Fraction(0);
  const std::int64_t most = max_bits / kBitsPerDigit;
  if (static_cast<std::int64_t>(digits.size()) > most || exponent > most || exponent < -most) {
    return std::nullopt;
  }
  const std::int64_t shift = exponent - num_after_point;
  const cpp_int scale = pow(cpp_int(10), static_cast<unsigned>(std::abs(shift)));
  cpp_int number(digits);
  if (is_negative) number = -number;
  if (shift >= 0) return Fraction(Value{number * scale, 1});
  return Fraction(Value::Reduced(std::move(number), scale));
}

Fraction operator+(const Fraction& a, const Fraction& b) {
  const auto &x = *a.value_, &y = *b.value_;
  if (x.denominator == y.denominator) {
    return Fraction(Fraction::Value::Reduced(x.numerator + y.numerator, x.denominator));
  }
  return Fraction(Fraction::Value::Reduced(
      x.numerator * y.denominator + y.numerator * x.denominator, x.denominator * y.denominator));
}

Fraction operator-(const Fraction& a) {
  return Fraction(Fraction::Value{-a.value_->numerator, a.value_->denominator});
}

Fraction operator-(const Fraction& a, const Fraction& b) { return a + -b; }

Fraction operator*(const Fraction& a, const Fraction& b) {
  const auto &x = *a.value_, &y = *b.value_;
  return Fraction(
      Fraction::Value::Reduced(x.numerator * y.numerator, x.denominator * y.denominator));
}

Fraction operator/(const Fraction& a, const Fraction& b) {
  const auto &x = *a.value_, &y = *b.value_;
  return Fraction(
      Fraction::Value::Reduced(x.numerator * y.denominator, x.denominator * y.numerator));
}

std::strong_ordering operator<=>(const Fraction& a, const Fraction& b) {
  const auto &x = *a.value_, &y = *b.value_;
  const cpp_int left = x.numerator * y.denominator, right = y.numerator * x.denominator;
  return left.compare(right) <=> 0;
}

Fraction Fraction::Floor() const {
  cpp_int quotient, rest;
  divide_qr(value_->numerator, value_->denominator, quotient, rest);
  if (rest < 0) --quotient;  // it was rounded towards 0
  return Fraction(Value{std::move(quotient), 1});
}

Fraction Fraction::Power(std::int64_t exponent) const {
  const auto size = static_cast<unsigned>(std::abs(exponent));
  cpp_int top = pow(value_->numerator, size), bottom = pow(value_->denominator, size);
  if (exponent >= 0) return Fraction(Value{std::move(top), std::move(bottom)});
  if (top < 0) {
    top = -top;
    bottom = -bottom;
  }
  return Fraction(Value{std::move(bottom), std::move(top)});
}

std::optional<Fraction> Fraction::Root(std::int64_t degree) const {
  auto top = IntRoot(value_->numerator, degree), bottom = IntRoot(value_->denominator, degree);
  if (!top || !bottom) return std::nullopt;
  return Fraction(Value{*std::move(top), *std::move(bottom)});
}

int Fraction::Sign() const { return value_->numerator.sign(); }

bool Fraction::IsInt() const { return value_->denominator == 1; }

std::optional<Fraction::Parts> Fraction::SmallParts() const {
  const auto numerator = SmallInt(value_->numerator), denominator = SmallInt(value_->denominator);
  if (!numerator || !denominator) return std::nullopt;
  return Parts{*numerator, *denominator};
}

std::int64_t Fraction::NumBits() const {
  return std::max(BitsOf(value_->numerator), BitsOf(value_->denominator));
}

// The quotient to 64 bits or a few more, with a last bit for the rest, so that the one rounding of
// the conversion is the right one.
double Fraction::Nearest() const {
  constexpr std::int64_t kFarExponent = 4000;
  const bool is_negative = value_->numerator < 0;
  const cpp_int size = abs(value_->numerator);
  if (size == 0) return 0;
  const std::int64_t shift = BitsOf(value_->denominator) - BitsOf(size) + 64;
  if (std::abs(shift) > kFarExponent) {
    const double far = shift > 0 ? 0 : std::numeric_limits<double>::infinity();
    return is_negative ? -far : far;
  }
  const cpp_int top = shift > 0 ? cpp_int(size << static_cast<unsigned>(shift)) : size;
  cpp_int bottom = value_->denominator;
  if (shift < 0) bottom <<= static_cast<unsigned>(-shift);
  cpp_int quotient, rest;
  divide_qr(top, bottom, quotient, rest);
  // 64 or 65 bits; doubles have 53.
  const cpp_int shorter = quotient >> 2;
  auto bits = shorter.convert_to<std::uint64_t>();
  if (rest != 0 || (shorter << 2) != quotient) bits |= 1;
  const double nearest = std::ldexp(static_cast<double>(bits), static_cast<int>(2 - shift));
  return is_negative ? -nearest : nearest;
}

std::string Fraction::ToText() const {
  std::string text = value_->numerator.str();
  return IsInt() ? text : text + "/" + value_->denominator.str();
}

std::size_t Fraction::NumBytes() const {
  const auto limbs_of = [](const cpp_int& number) {
    return number.backend().size() * sizeof(boost::multiprecision::limb_type);
  };
  return sizeof(Value) + 16 + limbs_of(value_->numerator) + limbs_of(value_->denominator);
}

struct FractionSum::State {
  cpp_int numerator = 0, denominator = 1;
};

FractionSum::FractionSum() = default;
FractionSum::FractionSum(const FractionSum& other)
    : state_(other.state_ ? std::make_unique<State>(*other.state_) : nullptr) {}
FractionSum::FractionSum(FractionSum&&) noexcept = default;
FractionSum& FractionSum::operator=(const FractionSum& other) { return *this = FractionSum(other); }
FractionSum& FractionSum::operator=(FractionSum&&) noexcept = default;
FractionSum::~FractionSum() = default;

void FractionSum::Add(const Fraction& fraction) {
  if (state_ == nullptr) state_ = std::make_unique<State>();
  const cpp_int &top = fraction.value_->numerator, &bottom = fraction.value_->denominator;
  if (bottom == state_->denominator) {
    state_->numerator += top;
    return;
  }
  const cpp_int common = gcd(bottom, state_->denominator);
  const cpp_int factor = bottom / common;
  if (factor != 1) {
    state_->numerator *= factor;
    state_->denominator *= factor;
  }
  state_->numerator += top * (state_->denominator / bottom);
}

Fraction FractionSum::Total() const {
  if (state_ == nullptr) return Fraction(0);
  return Fraction(Fraction::Value::Reduced(state_->numerator, state_->denominator));
}

}  // namespace raspc
