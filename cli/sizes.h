// The figures of a model and a summary of its certificate, as printed by `compile` and `inspect`.
#pragma once

#include <optional>
#include <string>

#include "runtime/model/model.h"

namespace raspc {

// One line: {"layers": 2, …, "seconds": 0.01}. `seconds` is omitted if nothing was compiled.
std::string SizesJson(const Model& model, std::optional<double> seconds);
// The fields of that object, without braces.
std::string SizesMembers(const Model& model, std::optional<double> seconds);
// A table.
std::string SizesText(const Model& model, std::optional<double> seconds);
// An entry of the certificate: {"label": "place", "error_bound": 1.2e-05, "margin": 0.25}
std::string EntryJson(const Certificate::Entry& entry);

}  // namespace raspc
