#include "runtime/run/verdict.h"

#include <algorithm>

namespace raspc {

std::string CheckRecogniser(const Model& model) {
  if (model.generation) {
    return model.generation->stop.size() == 2
               ? ""
               : "it generates, but does not have two stop tokens (accept and reject)";
  }
  const std::vector<Atom>& values = model.decoding.values;
  const bool is_bool =
      !values.empty() && std::all_of(values.begin(), values.end(),
                                     [](const Atom& v) { return TypeOf(v) == AtomType::kBool; });
  return is_bool ? "" : "its output is not a bool";
}

std::optional<bool> VerdictOf(const Model& model, const ModelOutput& output) {
  if (!model.generation) {
    if (output.values.empty()) return std::nullopt;
    const bool* accepts = std::get_if<bool>(&output.values.back());
    return accepts != nullptr ? std::optional<bool>(*accepts) : std::nullopt;
  }
  if (!output.generated || !output.generated->stopped) return std::nullopt;
  return Identical(output.generated->tokens.back(), model.generation->stop.front());
}

}  // namespace raspc
