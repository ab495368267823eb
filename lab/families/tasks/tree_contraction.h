// Expressions with brackets by rounds of contracting their tree.
#pragma once

#include <string>

#include "lab/families/tasks/task.h"

namespace raspc {

// `pairs`: statements that assign what brackets belong to, as bracket_arithmetic.cc has them.
TaskProgram ByTreeContraction(std::string pairs, const GeneratedProgramOptions& options);

}  // namespace raspc
