#include "compiler/lower/functions/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "base/stop.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxPermuted = 4;  // coordinates tried in every order

void AddLayouts(std::vector<Coordinate> coordinates,
                const std::vector<std::vector<double>>& targets, std::vector<NumberLine>& lines) {
  if (coordinates.empty()) return;
  std::vector<std::size_t> order(coordinates.size());
  std::iota(order.begin(), order.end(), 0);
  const bool all_orders = order.size() <= kMaxPermuted;
  do {
    std::vector<Coordinate> ordered;
    for (const std::size_t i : order) ordered.push_back(coordinates[i]);
    if (auto line = RadixLine(ordered, targets)) lines.push_back(std::move(*line));
  } while (all_orders && std::next_permutation(order.begin(), order.end()));
  if (coordinates.size() != 2) return;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    if (coordinates[i].is_free || !coordinates[1 - i].is_free) continue;
    if (auto line = ThresholdLine(coordinates[i], coordinates[1 - i], targets)) {
      lines.push_back(std::move(*line));
    }
  }
}

}  // namespace

std::vector<LinearForm> Functions::Of(const FunctionRequest& request, Quality quality) {
  ThrowIfStopped();
  const std::vector<NumberLine> lines = NumberLines(request);
  for (const NumberLine& line : lines) {
    ThrowIfStopped();
    if (auto forms = On(line, request, quality)) return std::move(*forms);
  }
  // A third segment makes indicators exact where the arithmetic cannot make them precise enough.
  if (quality == Quality::kApproximateSet) return Of(request, Quality::kZeroSet);
  if (lines.empty()) {
    sops_.FailTooLarge(request.nodes[0],
                       "depends on the type of a value that the model does not keep");
  }
  sops_.FailImprecise(request.nodes[0], WhatIsTooClose(lines));
}

// --- NumberLines.

// The candidate lines, most promising first: not too wide, ready early, few changes. A map
// with many changes is better computed in two steps, its operands first, if that saves more neurons
// than a layer is worth.
std::vector<NumberLine> Functions::NumberLines(const FunctionRequest& request) {
  constexpr int kManyChanges = 64;
  constexpr int kWorthALayer = 4;
  Coordinates coordinates(sops_, forms_, request);
  const std::vector<std::vector<double>> targets{MergedTargets(request.targets)};
  std::vector<NumberLine> lines;
  AddLayouts(coordinates.OfFeatures(false), targets, lines);
  AddLayouts(coordinates.OfStructure(), targets, lines);
  AddLayouts(coordinates.OfItself(), targets, lines);
  if (lines.empty()) AddLayouts(coordinates.OfFeatures(true), targets, lines);
  SortByPromise(lines);
  const int num_changes = lines.empty() ? kManyChanges : lines.front().num_changes;
  const NodeId map = MapOfRequest(request);
  if (!map.IsValid() || num_changes < kManyChanges) return lines;
  std::vector<NumberLine> stepwise;
  for (const double most_tuples : {0, kManyChanges}) {
    AddLayouts(coordinates.OfOperands(map, most_tuples), targets, stepwise);
  }
  SortByPromise(stepwise);
  const bool is_better =
      !stepwise.empty() && stepwise.front().num_changes * kWorthALayer <= num_changes;
  lines.insert(is_better ? lines.begin() : lines.end(), stepwise.begin(), stepwise.end());
  return lines;
}

// The map that a request is for, if it is a single one with a table.
NodeId Functions::MapOfRequest(const FunctionRequest& request) const {
  if (request.opened.IsValid()) return request.opened;
  if (request.nodes.size() != 1 || sops_.IsEmbedded(request.nodes[0]) ||
      sops_.IsFeature(request.nodes[0])) {
    return {};
  }
  return request.nodes[0];
}

void Functions::SortByPromise(std::vector<NumberLine>& lines) const {
  // More than a few neurons per position are worse than another layer; more than a few in total
  // where layers may not depend on the length.
  const std::int64_t by_length =
      sops_.scope().reduce_counts_first
          ? 0
          : std::min<std::int64_t>(2 * sops_.context_length(), 1 << 20);
  const int most_changes = static_cast<int>(std::max<std::int64_t>(64, by_length));
  std::vector<std::pair<std::tuple<bool, int, int>, std::size_t>> ranks;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    int ready = 0;
    for (const Coordinate& coordinate : lines[i].coordinates) {
      if (!coordinate.is_free) ready = std::max(ready, builder_.ReadyOf(coordinate.form));
    }
    const bool is_wide = lines[i].num_changes > most_changes;
    ranks.push_back({{is_wide, EarliestMlpLayer(ready), lines[i].num_changes}, i});
  }
  std::sort(ranks.begin(), ranks.end());
  std::vector<NumberLine> sorted;
  for (const auto& [rank, i] : ranks) sorted.push_back(std::move(lines[i]));
  lines = std::move(sorted);
}

LinearForm Functions::FormOfLine(const NumberLine& line) {
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
  for (std::size_t i = 0; i < line.coordinates.size(); ++i) {
    const Coordinate& coordinate = line.coordinates[i];
    if (!coordinate.is_free) {
      form = Sum(form, Scaled(coordinate.form, line.weights[i]));
      continue;
    }
    add(by_token, coordinate.by_token, line.weights[i]);
    add(by_position, coordinate.by_position, line.weights[i]);
  }
  return Sum(form, builder_.Embedding(by_token, by_position,
                                      meanings_.OfColumns(by_token, by_position)));
}

// --- Segments.

// A segment on one z, output by output. Outputs are nothing where z is not precise enough.
class Functions::Segment {
 public:
  Segment(BlocksBuilder& builder, const LinearForm& z, const std::vector<double>& points)
      : builder_(builder), piece_(builder.blocks(), z, points), ready_(builder.ReadyAfterMlp(z)) {}

  std::optional<LinearForm> Number(const std::vector<double>& values, const PrecisionPlan& plan,
                                   double target_shift, const VariableMeaning& meaning) {
    auto output = piece_.Function(values, plan.ToleranceOf(values), plan.prefer);
    if (!output) return std::nullopt;
    output->bound.error += target_shift;
    return builder_.AddOutput(block_, *output, meaning, ready_);
  }

  struct Indicator {
    LinearForm form;
    bool is_noisy = false;  // not exactly 0 where it should be
  };
  std::optional<Indicator> IndicatorOf(const std::vector<double>& values, Quality quality,
                                       VariableMeaning meaning) {
    std::vector<bool> is_zero;
    std::vector<double> complement;
    for (const double value : values) {
      is_zero.push_back(value == 0);
      complement.push_back(1 - value);
    }
    if (const auto known = steps_.find(complement); known != steps_.end()) {
      const LinearForm form = Shifted(Scaled(known->second, -1), 1);
      return Indicator{form, quality == Quality::kZeroSet && !builder_.BoundOf(form).IsExact()};
    }
    const auto steps = piece_.Steps(values);
    const double tolerance = quality == Quality::kApproximateSet ? kApproximateTolerance : 0;
    const bool is_precise = steps && steps->bound.error <= tolerance;
    if (!is_precise) {
      if (const auto hinges = piece_.Hinges(is_zero)) {
        meaning.kind = VariableMeaning::Kind::kPenalty;
        return Indicator{builder_.AddOutput(block_, *hinges, meaning, ready_)};
      }
      if (!steps || quality == Quality::kApproximateSet) return std::nullopt;
    }
    const LinearForm form = builder_.AddOutput(block_, *steps, meaning, ready_);
    steps_.emplace(values, form);
    return Indicator{form, !is_precise};
  }

  void Finish() {
    block_.neurons = piece_.neurons();
    builder_.AddMlp(std::move(block_));
  }

 private:
  BlocksBuilder& builder_;
  MlpSegment piece_;
  int ready_;
  MlpBlock block_;
  std::map<std::vector<double>, LinearForm> steps_;  // indicators made of steps, by value
};

// Points closer than this are merged for a segment that reads z.
double Functions::ReachOf(const LinearForm& z) const {
  constexpr double kRounding = 1e-14;
  return kRounding * std::max(1.0, builder_.BoundOf(z).max_abs);
}

std::optional<std::vector<LinearForm>> Functions::On(const NumberLine& line,
                                                     const FunctionRequest& request,
                                                     Quality quality) {
  LinearForm z = FormOfLine(line);
  z.drift += line.rounding;
  const auto all_points = PointsOf(line.of_row, request.targets);
  if (!all_points || all_points->z.empty()) return std::nullopt;
  const auto [points, z_shift, target_shift] = MergeClose(*all_points, ReachOf(z));
  z.drift += z_shift;
  Segment segment(builder_, z, points.z);
  const Meanings::RowValues rows = meanings_.ValuesOfRows(request.nodes, request.table);
  std::vector<LinearForm> forms;
  std::vector<std::size_t> noisy;
  for (std::size_t i = 0; i < points.targets.size(); ++i) {
    const std::vector<double>& values = points.targets[i];
    if (SmallestDifference(values) == std::numeric_limits<double>::infinity()) {
      forms.push_back(LinearForm::Constant(values[0]));
      continue;
    }
    const VariableMeaning meaning = Meanings::FunctionOfRows(rows, request.targets[i]);
    if (quality == Quality::kNumber) {
      const auto form = segment.Number(values, plan_, target_shift, meaning);
      if (!form) return std::nullopt;
      forms.push_back(*form);
      continue;
    }
    const auto indicator = segment.IndicatorOf(values, quality, meaning);
    if (!indicator) return std::nullopt;
    if (indicator->is_noisy) noisy.push_back(i);
    forms.push_back(indicator->form);
  }
  segment.Finish();
  for (const std::size_t i : noisy) {
    const auto cleaned =
        builder_.Cleaned(forms[i], Meanings::FunctionOfRows(rows, request.targets[i]));
    if (!cleaned) return std::nullopt;
    forms[i] = *cleaned;
  }
  return forms;
}

// The two closest numbers that a function reads, where the error cannot keep them apart.
std::string Functions::WhatIsTooClose(const std::vector<NumberLine>& lines) const {
  ClosestPair closest;
  double error = 0;
  for (const NumberLine& line : lines) {
    for (const Coordinate& coordinate : line.coordinates) {
      if (coordinate.is_free) continue;
      std::set<double> numbers;
      for (const double number : coordinate.of_row) {
        if (!std::isnan(number)) numbers.insert(number);
      }
      const ClosestPair own = ClosestOf({numbers.begin(), numbers.end()});
      const double own_error = builder_.BoundOf(coordinate.form).error;
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

}  // namespace raspc
