#include "compiler/domains/fractions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/domains/positional_rows.h"

namespace raspc {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

// Values of a list are taken for fractions with denominators up to this: 0.1, 0.125, 1/3.
// So large ones that are dyadic are doubles.
constexpr std::int64_t kMaxListedDenominator = 4096;
constexpr double kLargestListedFraction = 0x1p32;

// Where a fraction is a multiple of 2^-20, and not huge, it is a double, and so are the sums of
// many of them.
constexpr int kDyadicBits = 20;
constexpr int kFewBits = 8;
constexpr double kMaxDyadic = 0x1p24;
constexpr double kLargestExact = 0x1p52;

// Numbers that are further apart than this, relative to their size, are different doubles.
constexpr double kDoubleDistance = 0x1p-50;

constexpr int kMaxExponent = 8;

// So many listed values are looked at even where their fractions follow from the operands.
constexpr std::size_t kFewValues = 256;

// Separated one by one, not more.
constexpr std::size_t kManyValues = 1 << 16;

double LargestOf(const Domain& domain) {
  const auto interval = IntervalOf(domain);
  return interval ? std::max(std::abs(interval->low), std::abs(interval->high)) : kUnlimited;
}

// A multiple of a power of two without denominators: arithmetic on few of them is exact.
bool IsExact(const Fractions& fractions) {
  return fractions.is_nearest && fractions.denominators.empty() &&
         fractions.grid.IsDyadic(kDyadicBits);
}

void MakeNearest(Fractions& fractions) {
  fractions.is_nearest = fractions.keeps_sign = fractions.keeps_dyadics = true;
}

// The smallest denominators that both have as a factor.
void AddDenominators(Fractions& fractions, const Fractions& other) {
  for (const auto& [denominator, power] : other.denominators) {
    Fractions::Power& own = fractions.denominators.try_emplace(denominator, power).first->second;
    own.exponent = std::max(own.exponent, power.exponent);
    own.largest = std::max(own.largest, power.largest);
  }
}

void MultiplyDenominator(Fractions& fractions, const Denominator& denominator,
                         const Fractions::Power& power) {
  if (power.largest <= 1) return;
  const auto [at, is_new] = fractions.denominators.try_emplace(denominator, power);
  if (is_new) return;
  at->second.exponent += power.exponent;
  at->second.largest = std::max(at->second.largest, power.largest);
}

// A grid that contains the numbers of both.
std::optional<Fractions> CommonOf(const Fractions& a, const Fractions& b) {
  const auto grid = GreatestDivisor(a.grid, b.grid);
  if (!grid) return std::nullopt;
  Fractions joined;
  joined.grid = *grid;
  joined.denominators = a.denominators;
  AddDenominators(joined, b);
  return joined;
}

// What a listed number stands for: in rational arithmetic itself, else the fraction whose nearest
// double it is.
std::optional<Ratio> RatioOfListed(ArithmeticKind arithmetic, const Atom& number) {
  if (arithmetic == ArithmeticKind::kRational) return RatioOf(ExactNumberOf(number));
  if (!(std::abs(NumberOf(number)) < kLargestListedFraction)) return std::nullopt;
  return SimplestFraction(NumberOf(number), kMaxListedDenominator);
}

// Ints, or the fractions that are listed.
std::optional<Fractions> OfValues(ArithmeticKind arithmetic, const Domain& domain) {
  Fractions result;
  MakeNearest(result);
  if (!domain.MayBe(AtomType::kFloat)) {
    Ratio grid{0, 1};
    for (const Atom& value : domain.values) {
      const auto divisor = GreatestDivisor(grid, {static_cast<std::int64_t>(NumberOf(value)), 1});
      if (!divisor) return std::nullopt;
      grid = *divisor;
      if (grid == Ratio{1, 1}) break;
    }
    result.grid = grid.numerator == 0 ? Ratio{1, 1} : grid;
    return result;
  }
  if (!domain.is_finite) return std::nullopt;
  Ratio grid{0, 1};
  for (const Atom& value : domain.values) {
    const auto fraction = RatioOfListed(arithmetic, value);
    const auto divisor = fraction ? GreatestDivisor(grid, *fraction) : std::nullopt;
    if (!divisor) return std::nullopt;
    grid = *divisor;
  }
  result.grid = grid.numerator == 0 ? Ratio{1, 1} : grid;
  return result;
}

// Whether floats, in float arithmetic, are equal exactly where their fractions are, which are on
// one grid.
bool IsTieExact(const Fractions& joined, const Fractions& a, const Domain& of_a, const Fractions& b,
                const Domain& of_b) {
  const double largest = std::max(LargestOf(of_a), LargestOf(of_b));
  if (a.is_nearest && b.is_nearest) return joined.LeastDistance() > kDoubleDistance * largest;
  const auto is_zero = [&](const Domain& domain) { return LargestOf(domain) == 0; };
  if ((a.keeps_sign && is_zero(of_b)) || (b.keeps_sign && is_zero(of_a))) return true;
  if (!(largest < kMaxDyadic)) return false;
  return (a.keeps_dyadics && IsExact(b)) || (b.keeps_dyadics && IsExact(a));
}

std::optional<Separation> SeparationOfFractions(const Fractions& joined, const Domain& of_a,
                                                const Domain& of_b) {
  const auto range_a = IntervalOf(of_a), range_b = IntervalOf(of_b);
  if (!range_a || !range_b) return std::nullopt;
  // Of the floats: each may be off by its rounding.
  const double distance =
      joined.LeastDistance() - kDoubleDistance * std::max(LargestOf(of_a), LargestOf(of_b));
  if (!(distance > 0)) return std::nullopt;
  Separation result;
  result.lowest = range_a->low - range_b->high;
  result.highest = range_a->high - range_b->low;
  // Ends of ranges that are rounded outwards may be nearer to 0 than any difference.
  result.below = result.highest >= distance ? distance : kUnlimited;
  result.above = result.lowest <= -distance ? distance : kUnlimited;
  result.may_equal = result.lowest <= 0 && result.highest >= 0;
  return result;
}

// Of b and a, given that of a and b.
Separation Swapped(Separation separation) {
  std::swap(separation.below, separation.above);
  std::swap(separation.closest_a, separation.closest_b);
  separation.lowest = -std::exchange(separation.highest, -separation.lowest);
  return separation;
}

}  // namespace

double Fractions::LargestDenominator() const {
  double product = 1;
  for (const auto& [denominator, power] : denominators) {
    product *= std::pow(power.largest, power.exponent);
  }
  return product;
}

const std::optional<Fractions>& FractionsFinder::Of(NodeId id) {
  const auto known = known_.find(id);
  if (known != known_.end()) return known->second;
  auto found = Find(id);
  return known_.emplace(id, std::move(found)).first->second;
}

std::optional<Fractions> FractionsFinder::Find(NodeId id) {
  const Domain& domain = domains_[id];
  if (domain.MayBe(AtomType::kString) || !(LargestOf(domains_[id]) < kLargestExact))
    return std::nullopt;
  std::optional<Fractions> found;
  if (const auto* map = std::get_if<MapNode>(&graph_[id].kind)) found = OfMap(*map);
  if (const auto* mean = std::get_if<AggregateNode>(&graph_[id].kind))
    found = OfAggregate(id, *mean);
  if (!found || domain.values.size() <= kFewValues) {
    auto of_values = OfValues(graph_.arithmetic(), domain);
    if (!found || (of_values && of_values->LeastDistance() >= found->LeastDistance())) {
      found = std::move(of_values);
    }
  }
  if (!found || !(found->LeastDistance() > 0)) return std::nullopt;
  if (IsRational()) MakeNearest(*found);
  return found;
}

std::optional<Fractions> FractionsFinder::OfMap(const MapNode& node) {
  switch (node.op) {
    case MapOp::kAdd:
    case MapOp::kSubtract:
      return OfSum(node);
    case MapOp::kNegate:
    case MapOp::kPlus:
      return Of(node.operands[0]);
    case MapOp::kMultiply:
      return OfProduct(node.operands[0], node.operands[1]);
    case MapOp::kDivide:
      return OfQuotient(node);
    case MapOp::kPower:
      return OfPower(node);
    case MapOp::kChoose:
      return OfChoice(node);
    default:
      return std::nullopt;
  }
}

// A float difference is 0 only where the floats are equal, and has the sign of their comparison.
std::optional<Fractions> FractionsFinder::OfSum(const MapNode& node) {
  const auto &a = Of(node.operands[0]), &b = Of(node.operands[1]);
  if (!a || !b) return std::nullopt;
  auto sum = CommonOf(*a, *b);
  if (!sum) return std::nullopt;
  const double largest =
      LargestOf(domains_[node.operands[0]]) + LargestOf(domains_[node.operands[1]]);
  if (IsExact(*a) && IsExact(*b) && largest < kMaxDyadic) {
    MakeNearest(*sum);
  } else {
    sum->keeps_sign =
        a->is_nearest && b->is_nearest && sum->LeastDistance() > kDoubleDistance * largest;
    // Of the two, both are dyadic or neither.
    sum->keeps_dyadics = (a->keeps_dyadics && IsExact(*b)) || (b->keeps_dyadics && IsExact(*a));
    sum->keeps_dyadics = sum->keeps_dyadics && largest < kMaxDyadic;
  }
  return sum;
}

std::optional<Fractions> FractionsFinder::OfProduct(NodeId a_id, NodeId b_id) {
  const auto &a = Of(a_id), &b = Of(b_id);
  if (!a || !b) return std::nullopt;
  const auto grid = Product(a->grid, b->grid);
  if (!grid) return std::nullopt;
  Fractions product;
  product.grid = *grid;
  product.denominators = a->denominators;
  for (const auto& [denominator, power] : b->denominators) {
    MultiplyDenominator(product, denominator, power);
  }
  product.keeps_sign = a->keeps_sign && b->keeps_sign;
  if (IsExact(*a) && IsExact(*b) &&
      LargestOf(domains_[a_id]) * LargestOf(domains_[b_id]) < kMaxDyadic &&
      grid->IsDyadic(kDyadicBits)) {
    MakeNearest(product);
    return product;
  }
  // A factor of 0, 1, 2 and the like rounds nothing.
  for (const auto& [factor, other] : {std::pair{a_id, &*b}, std::pair{b_id, &*a}}) {
    const Domain& domain = domains_[factor];
    const bool is_power_of_two =
        domain.is_finite &&
        std::all_of(domain.values.begin(), domain.values.end(), [](const Atom& v) {
          int exponent = 0;
          const double half = std::abs(std::frexp(NumberOf(v), &exponent));
          return half == 0 || (half == 0.5 && exponent > 0 && exponent < kDyadicBits);
        });
    if (!is_power_of_two) continue;
    product.is_nearest = product.is_nearest || other->is_nearest;
    product.keeps_dyadics = product.keeps_dyadics || other->is_nearest;
  }
  return product;
}

// x / y, where y is a multiple of its own grid: the multiple is a denominator, and those of y,
// which only make the quotient a larger multiple of the grid, cancel where x has them.
std::optional<Fractions> FractionsFinder::OfQuotient(const MapNode& node) {
  const NodeId divisor = node.operands[1];
  const auto &a = Of(node.operands[0]), &b = Of(divisor);
  if (!a || !b) return std::nullopt;
  // A width is the denominator that means over its selector have.
  const auto* width = std::get_if<WidthNode>(&graph_[divisor].kind);
  const Ratio unit = width != nullptr ? Ratio{1, 1} : b->grid;
  const auto grid = Quotient(a->grid, unit);
  if (!grid) return std::nullopt;
  Fractions quotient;
  quotient.grid = *grid;
  quotient.denominators = a->denominators;
  for (const auto& [denominator, power] : b->denominators) {
    const auto at = quotient.denominators.find(denominator);
    if (at == quotient.denominators.end()) continue;
    at->second.exponent -= power.exponent;
    if (at->second.exponent <= 0) quotient.denominators.erase(at);
  }
  const Denominator by = width != nullptr ? Denominator{Denominator::Kind::kWidth, width->selector}
                                          : Denominator{Denominator::Kind::kMultiple, divisor};
  MultiplyDenominator(
      quotient, by, {1, LargestOf(domains_[divisor]) * b->LargestDenominator() / unit.ToDouble()});
  quotient.keeps_sign = a->keeps_sign;
  // Where it is dyadic, so is the dividend, with a few bits more, which a nearest double still has.
  quotient.keeps_dyadics = a->is_nearest && IsExact(*b) && b->grid.IsDyadic(kFewBits) &&
                           LargestOf(domains_[node.operands[0]]) < kMaxDyadic;
  if (IsExact(*a) && IsExact(*b)) MakeNearest(quotient);
  return quotient;
}

std::optional<Fractions> FractionsFinder::OfPower(const MapNode& node) {
  const auto* constant = std::get_if<ConstantNode>(&graph_[node.operands[1]].kind);
  const auto& base = Of(node.operands[0]);
  if (!base || constant == nullptr || TypeOf(constant->value) != AtomType::kInt) {
    return std::nullopt;
  }
  const auto exponent = std::get<std::int64_t>(constant->value);
  if (exponent < 1 || exponent > kMaxExponent) return std::nullopt;
  Fractions power;
  for (std::int64_t i = 0; i < exponent; ++i) {
    const auto grid = Product(power.grid, base->grid);
    if (!grid) return std::nullopt;
    power.grid = *grid;
    for (const auto& [denominator, of_base] : base->denominators) {
      MultiplyDenominator(power, denominator, of_base);
    }
  }
  power.keeps_sign = base->keeps_sign;
  const double largest =
      std::pow(LargestOf(domains_[node.operands[0]]), static_cast<double>(exponent));
  if (IsExact(*base) && largest < kMaxDyadic && power.grid.IsDyadic(kDyadicBits)) {
    MakeNearest(power);
  }
  return power;
}

std::optional<Fractions> FractionsFinder::OfChoice(const MapNode& node) {
  const auto &a = Of(node.operands[1]), &b = Of(node.operands[2]);
  if (!a || !b) return std::nullopt;
  auto choice = CommonOf(*a, *b);
  if (!choice) return std::nullopt;
  choice->is_nearest = a->is_nearest && b->is_nearest;
  choice->keeps_sign = a->keeps_sign && b->keeps_sign;
  choice->keeps_dyadics = a->keeps_dyadics && b->keeps_dyadics;
  return choice;
}

// A value at another position has that position's denominators, unless all positions have the same.
// A sum over positions has those of all of them: it has a small denominator only where they are the
// same.
std::optional<Fractions> FractionsFinder::OfAggregate(NodeId id, const AggregateNode& node) {
  const auto& values = Of(node.values);
  const Atom missing = DefaultOf(node);
  if (!values || !IsNumber(missing)) return std::nullopt;
  const auto of_missing = RatioOfListed(graph_.arithmetic(), missing);
  if (!of_missing) return std::nullopt;
  Fractions result = *values;
  const auto grid = GreatestDivisor(values->grid, *of_missing);
  if (!grid) return std::nullopt;
  result.grid = *grid;
  const bool is_shared =
      std::all_of(values->denominators.begin(), values->denominators.end(),
                  [&](const auto& denominator) { return IsSharedByAll(denominator.first); });
  const auto rows = PositionalRowsOf(graph_, domains_, node.selector);
  const std::int64_t most = rows ? rows->Most() : domains_.scope.context_length;
  const bool are_sums_exact = static_cast<double>(most) * LargestOf(domains_[node.values]) <
                              kLargestExact / (1 << kDyadicBits);
  const bool is_one = domains_.at_most_one[static_cast<std::size_t>(node.selector.value)];
  if (is_one || IsSameEverywhere(node.values) ||
      equal_rows_.SelectsEqualValues(node.selector, node.values)) {
    if (!is_shared) {
      result.denominators.clear();
      MultiplyDenominator(result, {Denominator::Kind::kElsewhere, id},
                          {1, values->LargestDenominator()});
    }
    // The sum of w equal floats, divided by w, may be rounded.
    if (!is_one) {
      result.is_nearest = IsExact(*values) && are_sums_exact;
      result.keeps_dyadics = values->keeps_dyadics && are_sums_exact;
    }
    return result;
  }
  if (!is_shared) return std::nullopt;
  MultiplyDenominator(result, {Denominator::Kind::kWidth, node.selector},
                      {1, static_cast<double>(most)});
  result.is_nearest = result.keeps_dyadics = result.keeps_sign = false;
  if (IsExact(*values) && are_sums_exact) {
    MakeNearest(result);
  } else if (const auto interval = IntervalOf(domains_[node.values])) {
    const bool has_one_sign = interval->low >= 0 || interval->high <= 0;
    result.keeps_sign = has_one_sign && values->keeps_sign;
  }
  return result;
}

// Whether all queries select the same positions.
bool FractionsFinder::IsSameForAllQueries(NodeId selector) const {
  if (domains_.scope.causal) return false;
  if (const auto* select = std::get_if<SelectNode>(&graph_[selector].kind)) {
    return IsSameEverywhere(select->queries);
  }
  const auto operands = graph_.OperandsOf(selector);
  return std::all_of(operands.begin(), operands.end(),
                     [&](NodeId operand) { return IsSameForAllQueries(operand); });
}

bool FractionsFinder::IsSameEverywhere(NodeId id) const {
  const NodeKind& kind = graph_[id].kind;
  if (std::holds_alternative<ConstantNode>(kind)) return true;
  if (std::holds_alternative<MapNode>(kind)) {
    const auto operands = graph_.OperandsOf(id);
    return std::all_of(operands.begin(), operands.end(),
                       [&](NodeId operand) { return IsSameEverywhere(operand); });
  }
  if (std::holds_alternative<TokensNode>(kind) || std::holds_alternative<IndicesNode>(kind)) {
    return false;
  }
  return IsSameForAllQueries(graph_.OperandsOf(id)[0]);  // a mean, a width or a sum
}

std::optional<Separation> FractionsFinder::Separate(NodeId a, NodeId b) {
  if (auto listed = SeparationOf(domains_[a], domains_[b])) return listed;
  if (Of(a) && Of(b)) {
    if (auto related = SeparateFractions(*Of(a), domains_[a], *Of(b), domains_[b])) return related;
  }
  if (domains_[b].is_finite) return SeparateFromEach(a, domains_[b]);
  const auto swapped =
      domains_[a].is_finite ? SeparateFromEach(b, domains_[a]) : std::optional<Separation>();
  return swapped ? std::optional(Swapped(*swapped)) : std::nullopt;
}

std::optional<Separation> FractionsFinder::Separate(NodeId a, const Domain& b) {
  if (auto listed = SeparationOf(domains_[a], b)) return listed;
  if (b.MayBe(AtomType::kString)) return std::nullopt;
  const auto of_values = OfValues(graph_.arithmetic(), b);
  if (Of(a) && of_values) {
    if (auto related = SeparateFractions(*Of(a), domains_[a], *of_values, b)) return related;
  }
  return b.is_finite ? SeparateFromEach(a, b) : std::nullopt;
}

// At any one position the other number is one of the listed ones, which need no common grid.
std::optional<Separation> FractionsFinder::SeparateFromEach(NodeId a, const Domain& listed) {
  if (!Of(a) || listed.values.empty() || listed.values.size() > kManyValues) return std::nullopt;
  std::optional<Separation> all;
  for (const Atom& value : listed.values) {
    const Domain one{.values = {value}};
    const auto of_value =
        IsNumber(value) ? OfValues(graph_.arithmetic(), one) : std::optional<Fractions>();
    const auto own =
        of_value ? SeparateFractions(*Of(a), domains_[a], *of_value, one) : std::nullopt;
    if (!own) return std::nullopt;
    if (!all) all = own;
    all->below = std::min(all->below, own->below);
    all->above = std::min(all->above, own->above);
    all->may_equal = all->may_equal || own->may_equal;
    all->lowest = std::min(all->lowest, own->lowest);
    all->highest = std::max(all->highest, own->highest);
  }
  return all;
}

std::optional<Separation> FractionsFinder::SeparateFractions(const Fractions& a, const Domain& of_a,
                                                             const Fractions& b,
                                                             const Domain& of_b) const {
  const auto joined = CommonOf(a, b);
  if (!joined || (!IsRational() && !IsTieExact(*joined, a, of_a, b, of_b))) return std::nullopt;
  return SeparationOfFractions(*joined, of_a, of_b);
}

bool FractionsFinder::IsSharedByAll(const Denominator& denominator) const {
  const NodeId of = denominator.of;
  return graph_.IsSelector(of) ? IsSameForAllQueries(of) : IsSameEverywhere(of);
}

// A grid that contains the numbers of `a` at one position and those of `b` at another.
std::optional<Fractions> FractionsFinder::CommonAnywhere(const Fractions& a, NodeId b) const {
  const Fractions& of_b = *known_.at(b);
  Fractions shared = of_b;
  std::erase_if(shared.denominators,
                [&](const auto& denominator) { return !IsSharedByAll(denominator.first); });
  auto joined = CommonOf(a, shared);
  if (!joined) return std::nullopt;
  MultiplyDenominator(*joined, {Denominator::Kind::kElsewhere, b},
                      {1, of_b.LargestDenominator() / shared.LargestDenominator()});
  return joined;
}

// Let g be the grid, D the largest denominator of a number, and Q the power of two next to the
// largest of both numbers together. Different numbers are at least g/Q apart: they do not fit into
// one cell of that width. And cells end at odd multiples of g/2Q, which no number k g/d is, as 2Q
// would divide d, so that it is at least g/2Qd away.
std::optional<Cells> FractionsFinder::CellsOf(NodeId a, NodeId b) {
  if (!Of(a) || !Of(b)) return std::nullopt;
  const Fractions &of_a = *Of(a), &of_b = *Of(b);
  const auto joined = CommonAnywhere(of_a, b);
  const auto range_a = IntervalOf(domains_[a]), range_b = IntervalOf(domains_[b]);
  if (!joined || !range_a || !range_b) return std::nullopt;
  if (!IsRational() && !IsTieExact(*joined, of_a, domains_[a], of_b, domains_[b])) {
    return std::nullopt;
  }
  const double grid = joined->grid.ToDouble();
  const double cells_per_grid = std::exp2(std::ceil(std::log2(joined->LargestDenominator())));
  const double largest_denominator = std::max(of_a.LargestDenominator(), of_b.LargestDenominator());
  Cells cells;
  cells.width = grid / cells_per_grid;
  const double low = std::min(range_a->low, range_b->low);
  const double high = std::max(range_a->high, range_b->high);
  cells.start = cells.width * (std::floor(low / cells.width) - 0.5);
  const double count = std::floor((high - cells.start) / cells.width) + 1;
  // Of the floats, and where the ends of cells are rounded.
  cells.distance = cells.width / (2 * largest_denominator) -
                   2 * kDoubleDistance * std::max(std::abs(cells.start), std::abs(high));
  if (!(cells.distance > 0) || !(count < kLargestExact)) return std::nullopt;
  cells.count = static_cast<std::int64_t>(count);
  return cells;
}

std::optional<double> FractionsFinder::DistanceFromHalves(NodeId id) {
  const auto& own = Of(id);
  if (!own) return std::nullopt;
  const bool are_halves_exact = own->keeps_dyadics && LargestOf(domains_[id]) < kMaxDyadic;
  if (!IsRational() && !are_halves_exact) return std::nullopt;
  Fractions halves;
  halves.grid = {1, 2};
  const auto joined = CommonOf(*own, halves);
  if (!joined) return std::nullopt;
  const double distance =
      joined->LeastDistance() - kDoubleDistance * LargestOf(domains_[id]);  // of the floats
  return distance > 0 ? std::optional(distance) : std::nullopt;
}

bool FractionsFinder::IsDecidedByRounding(NodeId id) {
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr || IsRational() || domains_[id].is_finite) return false;
  if (map->op == MapOp::kRound) {
    return Of(map->operands[0]) && !DistanceFromHalves(map->operands[0]);
  }
  return OutcomesOf(map->op) && IsDecidedByRounding(map->operands[0], map->operands[1]);
}

bool FractionsFinder::IsDecidedByRounding(NodeId a, NodeId b) {
  if (!Of(a) || !Of(b)) return false;
  const auto joined = CommonOf(*Of(a), *Of(b));
  return joined && SeparationOfFractions(*joined, domains_[a], domains_[b]) && !Separate(a, b);
}

}  // namespace raspc
