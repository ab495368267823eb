#include "compiler/domains/mean_domain.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "compiler/domains/ratio.h"

namespace raspc {
namespace {

constexpr double kMaxExact = 9007199254740992.0;   // 2^53
constexpr double kMaxInt = 4611686018427387904.0;  // 2^62

// The values as integer multiples of 2^exponent; nothing if a multiple would be too large for sums
// of `most` of them to be exact in a double.
struct ScaledValues {
  std::vector<std::int64_t> multiples;
  int exponent = 0;
};
std::optional<ScaledValues> Scale(const std::vector<Atom>& values, std::int64_t most) {
  ScaledValues result;
  for (const Atom& value : values) {
    const double number = NumberOf(value);
    int exponent = 0;
    while (exponent > -60 &&
           std::ldexp(number, -exponent) != std::floor(std::ldexp(number, -exponent))) {
      --exponent;
    }
    result.exponent = std::min(result.exponent, exponent);
  }
  // Sums of ints are exact however large, and rounded once when they are divided.
  const bool all_ints = std::none_of(values.begin(), values.end(), [](const Atom& value) {
    return TypeOf(value) == AtomType::kFloat;
  });
  for (const Atom& value : values) {
    if (const auto* number = std::get_if<std::int64_t>(&value); all_ints && number != nullptr) {
      if (std::abs(NumberOf(value)) * static_cast<double>(most) > kMaxInt) return std::nullopt;
      result.multiples.push_back(*number);
      continue;
    }
    const double multiple = std::ldexp(NumberOf(value), -result.exponent);
    if (std::abs(multiple) * static_cast<double>(most) > kMaxExact ||
        multiple != std::floor(multiple)) {
      return std::nullopt;
    }
    result.multiples.push_back(static_cast<std::int64_t>(multiple));
  }
  return result;
}

// Whether so many sums of up to `most` numbers, up to `span` steps apart, are more than are worth
// listing.
bool TooManySums(double span, std::int64_t most, std::int64_t max_values) {
  const double count = static_cast<double>(most);
  return count * (count + 1) / 2 * span > 64.0 * static_cast<double>(max_values);
}

// Rows that include strings cannot be averaged.
std::vector<Atom> NumbersAmong(const std::vector<Atom>& values) {
  std::vector<Atom> numbers;
  std::copy_if(values.begin(), values.end(), std::back_inserter(numbers), IsNumber);
  return numbers;
}

// The means of 2 to `most` of the numbers, in rational arithmetic; nothing if these are too many,
// or not multiples of a fraction of 64-bit ints.
std::optional<std::vector<Atom>> ExactMeansOf(const std::vector<Atom>& numbers, std::int64_t most,
                                              std::int64_t max_values) {
  std::optional<Ratio> step = Ratio{0, 1};  // every number is the first plus a multiple of it
  Fraction low = ExactNumberOf(numbers.front()), high = low;
  for (const Atom& atom : numbers) {
    const Fraction number = ExactNumberOf(atom);
    const auto distance = RatioOf(number - ExactNumberOf(numbers.front()));
    step = distance ? GreatestDivisor(*step, *distance) : std::nullopt;
    if (!step) return std::nullopt;
    low = std::min(low, number);
    high = std::max(high, number);
  }
  if (step->numerator == 0) return std::vector<Atom>{Atom(Float::Of(low))};
  const Fraction unit(step->numerator, step->denominator);
  const auto span = RatioOf((high - low) / unit);  // an int
  if (!span || TooManySums(static_cast<double>(span->numerator), most, max_values)) {
    return std::nullopt;
  }
  // The means are low + unit * k / width, in the order of k / width.
  std::vector<std::pair<std::int64_t, std::int64_t>> parts;
  for (std::int64_t width = 2; width <= most; ++width) {
    for (std::int64_t k = 0; k <= span->numerator * width; ++k) {
      const std::int64_t common = std::gcd(k, width);
      parts.emplace_back(k / common, width / common);
    }
  }
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a.first * b.second < b.first * a.second;
  });
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  if (static_cast<std::int64_t>(parts.size()) > max_values) return std::nullopt;
  std::vector<Atom> means;
  for (const auto& [k, width] : parts) {
    means.emplace_back(Float::Of(low + unit * Fraction(k, width)));
  }
  return means;
}

}  // namespace

bool SumsAreExact(const std::vector<Atom>& values, std::int64_t most) {
  return Scale(NumbersAmong(values), most).has_value();
}

std::optional<std::vector<Atom>> MeansOf(ArithmeticKind arithmetic, const std::vector<Atom>& values,
                                         std::int64_t most, std::int64_t max_values,
                                         ValueRules rules) {
  const std::vector<Atom> numbers = NumbersAmong(values);
  if (numbers.empty()) return std::vector<Atom>{};
  const bool all_bools = rules == ValueRules::kRasp &&
                         std::all_of(numbers.begin(), numbers.end(), [](const Atom& number) {
                           return TypeOf(number) == AtomType::kBool;
                         });
  if (all_bools) return std::vector<Atom>{};
  if (arithmetic == ArithmeticKind::kRational) return ExactMeansOf(numbers, most, max_values);

  const auto scaled = Scale(numbers, most);
  if (!scaled) return std::nullopt;
  const auto [low_at, high_at] =
      std::minmax_element(scaled->multiples.begin(), scaled->multiples.end());
  const std::int64_t low = *low_at;
  const std::int64_t high = *high_at;
  std::int64_t step = 0;  // every multiple is low plus a multiple of it
  for (const std::int64_t multiple : scaled->multiples) step = std::gcd(step, multiple - low);
  // Sums start from the int 0, so the mean of negative zeros is 0.0.
  if (step == 0) return std::vector<Atom>{Atom(NumberOf(numbers.front()) + 0.0)};

  const double span = static_cast<double>((high - low) / step);
  if (TooManySums(span, most, max_values)) return std::nullopt;
  std::vector<double> means;
  for (std::int64_t width = 2; width <= most; ++width) {
    for (std::int64_t sum = low * width; sum <= high * width; sum += step) {
      // Exact sum, one rounding: the result of the language's division. A large sum of ints is a
      // float before it is divided.
      means.push_back(std::ldexp(static_cast<double>(sum), scaled->exponent) /
                      static_cast<double>(width));
    }
  }
  std::sort(means.begin(), means.end());
  means.erase(std::unique(means.begin(), means.end()), means.end());
  if (static_cast<std::int64_t>(means.size()) > max_values) return std::nullopt;
  return std::vector<Atom>(means.begin(), means.end());
}

}  // namespace raspc
