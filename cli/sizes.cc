// The figures of a model, in JSON and as a table.
#include "cli/sizes.h"

#include <fmt/format.h>

#include "cli/output.h"
#include "runtime/base/escape.h"

namespace raspc {
namespace {

std::string DecisionsText(const Certificate& certificate) {
  const auto [count, closest] = DecisionsOf(certificate);
  if (closest == nullptr) return "no decisions";
  return fmt::format("{}: {} is off by at most {:.2g} of the {:.2g} allowed",
                     count == 1 ? "1 decision" : fmt::format("{} decisions, the closest", count),
                     EscapeText(closest->label), closest->error_bound, closest->margin);
}

}  // namespace

std::string EntryJson(const Certificate::Entry& entry) {
  return fmt::format("{{\"label\": {}, \"error_bound\": {}, \"margin\": {}}}",
                     QuoteJson(entry.label), JsonNumber(entry.error_bound),
                     JsonNumber(entry.margin));
}

std::string SizesMembers(const Model& model, std::optional<double> seconds) {
  const ModelSizes sizes = SizesOf(model);
  const Decisions decisions = DecisionsOf(model.certificate);
  std::string json = fmt::format(
      R"("layers": {}, "heads": {}, "head_dim": {}, "d_model": {}, "d_mlp": {}, "parameters": {}, )"
      R"("nonzeros": {}, "dtype": "{}", "target": "{}", "max_length": {}, "exact_to_length": {}, )"
      R"("decisions": {}, "closest_decision": {})",
      sizes.layers, sizes.heads, sizes.head_dim, sizes.d_model, sizes.d_mlp, sizes.parameters,
      sizes.nonzeros, NameOf(model.dtype), NameOf(model.target), model.max_length,
      model.certificate.exact_to_length, decisions.count,
      decisions.closest == nullptr ? "null" : EntryJson(*decisions.closest));
  if (seconds) json += fmt::format(", \"seconds\": {:.6f}", *seconds);
  return json;
}

std::string SizesJson(const Model& model, std::optional<double> seconds) {
  return "{" + SizesMembers(model, seconds) + "}\n";
}

std::string SizesText(const Model& model, std::optional<double> seconds) {
  const ModelSizes sizes = SizesOf(model);
  std::vector<std::pair<std::string, std::string>> rows = {
      {"layers", fmt::format("{}", sizes.layers)},
      {"heads", fmt::format("{} (most in a layer), of dimension {}", sizes.heads, sizes.head_dim)},
      {"d_model", fmt::format("{}", sizes.d_model)},
      {"d_mlp", fmt::format("{} (largest)", sizes.d_mlp)},
      {"parameters", fmt::format("{}, {} of them not zero", sizes.parameters, sizes.nonzeros)},
      {"architecture", fmt::format("{}, {}", NameOf(model.target), NameOf(model.dtype))},
      {"max length",
       fmt::format("{}, exact to {}", model.max_length, model.certificate.exact_to_length)},
      {"certificate", DecisionsText(model.certificate)}};
  if (seconds) rows.emplace_back("compiled in", fmt::format("{:.3f} s", *seconds));
  return FigureTable(rows);
}

}  // namespace raspc
