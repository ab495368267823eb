#include "compiler/domains/wide_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargestListed = 4503599627370496.0;  // 2^52: ints there are doubles

bool AnyMayBe(std::span<const Domain* const> operands, AtomType type) {
  return std::any_of(operands.begin(), operands.end(),
                     [&](const Domain* operand) { return operand->MayBe(type); });
}

// The type of the result in Python's arithmetic.
void InferTypes(MapOp op, std::span<const Domain* const> operands, Domain& result) {
  switch (op) {
    case MapOp::kAdd:
    case MapOp::kMultiply:
      result.may_be_string = AnyMayBe(operands, AtomType::kString);
      [[fallthrough]];
    case MapOp::kSubtract:
    case MapOp::kModulo:
    case MapOp::kNegate:
    case MapOp::kPlus:
      result.may_be_float = AnyMayBe(operands, AtomType::kFloat);
      result.may_be_int = std::all_of(operands.begin(), operands.end(), [](const Domain* operand) {
        return operand->MayBe(AtomType::kInt) || operand->MayBe(AtomType::kBool);
      });
      return;
    case MapOp::kDivide:
      result.may_be_float = true;
      return;
    case MapOp::kPower:  // of ints, a float where the exponent is negative
      result.may_be_float = result.may_be_int = true;
      return;
    case MapOp::kRound:
    case MapOp::kIndicator:
    case MapOp::kPlace:
    case MapOp::kDigit:
      result.may_be_int = true;
      return;
    case MapOp::kEqual:
    case MapOp::kNotEqual:
    case MapOp::kLess:
    case MapOp::kLessEqual:
    case MapOp::kGreater:
    case MapOp::kGreaterEqual:
    case MapOp::kAnd:
    case MapOp::kOr:
    case MapOp::kNot:
    case MapOp::kMember:
      result.may_be_bool = true;
      result.low = 0;
      result.high = 1;
      return;
    case MapOp::kChoose: {
      const auto sides = operands.subspan(1);
      result.may_be_int = AnyMayBe(sides, AtomType::kInt);
      result.may_be_float = AnyMayBe(sides, AtomType::kFloat);
      result.may_be_bool = AnyMayBe(sides, AtomType::kBool);
      result.may_be_string = AnyMayBe(sides, AtomType::kString);
      return;
    }
    case MapOp::kLookUp:
    case MapOp::kLookUpKey:
    case MapOp::kHost:
      result.may_be_int = result.may_be_float = true;
      result.may_be_bool = result.may_be_string = true;
      return;
  }
}

std::pair<double, double> EndsOf(const Interval& interval) { return {interval.low, interval.high}; }

// Of numbers in an interval, raised to a non-negative integer.
Interval PowerRange(const Interval& base, double exponent) {
  const double low = std::pow(base.low, exponent);
  const double high = std::pow(base.high, exponent);
  const bool is_even = std::fmod(exponent, 2) == 0;
  if (is_even && base.low < 0 && base.high > 0) return {0, std::max(low, high)};
  return {std::min(low, high), std::max(low, high)};
}

// A quotient is largest and smallest at the ends, also after rounding.
Interval QuotientRange(const Interval& a, const Interval& b) {
  const auto [low, high] =
      std::minmax({a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high});
  return {low, high};
}

// The numbers and strings of either side of a choice.
void JoinSides(const Domain& a, const Domain& b, Domain& result) {
  const auto of_a = IntervalOfNumbers(a), of_b = IntervalOfNumbers(b);
  if (!of_a && !of_b) return;
  result.low = std::min((of_a ? of_a : of_b)->low, (of_b ? of_b : of_a)->low);
  result.high = std::max((of_a ? of_a : of_b)->high, (of_b ? of_b : of_a)->high);
  const std::vector<Atom> strings_a = a.Strings(), strings_b = b.Strings();
  std::set_union(strings_a.begin(), strings_a.end(), strings_b.begin(), strings_b.end(),
                 std::back_inserter(result.strings), IdentityLess);
}

// The same for a divisor, which is never 0 where the quotient has a value: its numbers other than
// 0.
std::optional<Interval> IntervalWithoutZero(const Domain& divisor, Interval interval) {
  if (!divisor.is_finite || (interval.low != 0 && interval.high != 0)) return interval;
  double low = kInfinity, high = -kInfinity;
  for (const Atom& value : divisor.values) {
    const double number = NumberOf(value);
    if (number == 0) continue;
    low = std::min(low, number);
    high = std::max(high, number);
  }
  return low <= high ? std::optional(Interval{low, high}) : std::nullopt;
}

// Interval arithmetic; unbounded for operations it does not cover.
void InferInterval(MapOp op, std::span<const Domain* const> operands, Domain& result) {
  std::vector<Interval> of;
  if (op == MapOp::kChoose) return JoinSides(*operands[1], *operands[2], result);
  for (const Domain* operand : operands) {
    const auto interval = IntervalOf(*operand);
    if (!interval || operand->MayBe(AtomType::kString)) return;
    of.push_back(*interval);
  }
  switch (op) {
    case MapOp::kAdd:
      result.low = of[0].low + of[1].low;
      result.high = of[0].high + of[1].high;
      return;
    case MapOp::kSubtract:
      result.low = of[0].low - of[1].high;
      result.high = of[0].high - of[1].low;
      return;
    case MapOp::kNegate:
      result.low = -of[0].high;
      result.high = -of[0].low;
      return;
    case MapOp::kPlus:
      result.low = of[0].low;
      result.high = of[0].high;
      return;
    case MapOp::kMultiply:
      std::tie(result.low, result.high) = EndsOf(ProductRange(of[0], of[1]));
      return;
    case MapOp::kPower:
      if (of[1].low != of[1].high || of[1].low < 0 || of[1].low != std::floor(of[1].low)) return;
      std::tie(result.low, result.high) = EndsOf(PowerRange(of[0], of[1].low));
      return;
    case MapOp::kDivide: {
      const auto divisor = IntervalWithoutZero(*operands[1], of[1]);
      if (!divisor || (divisor->low <= 0 && divisor->high >= 0)) return;
      std::tie(result.low, result.high) = EndsOf(QuotientRange(of[0], *divisor));
      return;
    }
    case MapOp::kRound:
      result.low = std::nearbyint(of[0].low);
      result.high = std::nearbyint(of[0].high);
      return;
    case MapOp::kModulo:  // of the sign of a divisor, and smaller
      if (of[1].low <= 0 && of[1].high >= 0) return;
      result.low = std::min(0.0, of[1].low);
      result.high = std::max(0.0, of[1].high);
      return;
    default:
      return;
  }
}

// Ends that are computed with doubles may be inside the exact ones, unless they are 0.
void Widen(Domain& domain) {
  if (domain.low != 0) domain.low = std::nextafter(domain.low, -kInfinity);
  if (domain.high != 0) domain.high = std::nextafter(domain.high, kInfinity);
}

bool IsSum(MapOp op) {
  return op == MapOp::kAdd || op == MapOp::kSubtract || op == MapOp::kNegate || op == MapOp::kPlus;
}

// All ints of an interval.
std::optional<Domain> ListInts(const Domain& unlisted, std::int64_t max_values) {
  if (unlisted.may_be_float || unlisted.may_be_bool || unlisted.may_be_string) return std::nullopt;
  if (!(unlisted.high - unlisted.low < static_cast<double>(max_values))) return std::nullopt;
  if (std::abs(unlisted.low) > kLargestListed || std::abs(unlisted.high) > kLargestListed) {
    return std::nullopt;
  }
  Domain listed;
  for (auto value = static_cast<std::int64_t>(unlisted.low);
       value <= static_cast<std::int64_t>(unlisted.high); ++value) {
    listed.values.emplace_back(value);
  }
  return listed;
}

// The results of a sum or product for every pair of its operands' values, if they are few.
std::optional<Domain> ListPairs(ArithmeticKind arithmetic, MapOp op, const Domain& a,
                                const Domain& b, std::int64_t max_values) {
  constexpr double kPairsPerValue = 64;
  if (!IntervalOf(a) || !IntervalOf(b)) return std::nullopt;
  const double num_pairs =
      static_cast<double>(a.values.size()) * static_cast<double>(b.values.size());
  if (num_pairs > kPairsPerValue * static_cast<double>(max_values)) return std::nullopt;
  std::unordered_set<Atom, IdentityHash, IdentityEqual> results;
  for (const Atom& left : a.values) {
    for (const Atom& right : b.values) {
      const std::array operands{left, right};
      const OpResult result = Apply(arithmetic, op, operands);
      if (const Atom* value = std::get_if<Atom>(&result)) results.insert(*value);
      if (static_cast<std::int64_t>(results.size()) > max_values) return std::nullopt;
    }
  }
  Domain listed;
  listed.values.assign(results.begin(), results.end());
  std::sort(listed.values.begin(), listed.values.end(), IdentityLess);
  return listed;
}

// The values of either side, if they are few.
std::optional<Domain> ListChoice(const Domain& a, const Domain& b, std::int64_t max_values) {
  if (!a.is_finite || !b.is_finite) return std::nullopt;
  Domain listed;
  std::set_union(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                 std::back_inserter(listed.values), IdentityLess);
  if (static_cast<std::int64_t>(listed.values.size()) > max_values) return std::nullopt;
  return listed;
}

// The distinct numbers of a domain, ascending; nothing if some ints are not exactly doubles.
std::optional<std::vector<Float>> ListedNumbersOf(const Domain& domain) {
  if (!domain.is_finite) return std::nullopt;
  std::vector<Float> numbers;
  for (const Atom& value : domain.values) {
    if (!IsNumber(value)) return std::nullopt;
    const auto* number = std::get_if<Float>(&value);
    numbers.push_back(number != nullptr ? *number : Float(NumberOf(value)));
    if (number == nullptr && std::abs(numbers.back().nearest()) > kLargestListed) {
      return std::nullopt;
    }
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// At most the distance of two different numbers; not positive where fractions are as close as
// doubles.
double LeastDistanceOf(const Float& a, const Float& b) {
  const double distance = std::abs(a.nearest() - b.nearest());
  if (a.IsDouble() && b.IsDouble()) return distance;
  return distance - 0x1p-51 * std::max(std::abs(a.nearest()), std::abs(b.nearest()));
}

}  // namespace

std::optional<Interval> IntervalOf(const Domain& domain) {
  if (domain.is_finite && !std::all_of(domain.values.begin(), domain.values.end(), IsNumber)) {
    return std::nullopt;
  }
  return IntervalOfNumbers(domain);
}

std::optional<Interval> IntervalOfNumbers(const Domain& domain) {
  if (!domain.is_finite) return Interval{domain.low, domain.high};
  Interval interval{kInfinity, -kInfinity};
  for (const Atom& value : domain.values) {
    if (!IsNumber(value)) continue;
    const auto* number = std::get_if<Float>(&value);
    const bool is_double = number == nullptr || number->IsDouble();
    const double nearest = NumberOf(value);
    const auto outwards = [&](double end) {
      return is_double ? nearest : std::nextafter(nearest, end);
    };
    interval.low = std::min(interval.low, outwards(-kInfinity));
    interval.high = std::max(interval.high, outwards(kInfinity));
  }
  return interval.low <= interval.high ? std::optional(interval) : std::nullopt;
}

Interval ProductRange(const Interval& a, const Interval& b) {
  const auto [low, high] =
      std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
  return {low, high};
}

Domain UnlistedDomain() {
  Domain domain;
  domain.is_finite = false;
  domain.low = -kInfinity;
  domain.high = kInfinity;
  return domain;
}

Domain DomainOfItems(const MapTable& table) {
  Domain domain;
  domain.values = table.items;
  std::sort(domain.values.begin(), domain.values.end(), IdentityLess);
  return domain;
}

std::optional<Outcomes> OutcomesOf(MapOp op) {
  switch (op) {
    case MapOp::kEqual:
      return Outcomes{false, true, false};
    case MapOp::kNotEqual:
      return Outcomes{true, false, true};
    case MapOp::kLess:
      return Outcomes{true, false, false};
    case MapOp::kLessEqual:
      return Outcomes{true, true, false};
    case MapOp::kGreater:
      return Outcomes{false, false, true};
    case MapOp::kGreaterEqual:
      return Outcomes{false, true, true};
    default:
      return std::nullopt;
  }
}

std::optional<Separation> SeparationOf(const Domain& a, const Domain& b) {
  const auto left = ListedNumbersOf(a);
  const auto right = ListedNumbersOf(b);
  if (!left || !right || left->empty() || right->empty()) return std::nullopt;
  Separation result;
  result.below = result.above = kInfinity;
  result.lowest = left->front().nearest() - right->back().nearest();
  result.highest = left->back().nearest() - right->front().nearest();
  double closest = kInfinity;
  const auto consider = [&](const Float& number, const Float& other) {
    const double distance = LeastDistanceOf(number, other);
    if (distance < closest) {
      closest = distance;
      result.closest_a = number.nearest();
      result.closest_b = other.nearest();
    }
    return distance;
  };
  for (const Float& number : *left) {
    const auto at = std::lower_bound(right->begin(), right->end(), number);
    if (at != right->begin()) {
      result.below = std::min(result.below, consider(number, *std::prev(at)));
    }
    auto next = at;
    if (at != right->end() && *at == number) {
      result.may_equal = true;
      ++next;
    }
    if (next != right->end()) result.above = std::min(result.above, consider(number, *next));
  }
  if (!(closest > 0)) return std::nullopt;
  return result;
}

Domain ListOutcomes(const Outcomes& outcomes, const Separation& separation) {
  bool may_hold[2] = {false, false};
  if (std::isfinite(separation.above)) may_hold[outcomes.less ? 1 : 0] = true;
  if (separation.may_equal) may_hold[outcomes.equal ? 1 : 0] = true;
  if (std::isfinite(separation.below)) may_hold[outcomes.greater ? 1 : 0] = true;
  Domain listed;
  for (const bool value : {false, true}) {
    if (may_hold[value ? 1 : 0]) listed.values.emplace_back(value);
  }
  return listed;
}

Domain WideMapDomain(ArithmeticKind arithmetic, const MapNode& map,
                     std::span<const Domain* const> operands, const CompileScope& scope) {
  const bool all_listed = std::all_of(operands.begin(), operands.end(),
                                      [](const Domain* operand) { return operand->is_finite; });
  if (const auto outcomes = OutcomesOf(map.op)) {
    const auto separation = SeparationOf(*operands[0], *operands[1]);
    if (separation) return ListOutcomes(*outcomes, *separation);
  }
  if (map.op == MapOp::kChoose) {
    auto listed = ListChoice(*operands[1], *operands[2], scope.max_domain);
    if (listed) return *std::move(listed);
  }
  Domain result = UnlistedDomain();
  InferTypes(map.op, operands, result);
  InferInterval(map.op, operands, result);
  if (arithmetic == ArithmeticKind::kRational && result.may_be_float) Widen(result);
  if (!IsSum(map.op) && map.op != MapOp::kMultiply) return result;
  if (auto listed = ListInts(result, scope.MostInts())) return *listed;
  if (all_listed && operands.size() == 2) {
    if (auto listed = ListPairs(arithmetic, map.op, *operands[0], *operands[1],
                                scope.max_domain)) {
      return *listed;
    }
  }
  return result;
}

}  // namespace raspc
