// What holds of the labels of every compiled model.
#pragma once

#include <fmt/format.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

struct ModelLabels {
  std::vector<std::string> directions, heads, neurons;
};

inline ModelLabels LabelsOf(const Model& model) {
  ModelLabels labels{model.residual_labels, {}, {}};
  for (const Layer& layer : model.layers) {
    for (const Head& head : layer.heads) labels.heads.push_back(head.label);
    for (const std::string& name : NeuronNames(layer.mlp)) labels.neurons.push_back(name);
  }
  return labels;
}

// Labels that are empty, that two of a kind share, or that hold the number of a node.
inline std::vector<std::string> BadLabels(const Model& model) {
  static const std::regex internal(
      "\\b(map|select|selector|aggregate|width|sum) [0-9]+\\b|#[0-9]|%[0-9]");
  const ModelLabels labels = LabelsOf(model);
  std::vector<std::string> bad;
  for (const std::vector<std::string>* kind :
       {&labels.directions, &labels.heads, &labels.neurons}) {
    std::set<std::string> seen;
    for (const std::string& label : *kind) {
      if (!seen.insert(label).second) bad.push_back("twice: " + label);
      if (label.empty()) bad.emplace_back("empty");
    }
  }
  std::vector<std::string> texts = labels.directions;
  texts.insert(texts.end(), labels.heads.begin(), labels.heads.end());
  for (const auto& entry : model.certificate.entries) texts.push_back(entry.label);
  for (const Layer& layer : model.layers) {
    for (const NeuronGroup& group : layer.mlp.groups) texts.push_back(group.label);
  }
  for (const std::string& text : texts) {
    if (std::regex_search(text, internal)) bad.push_back("internal: " + text);
  }
  return bad;
}

// How many neurons have no name.
inline std::int64_t NumUnnamedNeurons(const Model& model) {
  std::int64_t number = 0;
  for (const Layer& layer : model.layers) {
    number += layer.mlp.in_bias.size() - static_cast<std::int64_t>(NeuronNames(layer.mlp).size());
  }
  return number;
}

}  // namespace raspc
