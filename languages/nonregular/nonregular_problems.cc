#include "languages/nonregular/nonregular_problems.h"

namespace raspc {

void AddNonregularProblems(std::vector<ProblemEntry>&) {}

}  // namespace raspc
