// Evaluates a formula on a word by definition.
#pragma once

#include <cstdint>

#include "frontends/formulas/formula.h"

namespace raspc {

// The highest bit index that BIT reads; higher bits are 0.
inline constexpr std::int64_t kMaxBit = 40;

// Whether the sentence holds on the word, over an alphabet that contains its symbols. Tries all
// tuples of positions and caches each quantified part by the values of its free variables, so that
// it takes about EvaluationSteps. Numbers beyond 2^62 are clamped.
bool Holds(const Sentence& formula, const Alphabet& alphabet, const Word& word);

// A rough upper bound on the steps of Holds on words of this length.
double EvaluationSteps(const Sentence& formula, std::int64_t length);

}  // namespace raspc
