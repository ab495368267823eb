// The figures of a model, in JSON and as a table.
#include "cli/sizes.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/output.h"
#include "base/escape.h"

namespace raspc {
namespace {

// A layer without heads has only an MLP.
std::int64_t NumAttentionLayers(const Model& model) {
  return std::count_if(model.layers.begin(), model.layers.end(),
                       [](const Layer& layer) { return !layer.heads.empty(); });
}

std::string LayersText(const Model& model) {
  const auto num_layers = static_cast<std::int64_t>(model.layers.size());
  const std::int64_t with_attention = NumAttentionLayers(model);
  if (with_attention == num_layers) return fmt::format("{}", num_layers);
  return fmt::format("{}, {} of them with attention", num_layers, with_attention);
}

std::string DecisionsText(const Certificate& certificate) {
  const auto [count, closest] = DecisionsOf(certificate);
  if (closest == nullptr) return "no decisions";
  return fmt::format("{}: {}: error bound {:.2g}, margin {:.2g}",
                     count == 1 ? "1 decision" : fmt::format("{} decisions, closest", count),
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
      R"("layers": {}, "attention_layers": {}, "heads": {}, "head_dim": {}, "d_model": {}, "d_mlp": {}, "parameters": {}, )"
      R"("nonzeros": {}, "dtype": "{}", "target": "{}", "max_length": {}, "exact_to_length": {}, )"
      R"("decisions": {}, "closest_decision": {})",
      sizes.layers, NumAttentionLayers(model), sizes.heads, sizes.head_dim, sizes.d_model,
      sizes.d_mlp, sizes.parameters, sizes.nonzeros, NameOf(model.dtype), NameOf(model.target),
      model.max_length, model.certificate.exact_to_length, decisions.count,
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
      {"layers", LayersText(model)},
      {"heads", fmt::format("{} (maximum per layer), head_dim {}", sizes.heads, sizes.head_dim)},
      {"d_model", fmt::format("{}", sizes.d_model)},
      {"d_mlp", fmt::format("{} (maximum)", sizes.d_mlp)},
      {"parameters", fmt::format("{}, {} nonzero", sizes.parameters, sizes.nonzeros)},
      {"architecture", fmt::format("{}, {}", NameOf(model.target), NameOf(model.dtype))},
      {"max length",
       fmt::format("{}, exact to {}", model.max_length, model.certificate.exact_to_length)},
      {"certificate", DecisionsText(model.certificate)}};
  if (seconds) rows.emplace_back("compiled in", fmt::format("{:.3f} s", *seconds));
  return FigureTable(rows);
}

}  // namespace raspc
