// Comparisons that the rounding of floats decides, where they depend on one mean.
//
//     aggregate(up, tokens_int) * (indices + 1) > 20
//
// At position p the mean is k / (p + 1) for some int k, and its float is the one nearest to that.
// The product rounds again, so that on some inputs 20.000000000000004 is greater than 20 although
// the sum of the tokens is 20. But what is decided is a function of k and p alone: the comparison
// is evaluated, with the language's own operators, for every fraction that the mean can be at each
// position, and a threshold is put half-way between two fractions where the result changes:
//
//     aggregate(up, tokens_int) > threshold[indices]
//
// No fraction is a threshold, so that rounding decides nothing any more. The same works by token,
// as in tokens_int / (m + 1) > 2, and for comparisons that hold in an interval, such as
// `m * 3 == 1.5`.
#pragma once

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// Whether some comparison is decided by rounding, as far as its operands tell.
bool HasTiesOfRounding(const DataflowGraph& graph, const Domains& domains);

// The graph with such comparisons replaced, where they change at most twice with the mean, the
// mean is a float nearest to a fraction, everything else is a function of the position or of the
// token, and trying all fractions does not take long. Others are left alone.
SimplifiedGraph CompareWithThresholds(const SimplifiedGraph& simplified, const Domains& domains);

}  // namespace raspc
