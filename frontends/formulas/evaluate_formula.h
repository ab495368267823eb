// What a formula says of a word: the definition, carried out.
#pragma once

#include <cstdint>

#include "frontends/formulas/formula.h"

namespace raspc {

// The greatest number of a bit that BIT looks at; further ones are 0.
inline constexpr std::int64_t kMaxBit = 40;

// Whether the sentence holds on the word, over an alphabet that has its symbols. All tuples of
// positions are gone through; what a quantified part says is kept for each value of the variables
// that are free in it, so that time is some EvaluationSteps. Numbers beyond 2^62 are taken as that.
bool Holds(const Sentence& formula, const Alphabet& alphabet, const Word& word);

// How many steps Holds takes at most on words of this length, as a rough number.
double EvaluationSteps(const Sentence& formula, std::int64_t length);

}  // namespace raspc
