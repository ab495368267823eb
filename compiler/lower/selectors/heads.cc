#include "compiler/lower/selectors/heads.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "compiler/lower/selectors/most_selected.h"

namespace raspc {

HeadBlock Heads::HeadFor(const Scoring& scoring, FormulaId formula, bool bos_shares) const {
  HeadBlock head;
  head.label = program_.NameOf(formula, kLongestSelector);
  head.line = program_.LineOf(formula);
  head.mask = scoring.visibility.mask;
  head.bos_shares = bos_shares;
  head.terms = scoring.score.terms;
  head.takes_least = scoring.score.takes_least;
  head.hidden_offsets = scoring.visibility.hidden_offsets;
  return head;
}

// --- Means and gathered values.

LinearForm Heads::Channel(NodeId selector, const LinearForm& value, double at_bos,
                          Combination combination, const VariableMeaning& meaning) {
  if (value.IsConstant()) {
    // Only whether any key is selected matters; an indicator at BOS shows it without rounding,
    // since its weight is exactly 1 or 0.
    if (value.constant == at_bos) return value;
    if (value.constant != 0 || at_bos != 1) {
      const LinearForm none = Emptiness(selector);
      // Not one weight at_bos - constant: how that is rounded is known to Sum only.
      return Sum(Sum(Scaled(none, at_bos), Scaled(none, -value.constant)), value);
    }
    return Emptiness(selector);
  }
  return ChannelOf({program_.FormulaOf(selector), sops_.SelectsAtMostOne(selector),
                    sops_.context_length(), combination},
                   value, at_bos, meaning);
}

LinearForm Heads::SumOver(FormulaId formula, const LinearForm& value, std::int64_t size,
                          const VariableMeaning& meaning) {
  const Combination combination = size == 1 ? Combination::kGather : Combination::kMean;
  const LinearForm mean = ChannelOf({formula, false, size, combination}, value, 0, meaning);
  return Scaled(mean, static_cast<double>(size));
}

LinearForm Heads::ChannelOf(const Asked& asked, const LinearForm& value, double at_bos,
                            const VariableMeaning& meaning) {
  const FormulaId formula = asked.formula;
  // Where at most one key is selected, the scores of several need not be equal.
  const bool one = asked.selects_at_most_one && sops_.Has(Optimization::kApproximateScores);
  const Scoring& scoring =
      selectors_.ScoringOf(formula, one ? Quality::kApproximateSet : Quality::kZeroSet);
  const int layer = EarliestHeadLayer(
      std::max(builder_.ReadyOf(value), ReadyOf(builder_, scoring.score.terms)));
  // Aggregates over one selector that can run in one layer are channels of one head.
  const auto known = heads_.find({formula, layer});
  const bool is_new = known == heads_.end() || !sops_.Has(Optimization::kSharedHeads);
  const std::size_t head =
      is_new ? builder_.AddHead(HeadFor(scoring, formula, false)) : known->second;
  if (is_new) {
    heads_[{formula, layer}] = head;
    if (one) {
      const NodeId selector = formulas_.SelectorWith(formula);
      builder_.AddMargin("scores of " + NameInMessage(sops_.graph(), selector),
                         scoring.score.slack, kMaxSlack, head);
    }
  }
  for (const auto& channel : builder_.blocks().heads[head].channels) {
    if (channel.value == value && channel.at_bos == at_bos) return LinearForm::Of(channel.output);
  }
  Variable variable;
  variable.ready = 2 * layer + 1;
  variable.bound = BoundOfChannel(value, at_bos, asked);
  return builder_.AddChannel(head, value, at_bos, std::move(variable), meaning);
}

Bound Heads::BoundOfChannel(const LinearForm& value, double at_bos, const Asked& asked) const {
  Bound bound = builder_.BoundOf(value);
  const Bound missing = BoundAtBos(builder_.blocks(), value, at_bos);
  bound.max_abs = std::max(bound.max_abs, missing.max_abs);
  bound.error = std::max(bound.error, missing.error);
  bound.grid = std::min(bound.grid, missing.grid);
  if (asked.combination == Combination::kGather) return bound;
  // c weights of 1/c, each rounded, c products and c - 1 additions, in any order: at most (c + 3)
  // roundings of numbers whose sizes add up to max_abs. Normalising after the sum costs no more.
  const double count = static_cast<double>(asked.most) + 3;
  // One of these is the language's division. Where its sum is rounded too, the error doubles.
  const double of_language = asked.combination == Combination::kMeanOfRoundedSums
                                 ? ArithmeticOf(DType::kFloat64).unit_roundoff
                                 : 0;
  bound.error += 1.01 * count * (builder_.arithmetic().unit_roundoff + of_language) *
                 (bound.max_abs + bound.error);
  return bound;
}

// --- Counts.

LinearForm Heads::Share(FormulaId formula) {
  if (const auto known = shares_.find(formula); known != shares_.end()) return known->second;
  const Scoring& scoring = selectors_.ScoringOf(formula, Quality::kZeroSet);
  const std::size_t head = builder_.AddHead(HeadFor(scoring, formula, true));
  Variable variable;
  variable.ready = 2 * EarliestHeadLayer(ReadyOf(builder_, scoring.score.terms)) + 1;
  variable.bound.max_abs = 1;
  variable.bound.error = kShareRoundings * builder_.arithmetic().unit_roundoff;
  const LinearForm share = builder_.AddChannel(head, LinearForm::Constant(0), 1,
                                               std::move(variable), program_.ShareMeaning(formula));
  return shares_.emplace(formula, share).first->second;
}

// w from 1/(1+w).
LinearForm Heads::Width(NodeId node, FormulaId formula) {
  if (const auto known = widths_.find(formula); known != widths_.end()) return known->second;
  const LinearForm share = Share(formula);
  std::vector<double> points, widths;
  for (std::int64_t w = MostSelected(sops_, formulas_, formula); w >= 0; --w) {
    points.push_back(1 / (1 + static_cast<double>(w)));
    widths.push_back(static_cast<double>(w));
  }
  MlpSegment segment(builder_.blocks(), share, points);
  const auto output = segment.Function(widths, plan_.number_tolerance);
  if (!output) sops_.FailImprecise(node, "has counts too large to distinguish");
  const LinearForm width =
      builder_.AddSegment(segment, *output, share, program_.WidthMeaning(node, formula));
  return widths_.emplace(formula, width).first->second;
}

}  // namespace raspc
