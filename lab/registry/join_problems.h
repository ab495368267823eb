// One language under two names: what is known of either is known of both.
#pragma once

#include "lab/problem/problem.h"

namespace raspc {

// Adds to a problem what is known of another of the same language: its automaton, its theory, and
// its programs by mechanisms for which the problem builds none of its own.
void JoinProblems(Problem& problem, const Problem& other);

}  // namespace raspc
