#include "languages/machines/machine_problems.h"

namespace raspc {

void AddMachineProblems(std::vector<ProblemEntry>&) {}

}  // namespace raspc
