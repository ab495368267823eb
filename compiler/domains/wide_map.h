// The values of a map whose table would be too large, from just the domains of its operands: the
// operands are treated as independent.
//
// Sums of few numbers, or of ints, have few values however many rows their table would have; so do
// comparisons. For everything else only types and an interval are known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "compiler/domains/domains.h"

namespace raspc {

// The smallest interval that contains all numbers of a domain; nothing if it has other values, or
// none. An end that is a fraction is the next double outwards.
struct Interval {
  double low = 0, high = 0;
};
std::optional<Interval> IntervalOf(const Domain& domain);

// The same for the numbers among the values, ignoring others.
std::optional<Interval> IntervalOfNumbers(const Domain& domain);

// The interval of the product of numbers from two intervals.
Interval ProductRange(const Interval& a, const Interval& b);

// A domain of which nothing is known.
Domain UnlistedDomain();

// The items of a table as a domain.
Domain DomainOfItems(const MapTable& table);

// How numbers from two domains can be related. Distances are infinite where the case does not
// occur.
struct Separation {
  double below = 0;  // at most the smallest distance a - b where a > b
  double above = 0;  // at most the smallest distance b - a where a < b
  bool may_equal = false;
  double lowest = 0, highest = 0;       // of a - b
  double closest_a = 0, closest_b = 0;  // of all pairs that differ, where they are listed
};
// Nothing unless both are listed domains of numbers that are exactly doubles, or of fractions that
// are further apart than doubles of their size.
std::optional<Separation> SeparationOf(const Domain& a, const Domain& b);

// The domain of a map of the given operands. It is listed if it has at most as many values as the
// scope allows; then the map is a feature without a table.
Domain WideMapDomain(ArithmeticKind arithmetic, const MapNode& map,
                     std::span<const Domain* const> operands, const CompileScope& scope);

// The truth values that a comparison of numbers so related can have.
struct Outcomes;
Domain ListOutcomes(const Outcomes& outcomes, const Separation& separation);

// Whether the operation compares, and its result for a less than, equal to and greater than b.
struct Outcomes {
  bool less, equal, greater;
};
std::optional<Outcomes> OutcomesOf(MapOp op);

}  // namespace raspc
