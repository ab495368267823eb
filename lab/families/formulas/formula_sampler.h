// Random words of a language defined by a formula, by rejection.
#pragma once

#include <memory>

#include "frontends/formulas/formula.h"
#include "lab/problem/problem.h"

namespace raspc {

// For lengths with few words all are listed on demand. Otherwise uniform words are sampled until
// one is in the language, or outside it: a length where none of 2,000 is yields none.
// `limits.max_steps` bounds the effort for a length.
std::unique_ptr<WordSampler> MakeFormulaSampler(std::shared_ptr<const Sentence> formula,
                                              const Alphabet& alphabet, int max_length,
                                              const LanguageLimits& limits);

}  // namespace raspc
