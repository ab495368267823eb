// The targets that there are, for whoever lists their names: options, directives and help.
#pragma once

#include <vector>

#include "runtime/model/model.h"

namespace raspc {

// In the order in which messages and help list them.
std::vector<Target> AllTargets();

}  // namespace raspc
