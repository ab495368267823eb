// Formulas with counting quantifiers, as languages.
#pragma once

#include <vector>

#include "lab/problem/problem_entry.h"

namespace raspc {

void AddFormulaFamilies(std::vector<ProblemEntry>& entries);

}  // namespace raspc
