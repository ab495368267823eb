#include "compiler/lower/builder/number_line.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace raspc {
namespace {

bool IsUndefined(std::size_t row, const std::vector<std::vector<double>>& targets) {
  return std::isnan(targets.front()[row]);
}

// The distinct values of a coordinate over the rows that matter, ascending. There are few, in very
// many rows.
std::vector<double> ValuesOf(const Coordinate& coordinate,
                             const std::vector<std::vector<double>>& targets) {
  std::unordered_set<double> distinct;
  double last = std::nan("");
  for (std::size_t row = 0; row < coordinate.of_row.size(); ++row) {
    const double value = coordinate.of_row[row];
    if (value == last || std::isnan(value) || IsUndefined(row, targets)) continue;
    last = value;
    distinct.insert(value);
  }
  std::vector<double> values(distinct.begin(), distinct.end());
  std::sort(values.begin(), values.end());
  return values;
}

// Whether every row that matters has a number: where numbers are huge, weights and sums overflow.
bool HasNumbers(const NumberLine& line, const std::vector<std::vector<double>>& targets) {
  for (std::size_t row = 0; row < line.of_row.size(); ++row) {
    const bool is_known = std::none_of(
        line.coordinates.begin(), line.coordinates.end(),
        [&](const Coordinate& coordinate) { return std::isnan(coordinate.of_row[row]); });
    if (is_known && !IsUndefined(row, targets) && !std::isfinite(line.of_row[row])) return false;
  }
  return true;
}

int CountChanges(const LinePoints& points) {
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

std::optional<LinePoints> PointsOf(const std::vector<double>& z_of_row,
                                   const std::vector<std::vector<double>>& targets) {
  std::vector<std::pair<double, std::size_t>> rows;  // with their z, so that sorting stays in place
  for (std::size_t row = 0; row < z_of_row.size(); ++row) {
    if (!IsUndefined(row, targets) && !std::isnan(z_of_row[row])) {
      rows.emplace_back(z_of_row[row], row);
    }
  }
  std::sort(rows.begin(), rows.end());
  LinePoints points;
  points.targets.resize(targets.size());
  for (const auto& [z, row] : rows) {
    const bool is_new = points.z.empty() || points.z.back() != z;
    if (is_new) points.z.push_back(z);
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

MergedPoints MergeClose(const LinePoints& points, double reach) {
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

std::vector<double> MergedTargets(const std::vector<std::vector<double>>& targets) {
  const std::size_t num_rows = targets.front().size();
  std::vector<std::uint64_t> hashes(num_rows);
  for (const auto& target : targets) {
    for (std::size_t row = 0; row < num_rows; ++row) {
      const auto bits = std::bit_cast<std::uint64_t>(target[row] + 0.0);  // -0.0 equals 0.0
      hashes[row] = std::rotl(hashes[row], 23) * 0x9e3779b97f4a7c15 ^ bits;
    }
  }
  const auto are_equal = [&](std::size_t a, std::size_t b) {
    return std::ranges::all_of(targets,
                               [&](const auto& target) { return target[a] == target[b]; });
  };
  std::vector<double> merged(num_rows, std::nan(""));
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> firsts;  // of each number
  double next = 0;
  for (std::size_t row = 0; row < num_rows; ++row) {
    if (IsUndefined(row, targets)) continue;
    std::vector<std::size_t>& candidates = firsts[hashes[row]];
    const auto same = std::ranges::find_if(
        candidates, [&](std::size_t first) { return are_equal(first, row); });
    if (same != candidates.end()) {
      merged[row] = merged[*same];
    } else {
      candidates.push_back(row);
      merged[row] = next++;
    }
  }
  return merged;
}

std::optional<NumberLine> RadixLine(const std::vector<Coordinate>& coordinates,
                                    const std::vector<std::vector<double>>& targets) {
  NumberLine line;
  line.coordinates = coordinates;
  line.weights.assign(coordinates.size(), 1.0);
  line.of_row.assign(targets.front().size(), 0.0);
  double span = 0;  // of the coordinates so far, from the innermost
  double gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = coordinates.size(); i-- > 0;) {
    const std::vector<double> values = ValuesOf(coordinates[i], targets);
    if (values.empty()) return std::nullopt;
    const double own_gap = ClosestOf(values).gap;
    if (std::isfinite(own_gap)) {
      if (std::isfinite(gap)) {
        line.weights[i] = PowerOfTwoAtLeast((span + gap) / own_gap);
      }
      gap = std::min(gap, own_gap * line.weights[i]);
      span += (values.back() - values.front()) * line.weights[i];
    }
    double rounding = 0;  // weights are powers of two
    for (std::size_t row = 0; row < line.of_row.size(); ++row) {
      const double summand = line.weights[i] * coordinates[i].of_row[row];
      if (std::isfinite(line.of_row[row] + summand)) {
        rounding = std::max(rounding, ErrorOfSum(line.of_row[row], summand));
      }
      line.of_row[row] += summand;
    }
    line.rounding += rounding;
  }
  if (!HasNumbers(line, targets)) return std::nullopt;
  const auto points = PointsOf(line.of_row, targets);
  if (!points) return std::nullopt;
  line.num_changes = CountChanges(*points);
  return line;
}

std::optional<NumberLine> ThresholdLine(const Coordinate& number, const Coordinate& classes,
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
  NumberLine line;
  line.coordinates = {number, classes};
  Coordinate& free = line.coordinates[1];
  for (double& value : free.by_token) value = thresholds.contains(value) ? -thresholds[value] : 0;
  for (double& value : free.by_position)
    value = thresholds.contains(value) ? -thresholds[value] : 0;
  line.weights = {1, 1};
  for (std::size_t row = 0; row < number.of_row.size(); ++row) {
    const double name = classes.of_row[row];
    free.of_row[row] = thresholds.contains(name) ? -thresholds[name] : 0;
    line.of_row.push_back(number.of_row[row] + free.of_row[row]);
    if (std::isfinite(line.of_row.back())) {
      line.rounding = std::max(line.rounding, ErrorOfSum(number.of_row[row], free.of_row[row]));
    }
  }
  line.num_changes = 1;
  if (!HasNumbers(line, targets)) return std::nullopt;
  return PointsOf(line.of_row, targets) ? std::optional(line) : std::nullopt;
}

}  // namespace raspc
