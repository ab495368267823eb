// A function of several features as an MLP segment: which coordinates to lay out, and how.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "compiler/lower/lowering.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxPermuted = 4;  // coordinates tried in every order

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

}  // namespace

// Nothing if the rows of the request do not determine the s-op's value: where it has other
// features, or the table would be too large with it.
std::optional<std::vector<double>> Lowering::CodesByRow(const FunctionRequest& request, NodeId id,
                                                        const Code& code) const {
  std::vector<NodeId> nodes = request.nodes;
  nodes.push_back(id);
  const auto table = Tabulate(graph_, domains_, nodes, request.opened);
  if (!table || table->features != request.table.features) return std::nullopt;
  std::vector<double> by_row;
  for (const std::int32_t value : table->values.back()) {
    by_row.push_back(value < 0 ? std::nan("") : code[static_cast<std::size_t>(value)]);
  }
  return by_row;
}

// Its number where that distinguishes the values, or if nothing else is available; else their place
// in the domain.
Code Lowering::CoordinateCode(NodeId id) const {
  if (HasNumberOnly(id) || HasDistantNumbers(DomainOf(id))) return NumberCode(id);
  Code code(DomainOf(id).values.size());
  std::iota(code.begin(), code.end(), 0.0);
  return code;
}

// An aggregate, a width or a cut-off map, read as one number.
Coordinate Lowering::CoordinateOfFeature(const FunctionRequest& request, std::size_t feature) {
  const NodeId id = request.table.features[feature].node;
  const Domain& domain = DomainOf(id);
  Code code;
  Coordinate coordinate;
  const auto num_node_features =
      std::count_if(request.table.features.begin(), request.table.features.end(),
                    [](const Feature& f) { return f.kind == Feature::Kind::kNode; });
  if (std::holds_alternative<WidthNode>(graph_[id].kind) && num_node_features == 1 &&
      WidthParts(id).size() == 1) {
    // Alone, a width need not become a number first.
    for (const Atom& width : domain.values) code.push_back(1 / (1 + NumberOf(width)));
    coordinate.form = ShareForm(WidthParts(id)[0].formula);
  } else {
    code = CoordinateCode(id);
    coordinate.form = Real(id, code);
  }
  for (std::int64_t row = 0; row < request.table.num_rows; ++row) {
    coordinate.of_row.push_back(code[static_cast<std::size_t>(request.table.Digit(feature, row))]);
  }
  return coordinate;
}

// One coordinate for each feature; with types, also the type of an aggregate's value, which
// distinguishes the int 1 from the float 1.0.
std::vector<Coordinate> Lowering::FeatureCoordinates(const FunctionRequest& request,
                                                     bool with_types) {
  std::vector<Coordinate> coordinates;
  for (std::size_t i = 0; i < request.table.features.size(); ++i) {
    const Feature& feature = request.table.features[i];
    if (feature.kind != Feature::Kind::kNode) {
      coordinates.push_back(
          FreeCoordinate(request.table, i, BehaviourClasses(request.table, i, request.targets)));
      continue;
    }
    coordinates.push_back(CoordinateOfFeature(request, i));
    if (!with_types || !HasNumberOnly(feature.node)) continue;
    const Code code = TypeCode(feature.node);
    Coordinate type;
    type.form = TypeForm(feature.node);
    for (std::int64_t row = 0; row < request.table.num_rows; ++row) {
      type.of_row.push_back(code[static_cast<std::size_t>(request.table.Digit(i, row))]);
    }
    coordinates.push_back(std::move(type));
  }
  return coordinates;
}

// Opens maps from the top until everything is embedding-only, a feature, or a sum of these; a
// comparison of two sums needs only their difference.
void Lowering::Collect(NodeId id, NodeId opened, std::vector<NodeId>& free,
                       std::vector<NodeId>& numbers,
                       std::vector<std::pair<NodeId, NodeId>>& differences) const {
  if (std::holds_alternative<ConstantNode>(graph_[id].kind)) return;
  if (id != opened) {
    if (IsFree(id)) {
      free.push_back(id);
      return;
    }
    if (IsFeature(graph_, domains_, id)) {
      numbers.push_back(id);
      return;
    }
  }
  const auto& map = std::get<MapNode>(graph_[id].kind);
  if (id != opened && IsCheaplyLinear(id)) {
    numbers.push_back(id);
    return;
  }
  if (IsComparison(map.op) && IsCheaplyLinear(map.operands[0]) &&
      IsCheaplyLinear(map.operands[1]) &&
      !std::holds_alternative<ConstantNode>(graph_[map.operands[0]].kind) &&
      !std::holds_alternative<ConstantNode>(graph_[map.operands[1]].kind)) {
    differences.emplace_back(map.operands[0], map.operands[1]);
    return;
  }
  for (const NodeId operand : map.operands) Collect(operand, opened, free, numbers, differences);
}

// The embedding-only nodes of one kind together: positions (tokens) at which all have equal values
// form one class.
Coordinate Lowering::CoordinateOfFreeNodes(const FunctionRequest& request, Feature::Kind kind,
                                           const std::vector<NodeId>& nodes) {
  const auto& features = request.table.features;
  const auto feature =
      static_cast<std::size_t>(std::find_if(features.begin(), features.end(),
                                            [&](const Feature& f) { return f.kind == kind; }) -
                               features.begin());
  std::map<std::vector<std::int32_t>, double> numbers;
  std::vector<std::vector<std::int32_t>> tuples(
      static_cast<std::size_t>(request.table.sizes[feature]));
  for (std::size_t i = 0; i < tuples.size(); ++i) {
    for (const NodeId id : nodes) tuples[i].push_back(domains_.TableOf(id).rows[i]);
    numbers.emplace(tuples[i], 0);
  }
  double next = 0;
  for (auto& [tuple, number] : numbers) number = next++;
  std::vector<double> column;
  for (const auto& tuple : tuples) column.push_back(numbers.at(tuple));
  return FreeCoordinate(request.table, feature, std::move(column));
}

std::vector<Coordinate> Lowering::StructuredCoordinates(const FunctionRequest& request) {
  std::vector<NodeId> free, numbers;
  std::vector<std::pair<NodeId, NodeId>> differences;
  for (const NodeId id : request.nodes) Collect(id, request.opened, free, numbers, differences);
  const auto make_unique = [](auto& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  make_unique(free);
  make_unique(numbers);
  make_unique(differences);

  std::vector<Coordinate> coordinates;
  for (const Feature::Kind kind : {Feature::Kind::kToken, Feature::Kind::kPosition}) {
    std::vector<NodeId> of_kind;
    for (const NodeId id : free) {
      if (FreeFeatureOf(id) != nullptr && FreeFeatureOf(id)->kind == kind) of_kind.push_back(id);
    }
    if (!of_kind.empty()) coordinates.push_back(CoordinateOfFreeNodes(request, kind, of_kind));
  }
  for (const NodeId id : numbers) {
    const auto& features = request.table.features;
    const auto at = std::find(features.begin(), features.end(), Feature{Feature::Kind::kNode, id});
    if (at != features.end()) {
      coordinates.push_back(
          CoordinateOfFeature(request, static_cast<std::size_t>(at - features.begin())));
    } else {
      auto codes = CodesByRow(request, id, NumberCode(id));
      if (!codes) return {};
      coordinates.push_back({std::move(*codes), Number(id), false, {}, {}});
    }
  }
  for (const auto& [a, b] : differences) {
    const auto minuend = CodesByRow(request, a, NumberCode(a));
    const auto subtrahend = CodesByRow(request, b, NumberCode(b));
    if (!minuend || !subtrahend) return {};
    Coordinate coordinate{*minuend, Sum(Number(a), Scaled(Number(b), -1)), false, {}, {}};
    double rounding = 0;
    for (std::size_t row = 0; row < subtrahend->size(); ++row) {
      double& difference = coordinate.of_row[row];
      if (!std::isnan(difference) && !std::isnan((*subtrahend)[row])) {
        rounding = std::max(rounding, ErrorOfSum(difference, -(*subtrahend)[row]));
      }
      difference -= (*subtrahend)[row];
    }
    coordinate.form.drift += rounding;
    coordinates.push_back(std::move(coordinate));
  }
  return coordinates;
}

namespace {

void AddLayouts(std::vector<Coordinate> coordinates,
                const std::vector<std::vector<double>>& targets, std::vector<Layout>& layouts) {
  if (coordinates.empty()) return;
  std::vector<std::size_t> order(coordinates.size());
  std::iota(order.begin(), order.end(), 0);
  const bool all_orders = order.size() <= kMaxPermuted;
  do {
    std::vector<Coordinate> ordered;
    for (const std::size_t i : order) ordered.push_back(coordinates[i]);
    if (auto layout = RadixLayout(ordered, targets)) layouts.push_back(std::move(*layout));
  } while (all_orders && std::next_permutation(order.begin(), order.end()));
  if (coordinates.size() != 2) return;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    if (coordinates[i].is_free || !coordinates[1 - i].is_free) continue;
    if (auto layout = ThresholdLayout(coordinates[i], coordinates[1 - i], targets)) {
      layouts.push_back(std::move(*layout));
    }
  }
}

}  // namespace

// The number of the opened map itself, if it needs no MLP segment: a function of a sum.
std::vector<Coordinate> Lowering::OwnCoordinate(const FunctionRequest& request) {
  const NodeId id = request.opened;
  if (!id.IsValid() || !IsCheaplyLinear(id) || !HasDistinctNumbers(DomainOf(id))) return {};
  const auto number = LinearNumber(id);
  const auto codes = CodesByRow(request, id, NumberCode(id));
  if (!number || !codes) return {};
  return {{*codes, *number, false, {}, {}}};
}

// The operands of a map that have several values. One that only renames or pairs values of others,
// without leaving any of them out, is replaced by these, since computing it gains nothing; so is
// a function of at most `most_tuples` combinations.
void Lowering::CollectOperands(NodeId id, double most_tuples, std::set<NodeId>& seen,
                               std::vector<NodeId>& operands) const {
  for (const NodeId operand : graph_.OperandsOf(id)) {
    const auto size = static_cast<double>(DomainOf(operand).values.size());
    if (size <= 1 || !seen.insert(operand).second) continue;
    if (!IsFree(operand) && !IsFeature(graph_, domains_, operand)) {
      double num_tuples = 1;
      for (const NodeId inner : graph_.OperandsOf(operand)) {
        num_tuples *= static_cast<double>(DomainOf(inner).values.size());
      }
      if (num_tuples <= std::max(size, most_tuples)) {
        CollectOperands(operand, most_tuples, seen, operands);
        continue;
      }
    }
    operands.push_back(operand);
  }
}

// The operands of the map, each computed by itself first.
std::vector<Coordinate> Lowering::OperandCoordinates(const FunctionRequest& request, NodeId map,
                                                     double most_tuples) {
  std::vector<NodeId> operands;
  std::set<NodeId> seen;
  CollectOperands(map, most_tuples, seen, operands);
  std::vector<Coordinate> coordinates;
  for (const NodeId id : operands) {
    const Code code = CoordinateCode(id);
    Coordinate coordinate;
    auto codes = CodesByRow(request, id, code);
    if (!codes) return {};
    coordinate.form = Real(id, code);
    coordinate.of_row = std::move(*codes);
    coordinates.push_back(std::move(coordinate));
  }
  return coordinates;
}

// The map that a request is for, if it is a single one with a table.
NodeId Lowering::MapOfRequest(const FunctionRequest& request) const {
  if (request.opened.IsValid()) return request.opened;
  if (request.nodes.size() != 1 || IsFree(request.nodes[0]) ||
      IsFeature(graph_, domains_, request.nodes[0])) {
    return {};
  }
  return request.nodes[0];
}

// The candidate layouts, most promising first: not too wide, ready early, few changes. A map
// with many changes is better computed in two steps, its operands first, if that saves more neurons
// than a layer is worth.
std::vector<Layout> Lowering::Layouts(const FunctionRequest& request) {
  constexpr int kManyChanges = 64;
  constexpr int kWorthALayer = 4;
  std::vector<Layout> layouts;
  AddLayouts(FeatureCoordinates(request, false), request.targets, layouts);
  AddLayouts(StructuredCoordinates(request), request.targets, layouts);
  AddLayouts(OwnCoordinate(request), request.targets, layouts);
  if (layouts.empty()) AddLayouts(FeatureCoordinates(request, true), request.targets, layouts);
  SortByPromise(layouts);
  const int num_changes = layouts.empty() ? kManyChanges : layouts.front().num_changes;
  const NodeId map = MapOfRequest(request);
  if (!map.IsValid() || num_changes < kManyChanges) return layouts;
  std::vector<Layout> stepwise;
  for (const double most_tuples : {0, kManyChanges}) {
    AddLayouts(OperandCoordinates(request, map, most_tuples), request.targets, stepwise);
  }
  SortByPromise(stepwise);
  const bool is_better =
      !stepwise.empty() && stepwise.front().num_changes * kWorthALayer <= num_changes;
  layouts.insert(is_better ? layouts.begin() : layouts.end(), stepwise.begin(), stepwise.end());
  return layouts;
}

void Lowering::SortByPromise(std::vector<Layout>& layouts) const {
  // More than a few neurons per position are worse than another layer; more than a few in total
  // where layers may not depend on the length.
  const std::int64_t by_length =
      domains_.scope.reduce_counts_first
          ? 0
          : std::min<std::int64_t>(2 * domains_.scope.context_length, 1 << 20);
  const int most_changes = static_cast<int>(std::max<std::int64_t>(64, by_length));
  std::vector<std::pair<std::tuple<bool, int, int>, std::size_t>> ranks;
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    int ready = 0;
    for (const Coordinate& coordinate : layouts[i].coordinates) {
      if (!coordinate.is_free) ready = std::max(ready, ReadyOf(blocks_, coordinate.form));
    }
    const bool is_wide = layouts[i].num_changes > most_changes;
    ranks.push_back({{is_wide, EarliestMlpLayer(ready), layouts[i].num_changes}, i});
  }
  std::sort(ranks.begin(), ranks.end());
  std::vector<Layout> sorted;
  for (const auto& [rank, i] : ranks) sorted.push_back(std::move(layouts[i]));
  layouts = std::move(sorted);
}

LinearForm Lowering::FormOfLayout(const Layout& layout) {
  LinearForm form;
  std::vector<double> by_token, by_position;
  const auto add = [&](std::vector<double>& column, const std::vector<double>& other,
                       double weight) {
    if (column.empty()) column.resize(other.size());
    double rounding = 0;
    for (std::size_t i = 0; i < other.size(); ++i) {
      rounding = std::max(rounding, ErrorOfSum(column[i], weight * other[i]));
      column[i] += weight * other[i];
    }
    form.drift += rounding;
  };
  for (std::size_t i = 0; i < layout.coordinates.size(); ++i) {
    const Coordinate& coordinate = layout.coordinates[i];
    if (!coordinate.is_free) {
      form = Sum(form, Scaled(coordinate.form, layout.weights[i]));
      continue;
    }
    add(by_token, coordinate.by_token, layout.weights[i]);
    add(by_position, coordinate.by_position, layout.weights[i]);
  }
  return Sum(form, FreeForm(by_token, by_position, FreeMeaning(by_token, by_position)));
}

LinearForm Lowering::AddOutput(MlpBlock& block, const MlpPiece::Output& output,
                               const VariableMeaning& meaning, int ready) {
  Variable variable;
  variable.origin = Variable::Origin::kMlp;
  variable.at_bos = output.base;
  variable.bound = output.bound;
  variable.ready = ready;
  // The entry of a deciding segment is about z, that of any other about the number it computes.
  const bool decides = std::isfinite(output.margin);
  const VariableId id = AddVariable(std::move(variable), meaning);
  blocks_.margins.push_back(
      {{fmt::format("`{}`", blocks_[id].label), decides ? output.z_error : output.bound.error,
        decides ? output.z_error + output.margin : output.margin},
       id});
  block.outputs.push_back({id, output.base, output.weights});
  return LinearForm::Of(id);
}

// A segment with one output, as its own block.
LinearForm Lowering::AddPiece(const MlpPiece& piece, const MlpPiece::Output& output,
                              const LinearForm& z, const VariableMeaning& meaning) {
  MlpBlock block;
  block.neurons = piece.neurons();
  const LinearForm form =
      AddOutput(block, output, meaning, EarliestMlpLayer(ReadyOf(blocks_, z)) * 2 + 2);
  blocks_.mlps.push_back(std::move(block));
  return form;
}

std::optional<LinearForm> Lowering::Cleaned(const LinearForm& form, VariableMeaning meaning) {
  MlpPiece piece(blocks_, form, {0, 1});
  const auto output = piece.Hinges({true, false});
  if (!output) return std::nullopt;
  meaning.kind = VariableMeaning::Kind::kPenalty;
  return AddPiece(piece, *output, form, meaning);
}

namespace {

double SmallestDifference(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if (values[i] != values[i + 1]) smallest = std::min(smallest, values[i + 1] - values[i]);
  }
  return smallest;
}

}  // namespace

// Points closer than this are merged for a segment that reads z.
double Lowering::ReachOf(const LinearForm& z) const {
  constexpr double kRounding = 1e-14;
  return kRounding * std::max(1.0, BoundOf(blocks_, z).max_abs);
}

// The error allowed in a number: a fraction of the distance between its values or, where that is
// tiny, the size of a rounding error.
double Lowering::ToleranceOf(const std::vector<double>& values) const {
  constexpr double kRounding = 1.0 / (std::int64_t{1} << 36);
  double largest = 1;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return std::max(effort_.number_tolerance * SmallestDifference(values), kRounding * largest);
}

std::optional<std::vector<LinearForm>> Lowering::PiecesOn(const Layout& layout,
                                                          const FunctionRequest& request,
                                                          Quality quality) {
  LinearForm z = FormOfLayout(layout);
  z.drift += layout.rounding;
  const auto all_points = PointsOf(layout.of_row, request.targets);
  if (!all_points || all_points->z.empty()) return std::nullopt;
  const auto [points, z_shift, target_shift] = MergeClose(*all_points, ReachOf(z));
  z.drift += z_shift;
  MlpPiece piece(blocks_, z, points.z);
  MlpBlock block;
  const RowValues rows = ValuesOfRows(request.nodes, request.table);
  const int ready = EarliestMlpLayer(ReadyOf(blocks_, z)) * 2 + 2;
  std::map<std::vector<double>, LinearForm>
      noisy;  // indicators that are not exactly 0 where they should be
  std::vector<LinearForm> forms;
  std::vector<bool> is_noisy;
  for (std::size_t i = 0; i < points.targets.size(); ++i) {
    const std::vector<double>& values = points.targets[i];
    is_noisy.push_back(false);
    if (SmallestDifference(values) == std::numeric_limits<double>::infinity()) {
      forms.push_back(LinearForm::Constant(values[0]));
      continue;
    }
    VariableMeaning meaning = FunctionOfRows(rows, request.targets[i]);
    if (quality == Quality::kNumber) {
      auto output = piece.Function(values, ToleranceOf(values), effort_.prefer);
      if (!output) return std::nullopt;
      output->bound.error += target_shift;
      forms.push_back(AddOutput(block, *output, meaning, ready));
      continue;
    }
    std::vector<bool> is_zero;
    std::vector<double> complement;
    for (const double value : values) {
      is_zero.push_back(value == 0);
      complement.push_back(1 - value);
    }
    if (const auto known = noisy.find(complement); known != noisy.end()) {
      const LinearForm form = Shifted(Scaled(known->second, -1), 1);
      forms.push_back(form);
      is_noisy.back() = quality == Quality::kZeroSet && !BoundOf(blocks_, form).IsExact();
      continue;
    }
    const auto steps = piece.Steps(values);
    const double tolerance = quality == Quality::kNearSet ? kNearTolerance : 0;
    if (!steps || !(steps->bound.error <= tolerance)) {
      if (const auto hinges = piece.Hinges(is_zero)) {
        meaning.kind = VariableMeaning::Kind::kPenalty;
        forms.push_back(AddOutput(block, *hinges, meaning, ready));
        continue;
      }
      if (!steps || quality == Quality::kNearSet) return std::nullopt;
      is_noisy.back() = true;
    }
    forms.push_back(AddOutput(block, *steps, meaning, ready));
    noisy.emplace(values, forms.back());
  }
  block.neurons = piece.neurons();
  blocks_.mlps.push_back(std::move(block));
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (!is_noisy[i]) continue;
    const auto cleaned = Cleaned(forms[i], FunctionOfRows(rows, request.targets[i]));
    if (!cleaned) return std::nullopt;
    forms[i] = *cleaned;
  }
  return forms;
}

// The two closest numbers that a function reads, where the error cannot keep them apart.
std::string Lowering::WhatIsTooClose(const std::vector<Layout>& layouts) const {
  ClosestPair closest;
  double error = 0;
  for (const Layout& layout : layouts) {
    for (const Coordinate& coordinate : layout.coordinates) {
      if (coordinate.is_free) continue;
      std::set<double> numbers;
      for (const double number : coordinate.of_row) {
        if (!std::isnan(number)) numbers.insert(number);
      }
      const ClosestPair own = ClosestOf({numbers.begin(), numbers.end()});
      const double own_error = BoundOf(blocks_, coordinate.form).error;
      if (!(own_error / own.gap > error / closest.gap)) continue;
      closest = own;
      error = own_error;
    }
  }
  // It keeps the numbers apart, but not all combinations of them, or not what is made of them.
  if (!(2 * error >= closest.gap)) return "cannot be computed exactly enough";
  return fmt::format(
      "depends on a number that can be {} or {}, {:.2g} apart, but is known only to "
      "within {:.2g}",
      PythonFloat(closest.low), PythonFloat(closest.high), closest.gap, error);
}

std::vector<LinearForm> Lowering::Pieces(const FunctionRequest& request, Quality quality) {
  const std::vector<Layout> layouts = Layouts(request);
  for (const Layout& layout : layouts) {
    if (auto forms = PiecesOn(layout, request, quality)) return std::move(*forms);
  }
  // A third segment makes indicators exact where the arithmetic cannot make them precise enough.
  if (quality == Quality::kNearSet) return Pieces(request, Quality::kZeroSet);
  if (layouts.empty()) {
    FailTooLarge(request.nodes[0], "depends on the type of a value that the model does not keep");
  }
  FailImprecise(request.nodes[0], WhatIsTooClose(layouts));
}

}  // namespace raspc
