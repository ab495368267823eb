// The terms of a head's score that penalise one clause of its selector.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/lower/builder/blocks_builder.h"

namespace raspc {

// The total error allowed in the penalties of a head that selects at most one key. Above, a
// selected key would come close to BOS, which scores half a scale below it (compiler/emit).
inline constexpr double kMaxSlack = 0.4;

// How many products of a score may be rounded. Those that are exactly 0 for a selected key do not
// count, since they change no sum.
inline constexpr std::size_t kMaxRoundedTerms = 67;

struct ScoreTerms {
  std::vector<HeadBlock::Term> terms;
  double slack = 0;          // total error of the penalties
  bool takes_least = false;  // see HeadBlock

  void Append(const ScoreTerms& other);
};

// Terms that are products of two indicators. Each may be off, and their errors add up.
ScoreTerms OfIndicators(const BlocksBuilder& builder, std::vector<HeadBlock::Term> terms);
// How many of the terms are rounded.
std::size_t NumRounded(const BlocksBuilder& builder, const std::vector<HeadBlock::Term>& terms);
// When all of them can be read.
int ReadyOf(const BlocksBuilder& builder, const std::vector<HeadBlock::Term>& terms);

}  // namespace raspc
