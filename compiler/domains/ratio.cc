#include "compiler/domains/ratio.h"

#include <cmath>
#include <cstdlib>
#include <numeric>

namespace raspc {
namespace {

__extension__ using WideInt = __int128;

constexpr std::int64_t kMaxRatioPart = std::int64_t{1} << 62;

WideInt GcdOf(WideInt a, WideInt b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) {
    const WideInt rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// numerator / denominator in lowest terms.
std::optional<Ratio> Reduced(WideInt numerator, WideInt denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const WideInt divisor = GcdOf(numerator, denominator);
  numerator /= divisor;
  denominator /= divisor;
  if (numerator > kMaxRatioPart || numerator < -kMaxRatioPart || denominator > kMaxRatioPart) {
    return std::nullopt;
  }
  return Ratio{static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator)};
}

}  // namespace

bool Ratio::IsDyadic(int bits) const {
  const bool is_power_of_two = (denominator & (denominator - 1)) == 0;
  return is_power_of_two && denominator <= (std::int64_t{1} << bits);
}

std::optional<Ratio> Product(const Ratio& a, const Ratio& b) {
  return Reduced(WideInt{a.numerator} * b.numerator, WideInt{a.denominator} * b.denominator);
}

std::optional<Ratio> Quotient(const Ratio& a, const Ratio& b) {
  return Reduced(WideInt{a.numerator} * b.denominator, WideInt{a.denominator} * b.numerator);
}

std::optional<Ratio> GreatestDivisor(const Ratio& a, const Ratio& b) {
  const WideInt numerator =
      GcdOf(WideInt{a.numerator} * b.denominator, WideInt{b.numerator} * a.denominator);
  return Reduced(numerator, WideInt{a.denominator} * b.denominator);
}

std::optional<Ratio> RatioOf(const Fraction& fraction) {
  const auto parts = fraction.SmallParts();
  return parts ? Reduced(parts->numerator, parts->denominator) : std::nullopt;
}

// A walk down the Stern-Brocot tree, where denominators grow: the first fraction whose nearest
// double is the number has the smallest one.
std::optional<Ratio> SimplestFraction(double number, std::int64_t max_denominator) {
  constexpr double kMaxNumber = 0x1p52;
  if (!(std::abs(number) < kMaxNumber)) return std::nullopt;
  const auto is_nearest = [&](std::int64_t n, std::int64_t d) {
    return static_cast<double>(n) / static_cast<double>(d) == std::abs(number);
  };
  // The neighbours of the number in the Stern-Brocot tree: low <= number < high.
  std::int64_t low_n = static_cast<std::int64_t>(std::floor(std::abs(number))), low_d = 1;
  std::int64_t high_n = 1, high_d = 0;
  const auto signed_ratio = [&](std::int64_t n, std::int64_t d) {
    return Ratio{number < 0 ? -n : n, d};
  };
  if (is_nearest(low_n, low_d)) return signed_ratio(low_n, low_d);
  const auto above = [&](std::int64_t n, std::int64_t d) {
    return static_cast<double>(n) / static_cast<double>(d) > std::abs(number);
  };
  for (;;) {
    // Towards the number as long as it stays on one side, a step at a time: limits are small.
    const std::int64_t n = low_n + high_n, d = low_d + high_d;
    if (d > max_denominator) return std::nullopt;
    if (is_nearest(n, d)) return signed_ratio(n, d);
    if (above(n, d)) {
      high_n = n;
      high_d = d;
    } else {
      low_n = n;
      low_d = d;
    }
  }
}

}  // namespace raspc
