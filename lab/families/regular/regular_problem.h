// Regular languages as problems: everything follows from the minimal automaton.
#pragma once

#include "lab/problem/problem_entry.h"

namespace raspc {

Problem RegularProblem(Dfa minimal, const std::string& name, const LanguageLimits& limits);

// One entry for each of the catalogue.
void AddRegularProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
