#include "compiler/lower/builder/number_line.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace raspc {
namespace {

bool IsUndefined(std::size_t row, const std::vector<std::vector<double>>& targets) {
  return std::isnan(targets.front()[row]);
}

// The distinct values of a coordinate over the rows that matter.
std::vector<double> ValuesOf(const Coordinate& coordinate,
                             const std::vector<std::vector<double>>& targets) {
  std::vector<double> values;
  for (std::size_t row = 0; row < coordinate.of_row.size(); ++row) {
    if (!IsUndefined(row, targets) && !std::isnan(coordinate.of_row[row])) {
      values.push_back(coordinate.of_row[row]);
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// Whether every row that matters has a number: where numbers are huge, weights and sums overflow.
bool HasNumbers(const Layout& layout, const std::vector<std::vector<double>>& targets) {
  for (std::size_t row = 0; row < layout.of_row.size(); ++row) {
    const bool is_known = std::none_of(
        layout.coordinates.begin(), layout.coordinates.end(),
        [&](const Coordinate& coordinate) { return std::isnan(coordinate.of_row[row]); });
    if (is_known && !IsUndefined(row, targets) && !std::isfinite(layout.of_row[row])) return false;
  }
  return true;
}

int CountChanges(const LayoutPoints& points) {
  int changes = 0;
  for (std::size_t i = 0; i + 1 < points.z.size(); ++i) {
    for (const auto& target : points.targets) {
      if (target[i] != target[i + 1]) {
        ++changes;
        break;
      }
    }
  }
  return changes;
}

}  // namespace

ClosestPair ClosestOf(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  ClosestPair closest;
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i) {
    const double gap = numbers[i + 1] - numbers[i];
    if (gap < closest.gap) closest = {numbers[i], numbers[i + 1], gap};
  }
  return closest;
}

std::optional<LayoutPoints> PointsOf(const std::vector<double>& z_of_row,
                                     const std::vector<std::vector<double>>& targets) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < z_of_row.size(); ++row) {
    if (!IsUndefined(row, targets) && !std::isnan(z_of_row[row])) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [&](std::size_t a, std::size_t b) { return z_of_row[a] < z_of_row[b]; });
  LayoutPoints points;
  points.targets.resize(targets.size());
  for (const std::size_t row : rows) {
    const bool is_new = points.z.empty() || points.z.back() != z_of_row[row];
    if (is_new) points.z.push_back(z_of_row[row]);
    for (std::size_t t = 0; t < targets.size(); ++t) {
      if (is_new) {
        points.targets[t].push_back(targets[t][row]);
      } else if (points.targets[t].back() != targets[t][row]) {
        return std::nullopt;
      }
    }
  }
  return points;
}

MergedPoints MergeClose(const LayoutPoints& points, double reach) {
  constexpr double kRounding = 1e-13;  // of numbers held as doubles, after some operations
  MergedPoints merged;
  merged.points.targets.resize(points.targets.size());
  for (std::size_t i = 0; i < points.z.size(); ++i) {
    double shift = 0;
    bool is_same = !merged.points.z.empty() && points.z[i] - merged.points.z.back() <= reach;
    for (std::size_t t = 0; is_same && t < points.targets.size(); ++t) {
      const double target = points.targets[t][i];
      const double own_shift = std::abs(target - merged.points.targets[t].back());
      is_same = own_shift <= kRounding * std::max(1.0, std::abs(target));
      shift = std::max(shift, own_shift);
    }
    if (is_same) {
      merged.z_shift = std::max(merged.z_shift, points.z[i] - merged.points.z.back());
      merged.target_shift = std::max(merged.target_shift, shift);
      continue;
    }
    merged.points.z.push_back(points.z[i]);
    for (std::size_t t = 0; t < points.targets.size(); ++t) {
      merged.points.targets[t].push_back(points.targets[t][i]);
    }
  }
  return merged;
}

std::optional<Layout> RadixLayout(const std::vector<Coordinate>& coordinates,
                                  const std::vector<std::vector<double>>& targets) {
  Layout layout;
  layout.coordinates = coordinates;
  layout.weights.assign(coordinates.size(), 1.0);
  layout.of_row.assign(targets.front().size(), 0.0);
  double span = 0;  // of the coordinates so far, from the innermost
  double gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = coordinates.size(); i-- > 0;) {
    const std::vector<double> values = ValuesOf(coordinates[i], targets);
    if (values.empty()) return std::nullopt;
    const double own_gap = ClosestOf(values).gap;
    if (std::isfinite(own_gap)) {
      if (std::isfinite(gap)) {
        layout.weights[i] = PowerOfTwoAtLeast((span + gap) / own_gap);
      }
      gap = std::min(gap, own_gap * layout.weights[i]);
      span += (values.back() - values.front()) * layout.weights[i];
    }
    double rounding = 0;  // weights are powers of two
    for (std::size_t row = 0; row < layout.of_row.size(); ++row) {
      const double summand = layout.weights[i] * coordinates[i].of_row[row];
      if (std::isfinite(layout.of_row[row] + summand)) {
        rounding = std::max(rounding, ErrorOfSum(layout.of_row[row], summand));
      }
      layout.of_row[row] += summand;
    }
    layout.rounding += rounding;
  }
  if (!HasNumbers(layout, targets)) return std::nullopt;
  const auto points = PointsOf(layout.of_row, targets);
  if (!points) return std::nullopt;
  layout.num_changes = CountChanges(*points);
  return layout;
}

std::optional<Layout> ThresholdLayout(const Coordinate& number, const Coordinate& classes,
                                      const std::vector<std::vector<double>>& targets) {
  using TargetValues = std::vector<double>;
  std::map<double, std::map<double, TargetValues>> by_class;  // class -> number -> targets
  for (std::size_t row = 0; row < number.of_row.size(); ++row) {
    if (IsUndefined(row, targets) || std::isnan(number.of_row[row])) continue;
    TargetValues target;
    for (const auto& t : targets) target.push_back(t[row]);
    const auto [at, is_new] =
        by_class[classes.of_row[row]].try_emplace(number.of_row[row], std::move(target));
    if (is_new) continue;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      if (at->second[t] != targets[t][row]) return std::nullopt;
    }
  }
  // The one change that all classes share.
  std::optional<std::pair<TargetValues, TargetValues>> change;
  for (const auto& [name, points] : by_class) {
    if (points.begin()->second == points.rbegin()->second) continue;
    const std::pair<TargetValues, TargetValues> own{points.begin()->second,
                                                    points.rbegin()->second};
    if (change && *change != own) return std::nullopt;
    change = own;
  }
  if (!change) return std::nullopt;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const auto& [name, points] : by_class) {
    low = std::min(low, points.begin()->first);
    high = std::max(high, points.rbegin()->first);
  }
  const double beyond = PowerOfTwoAtLeast(high - low + 1);  // beyond any number
  std::map<double, double> thresholds;
  for (const auto& [name, points] : by_class) {
    double threshold = 0;
    if (points.begin()->second == points.rbegin()->second) {
      if (points.begin()->second == change->first) {
        threshold = high + beyond;
      } else if (points.begin()->second == change->second) {
        threshold = low - beyond;
      } else {
        return std::nullopt;
      }
    }
    bool has_changed = points.begin()->second == change->second;
    for (auto at = points.begin(); at != points.end(); ++at) {
      const bool is_high = at->second == change->second;
      if (!is_high && (at->second != change->first || has_changed)) return std::nullopt;
      if (is_high && !has_changed) {
        const double below = std::prev(at)->first;
        const double grid = PowerOfTwoAtLeast((at->first - below) / 16);
        threshold = std::round((below + at->first) / 2 / grid) * grid;
        has_changed = true;
      }
    }
    thresholds[name] = threshold;
  }
  Layout layout;
  layout.coordinates = {number, classes};
  Coordinate& free = layout.coordinates[1];
  for (double& value : free.by_token) value = thresholds.contains(value) ? -thresholds[value] : 0;
  for (double& value : free.by_position)
    value = thresholds.contains(value) ? -thresholds[value] : 0;
  layout.weights = {1, 1};
  for (std::size_t row = 0; row < number.of_row.size(); ++row) {
    const double name = classes.of_row[row];
    free.of_row[row] = thresholds.contains(name) ? -thresholds[name] : 0;
    layout.of_row.push_back(number.of_row[row] + free.of_row[row]);
    if (std::isfinite(layout.of_row.back())) {
      layout.rounding = std::max(layout.rounding, ErrorOfSum(number.of_row[row], free.of_row[row]));
    }
  }
  layout.num_changes = 1;
  if (!HasNumbers(layout, targets)) return std::nullopt;
  return PointsOf(layout.of_row, targets) ? std::optional(layout) : std::nullopt;
}

}  // namespace raspc
