// Languages that are not regular.
#pragma once

#include <vector>

#include "lab/problem/problem_entry.h"

namespace raspc {

void AddCodedFamilies(std::vector<ProblemEntry>& entries);

}  // namespace raspc
