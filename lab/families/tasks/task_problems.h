// Tasks that map words to words.
#pragma once

#include <vector>

#include "lab/registry/registry.h"

namespace raspc {

void AddTaskProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
