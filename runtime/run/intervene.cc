#include "runtime/run/intervene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

namespace raspc {
namespace {

// The s-ops and labels that can be set.
std::vector<std::string> VariableNames(const Model& model) {
  std::vector<std::string> names = model.residual_labels;
  for (const ValueCodes& codes : model.value_codes) names.push_back(codes.of);
  return names;
}

void FailToClamp(Diagnostics& diag, std::string message) {
  diag.Error(ErrorKind::kInput, {}, std::move(message));
}

// The directions of one list of codes; false after an error.
bool AddCoded(const ValueCodes& codes, int position, const Atom& value, std::vector<Clamp>& clamps,
              Diagnostics& diag) {
  const auto found = std::find_if(codes.values.begin(), codes.values.end(),
                                  [&](const Atom& other) { return Identical(other, value); });
  const auto index = static_cast<std::size_t>(found - codes.values.begin());
  for (const ValueCodes::Direction& direction : codes.directions) {
    if (index == codes.values.size() || std::isnan(direction.codes[index])) {
      FailToClamp(diag, fmt::format("'{}' is never {} in this model", codes.of, ToJson(value)));
      return false;
    }
    clamps.push_back({position, direction.direction, direction.codes[index]});
  }
  return true;
}

}  // namespace

void AddClamps(const Model& model, std::string_view variable, std::int64_t position,
               const Atom& value, std::vector<Clamp>& clamps, Diagnostics& diag) {
  if (position < 0 || position >= model.context_length) {
    return FailToClamp(diag, fmt::format("there is no position {}: the model has {}", position,
                                         model.context_length));
  }
  const int at = static_cast<int>(position) + 1;  // after BOS
  bool is_known = false;
  for (const ValueCodes& codes : model.value_codes) {
    if (codes.of != variable) continue;
    if (!AddCoded(codes, at, value, clamps, diag)) return;
    is_known = true;
  }
  if (is_known) return;
  const auto label =
      std::find(model.residual_labels.begin(), model.residual_labels.end(), variable);
  if (label == model.residual_labels.end()) {
    const std::string closest = ClosestName(variable, VariableNames(model));
    return FailToClamp(
        diag, fmt::format("the residual stream has no variable '{}'{}", variable,
                          closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
  }
  if (!IsNumber(value)) {
    return FailToClamp(
        diag, fmt::format("the direction '{}' takes a number, not {}", variable, ToJson(value)));
  }
  clamps.push_back({at, label - model.residual_labels.begin(), NumberOf(value)});
}

}  // namespace raspc
