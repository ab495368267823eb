// The values of a map whose table would be too large, from the domains of its operands alone: the
// operands are taken as independent of one another.
//
// Sums of few numbers, or of ints, have few values however many rows their table would have; so
// have comparisons. Of all else only types and an interval are known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "compiler/domains/domains.h"

namespace raspc {

// The smallest interval that holds all numbers of a domain; nothing if it has other values, or
// none.
struct Interval {
  double low = 0, high = 0;
};
std::optional<Interval> IntervalOf(const Domain& domain);

// The same of the numbers among the values, whatever else there is.
std::optional<Interval> IntervalOfNumbers(const Domain& domain);

// Where the product of numbers in two intervals lies.
Interval ProductRange(const Interval& a, const Interval& b);

// A domain of which nothing is known.
Domain UnlistedDomain();

// How two numbers taken from two domains can lie to each other. Distances are infinite where the
// case does not occur.
struct Separation {
  double below = 0;  // the least distance a - b where a > b
  double above = 0;  // the least distance b - a where a < b
  bool may_equal = false;
  double lowest = 0, highest = 0;       // of a - b
  double closest_a = 0, closest_b = 0;  // of all that differ
};
// Requires two listed domains of numbers that are doubles exactly; nothing if they are not.
std::optional<Separation> SeparationOf(const Domain& a, const Domain& b);

// The domain of a map of the given operands. It is listed if it holds at most as many values as the
// scope allows; then the map is a feature without a table.
Domain WideMapDomain(const MapNode& map, std::span<const Domain* const> operands,
                     const CompileScope& scope);

// Whether the operation compares, and what it says of a less than, equal to and greater than b.
struct Outcomes {
  bool less, equal, greater;
};
std::optional<Outcomes> OutcomesOf(MapOp op);

}  // namespace raspc
