// Languages that are not regular.
#pragma once

#include <vector>

#include "languages/problems/registry.h"

namespace raspc {

void AddNonregularProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
