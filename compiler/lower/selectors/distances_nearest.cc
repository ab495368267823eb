// Equality where every query finds exactly one key: the key with the smallest penalty.
//
// Then an equal key need not be distinguished from a missing one, and (q - k)^2 can do without q^2,
// which is the same for all keys:
//
//     k^2 * 1  -  2q * k
//
// A number q that is computed is thus compared without being squared. A width w that a head gives
// as its share x = 1/(1+w) need not even become a number: with m = 1 + k
//
//     x (m - 1/x)^2  =  x * m^2  -  1 * 2m  +  1/x,
//
// of which the last is the same for all keys as well. The share has a small relative error, and 1/x
// the same relative to 1 + w.

#include <algorithm>
#include <cmath>

#include "compiler/lower/selectors/distances.h"

namespace raspc {
namespace {

// How much of the distance 1 to another key's penalty may be lost.
constexpr double kNearestTolerance = 0.35;

// Roundings in a score: both products and their inputs, their sum, the place of BOS, and zeros.
constexpr int kRoundingsOfScore = 16;

}  // namespace

const Facts& Distances::facts() {
  if (!facts_) facts_.emplace(sops_.graph(), sops_.domains(), sops_.scope().vocabulary);
  return *facts_;
}

std::optional<ScoreTerms> Distances::ToNearest(const Formula& clause, Quality quality) {
  if (!IsEquality(sops_, clause) || clause.negated) return std::nullopt;
  if (quality != Quality::kApproximateSet) return std::nullopt;
  const auto& select = *sops_.As<SelectNode>(clause.select);
  if (!sops_.SelectsAtMostOne(clause.select)) return std::nullopt;
  const auto missed = facts().OnlyMissedQuery(clause.select);
  if (!facts().IsNeverEmpty(clause.select) && !missed) return std::nullopt;
  if (auto by_share = ToNearestByShare(select, missed)) return by_share;
  if (missed) return std::nullopt;
  return OfCodes(select.queries, sops_.NumberCode(select.queries), select.keys,
                 sops_.NumberCode(select.keys), quality, /*is_found=*/true);
}

// The penalty of a width that one head gives and a function of the position. Where the width equals
// no key, it is `missed`, and BOS stands in for a key with that number.
std::optional<ScoreTerms> Distances::ToNearestByShare(const SelectNode& select,
                                                      std::optional<std::int64_t> missed) {
  if (sops_.As<WidthNode>(select.queries) == nullptr || !sops_.IsFeature(select.queries)) {
    return std::nullopt;
  }
  if (!forms_.HasShare(select.queries) || !sops_.IsEmbedded(select.keys) ||
      !sops_.HasIntsOnly(select.keys)) {
    return std::nullopt;
  }
  Code numbers = sops_.NumberCode(select.keys);
  Code squares;
  for (double& number : numbers) {
    number += 1;
    squares.push_back(number * number);
  }

  // A key at a distance of 1 has a penalty that is larger by x, and so by 1 once it is multiplied.
  const double largest = 1 + static_cast<double>(sops_.context_length());  // of 1/x
  const double factor = PowerOfTwoAtLeast(largest);
  // Relative to x d^2, with d the distance: the penalties of two keys are at most x ((1/x + d)^2
  // + 2 (1/x + d)/x), and 1/x has a relative error.
  const double unit = builder_.arithmetic().unit_roundoff;
  const double shift = kShareRoundings * unit * largest;
  const double rounding = 1.01 * kRoundingsOfScore * unit * (3 * largest + 1) * (largest + 1);
  const double error = 2 * shift + 2 * rounding;
  if (!(error <= kNearestTolerance)) return std::nullopt;

  const LinearForm share = forms_.Share(select.queries);
  HeadBlock::Term of_square{Scaled(share, factor), forms_.Real(select.keys, squares)};
  HeadBlock::Term of_number{LinearForm::Constant(1),
                            Scaled(forms_.Real(select.keys, numbers), -2 * factor)};
  if (missed) {
    const double at_bos = 1 + static_cast<double>(*missed);
    of_square.key_at_bos = at_bos * at_bos;
    of_number.key_at_bos = -2 * factor * at_bos;
  }
  ScoreTerms result{{std::move(of_square), std::move(of_number)}, error};
  result.takes_least = true;
  return result;
}

}  // namespace raspc
