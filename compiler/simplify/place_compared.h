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

// The graph with these comparisons replaced, or as it is where there are none. A comparison whose
// result the rounding of floats decides is left alone (compiler/domains/fractions.h).
SimplifiedGraph PlaceCompared(const DataflowGraph& graph, NodeId output, const Domains& domains);

}  // namespace raspc
