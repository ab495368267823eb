#include "compiler/lower/forms/language_rounding.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/domains/mean_domain.h"
#include "compiler/domains/wide_map.h"
#include "compiler/lower/builder/rounding.h"

namespace raspc {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr double kUnit = 0x1p-53;  // of the language's floats
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
constexpr int kSignificandBits = 53;

// What is known of an operand's numbers: their size, and the power of two they are multiples of.
struct Numbers {
  double largest = 0;
  int grid = -1100;  // finer than any float
  bool has_ints_beyond_doubles = false;
};

Numbers NumbersIn(const Domain& domain) {
  Numbers numbers;
  const auto interval = IntervalOfNumbers(domain);
  numbers.largest = interval ? std::max(std::abs(interval->low), std::abs(interval->high)) : 0;
  const bool has_floats = domain.MayBe(AtomType::kFloat);
  numbers.has_ints_beyond_doubles = domain.MayBe(AtomType::kInt) && !(numbers.largest <= 0x1p53);
  if (!has_floats) numbers.grid = 0;
  if (!domain.is_finite || !has_floats) return numbers;
  numbers.grid = Bound::kAnyGrid;
  for (const Atom& value : domain.values) {
    if (IsNumber(value)) numbers.grid = std::min(numbers.grid, LowestBit(NumberOf(value)));
  }
  return numbers;
}

// The least distance from 0 of the listed numbers other than 0; 0 where they are not listed.
double SmallestIn(const Domain& domain) {
  double smallest = domain.is_finite ? kUnbounded : 0;
  for (const Atom& value : domain.values) {
    const double number = IsNumber(value) ? std::abs(NumberOf(value)) : 0;
    if (number != 0) smallest = std::min(smallest, number);
  }
  return smallest;
}

// How far listed numbers are from their nearest doubles, at most.
double DistanceFromDoubles(const Domain& domain) {
  double distance = 0;
  for (const Atom& value : domain.values) {
    if (!IsNumber(value)) continue;
    const auto* number = std::get_if<Float>(&value);
    const double size = std::abs(NumberOf(value));
    const bool is_double = number != nullptr ? number->IsDouble() : size <= 0x1p53;
    if (!is_double) distance = std::max(distance, kUnit * size);
  }
  return distance;
}

// Whether multiples of 2^grid up to `largest` are doubles.
bool AreDoubles(double largest, long grid) {
  return grid >= -1074 &&
         largest <= std::ldexp(1.0, static_cast<int>(std::min(grid, 900L)) + kSignificandBits);
}

bool IsPowerOfTwo(double number) {
  int exponent = 0;
  return std::abs(std::frexp(number, &exponent)) == 0.5;
}

// The rounding error of a result stored as a double, with x and y the operands as doubles.
double RoundingOfSum(double x, double y, double result) {
  return std::abs(x + y - result) + ErrorOfSum(x, y);
}
double RoundingOfProduct(double x, double y, double result) {
  return std::abs(x * y - result) + ErrorOfProduct(x, y);
}

}  // namespace

double LanguageRounding::Of(NodeId id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  const auto& map = *sops_.As<MapNode>(id);
  if (sops_.graph().arithmetic() == ArithmeticKind::kRational) {
    return known_.emplace(id, OfNearest(id, map)).first->second;
  }
  double rounding = InRange(map);
  if (rounding > 0 && sops_.HasTable(id)) rounding = std::min(rounding, InRows(id, map));
  return known_.emplace(id, rounding).first->second;
}

double LanguageRounding::OfListed(NodeId id) const {
  return sops_.graph().arithmetic() == ArithmeticKind::kRational ? DistanceFromDoubles(sops_[id])
                                                                 : 0;
}

// The operation rounds nothing, but the result, if it is listed, has its nearest double as its
// number, and so has a constant factor or a divisor.
double LanguageRounding::OfNearest(NodeId id, const MapNode& map) const {
  const auto largest = [&](std::size_t i) { return NumbersIn(sops_[map.operands[i]]).largest; };
  const double own = DistanceFromDoubles(sops_[id]);
  switch (map.op) {
    case MapOp::kMultiply:
      return own + 1.01 * (OfListed(map.operands[0]) * largest(1) +
                           OfListed(map.operands[1]) * largest(0));
    case MapOp::kDivide: {  // by a constant or a listed number, whose inverse is rounded
      const double smallest = SmallestIn(sops_[map.operands[1]]);
      const double relative = OfListed(map.operands[1]) / smallest + kUnit;
      return own + 1.01 * largest(0) * relative / smallest;
    }
    default:
      return own;
  }
}

// Half a unit in the last place of the largest number, or nothing where all are exact.
double LanguageRounding::InRange(const MapNode& map) const {
  const Numbers a = NumbersIn(sops_[map.operands[0]]);
  const Numbers b = NumbersIn(sops_[map.operands[1]]);
  const long grid_a = a.grid, grid_b = b.grid;
  // Rounding an int that is not a double changes a result by as much again.
  const double roundings = a.has_ints_beyond_doubles || b.has_ints_beyond_doubles ? 3 : 1;
  switch (map.op) {
    case MapOp::kAdd:
    case MapOp::kSubtract: {
      const double largest = a.largest + b.largest;
      if (AreDoubles(largest, std::min(grid_a, grid_b))) return 0;
      return 1.01 * roundings * kUnit * largest + kSmallest;
    }
    case MapOp::kMultiply: {
      const double largest = a.largest * b.largest;
      if (AreDoubles(std::max({largest, a.largest, b.largest}), grid_a + grid_b)) return 0;
      return 1.01 * roundings * kUnit * largest + kSmallest;
    }
    case MapOp::kDivide: {  // by a constant or a listed number, whose inverse is rounded
      const double largest = a.largest / SmallestIn(sops_[map.operands[1]]);
      const bool is_constant = sops_.As<ConstantNode>(map.operands[1]) != nullptr;
      if (is_constant && IsPowerOfTwo(b.largest) && !a.has_ints_beyond_doubles &&
          largest > 0x1p-900) {
        return 0;
      }
      return 1.01 * (roundings + 1) * kUnit * largest + kSmallest;
    }
    case MapOp::kPower: {  // a small constant power, to within one unit in the last place
      const double largest = std::pow(a.largest, b.largest);
      if (AreDoubles(largest, grid_a * static_cast<long>(b.largest))) return 0;
      return (2 + b.largest * (roundings - 1)) * 1.01 * kUnit * largest + kSmallest;
    }
    default:
      return kUnbounded;
  }
}

double LanguageRounding::InRows(NodeId id, const MapNode& map) const {
  const FunctionTable& function = sops_.TableOf(id);
  const auto operands = OperandsByRow(sops_.graph(), sops_.domains(), id);
  const auto number = [&](NodeId of, std::int32_t index) {
    return NumberOf(sops_[of].values[static_cast<std::size_t>(index)]);
  };
  double rounding = 0;
  for (std::size_t row = 0; row < function.rows.size(); ++row) {
    if (function.rows[row] < 0) continue;
    const double x = number(map.operands[0], operands[0][row]);
    const double y = number(map.operands[1], operands[1][row]);
    const double result = number(id, function.rows[row]);
    double own = kUnbounded;
    if (map.op == MapOp::kAdd) own = RoundingOfSum(x, y, result);
    if (map.op == MapOp::kSubtract) own = RoundingOfSum(x, -y, result);
    if (map.op == MapOp::kMultiply) own = RoundingOfProduct(x, y, result);
    if (map.op == MapOp::kDivide) own = RoundingOfProduct(x, 1 / y, result);
    rounding = std::max(rounding, own);
  }
  return rounding;
}

bool LanguageRounding::IsRoundedOnce(const AggregateNode& mean) const {
  const Domain& values = sops_[mean.values];
  const bool is_rational = sops_.graph().arithmetic() == ArithmeticKind::kRational;
  // Sums of ints are exact.
  if (is_rational || !values.MayBe(AtomType::kFloat)) {
    return !NumbersIn(values).has_ints_beyond_doubles;
  }
  return values.is_finite && SumsAreExact(values.values, sops_.context_length());
}

}  // namespace raspc
