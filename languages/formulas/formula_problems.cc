#include "languages/formulas/formula_problems.h"

namespace raspc {

void AddFormulaProblems(std::vector<ProblemEntry>&) {}

}  // namespace raspc
