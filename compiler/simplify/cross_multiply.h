// Comparisons of quotients by numbers that cannot be listed, in rational arithmetic.
//
//     p / y > c,  for y >= 0     ->     p > c * y
//
// A model divides by a number only where it can look up its inverse. But where the sign of the
// divisor is known, a comparison needs no quotient: exact fractions compare as the products do,
// wherever the divisor is not 0, by which the program divides on no input that it has a value on.
// Floats are not exact: a quotient that is rounded to c is equal to it.
#pragma once

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// Whether there is such a comparison.
bool ComparesQuotients(const DataflowGraph& graph, const Domains& domains);

// The graph with these comparisons replaced; it has values where the quotient has none.
SimplifiedGraph CrossMultiply(const SimplifiedGraph& simplified, const Domains& domains);

}  // namespace raspc
