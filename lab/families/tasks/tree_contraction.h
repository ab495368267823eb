// Expressions with brackets by rounds of contracting their tree.
#pragma once

#include <string>

#include "lab/families/tasks/task.h"

namespace raspc {

// `pairs`: statements that match brackets, as in bracket_arithmetic.cc.
TaskProgram ByTreeContraction(std::string pairs, const GeneratedProgramOptions& options);

}  // namespace raspc
