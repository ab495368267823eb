// The contents of a model file, for `raspc inspect MODEL`.
#pragma once

#include "base/files.h"

namespace raspc {

enum class ModelView {
  kSummary,      // sizes, labels and the closest decisions of the certificate
  kCertificate,  // the whole certificate
  kStructure,    // what the structured engine finds in the weights
};

// Prints a view of the model in the file, as text or as one JSON object. As JSON the summary has
// the whole certificate. Returns the exit status.
int InspectModel(FileReader& file, ModelView view, bool json);

}  // namespace raspc
