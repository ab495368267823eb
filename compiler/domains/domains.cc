#include "compiler/domains/domains.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace raspc {
namespace {

std::string ToText(const DataflowGraph& graph, const Feature& feature) {
  switch (feature.kind) {
    case Feature::Kind::kToken:
      return "token";
    case Feature::Kind::kPosition:
      return "position";
    case Feature::Kind::kNode:
      return graph.Describe(feature.node);
  }
  return "";
}

}  // namespace

int Domain::IndexOf(const Atom& value) const {
  const auto at = std::lower_bound(values.begin(), values.end(), value, IdentityLess);
  return at != values.end() && Identical(*at, value) ? static_cast<int>(at - values.begin()) : -1;
}

bool Domain::MayBe(AtomType type) const {
  if (is_finite) {
    return std::any_of(values.begin(), values.end(),
                       [&](const Atom& value) { return TypeOf(value) == type; });
  }
  return (type == AtomType::kInt && may_be_int) || (type == AtomType::kFloat && may_be_float) ||
         (type == AtomType::kBool && may_be_bool) || (type == AtomType::kString && may_be_string);
}

std::vector<Atom> Domain::Strings() const {
  if (!is_finite) return strings;
  std::vector<Atom> found;
  std::copy_if(values.begin(), values.end(), std::back_inserter(found),
               [](const Atom& value) { return !IsNumber(value); });
  return found;
}

bool IsFeature(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const NodeKind& kind = graph[id].kind;
  if (std::holds_alternative<WidthNode>(kind)) return domains.TableOf(id).rows.empty();
  return std::holds_alternative<AggregateNode>(kind) || std::holds_alternative<SumNode>(kind) ||
         domains.is_cut[static_cast<std::size_t>(id.value)];
}

bool CompileScope::IsTabulated(std::span<const std::int64_t> sizes) const {
  std::int64_t num_rows = 1;
  std::int64_t num_varying = 0;
  for (const std::int64_t size : sizes) {
    if (size <= 1) continue;
    ++num_varying;
    num_rows = size > max_domain / num_rows ? max_domain + 1 : num_rows * size;
  }
  return num_varying <= 1 || num_rows <= max_domain;
}

std::int64_t CompileScope::MostInts() const {
  constexpr std::int64_t kIntsPerPosition = 4;
  constexpr std::int64_t kMaxUnasked = std::int64_t{1} << 20;  // 40 MiB of values
  return std::max(max_domain, std::min(kIntsPerPosition * context_length, kMaxUnasked));
}

std::vector<Feature> Domains::FeaturesOf(const DataflowGraph& graph, NodeId id) const {
  if (IsFeature(graph, *this, id)) return {Feature{Feature::Kind::kNode, id}};
  return TableOf(id).features;
}

std::vector<bool> Domains::Reachable(const std::vector<Feature>& features) const {
  const Feature position{Feature::Kind::kPosition, {}};
  const auto at = std::find(features.begin(), features.end(), position);
  if (at == features.end()) return {};
  std::vector<std::int64_t> strides(features.size());
  std::int64_t num_rows = 1;
  for (std::size_t i = features.size(); i-- > 0;) {
    strides[i] = num_rows;
    num_rows *= SizeOf(features[i]);
  }
  const std::int64_t position_stride = strides[static_cast<std::size_t>(at - features.begin())];
  std::vector<bool> reachable;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto widths = features[i].kind == Feature::Kind::kNode ? widths_at.find(features[i].node)
                                                                 : widths_at.end();
    if (widths == widths_at.end()) continue;
    const std::vector<Atom>& values = (*this)[features[i].node].values;
    reachable.resize(static_cast<std::size_t>(num_rows), true);
    for (std::int64_t row = 0; row < num_rows; ++row) {
      const auto index = static_cast<std::size_t>(row / position_stride % scope.context_length);
      const auto value = static_cast<std::size_t>(row / strides[i] % SizeOf(features[i]));
      const std::int64_t width = std::get<std::int64_t>(values[value]);
      const auto& [low, high] = widths->second[index];
      if (width < low || width > high) reachable[static_cast<std::size_t>(row)] = false;
    }
  }
  return reachable;
}

std::int64_t Domains::SizeOf(const Feature& feature) const {
  switch (feature.kind) {
    case Feature::Kind::kToken:
      return static_cast<std::int64_t>(scope.vocabulary.size());
    case Feature::Kind::kPosition:
      return scope.context_length;
    case Feature::Kind::kNode:
      return static_cast<std::int64_t>((*this)[feature.node].values.size());
  }
  return 0;
}

std::string ToText(const DataflowGraph& graph, const Domains& domains) {
  constexpr std::size_t kMaxShown = 12;
  std::string text;
  for (std::int32_t i = 0; i < graph.size(); ++i) {
    const NodeId id{i};
    if (graph.IsSelector(id)) continue;
    const Domain& domain = domains[id];
    text += fmt::format("{}: ", graph.Describe(id));
    if (!domain.is_finite) {
      text +=
          fmt::format("numbers from {} to {}", PythonFloat(domain.low), PythonFloat(domain.high));
    } else {
      std::vector<Atom> shown(domain.values.begin(),
                              domain.values.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                          kMaxShown, domain.values.size())));
      text +=
          fmt::format("{} value{} {}{}", domain.values.size(), domain.values.size() == 1 ? "" : "s",
                      ToJson(shown), domain.values.size() > kMaxShown ? " …" : "");
    }
    std::string features;
    for (const Feature& feature : domains.TableOf(id).features) {
      features += (features.empty() ? "" : " × ") + ToText(graph, feature);
    }
    if (!features.empty()) {
      text += fmt::format(", {} rows over {}", domains.TableOf(id).rows.size(), features);
    }
    text += domain.may_fail ? ", may fail\n" : "\n";
  }
  return text;
}

}  // namespace raspc
