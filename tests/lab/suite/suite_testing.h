// Reports of the suite, for tests.
#pragma once

#include <nlohmann/json.hpp>

namespace raspc {

// The report without what may differ between equal runs: every field `seconds`.
inline nlohmann::json WithoutSeconds(nlohmann::json json) {
  if (json.is_object()) json.erase("seconds");
  for (nlohmann::json& part : json) {
    if (part.is_structured()) part = WithoutSeconds(std::move(part));
  }
  return json;
}

}  // namespace raspc
