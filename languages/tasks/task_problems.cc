#include "languages/tasks/task_problems.h"

namespace raspc {

void AddTaskProblems(std::vector<ProblemEntry>&) {}

}  // namespace raspc
