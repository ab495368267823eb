// Tasks that map words to words.
#pragma once

#include <vector>

#include "lab/problem/problem_entry.h"

namespace raspc {

void AddTaskProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
