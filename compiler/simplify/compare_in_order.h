// Comparisons of sums that order pairs:
//
//     key = 100 * count - indices;             // less than 100 positions
//     select(key, key, <)  ->  select(count, count, <) or
//                              (select(count, count, ==) and select(indices, indices, >))
//
// A multiple that no difference of the other terms reaches decides wherever it differs, and the
// others decide the ties. The pairs have as many values as both have together; what is compared in
// their place has as many as either.
#pragma once

#include <optional>

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// The graph with all selectors replaced that compare such a sum of ints with itself, term by term;
// nothing where there is none. Both graphs have the same values; sums that are too large for 64
// bits fail in the given one only.
std::optional<SimplifiedGraph> CompareInOrder(const SimplifiedGraph& simplified,
                                              const Domains& domains);

}  // namespace raspc
