// What a model file holds, for `raspc inspect MODEL`.
#pragma once

#include <string>

namespace raspc {

// Prints the sizes, labels and certificate of the model at `path`, or with `structure` what the
// structured engine finds in its weights; as text or as one JSON object. Gives the exit status.
int InspectModel(const std::string& path, bool structure, bool json);

}  // namespace raspc
