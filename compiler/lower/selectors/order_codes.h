// A comparison of order between two s-ops as codes of their values, for bit by bit: "key less than
// query" is the disjoint union, over the bits b, of "equal above b, 0 at b in the key, 1 in the
// query".
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// Selected exactly if low < high.
struct OrderCodes {
  bool query_is_high = true;
  std::vector<int> query_codes, key_codes;  // by domain index
  int num_bits = 0;
  std::size_t num_thresholds = 0;  // values of the side that has fewer
};

// Nothing if the formula, a comparison, is not one of order, or if the values are not listed or
// cannot all be compared.
std::optional<OrderCodes> OrderCodesOf(const Sops& sops, const Formula& comparison);

}  // namespace raspc
