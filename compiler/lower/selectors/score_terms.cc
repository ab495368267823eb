#include "compiler/lower/selectors/score_terms.h"

#include <algorithm>
#include <utility>

namespace raspc {

void ScoreTerms::Append(const ScoreTerms& other) {
  terms.insert(terms.end(), other.terms.begin(), other.terms.end());
  slack += other.slack;
  takes_least = takes_least || other.takes_least;
}

ScoreTerms OfIndicators(const BlocksBuilder& builder, std::vector<HeadBlock::Term> terms) {
  ScoreTerms result;
  for (const HeadBlock::Term& term : terms) {
    const Bound q = builder.BoundOf(term.query);
    const Bound k = builder.BoundOf(term.key);
    result.slack += q.error * (k.max_abs + k.error) + k.error * q.max_abs;
  }
  result.terms = std::move(terms);
  return result;
}

std::size_t NumRounded(const BlocksBuilder& builder, const std::vector<HeadBlock::Term>& terms) {
  return static_cast<std::size_t>(std::count_if(terms.begin(), terms.end(), [&](const auto& term) {
    return !builder.BoundOf(term.query).IsExact() || !builder.BoundOf(term.key).IsExact();
  }));
}

int ReadyOf(const BlocksBuilder& builder, const std::vector<HeadBlock::Term>& terms) {
  int ready = 0;
  for (const auto& term : terms) {
    ready = std::max({ready, builder.ReadyOf(term.query), builder.ReadyOf(term.key)});
  }
  return ready;
}

}  // namespace raspc
