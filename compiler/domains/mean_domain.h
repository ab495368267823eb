// The values that the mean of several values of one domain can take.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/atom.h"
#include "compiler/operations/operations.h"

namespace raspc {

// All means of 2 to `most` of the numbers among the given values, in floats as the language
// computes them; none for bools alone, which cannot be averaged. Nothing if there could be more
// than `max_values`, or if the sum of the values depends on their order (in float arithmetic, if
// they are not multiples of one power of two small enough for all sums to be exact), so that a mean
// is not a single float. The list may contain means that never occur.
std::optional<std::vector<Atom>> MeansOf(ArithmeticKind arithmetic, const std::vector<Atom>& values,
                                         std::int64_t most, std::int64_t max_values,
                                         ValueRules rules = ValueRules::kRasp);

// Whether every sum of up to `most` of these numbers is exact in float arithmetic, whatever their
// order.
bool SumsAreExact(const std::vector<Atom>& values, std::int64_t most);

}  // namespace raspc
