// Tasks that map words to words.
#pragma once

#include <vector>

#include "languages/problems/registry.h"

namespace raspc {

void AddTaskProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
