// See inspect_model.h.
#include "cli/inspect_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
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
                        model.frame.padding->count.Text(), ToJson(model.frame.padding->token));
  }
  return text;
}

// Entries by how much of the margin the error bound takes, most first; then those that decide
// nothing.
std::vector<Certificate::Entry> ClosestFirst(const Certificate& certificate) {
  std::vector<Certificate::Entry> entries = certificate.entries;
  const auto share = [](const Certificate::Entry& entry) {
    if (std::isinf(entry.margin)) return -1.0;
    return entry.margin == 0 ? 1.0 : entry.error_bound / entry.margin;
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const auto& a, const auto& b) { return share(a) > share(b); });
  return entries;
}

std::string EntriesText(const std::vector<Certificate::Entry>& entries, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < entries.size() && i < most; ++i) {
    const Certificate::Entry& entry = entries[i];
    text +=
        fmt::format("  {}: error bound {:.3g}{}\n", EscapeText(entry.label), entry.error_bound,
                    std::isinf(entry.margin) ? "" : fmt::format(", margin {:.3g}", entry.margin));
  }
  return text;
}

std::string CertificateText(const std::string& path, const Model& model) {
  const auto entries = ClosestFirst(model.certificate);
  return fmt::format("{}: exact to length {}; closest decisions first\n{}", path,
                     model.certificate.exact_to_length, EntriesText(entries, entries.size()));
}

// How many decisions there are, and the closest of them.
std::string CertificateSummary(const Model& model) {
  constexpr std::size_t kMaxShown = 5;
  const Certificate& certificate = model.certificate;
  const auto count = static_cast<std::size_t>(DecisionsOf(certificate).count);
  const std::size_t num_shown = std::min(count, kMaxShown);
  std::string text = fmt::format("\ncertificate: exact to length {}", certificate.exact_to_length);
  if (count == 0) {
    text += ", no decisions\n";
  } else {
    text += fmt::format(", {} decision{}{}\n", count, count == 1 ? "" : "s",
                        count > num_shown ? fmt::format(", the {} closest:", num_shown) : ":");
  }
  text += EntriesText(ClosestFirst(certificate), num_shown);
  if (certificate.entries.size() > num_shown) {
    text += fmt::format("  all {} error bounds: --certificate\n", certificate.entries.size());
  }
  return text;
}

std::string LineText(std::int64_t line) {
  return line == 0 ? "" : fmt::format("  (line {})", line);
}

std::string NeuronsText(const Mlp& mlp) {
  std::string text;
  std::int64_t first = 0;
  for (const NeuronGroup& group : mlp.groups) {
    const std::int64_t last = first + group.count - 1;
    text += fmt::format("  {}: {}{}\n",
                        first == last ? fmt::format("neuron {}", first)
                                      : fmt::format("neurons {} to {}", first, last),
                        EscapeText(group.label), LineText(group.line));
    first = last + 1;
  }
  return text;
}

// The codes in a direction whose name does not give them, if they are few: `: "-" 0, "a" 1`.
std::string CodesText(const Model& model, std::size_t direction) {
  constexpr std::size_t kMaxShown = 8;
  if (!model.residual_labels[direction].starts_with("code of ")) return "";
  std::string text;
  for (const ValueCodes& list : model.value_codes) {
    for (const auto& [at, codes] : list.directions) {
      if (at != static_cast<std::int64_t>(direction) || codes.size() > kMaxShown) continue;
      for (std::size_t i = 0; i < codes.size(); ++i) {
        if (std::isnan(codes[i])) continue;
        text += fmt::format("{}{} {:.6g}", text.empty() ? ": " : ", ", ToJson(list.values[i]),
                            codes[i]);
      }
    }
  }
  return text;
}

std::string ResidualText(const Model& model) {
  std::string text = "\nresidual stream\n";
  for (std::size_t i = 0; i < model.residual_labels.size(); ++i) {
    text += fmt::format("  {:>4}  {}{}{}\n", i, EscapeText(model.residual_labels[i]),
                        EscapeText(CodesText(model, i)),
                        model.residual_lines.empty() ? "" : LineText(model.residual_lines[i]));
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
  if (model.arithmetic != ArithmeticKind::kFloat) {
    rows.emplace_back("arithmetic", NameOf(model.arithmetic));
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
    text += NeuronsText(layer.mlp);
  }
  return text + ResidualText(model) + CertificateSummary(model);
}

std::string EntriesJson(const Certificate& certificate) {
  std::string entries;
  for (const Certificate::Entry& entry : certificate.entries) {
    entries += (entries.empty() ? "" : ", ") + EntryJson(entry);
  }
  return entries;
}

std::string CertificateJson(const Certificate& certificate) {
  return fmt::format("{{\"exact_to_length\": {}, \"certificate\": [{}]}}\n",
                     certificate.exact_to_length, EntriesJson(certificate));
}

// For each layer, the names of its neurons.
std::string NeuronsJson(const Model& model) {
  std::string layers;
  for (const Layer& layer : model.layers) {
    layers += (layers.empty() ? "" : ", ") + QuotedList(NeuronNames(layer.mlp));
  }
  return "[" + layers + "]";
}

// The groups of neighbouring neurons that compute something together: `first` is the number of the
// first of them in its layer.
std::string NeuronGroupsJson(const Model& model) {
  std::string groups;
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    std::int64_t first = 0;
    for (const NeuronGroup& group : model.layers[l].mlp.groups) {
      groups += fmt::format(
          "{}{{\"layer\": {}, \"label\": {}, \"line\": {}, \"first\": {}, \"count\": {}}}",
          groups.empty() ? "" : ", ", l, QuoteJson(group.label), group.line, first, group.count);
      first += group.count;
    }
  }
  return "[" + groups + "]";
}

std::string LinesJson(const std::vector<std::int64_t>& lines) {
  return fmt::format("[{}]", fmt::join(lines, ", "));
}

std::string CodesJson(const Model& model) {
  std::string lists;
  for (const ValueCodes& list : model.value_codes) {
    std::string directions;
    for (const auto& [direction, codes] : list.directions) {
      std::string numbers;
      for (const double code : codes) {
        numbers += (numbers.empty() ? "" : ", ") + (std::isnan(code) ? "null" : JsonNumber(code));
      }
      directions += fmt::format("{}{{\"direction\": {}, \"codes\": [{}]}}",
                                directions.empty() ? "" : ", ", direction, numbers);
    }
    lists += fmt::format("{}{{\"of\": {}, \"line\": {}, \"values\": {}, \"directions\": [{}]}}",
                         lists.empty() ? "" : ", ", QuoteJson(list.of), list.line,
                         ToJson(list.values), directions);
  }
  return "[" + lists + "]";
}

std::string ModelJson(const Model& model) {
  std::string heads;
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    for (const Head& head : model.layers[l].heads) {
      heads += fmt::format("{}{{\"layer\": {}, \"label\": {}, \"line\": {}, \"mask\": \"{}\"}}",
                           heads.empty() ? "" : ", ", l, QuoteJson(head.label), head.line,
                           NameOf(head.mask));
    }
  }
  return fmt::format(
      "{{\"name\": {}, {}, \"context_length\": {}, \"causal\": {}, \"arithmetic\": \"{}\", "
      "\"vocabulary\": {}, "
      "\"alphabet\": "
      "{}, \"heads_in_layers\": [{}], \"neuron_groups\": {}, \"neurons_in_layers\": {}, "
      "\"residual_labels\": {}, "
      "\"residual_lines\": {}, \"value_codes\": {}, \"certificate\": [{}]}}\n",
      QuoteJson(model.name), SizesMembers(model, {}), model.context_length, model.causal,
      NameOf(model.arithmetic), ToJson(model.vocabulary), ToJson(model.alphabet), heads,
      NeuronGroupsJson(model), NeuronsJson(model), QuotedList(model.residual_labels),
      LinesJson(model.residual_lines), CodesJson(model), EntriesJson(model.certificate));
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

int InspectModel(FileReader& file, ModelView view, bool json) {
  Diagnostics diag;
  const std::optional<Model> model = ReadModelFile(file, ModelFileLimits{}, diag);
  const std::string path = EscapeText(NameOfInput(file.path()));
  Report(diag);
  if (!model) return kFault;
  if (view == ModelView::kStructure) {
    const StructureReport report = ReportStructure(*model);
    Print(json ? StructureJson(report) : FitColumns(StructureText(path, report)));
  } else if (view == ModelView::kCertificate) {
    Print(json ? CertificateJson(model->certificate) : FitColumns(CertificateText(path, *model)));
  } else {
    Print(json ? ModelJson(*model) : FitColumns(ModelText(path, *model)));
  }
  return FinishOutput(kSuccess);
}

}  // namespace raspc
