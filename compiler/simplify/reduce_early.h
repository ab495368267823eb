// Remainders of sums, of summands that are remainders themselves:
//
//     sum(s, x) % m          ->  sum(s, x % m) % m
//     (3 * a + b * c) % m    ->  (3 * (a % m) + (b % m) * (c % m)) % m
//
// A check digit such as `sum of (i + 1) * digit, modulo 11` adds up ints from 0 to 10, whatever the
// length: a few bits for each, and a sum of few values.
#pragma once

#include <optional>

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// The graph with the operands of all remainders by an int constant reduced first, where that makes
// the values of a sum fewer; nothing where there is no such sum. The rewritten graph has the same
// values wherever the given one has any; sums of ints that are too large for 64 bits fail in the
// given one only.
std::optional<SimplifiedGraph> ReduceEarly(const SimplifiedGraph& simplified,
                                           const Domains& domains);

}  // namespace raspc
