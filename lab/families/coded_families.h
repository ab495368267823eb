// Languages that are not regular.
#pragma once

#include <vector>

#include "lab/registry/registry.h"

namespace raspc {

void AddNonregularProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
