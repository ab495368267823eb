// Splits a comparison of two variables into a sum at the key's position and a sum at the query's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "frontends/formulas/formula.h"

namespace raspc {

// coefficient * node; just the coefficient if node is -1.
struct Summand {
  std::int64_t coefficient = 1;
  int node = -1;
};

// x + 2 * y < n with the key y is 2 * y < n - x: the key's sum, the comparison, the query's sum.
struct SplitComparison {
  std::vector<Summand> key, query;
  Comparison comparison = Comparison::kEqual;

  // Requires a kCompare. Nothing if some summand contains the key's variable and another one, such
  // as x * y.
  static std::optional<SplitComparison> Of(const Sentence& formula, int node, int key_variable);
};

}  // namespace raspc
