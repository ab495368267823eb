// What the parts of a suite's report have in common as JSON, and its error message.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/diagnostics.h"

namespace raspc {

// null if there is no value.
template <class T>
nlohmann::json OrNull(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

// part / whole, from 0 to 1; null if whole is 0.
inline nlohmann::json Ratio(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return nullptr;
  return static_cast<double>(part) / static_cast<double>(whole);
}

// The first error, skipping warnings; an internal one if there is none.
inline Diagnostic FirstError(const Diagnostics& diag) {
  for (const Diagnostic& diagnostic : diag.all()) {
    if (diagnostic.severity == Severity::kError) return diagnostic;
  }
  return {.message = "an error without a message"};
}

}  // namespace raspc
