// Languages that are not regular.
#pragma once

#include <vector>

#include "lab/registry/registry.h"

namespace raspc {

void AddCodedFamilies(std::vector<ProblemEntry>& entries);

}  // namespace raspc
