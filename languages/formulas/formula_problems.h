// Formulas with counting quantifiers, as languages.
#pragma once

#include <vector>

#include "languages/problems/registry.h"

namespace raspc {

void AddFormulaProblems(std::vector<ProblemEntry>& entries);

}  // namespace raspc
