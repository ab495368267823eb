// The number of an s-op as a form, whatever its domain: sums, differences, multiples, means, counts
// and products; and comparisons of numbers without a list.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/forms/forms.h"

namespace raspc {
namespace {

constexpr double kLargestFactor = 1e30;  // whose powers are far from overflow

// What the operation does to a number, if a negligible change of it can change the result by much;
// else empty.
std::string_view WhatJumps(MapOp op) {
  if (OutcomesOf(op)) return "compares a number";
  switch (op) {
    case MapOp::kRound:
      return "rounds a number";
    case MapOp::kModulo:
      return "takes the remainder of a number";
    case MapOp::kMember:
    case MapOp::kLookUp:
    case MapOp::kLookUpKey:
      return "looks up a number";
    case MapOp::kHost:
      return "applies a function to a number";
    default:
      return "";
  }
}

}  // namespace

LinearForm Forms::Number(NodeId id) {
  if (!sops_.IsNumeric(id)) sops_.FailTooLarge(id, "holds strings where a number is needed");
  return NumberPart(id);
}

LinearForm Forms::NumberPart(NodeId id) {
  if (!sops_[id].is_finite) return NumberOfUnlisted(id);
  LinearForm form = Real(id, sops_.NumberCode(id));
  form.drift += rounding_.OfListed(id);
  return form;
}

LinearForm Forms::NumberOfUnlisted(NodeId id) {
  if (const auto number = LinearNumber(id)) return *number;
  const auto* map = sops_.As<MapNode>(id);
  if (map != nullptr && !WhatJumps(map->op).empty()) {
    sops_.FailUndecided(id, WhatJumps(map->op));
  }
  if (map != nullptr && map->op == MapOp::kMultiply) {
    sops_.FailImprecise(id, "is a product of numbers that may be too large");
  }
  sops_.FailTooLarge(id, sops_.WhyUnlisted(id) + ", and is not a sum or product of others");
}

std::optional<LinearForm> Forms::LinearNumber(NodeId id) {
  if (sops_.As<AggregateNode>(id) != nullptr) {
    return sops_.IsGather(id) ? std::nullopt : std::optional(MeanForm(id));
  }
  if (sops_.As<SumNode>(id) != nullptr) return SumForm(id);
  if (sops_.As<WidthNode>(id) != nullptr) return WidthForm(id);
  const auto* map = sops_.As<MapNode>(id);
  return map == nullptr ? std::nullopt : LinearMap(id, *map);
}

std::optional<LinearForm> Forms::LinearMap(NodeId id, const MapNode& map) {
  const bool has_table = sops_.HasTable(id);
  if (map.op == MapOp::kChoose) {
    const bool is_number = !has_table && !sops_.IsListedChoice(id);
    return is_number ? std::optional(choices_.Number(id)) : std::nullopt;
  }
  for (const NodeId operand : map.operands) {
    if (!sops_.IsNumeric(operand)) return std::nullopt;
  }
  const auto constant = [&](std::size_t i) -> std::optional<double> {
    const auto* node = sops_.As<ConstantNode>(map.operands[i]);
    return node == nullptr ? std::nullopt : std::optional(NumberOf(node->value));
  };
  const auto has_only = [&](AtomType type) {
    const Domain& domain = sops_[map.operands[0]];
    return domain.is_finite &&
           std::all_of(domain.values.begin(), domain.values.end(),
                       [&](const Atom& value) { return TypeOf(value) == type; });
  };
  const bool is_decided = sops_[id].is_finite && !has_table;
  const auto rounded = [&](LinearForm form) {
    form.drift += rounding_.Of(id);
    return form;
  };
  switch (map.op) {
    case MapOp::kAdd:
      return rounded(Sum(Number(map.operands[0]), Number(map.operands[1])));
    case MapOp::kSubtract:
      return rounded(Sum(Number(map.operands[0]), Scaled(Number(map.operands[1]), -1)));
    case MapOp::kNegate:
      return Scaled(Number(map.operands[0]), -1);
    case MapOp::kPlus:
      return Number(map.operands[0]);
    case MapOp::kMultiply:
      for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
        if (const auto factor = constant(i)) {
          return rounded(Scaled(Number(map.operands[1 - i]), *factor));
        }
      }
      if (const auto gated = choices_.GatedProduct(id)) return gated;
      [[fallthrough]];
    case MapOp::kPower:
      return has_table ? std::nullopt : ProductForm(id);
    case MapOp::kDivide:
      if (const auto divisor = constant(1); divisor && *divisor != 0) {
        return rounded(Scaled(Number(map.operands[0]), 1 / *divisor));
      }
      return has_table ? std::nullopt : QuotientForm(id);
    case MapOp::kRound:
      if (has_only(AtomType::kInt)) return Number(map.operands[0]);
      return is_decided ? std::optional(decisions_.Of(id)) : std::nullopt;
    case MapOp::kIndicator:
      if (has_only(AtomType::kBool)) return Number(map.operands[0]);
      return std::nullopt;
    default:
      return is_decided &&
                     (OutcomesOf(map.op) || map.op == MapOp::kPlace || map.op == MapOp::kDigit)
                 ? std::optional(decisions_.Of(id))
                 : std::nullopt;
  }
}

LinearForm Forms::MeanForm(NodeId id) {
  const auto& aggregate = *sops_.As<AggregateNode>(id);
  const Atom missing = DefaultOf(aggregate);
  const double at_bos = IsNumber(missing) ? NumberOf(missing) : 0;
  Heads::Combination combination = Heads::Combination::kMeanOfRoundedSums;
  if (rounding_.IsRoundedOnce(aggregate)) combination = Heads::Combination::kMean;
  if (sops_.SelectsAtMostOne(aggregate.selector)) combination = Heads::Combination::kGather;
  return heads_.Channel(aggregate.selector, NumberPart(aggregate.values), at_bos, combination,
                        meanings_.NumberOf(id));
}

// The number of a product, or of a power with a small exponent; nothing for other s-ops, or if a
// factor may be too large.
std::optional<LinearForm> Forms::ProductForm(NodeId id) {
  constexpr double kLargestExponent = 8;
  if (const auto known = product_forms_.find(id); known != product_forms_.end()) {
    return known->second;
  }
  const auto* map = sops_.As<MapNode>(id);
  if (map == nullptr) return std::nullopt;
  std::vector<NodeId> factors = map->operands;
  int exponent = 1;
  if (map->op == MapOp::kPower) {
    const auto* constant = sops_.As<ConstantNode>(map->operands[1]);
    if (constant == nullptr || !IsNumber(constant->value)) return std::nullopt;
    const double number = NumberOf(constant->value);
    if (!(number >= 2 && number <= kLargestExponent) || number != std::floor(number)) {
      return std::nullopt;
    }
    exponent = static_cast<int>(number);
    factors.pop_back();
  } else if (map->op != MapOp::kMultiply) {
    return std::nullopt;
  }
  std::vector<RangedNumber> numbers;
  for (const NodeId factor : factors) {
    const LinearForm number = Number(factor);
    const auto range = IntervalOf(sops_[factor]);
    if (!range || !(std::max(-range->low, range->high) <= kLargestFactor)) return std::nullopt;
    numbers.push_back({number, *range, sops_.graph().Describe(factor), meanings_.LineOf(factor)});
  }
  LinearForm form = (map->op == MapOp::kPower ? products_.Power(numbers[0], exponent)
                                              : products_.Product(numbers[0], numbers[1]))
                        .form;
  form.drift += rounding_.Of(id);
  return product_forms_.emplace(id, std::move(form)).first->second;
}

// A product with the inverse of the divisor, where that is listed; nothing if it is not, or if the
// dividend may be too large.
std::optional<LinearForm> Forms::QuotientForm(NodeId id) {
  if (const auto known = product_forms_.find(id); known != product_forms_.end()) {
    return known->second;
  }
  const auto& map = *sops_.As<MapNode>(id);
  const NodeId dividend = map.operands[0], divisor = map.operands[1];
  const auto range = IntervalOf(sops_[dividend]);
  if (!range || !(std::max(-range->low, range->high) <= kLargestFactor) ||
      !sops_[divisor].is_finite) {
    return std::nullopt;
  }
  Code inverses;  // 0 for 0, by which no input divides
  for (const double number : sops_.NumberCode(divisor)) {
    inverses.push_back(number == 0 ? 0 : 1 / number);
  }
  const auto [low, high] = std::minmax_element(inverses.begin(), inverses.end());
  const DataflowGraph& graph = sops_.graph();
  const RangedNumber inverse{Real(divisor, inverses), {*low, *high},
                             "1/" + AsOperand(graph.Describe(divisor)), meanings_.LineOf(divisor)};
  const RangedNumber number{Number(dividend), *range, graph.Describe(dividend),
                            meanings_.LineOf(dividend)};
  LinearForm form = products_.Product(number, inverse).form;
  form.drift += rounding_.Of(id);
  return product_forms_.emplace(id, std::move(form)).first->second;
}

// --- Counts.

const std::vector<WidthPart>& Forms::PartsOf(NodeId width) {
  return width_parts_.Of(program_.FormulaOf(sops_.As<WidthNode>(width)->selector));
}

// Nothing for a width that one head counts: functions of it read the share.
std::optional<LinearForm> Forms::WidthForm(NodeId id) {
  if (HasShare(id)) return std::nullopt;
  LinearForm total;
  for (const WidthPart& part : PartsOf(id)) {
    total = Sum(total, Scaled(WidthOfPart(id, part.formula), part.sign));
  }
  return total;
}

namespace {

// Ints as a sum of weights, each added where its set holds: by value, or by bit.
struct WeightedSet {
  double weight;
  std::vector<bool> set;
};

std::vector<WeightedSet> ByValue(const std::vector<std::int64_t>& numbers) {
  std::vector<WeightedSet> result;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    std::vector<bool> set(numbers.size());
    set[i] = true;
    result.push_back({static_cast<double>(numbers[i]), std::move(set)});
  }
  return result;
}

std::vector<WeightedSet> ByBit(const std::vector<std::int64_t>& numbers) {
  const std::int64_t least = *std::min_element(numbers.begin(), numbers.end());
  std::int64_t step = 0;
  for (const std::int64_t number : numbers) step = std::gcd(step, number - least);
  std::vector<WeightedSet> result;
  if (least != 0) {
    result.push_back({static_cast<double>(least), std::vector<bool>(numbers.size(), true)});
  }
  if (step == 0) return result;
  for (int bit = 0; bit < 62; ++bit) {
    std::vector<bool> set;
    for (const std::int64_t number : numbers) {
      set.push_back((((number - least) / step) >> bit & 1) != 0);
    }
    if (std::find(set.begin(), set.end(), true) == set.end()) continue;
    result.push_back({std::ldexp(static_cast<double>(step), bit), std::move(set)});
  }
  return result;
}

}  // namespace

LinearForm Forms::WidthOfPart(NodeId node, FormulaId part) {
  const auto width = block_sums_.Width(node, part);
  return width ? *width : heads_.Width(node, part);
}

// Nothing if some part of the selector does not select whole blocks.
std::optional<LinearForm> Forms::SumOverBlocks(NodeId id) {
  const auto& sum = *sops_.As<SumNode>(id);
  LinearForm total;
  for (const WidthPart& part : width_parts_.Of(program_.FormulaOf(sum.selector))) {
    const auto own = block_sums_.Sum(id, sum.values, part.formula);
    if (!own) return std::nullopt;
    total = Sum(total, Scaled(*own, part.sign));
  }
  return total;
}

// A sum of widths: how many of the selected keys have each bit set.
LinearForm Forms::SumForm(NodeId id) {
  constexpr double kLargestSum = 1125899906842624.0;  // 2^50: rounding restores what the mean lost
  const auto& sum = *sops_.As<SumNode>(id);
  if (!sops_[sum.values].is_finite) {
    sops_.FailTooLarge(id, "sums numbers that cannot be listed");
  }
  const auto interval = IntervalOf(sops_[id]);
  if (!interval || std::max(-interval->low, interval->high) > kLargestSum) {
    sops_.FailTooLarge(id, "can be a sum too large to be exact");
  }
  if (const auto total = SumOverBlocks(id)) return *total;
  std::vector<std::int64_t> numbers;
  for (const Atom& value : sops_[sum.values].values) {
    numbers.push_back(std::get<std::int64_t>(value));
  }
  const auto by_value = ByValue(numbers);
  const auto by_bit = ByBit(numbers);
  LinearForm total;
  for (const auto& [weight, set] : by_value.size() <= by_bit.size() ? by_value : by_bit) {
    FormulaId formula = program_.FormulaOf(sum.selector);
    if (std::find(set.begin(), set.end(), false) != set.end()) {
      Formula key_in;
      key_in.kind = Formula::Kind::kKeyIn;
      key_in.values = sum.values;
      key_in.set = set;
      formula = formulas_.And(formula, formulas_.Add(std::move(key_in)));
    }
    for (const WidthPart& part : width_parts_.Of(formula)) {
      total = Sum(total, Scaled(WidthOfPart(id, part.formula), weight * part.sign));
    }
  }
  return total;
}

}  // namespace raspc
