// Comparisons of selectors between numbers that are listed and numbers that are not.
//
//     select(indices, m, <), for a mean m
//
// A head compares keys and queries by classes of their values, so both need a list. Which of the
// listed numbers are less than m, and whether one is equal, is all that matters of m: its place
// among them, an int (MapOp::kPlace). The same for the listed side, and the selector compares two
// places:
//
//     select(place(indices), place(m), <)
#pragma once

#include "compiler/domains/domains.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

// Whether a selector compares a number that is not listed.
bool ComparesUnlisted(const DataflowGraph& graph, const Domains& domains);

// The graph with these comparisons replaced. A comparison whose result the rounding of floats
// decides is left alone (compiler/domains/fractions.h). One of a number with itself, where that is
// the same at all positions, compares constants instead.
SimplifiedGraph PlaceCompared(const SimplifiedGraph& simplified, const Domains& domains);

}  // namespace raspc
