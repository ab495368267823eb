#include "compiler/lower/selectors/zero_sets.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace raspc {

std::vector<LinearForm> ZeroSets::Of(const std::vector<NodeId>& nodes,
                                     const std::vector<int>& classes,
                                     const std::vector<std::vector<bool>>& sets, Quality quality) {
  if (sets.empty()) return {};
  std::vector<std::vector<double>> targets;  // [set][row]
  for (const auto& set : sets) {
    std::vector<double> target;
    for (const int c : classes) {
      target.push_back(c < 0 ? std::nan("") : set[static_cast<std::size_t>(c)] ? 1 : 0);
    }
    targets.push_back(std::move(target));
  }
  FunctionRequest request;
  request.nodes = nodes;
  request.table = *sops_.Tabulate(nodes);
  const std::vector<Feature>& features = request.table.features;
  if (features.empty()) {
    std::vector<LinearForm> forms;
    for (const auto& target : targets) forms.push_back(LinearForm::Constant(target[0]));
    return forms;
  }
  return features.size() == 1 ? OfOneFeature(std::move(request), targets, quality)
                              : Computed(std::move(request), targets, quality);
}

std::vector<LinearForm> ZeroSets::OfBits(const std::vector<NodeId>& nodes,
                                         const std::vector<int>& classes,
                                         const std::vector<int>& codes, int num_bits,
                                         Quality quality) {
  // The selectors of a width that is added up bit by bit ask for the same codes again and again.
  const std::tuple key{quality, nodes, classes, codes, num_bits};
  if (const auto known = of_bits_.find(key); known != of_bits_.end()) return known->second;
  std::vector<std::vector<bool>> sets;
  for (int bit = 0; bit < num_bits; ++bit) {
    for (const int wanted : {1, 0}) {
      std::vector<bool> set;
      for (const int code : codes) set.push_back(((code >> bit) & 1) == wanted);
      sets.push_back(std::move(set));
    }
  }
  return of_bits_.emplace(key, Of(nodes, classes, sets, quality)).first->second;
}

// Columns of the embedding tables, or gathered ones, cost no segment.
std::vector<LinearForm> ZeroSets::OfOneFeature(FunctionRequest request,
                                               const std::vector<std::vector<double>>& targets,
                                               Quality quality) {
  const Feature feature = request.table.features[0];
  const bool is_free = feature.kind != Feature::Kind::kNode;
  if (!is_free && !sops_.IsEmbeddedLookUp(feature.node)) {
    return Computed(std::move(request), targets, quality);
  }
  const Meanings::RowValues rows = !is_free ? Meanings::RowValues{}
                                   : request.nodes.size() == 1
                                       ? meanings_.ValuesOfRows(request.nodes, request.table)
                                       : meanings_.EmbeddedValues(feature.kind);
  std::vector<LinearForm> forms;
  for (const auto& target : targets) {
    std::vector<double> column;
    for (const double value : target) column.push_back(std::isnan(value) ? 0 : value);
    if (!is_free) {
      forms.push_back(forms_.Real(feature.node, column));  // 0 and 1 are gathered unchanged
    } else if (feature.kind == Feature::Kind::kToken) {
      forms.push_back(builder_.Embedding(column, {}, Meanings::FunctionOfRows(rows, target)));
    } else {
      forms.push_back(builder_.Embedding({}, column, Meanings::FunctionOfRows(rows, target)));
    }
  }
  return forms;
}

// Those that no other selector has requested are made together, in one MLP segment.
std::vector<LinearForm> ZeroSets::Computed(FunctionRequest request,
                                           const std::vector<std::vector<double>>& targets,
                                           Quality quality) {
  std::map<std::vector<double>, LinearForm>& known = computed_[{quality, request.nodes}];
  std::vector<std::vector<double>> keys;
  for (const auto& target : targets) {
    keys.push_back(target);
    std::ranges::replace_if(keys.back(), [](double value) { return std::isnan(value); }, -1.0);
  }
  std::vector<const std::vector<double>*> missing;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto is_same = [&](const std::vector<double>* other) { return *other == keys[i]; };
    if (known.contains(keys[i]) || std::ranges::any_of(missing, is_same)) continue;
    missing.push_back(&keys[i]);
    request.targets.push_back(targets[i]);
  }
  if (!request.targets.empty()) {
    const std::vector<LinearForm> made = functions_.Of(request, quality);
    for (std::size_t i = 0; i < made.size(); ++i) known.emplace(*missing[i], made[i]);
  }
  std::vector<LinearForm> forms;
  for (const auto& key : keys) forms.push_back(known.at(key));
  return forms;
}

}  // namespace raspc
