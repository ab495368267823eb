// The contents of a model file, for `raspc inspect MODEL`.
#pragma once

#include "base/files.h"

namespace raspc {

// Prints the sizes, labels and certificate of the model in the file, or with `structure` what the
// structured engine finds in its weights; as text or as one JSON object. Returns the exit status.
int InspectModel(FileReader& file, bool structure, bool json);

}  // namespace raspc
