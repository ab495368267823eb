// Remainders by the length with a small quotient, as choices:
//
//     (indices + n) % length  ->  indices + n if indices + n < length else indices + n - length
//
// where n is a count, so that the quotient is 0 or 1. A remainder by what differs from input to
// input has a table of all pairs; a comparison and a choice take a few neurons.
#pragma once

#include <optional>

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// The graph with those remainders of ints replaced whose quotient has at most four values, by the
// bounds that follow from 0 <= position < length and 0 <= count <= length; nothing where there is
// none.
std::optional<SimplifiedGraph> SplitModulo(const SimplifiedGraph& simplified,
                                           const Domains& domains);

}  // namespace raspc
