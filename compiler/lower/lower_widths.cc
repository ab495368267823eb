// Counting selected keys: a width, or a sum of ints, from the share 1/(1+width) that a head gives,
// by way of widths that heads can score.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/lowering.h"

namespace raspc {
namespace {

// How many `and`s of comparisons a formula is the `or` of.
std::size_t NumAlternatives(const Formula& formula) {
  if (formula.parts.empty()) return 1;
  const bool is_and = formula.kind == Formula::Kind::kAnd;
  std::size_t number = is_and ? 1 : 0;
  for (const Formula& part : formula.parts) {
    const std::size_t of_part = NumAlternatives(part);
    number = is_and ? std::min<std::size_t>(number * of_part, 1 << 20) : number + of_part;
  }
  return number;
}

// Whether two comparisons of the same values cannot both hold.
bool Exclude(Comparison a, bool a_negated, Comparison b, bool b_negated) {
  return (OutcomeBits(a, a_negated) & OutcomeBits(b, b_negated)) == 0;
}

}  // namespace

// Whether a formula reads at most one embedding-only feature on either side, so that one term
// suffices whatever the formula.
bool Lowering::IsOneTerm(const Formula& formula) const {
  for (const bool queries : {true, false}) {
    std::set<Feature> features;
    for (const NodeId id : NodesOf(graph_, formula, queries)) {
      if (!IsFree(id)) return false;
      for (const Feature& feature : domains_.TableOf(id).features) features.insert(feature);
    }
    if (features.size() > 1) return false;
  }
  return true;
}

// Whether two parts of an `and` that compare the same s-ops exclude each other: a cheap test, which
// may miss some.
bool Lowering::IsNeverSelected(const Formula& formula) const {
  if (formula.kind != Formula::Kind::kAnd) return false;
  for (std::size_t i = 0; i < formula.parts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (formula.parts[i].kind != Formula::Kind::kComparison ||
          formula.parts[j].kind != Formula::Kind::kComparison) {
        continue;
      }
      const auto& a = std::get<SelectNode>(graph_[formula.parts[i].select].kind);
      const auto& b = std::get<SelectNode>(graph_[formula.parts[j].select].kind);
      if (a.keys != b.keys || a.queries != b.queries) continue;
      if (Exclude(a.op, formula.parts[i].negated, b.op, formula.parts[j].negated)) return true;
    }
  }
  return false;
}

void Lowering::ExpandWidth(const Formula& formula, double sign, std::vector<WidthPart>& parts) {
  constexpr std::size_t kMaxAlternatives = 4;
  // One part for each set of alternatives; a formula left whole is one matrix.
  if (NumAlternatives(formula) > kMaxAlternatives + 1) {
    parts.push_back({sign, formula});
    return;
  }
  if (formula.kind == Formula::Kind::kAnd) {
    // (a or b) and c = (a and c) or (b and c)
    for (std::size_t i = 0; i < formula.parts.size(); ++i) {
      const Formula& either = formula.parts[i];
      if (either.kind != Formula::Kind::kOr || IsOneTerm(either) ||
          either.parts.size() > kMaxAlternatives) {
        continue;
      }
      Formula distributed;
      distributed.kind = Formula::Kind::kOr;
      for (const Formula& alternative : either.parts) {
        Formula both = alternative;
        for (std::size_t j = 0; j < formula.parts.size(); ++j) {
          if (j != i) both = And(both, formula.parts[j]);
        }
        distributed.parts.push_back(std::move(both));
      }
      ExpandWidth(distributed, sign, parts);
      return;
    }
  }
  if (formula.kind != Formula::Kind::kOr || IsOneTerm(formula) ||
      formula.parts.size() > kMaxAlternatives) {
    SplitOrder(formula, sign, parts);
    return;
  }
  const Formula& first = formula.parts[0];
  Formula rest = formula;
  rest.parts.erase(rest.parts.begin());
  if (rest.parts.size() == 1) {
    const Formula only = rest.parts[0];
    rest = only;
  }
  ExpandWidth(first, sign, parts);
  ExpandWidth(rest, sign, parts);
  const Formula both = And(first, rest);
  if (!IsNeverSelected(both)) ExpandWidth(both, -sign, parts);
}

// A comparison of order between many values needs a dimension for each of them, but its width is
// the sum of the widths of "equal above bit b, 0 there in the lower, 1 in the higher", which need
// two for each bit.
void Lowering::SplitOrder(const Formula& formula, double sign, std::vector<WidthPart>& parts) {
  const bool is_and = formula.kind == Formula::Kind::kAnd;
  const std::size_t num_parts = is_and ? formula.parts.size() : 1;
  for (std::size_t i = 0; i < num_parts; ++i) {
    const Formula& part = is_and ? formula.parts[i] : formula;
    if (!IsWorthSplitting(part)) continue;
    const int num_bits = OrderCodesOf(part)->num_bits;
    for (int bit = 0; bit < num_bits; ++bit) {
      Formula split = formula;
      (is_and ? split.parts[i] : split).bit = bit;
      parts.push_back({sign, std::move(split)});
    }
    return;
  }
  parts.push_back({sign, formula});
}

// width(a or b) = width(a) + width(b) - width(a and b), so that each part is an `and`, which a head
// can score. An `or` of embedding-only features is left whole: one term suffices.
std::vector<Lowering::WidthPart> Lowering::WidthParts(NodeId id) {
  const Formula& formula = FormulaOf(std::get<WidthNode>(graph_[id].kind).selector);
  std::vector<WidthPart> parts;
  ExpandWidth(formula, 1, parts);
  return parts;
}

LinearForm Lowering::ShareForm(const Formula& formula) {
  const auto known = shares_.find(KeyOf(formula));
  if (known != shares_.end()) return known->second;
  const Scoring& scoring = ScoringOf(formula, Quality::kZeroSet);
  HeadBlock head = HeadFor(scoring, formula, true);
  Variable variable;
  variable.origin = Variable::Origin::kHead;
  variable.at_bos = 1;
  variable.ready = 2 * EarliestHeadLayer(ReadyOfScoring(scoring)) + 1;
  variable.bound.max_abs = 1;
  variable.bound.error = kShareRoundings * blocks_.arithmetic.unit_roundoff;
  const VariableId output = AddVariable(std::move(variable), ShareMeaning(formula));
  head.channels.push_back({LinearForm::Constant(0), 1, output});
  blocks_.heads.push_back(std::move(head));
  return shares_.emplace(KeyOf(formula), LinearForm::Of(output)).first->second;
}

// w from 1/(1+w).
LinearForm Lowering::PartNumber(NodeId width, const Formula& formula) {
  const auto key = KeyOf(formula);
  const auto known = part_numbers_.find(key);
  if (known != part_numbers_.end()) return known->second;
  const LinearForm share = ShareForm(formula);
  std::vector<double> points, widths;
  for (std::int64_t w = domains_.scope.context_length; w >= 0; --w) {
    points.push_back(1 / (1 + static_cast<double>(w)));
    widths.push_back(static_cast<double>(w));
  }
  MlpPiece piece(blocks_, share, points);
  const auto output = piece.Function(widths, effort_.number_tolerance);
  if (!output) FailImprecise(width, "counts to more than the arithmetic can tell apart");
  const LinearForm form = AddPiece(piece, *output, share, WidthMeaning(width, formula));
  return part_numbers_.emplace(key, form).first->second;
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
  if (least != 0)
    result.push_back({static_cast<double>(least), std::vector<bool>(numbers.size(), true)});
  if (step == 0) return result;
  for (int bit = 0; bit < 62; ++bit) {
    std::vector<bool> set;
    for (const std::int64_t number : numbers)
      set.push_back((((number - least) / step) >> bit & 1) != 0);
    if (std::find(set.begin(), set.end(), true) == set.end()) continue;
    result.push_back({std::ldexp(static_cast<double>(step), bit), std::move(set)});
  }
  return result;
}

}  // namespace

// A sum of widths: how many of the selected keys have each bit set.
LinearForm Lowering::SumNumber(NodeId id) {
  constexpr double kLargestSum = 1125899906842624.0;  // 2^50: rounding restores what the mean lost
  const auto& sum = std::get<SumNode>(graph_[id].kind);
  if (!DomainOf(sum.values).is_finite) FailTooLarge(id, "adds up numbers that cannot be listed");
  const auto interval = IntervalOf(DomainOf(id));
  if (!interval || std::max(-interval->low, interval->high) > kLargestSum) {
    FailTooLarge(id, "can be a sum too large to be exact");
  }
  std::vector<std::int64_t> numbers;
  for (const Atom& value : DomainOf(sum.values).values) {
    numbers.push_back(std::get<std::int64_t>(value));
  }
  const auto by_value = ByValue(numbers);
  const auto by_bit = ByBit(numbers);
  LinearForm total;
  for (const auto& [weight, set] : by_value.size() <= by_bit.size() ? by_value : by_bit) {
    Formula formula = FormulaOf(sum.selector);
    if (std::find(set.begin(), set.end(), false) != set.end()) {
      Formula key_in;
      key_in.kind = Formula::Kind::kKeyIn;
      key_in.values = sum.values;
      key_in.set = set;
      formula = And(formula, key_in);
    }
    std::vector<WidthPart> parts;
    ExpandWidth(formula, weight, parts);
    for (const WidthPart& part : parts) {
      total = Sum(total, Scaled(PartNumber(id, part.formula), part.sign));
    }
  }
  return total;
}

}  // namespace raspc
