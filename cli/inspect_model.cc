// See inspect_model.h.
#include "cli/inspect_model.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/sizes.h"
#include "runtime/engine/structured/structured_engine.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

std::string QuotedList(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "" : ", ") + QuoteJson(item);
  return "[" + list + "]";
}

std::string FrameText(const Model& model) {
  std::string text = model.frame.append.empty() ? "" : ToJson(model.frame.append);
  if (model.frame.padding) {
    text += fmt::format("{}{} times {}", text.empty() ? "" : ", then ",
                        model.frame.padding->count.text(), ToJson(model.frame.padding->token));
  }
  return text;
}

std::string ModelText(const std::string& path, const Model& model) {
  std::string text = fmt::format("{} computes {}\n{}", path, model.name, SizesText(model, {}));
  std::vector<std::pair<std::string, std::string>> rows = {
      {"vocabulary", ToJson(model.vocabulary)}};
  if (model.alphabet.size() != model.vocabulary.size()) {
    rows.emplace_back("alphabet", ToJson(model.alphabet));
  }
  rows.emplace_back("context length", fmt::format("{}", model.context_length));
  if (const std::string frame = FrameText(model); !frame.empty()) {
    rows.emplace_back("appended to inputs", frame);
  }
  if (model.generation) {
    rows.emplace_back("generates",
                      fmt::format("at most {} tokens, until one of {}", model.generation->max_steps,
                                  ToJson(model.generation->stop)));
  }
  text += "\n" + FigureTable(rows);
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    const Layer& layer = model.layers[l];
    text += fmt::format("\nlayer {}: {} head{}, d_mlp {}\n", l, layer.heads.size(),
                        layer.heads.size() == 1 ? "" : "s", layer.mlp.in.cols());
    for (const Head& head : layer.heads) {
      text += fmt::format("  {} (mask {}, head_dim {}, value_dim {})\n", EscapeText(head.label),
                          NameOf(head.mask), head.query.cols(), head.value.cols());
    }
  }
  text += "\nresidual stream\n";
  for (std::size_t i = 0; i < model.residual_labels.size(); ++i) {
    text += fmt::format("  {:>4}  {}\n", i, EscapeText(model.residual_labels[i]));
  }
  text += fmt::format("\ncertificate: exact to length {}\n", model.certificate.exact_to_length);
  for (const Certificate::Entry& entry : model.certificate.entries) {
    text +=
        fmt::format("  {}: error bound {:.3g}{}\n", EscapeText(entry.label), entry.error_bound,
                    std::isinf(entry.margin) ? "" : fmt::format(", margin {:.3g}", entry.margin));
  }
  return text;
}

std::string ModelJson(const Model& model) {
  std::string heads, certificate;
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    for (const Head& head : model.layers[l].heads) {
      heads += fmt::format("{}{{\"layer\": {}, \"label\": {}, \"mask\": \"{}\"}}",
                           heads.empty() ? "" : ", ", l, QuoteJson(head.label), NameOf(head.mask));
    }
  }
  for (const Certificate::Entry& entry : model.certificate.entries) {
    certificate += (certificate.empty() ? "" : ", ") + EntryJson(entry);
  }
  return fmt::format(
      "{{\"name\": {}, {}, \"context_length\": {}, \"causal\": {}, \"vocabulary\": {}, "
      "\"alphabet\": "
      "{}, \"heads_in_layers\": [{}], \"residual_labels\": {}, \"certificate\": [{}]}}\n",
      QuoteJson(model.name), SizesMembers(model, {}), model.context_length, model.causal,
      ToJson(model.vocabulary), ToJson(model.alphabet), heads, QuotedList(model.residual_labels),
      certificate);
}

std::string StructureText(const std::string& path, const StructureReport& report) {
  std::string text = fmt::format("{}: what the structured engine finds in the weights\n", path);
  for (std::size_t l = 0; l < report.layers.size(); ++l) {
    const StructureReport::LayerEntry& layer = report.layers[l];
    text += fmt::format("\nlayer {}\n", l);
    for (const StructureReport::HeadEntry& head : layer.heads) {
      text += fmt::format("  {}\n      {}\n", EscapeText(head.label), EscapeText(head.structure));
    }
    if (layer.num_functions > 0) {
      text += fmt::format("  {} hidden neurons as {} piecewise-linear function{} of one number\n",
                          layer.neurons_in_functions, layer.num_functions,
                          layer.num_functions == 1 ? "" : "s");
    }
    if (layer.neurons > 0) text += fmt::format("  {} hidden neurons one by one\n", layer.neurons);
  }
  return text;
}

std::string StructureJson(const StructureReport& report) {
  std::string layers;
  for (const StructureReport::LayerEntry& layer : report.layers) {
    std::string heads;
    for (const StructureReport::HeadEntry& head : layer.heads) {
      heads += fmt::format("{}{{\"label\": {}, \"kind\": {}, \"structure\": {}}}",
                           heads.empty() ? "" : ", ", QuoteJson(head.label), QuoteJson(head.kind),
                           QuoteJson(head.structure));
    }
    layers += fmt::format(
        "{}{{\"heads\": [{}], \"functions\": {}, \"neurons_in_functions\": {}, \"neurons\": {}}}",
        layers.empty() ? "" : ", ", heads, layer.num_functions, layer.neurons_in_functions,
        layer.neurons);
  }
  return fmt::format("{{\"layers\": [{}]}}\n", layers);
}

}  // namespace

int InspectModel(FileReader& file, bool structure, bool json) {
  Diagnostics diag;
  const std::optional<Model> model = ReadModelFile(file, ModelFileLimits{}, diag);
  const std::string path = EscapeText(NameOfInput(file.path()));
  Report(diag);
  if (!model) return kFault;
  if (structure) {
    const StructureReport report = ReportStructure(*model);
    Print(json ? StructureJson(report) : FitColumns(StructureText(path, report)));
  } else {
    Print(json ? ModelJson(*model) : FitColumns(ModelText(path, *model)));
  }
  return FinishOutput(kSuccess);
}

}  // namespace raspc
