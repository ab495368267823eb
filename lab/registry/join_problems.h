// One language under two names: what is known about either holds for both.
#pragma once

#include "lab/problem/problem.h"

namespace raspc {

// Adds to a problem what is known about another problem with the same language: its automaton, its
// theory, and its programs for mechanisms for which the problem has none.
void JoinProblems(Problem& problem, const Problem& other);

}  // namespace raspc
