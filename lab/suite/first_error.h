// The error that a message of the suite quotes.
#pragma once

#include "base/diagnostics.h"

namespace raspc {

// The first error, skipping warnings; an internal one if there is none.
inline Diagnostic FirstError(const Diagnostics& diag) {
  for (const Diagnostic& diagnostic : diag.all()) {
    if (diagnostic.severity == Severity::kError) return diagnostic;
  }
  return {.message = "an error without a message"};
}

}  // namespace raspc
