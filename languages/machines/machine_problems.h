// Counter, stack and Turing machines, as languages.
#pragma once

#include <vector>

#include "languages/problems/registry.h"

namespace raspc {

void AddMachineProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
