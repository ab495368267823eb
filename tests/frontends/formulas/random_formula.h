// Random formulas, each with a second definition composed from its parts.
#pragma once

#include <functional>
#include <random>
#include <string>

#include "automata/alphabet.h"

namespace raspc {

struct RandomFormulaSizes {
  int depth = 3;          // of connectives and quantifiers inside each other
  int num_variables = 2;  // names, which inner quantifiers use again
};

struct RandomFormula {
  std::string text;
  std::function<bool(const Word& word)> holds;  // over the symbols a and b
};

// A sentence of atoms, comparisons of sums and counts, connectives and all quantifiers.
RandomFormula MakeRandomFormula(std::mt19937_64& random, const RandomFormulaSizes& sizes);

}  // namespace raspc
