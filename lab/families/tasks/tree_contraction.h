// Expressions with brackets by rounds of contracting their tree.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

GeneratedProgram ByTreeContraction(const GeneratedProgramOptions& options);

}  // namespace raspc
