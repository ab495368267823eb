// Random words of a language that a formula defines, by trying.
#pragma once

#include <memory>

#include "frontends/formulas/formula.h"
#include "lab/problem/problem.h"

namespace raspc {

// Lengths of few words are listed, once they are asked for. Otherwise uniform words are drawn until
// one is in the language, or outside it: of a length at which none of 2,000 is, none is ever drawn.
// `limits.max_steps` bounds the effort for a length.
std::unique_ptr<WordSampler> MakeFormulaSampler(std::shared_ptr<const Sentence> formula,
                                              const Alphabet& alphabet, int max_length,
                                              const LanguageLimits& limits);

}  // namespace raspc
