#include "compiler/lower/functions/coordinates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace raspc {
namespace {

bool IsComparison(MapOp op) {
  switch (op) {
    case MapOp::kEqual:
    case MapOp::kNotEqual:
    case MapOp::kLess:
    case MapOp::kLessEqual:
    case MapOp::kGreater:
    case MapOp::kGreaterEqual:
      return true;
    default:
      return false;
  }
}

// 0 for strings.
std::vector<double> NumbersOf(const Domain& domain) {
  std::vector<double> numbers;
  for (const Atom& value : domain.values) numbers.push_back(IsNumber(value) ? NumberOf(value) : 0);
  return numbers;
}

bool HasDistinctNumbers(const Domain& domain) {
  const bool are_numbers = std::all_of(domain.values.begin(), domain.values.end(), IsNumber);
  return are_numbers && ClosestOf(NumbersOf(domain)).gap > 0;
}

// Whether its values are far enough apart to be distinguished by their numbers: floats that differ
// only by rounding are not.
bool HasDistantNumbers(const Domain& domain) {
  constexpr double kSmallestGap = 1.0 / (1 << 30);
  const std::vector<double> numbers = NumbersOf(domain);
  double largest = 0;
  for (const double number : numbers) largest = std::max(largest, std::abs(number));
  return HasDistinctNumbers(domain) && ClosestOf(numbers).gap >= kSmallestGap * largest;
}

// An embedding-only coordinate, given its entry for each value of the feature.
Coordinate FreeCoordinate(const JointTable& table, std::size_t feature,
                          std::vector<double> column) {
  Coordinate coordinate;
  coordinate.is_free = true;
  for (std::int64_t row = 0; row < table.num_rows; ++row) {
    coordinate.of_row.push_back(column[static_cast<std::size_t>(table.Digit(feature, row))]);
  }
  const bool by_token = table.features[feature].kind == Feature::Kind::kToken;
  (by_token ? coordinate.by_token : coordinate.by_position) = std::move(column);
  return coordinate;
}

// Numbers the values of an embedding-only feature by their effect on the targets: equal effect,
// equal number.
std::vector<double> BehaviourClasses(const JointTable& table, std::size_t feature,
                                     const std::vector<std::vector<double>>& targets) {
  const auto size = static_cast<std::size_t>(table.sizes[feature]);
  std::vector<std::vector<double>> behaviour(size);
  for (std::int64_t row = 0; row < table.num_rows; ++row) {
    auto& own = behaviour[static_cast<std::size_t>(table.Digit(feature, row))];
    for (const auto& target : targets) {
      const double value = target[static_cast<std::size_t>(row)];
      own.push_back(std::isnan(value) ? -std::numeric_limits<double>::infinity() : value);
    }
  }
  std::map<std::vector<double>, double> numbers;
  for (const auto& own : behaviour) numbers.emplace(own, 0);
  double next = 0;
  for (auto& [own, number] : numbers) number = next++;
  std::vector<double> classes;
  for (const auto& own : behaviour) classes.push_back(numbers.at(own));
  return classes;
}

// By row, the code of a feature's value.
std::vector<double> CodesOfFeature(const JointTable& table, std::size_t feature, const Code& code) {
  std::vector<double> by_row;
  for (std::int64_t row = 0; row < table.num_rows; ++row) {
    by_row.push_back(code[static_cast<std::size_t>(table.Digit(feature, row))]);
  }
  return by_row;
}

}  // namespace

// Nothing if the rows of the request do not determine the s-op's value: where it has other
// features, or the table would be too large with it.
std::optional<std::vector<double>> Coordinates::CodesByRow(NodeId id, const Code& code) const {
  std::vector<NodeId> nodes = request_.nodes;
  nodes.push_back(id);
  const auto table = sops_.Tabulate(nodes, request_.opened);
  if (!table || table->features != request_.table.features) return std::nullopt;
  std::vector<double> by_row;
  for (const std::int32_t value : table->values.back()) {
    by_row.push_back(value < 0 ? std::nan("") : code[static_cast<std::size_t>(value)]);
  }
  return by_row;
}

// Its number where that distinguishes the values, or if nothing else is available; else their place
// in the domain.
Code Coordinates::CoordinateCode(NodeId id) const {
  if (sops_.HasNumberOnly(id) || HasDistantNumbers(sops_[id])) return sops_.NumberCode(id);
  Code code(sops_[id].values.size());
  std::iota(code.begin(), code.end(), 0.0);
  return code;
}

// --- By feature.

// An aggregate, a width or a cut-off map, read as one number.
Coordinate Coordinates::OfFeature(std::size_t feature) {
  const std::vector<Feature>& features = request_.table.features;
  const NodeId id = features[feature].node;
  Code code;
  Coordinate coordinate;
  const auto num_node_features =
      std::count_if(features.begin(), features.end(),
                    [](const Feature& f) { return f.kind == Feature::Kind::kNode; });
  if (sops_.As<WidthNode>(id) != nullptr && num_node_features == 1 && forms_.HasShare(id)) {
    // Alone, a width need not become a number first.
    for (const Atom& width : sops_[id].values) code.push_back(1 / (1 + NumberOf(width)));
    coordinate.form = forms_.Share(id);
  } else {
    code = CoordinateCode(id);
    coordinate.form = forms_.Real(id, code);
  }
  coordinate.of_row = CodesOfFeature(request_.table, feature, code);
  return coordinate;
}

std::vector<Coordinate> Coordinates::OfFeatures(bool with_types) {
  const JointTable& table = request_.table;
  std::vector<Coordinate> coordinates;
  for (std::size_t i = 0; i < table.features.size(); ++i) {
    const Feature& feature = table.features[i];
    if (feature.kind != Feature::Kind::kNode) {
      coordinates.push_back(FreeCoordinate(table, i, BehaviourClasses(table, i, request_.targets)));
      continue;
    }
    coordinates.push_back(OfFeature(i));
    if (!with_types || !sops_.HasNumberOnly(feature.node)) continue;
    Coordinate type;
    type.form = forms_.Type(feature.node);
    type.of_row = CodesOfFeature(table, i, sops_.TypeCode(feature.node));
    coordinates.push_back(std::move(type));
  }
  return coordinates;
}

// --- By structure.

void Coordinates::Collect(NodeId id, Structure& found) const {
  if (sops_.As<ConstantNode>(id) != nullptr) return;
  const bool is_opened = id == request_.opened;
  if (!is_opened && sops_.IsEmbedded(id)) {
    found.free.push_back(id);
    return;
  }
  if (!is_opened && (sops_.IsFeature(id) || sops_.IsCheaplyLinear(id))) {
    found.numbers.push_back(id);
    return;
  }
  const auto& map = *sops_.As<MapNode>(id);
  const auto is_sum = [&](NodeId operand) {
    return sops_.IsCheaplyLinear(operand) && sops_.As<ConstantNode>(operand) == nullptr;
  };
  if (IsComparison(map.op) && is_sum(map.operands[0]) && is_sum(map.operands[1])) {
    found.differences.emplace_back(map.operands[0], map.operands[1]);
    return;
  }
  for (const NodeId operand : map.operands) Collect(operand, found);
}

// The embedding-only nodes of one kind together: positions (tokens) at which all have equal values
// form one class.
Coordinate Coordinates::OfEmbeddedNodes(Feature::Kind kind,
                                        const std::vector<NodeId>& nodes) const {
  const auto& features = request_.table.features;
  const auto feature =
      static_cast<std::size_t>(std::find_if(features.begin(), features.end(),
                                            [&](const Feature& f) { return f.kind == kind; }) -
                               features.begin());
  std::map<std::vector<std::int32_t>, double> numbers;
  std::vector<std::vector<std::int32_t>> tuples(
      static_cast<std::size_t>(request_.table.sizes[feature]));
  for (std::size_t i = 0; i < tuples.size(); ++i) {
    for (const NodeId id : nodes) tuples[i].push_back(sops_.TableOf(id).rows[i]);
    numbers.emplace(tuples[i], 0);
  }
  double next = 0;
  for (auto& [tuple, number] : numbers) number = next++;
  std::vector<double> column;
  for (const auto& tuple : tuples) column.push_back(numbers.at(tuple));
  return FreeCoordinate(request_.table, feature, std::move(column));
}

// A feature, or a sum.
std::optional<Coordinate> Coordinates::OfNumber(NodeId id) {
  const auto& features = request_.table.features;
  const auto at = std::find(features.begin(), features.end(), Feature{Feature::Kind::kNode, id});
  if (at != features.end()) return OfFeature(static_cast<std::size_t>(at - features.begin()));
  auto codes = CodesByRow(id, sops_.NumberCode(id));
  if (!codes) return std::nullopt;
  return Coordinate{std::move(*codes), forms_.Number(id), false, {}, {}};
}

std::optional<Coordinate> Coordinates::OfDifference(NodeId a, NodeId b) {
  const auto minuend = CodesByRow(a, sops_.NumberCode(a));
  const auto subtrahend = CodesByRow(b, sops_.NumberCode(b));
  if (!minuend || !subtrahend) return std::nullopt;
  Coordinate coordinate{
      *minuend, Sum(forms_.Number(a), Scaled(forms_.Number(b), -1)), false, {}, {}};
  double rounding = 0;
  for (std::size_t row = 0; row < subtrahend->size(); ++row) {
    double& difference = coordinate.of_row[row];
    if (!std::isnan(difference) && !std::isnan((*subtrahend)[row])) {
      rounding = std::max(rounding, ErrorOfSum(difference, -(*subtrahend)[row]));
    }
    difference -= (*subtrahend)[row];
  }
  coordinate.form.drift += rounding;
  return coordinate;
}

std::vector<Coordinate> Coordinates::OfStructure() {
  Structure found;
  for (const NodeId id : request_.nodes) Collect(id, found);
  const auto make_unique = [](auto& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  make_unique(found.free);
  make_unique(found.numbers);
  make_unique(found.differences);

  std::vector<Coordinate> coordinates;
  for (const Feature::Kind kind : {Feature::Kind::kToken, Feature::Kind::kPosition}) {
    std::vector<NodeId> of_kind;
    for (const NodeId id : found.free) {
      const Feature* feature = sops_.EmbeddedFeatureOf(id);
      if (feature != nullptr && feature->kind == kind) of_kind.push_back(id);
    }
    if (!of_kind.empty()) coordinates.push_back(OfEmbeddedNodes(kind, of_kind));
  }
  for (const NodeId id : found.numbers) {
    auto coordinate = OfNumber(id);
    if (!coordinate) return {};
    coordinates.push_back(std::move(*coordinate));
  }
  for (const auto& [a, b] : found.differences) {
    auto coordinate = OfDifference(a, b);
    if (!coordinate) return {};
    coordinates.push_back(std::move(*coordinate));
  }
  return coordinates;
}

// --- The map itself, and its operands.

std::vector<Coordinate> Coordinates::OfItself() {
  const NodeId id = request_.opened;
  if (!id.IsValid() || !sops_.IsCheaplyLinear(id) || !HasDistinctNumbers(sops_[id])) return {};
  const auto number = forms_.LinearNumber(id);
  const auto codes = CodesByRow(id, sops_.NumberCode(id));
  if (!number || !codes) return {};
  return {{*codes, *number, false, {}, {}}};
}

// The operands that have several values. One that only renames or pairs values of others, without
// leaving any of them out, is replaced by these, since computing it gains nothing.
void Coordinates::CollectOperands(NodeId id, double most_tuples, std::set<NodeId>& seen,
                                  std::vector<NodeId>& operands) const {
  for (const NodeId operand : sops_.graph().OperandsOf(id)) {
    const auto size = static_cast<double>(sops_[operand].values.size());
    if (size <= 1 || !seen.insert(operand).second) continue;
    if (!sops_.IsEmbedded(operand) && !sops_.IsFeature(operand)) {
      double num_tuples = 1;
      for (const NodeId inner : sops_.graph().OperandsOf(operand)) {
        num_tuples *= static_cast<double>(sops_[inner].values.size());
      }
      if (num_tuples <= std::max(size, most_tuples)) {
        CollectOperands(operand, most_tuples, seen, operands);
        continue;
      }
    }
    operands.push_back(operand);
  }
}

std::vector<Coordinate> Coordinates::OfOperands(NodeId map, double most_tuples) {
  std::vector<NodeId> operands;
  std::set<NodeId> seen;
  CollectOperands(map, most_tuples, seen, operands);
  std::vector<Coordinate> coordinates;
  for (const NodeId id : operands) {
    const Code code = CoordinateCode(id);
    auto codes = CodesByRow(id, code);
    if (!codes) return {};
    coordinates.push_back({std::move(*codes), forms_.Real(id, code), false, {}, {}});
  }
  return coordinates;
}

}  // namespace raspc
