// Whether a row of a selector is empty, without counting:
//
//   in general        a head that attends to BOS only where nothing is selected gives an indicator
//   in parts          a comparison of order between many values is the disjoint union of narrow
//                     ones (order_codes.h), and a row is empty where it is empty in all of them
//   by the extreme    no key is greater than y exactly where the greatest is not. A head whose
//                     scores are the keys' numbers finds that in one dimension, and gives the
//                     number itself: several keys that have it all give the same

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/lower/selectors/heads.h"

namespace raspc {
namespace {

// How much of the distance 1 between two numbers may be lost: in a score, and in the number given.
constexpr double kExtremeTolerance = 0.25;

// Comparisons with fewer values than this take few dimensions as they are.
constexpr std::size_t kManyKeys = 8;

std::pair<double, double> EndsOf(const Code& numbers) {
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  return {*low, *high};
}

struct OrderSense {
  bool is_upwards;  // keys greater than the query's number, or not less
  bool or_equal;
};

std::optional<OrderSense> SenseOf(const SelectNode& select, bool negated) {
  switch (OutcomeBits(select.op, negated)) {
    case 1:
      return OrderSense{false, false};
    case 3:
      return OrderSense{false, true};
    case 4:
      return OrderSense{true, false};
    case 6:
      return OrderSense{true, true};
    default:
      return std::nullopt;
  }
}

}  // namespace

LinearForm Heads::Emptiness(NodeId selector) {
  const FormulaId formula = program_.FormulaOf(selector);
  if (const auto known = emptiness_.find(formula); known != emptiness_.end()) {
    return known->second;
  }
  std::optional<LinearForm> form = EmptinessByExtreme(selector, formula);
  if (!form) form = EmptinessInParts(selector, formula);
  if (!form) form = EmptinessOf(selector, formula);
  return emptiness_.emplace(formula, *form).first->second;
}

LinearForm Heads::EmptinessOf(NodeId selector, FormulaId formula) {
  return ChannelOf(
      {formula, sops_.SelectsAtMostOne(selector), sops_.context_length(), Combination::kGather}, {},
      1, meanings_.TextFor(selector, "empty"));
}

// Nothing if the formula is not split into comparisons at one bit.
std::optional<LinearForm> Heads::EmptinessInParts(NodeId selector, FormulaId formula) {
  const std::vector<WidthPart>& parts = width_parts_.Of(formula);
  if (!width_parts_.HasOrderByBits(formula)) return std::nullopt;
  LinearForm total;
  double num_full = 0;
  for (const WidthPart& part : parts) {
    if (part.sign < 0) continue;  // what two of the others both select
    total = Sum(total, EmptinessOf(selector, part.formula));
    ++num_full;
  }
  std::vector<double> counts, targets;
  for (double count = 0; count <= num_full; ++count) {
    counts.push_back(count);
    targets.push_back(count == num_full ? 1 : 0);
  }
  MlpSegment segment(builder_.blocks(), total, counts);
  const auto output = segment.Function(targets, 0);
  if (!output) return std::nullopt;
  return builder_.AddSegment(segment, *output, total, meanings_.TextFor(selector, "empty"));
}

// Nothing if the formula is not a comparison of order between ints, or their numbers are not
// precise enough.
std::optional<LinearForm> Heads::EmptinessByExtreme(NodeId selector, FormulaId id) {
  const Formula& formula = formulas_[id];
  if (formula.kind != Formula::Kind::kComparison || !sops_.Has(Optimization::kDistances) ||
      (sops_.options().causal && sops_.options().mask == HeadMask::kNone)) {
    return std::nullopt;
  }
  const auto& select = *sops_.As<SelectNode>(formula.select);
  const auto sense = SenseOf(select, formula.negated);
  if (!sense || !sops_.HasIntsOnly(select.keys) || !sops_.HasIntsOnly(select.queries) ||
      sops_[select.keys].values.size() < kManyKeys ||
      (sops_.IsOfPosition(select.keys) && sops_.IsOfPosition(select.queries))) {
    return std::nullopt;
  }
  const auto extreme = ExtremeKey(selector, select.keys, sense->is_upwards);
  if (!extreme) return std::nullopt;
  const LinearForm ahead =
      Scaled(Sum(*extreme, Scaled(forms_.Number(select.queries), -1)), sense->is_upwards ? 1 : -1);
  const auto [keys_low, keys_high] = EndsOf(sops_.NumberCode(select.keys));
  const auto [queries_low, queries_high] = EndsOf(sops_.NumberCode(select.queries));
  const double reach = std::max(keys_high, queries_high) - std::min(keys_low, queries_low) + 1;
  const double last_empty = sense->or_equal ? -1 : 0;
  MlpSegment segment(builder_.blocks(), ahead, {-reach, last_empty, last_empty + 1, reach + 1});
  const auto output = segment.Steps({1, 1, 0, 0});
  if (!output || !(output->bound.error <= plan_.number_tolerance)) return std::nullopt;
  return builder_.AddSegment(segment, *output, ahead, meanings_.TextFor(selector, "empty"));
}

// The greatest, or the least, of the keys' numbers, ints. Every query sees a key.
std::optional<LinearForm> Heads::ExtremeKey(NodeId selector, NodeId keys, bool greatest) {
  const auto [low, high] = EndsOf(sops_.NumberCode(keys));
  const LinearForm number = forms_.Number(keys);
  HeadBlock head = HeadFor({}, program_.FormulaOf(selector), /*bos_shares=*/false);
  head.mask = sops_.options().mask;
  head.takes_least = head.may_tie = true;
  HeadBlock::Term term{LinearForm::Constant(1),
                       greatest ? Shifted(Scaled(number, -1), high) : Shifted(number, -low)};
  term.key_at_bos = high - low + 1;
  const Bound bound = builder_.BoundOf(term.key);
  const double unit = builder_.arithmetic().unit_roundoff;
  const double error = 2 * (bound.error + 4 * unit * (bound.max_abs + std::abs(term.key_at_bos)));
  if (!(error <= kExtremeTolerance)) return std::nullopt;
  head.terms.push_back(std::move(term));
  const int layer = EarliestHeadLayer(ReadyOf(builder_, head.terms));
  const std::size_t at = builder_.AddHead(std::move(head));
  builder_.AddMargin("scores of " + NameInMessage(sops_.graph(), selector), error, kMaxSlack, at);
  Variable variable;
  variable.ready = 2 * layer + 1;
  variable.bound =
      BoundOfChannel(number, 0, {{}, false, sops_.context_length(), Combination::kMean});
  return builder_.AddChannel(at, number, 0, std::move(variable),
                             meanings_.TextFor(keys, greatest ? "max" : "min"));
}

}  // namespace raspc
