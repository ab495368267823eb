// NumberLines: points with different targets stay apart, and impossible lines are refused.
#include "compiler/lower/builder/number_line.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>
#include <vector>

namespace raspc {
namespace {

using Random = std::mt19937_64;
using Targets = std::vector<std::vector<double>>;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Coordinates over the product of their values: row = mixed radix, the first varies slowest.
std::vector<Coordinate> ProductOf(const std::vector<std::vector<double>>& values) {
  std::size_t num_rows = 1;
  for (const auto& of_one : values) num_rows *= of_one.size();
  std::vector<Coordinate> coordinates(values.size());
  for (std::size_t row = 0; row < num_rows; ++row) {
    std::size_t rest = row;
    for (std::size_t i = values.size(); i-- > 0;) {
      coordinates[i].of_row.push_back(values[i][rest % values[i].size()]);
      rest /= values[i].size();
    }
  }
  return coordinates;
}

std::vector<double> RandomValues(Random& random) {
  std::vector<double> values;
  double at = static_cast<double>(random() % 7) - 3;
  for (std::size_t n = 1 + random() % 5; n > 0; --n) {
    values.push_back(at);
    at += static_cast<double>(1 + random() % 9) / static_cast<double>(1 + random() % 4);
  }
  std::shuffle(values.begin(), values.end(), random);
  return values;
}

// What every line promises: z is the weighted sum of its coordinates, and where a target differs,
// so does z, by more than rounding.
void CheckLine(const NumberLine& line, const Targets& targets) {
  REQUIRE(line.coordinates.size() == line.weights.size());
  std::map<double, std::vector<double>> targets_at;
  for (std::size_t row = 0; row < line.of_row.size(); ++row) {
    double z = 0;
    for (std::size_t i = 0; i < line.weights.size(); ++i) {
      z += line.weights[i] * line.coordinates[i].of_row[row];
    }
    REQUIRE((std::isnan(z) ? std::isnan(line.of_row[row])
                           : std::abs(z - line.of_row[row]) <= 1e-12 * (1 + std::abs(z))));
    if (std::isnan(targets[0][row])) continue;
    std::vector<double> target;
    for (const auto& of_row : targets) target.push_back(of_row[row]);
    const auto [at, is_new] = targets_at.try_emplace(line.of_row[row], target);
    REQUIRE(at->second == target);
  }
  int changes = 0;
  for (auto at = targets_at.begin(); at != targets_at.end(); ++at) {
    const auto next = std::next(at);
    if (next == targets_at.end() || next->second == at->second) continue;
    ++changes;
    REQUIRE(next->first - at->first > 1e-6);
  }
  CHECK(changes == line.num_changes);
}

TEST_CASE("a radix line separates all combinations of coordinates") {
  Random random(1);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::vector<double>> values(1 + random() % 4);
    for (auto& of_one : values) of_one = RandomValues(random);
    const std::vector<Coordinate> coordinates = ProductOf(values);
    const std::size_t num_rows = coordinates[0].of_row.size();
    Targets targets(1 + random() % 2, std::vector<double>(num_rows));
    for (std::size_t row = 0; row < num_rows; ++row) {
      const bool is_undefined = row > 0 && random() % 10 == 0;
      for (auto& target : targets) {
        target[row] = is_undefined ? kUndefined : static_cast<double>(random() % 3);
      }
    }
    const auto line = RadixLine(coordinates, targets);
    REQUIRE(line);
    CheckLine(*line, targets);
    for (const double weight : line->weights) {
      int exponent = 0;  // powers of two cost no rounding
      REQUIRE(std::frexp(weight, &exponent) == 0.5);
    }
  }
}

TEST_CASE("in a radix line the first coordinate varies slowest") {
  const auto coordinates = ProductOf({{0, 1, 2}, {0, 1, 2, 3}});
  const Targets targets{{0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0}};
  const auto line = RadixLine(coordinates, targets);
  REQUIRE(line);
  CHECK(line->num_changes == 2);
  for (std::size_t row = 0; row + 1 < line->of_row.size(); ++row) {
    CHECK(line->of_row[row] < line->of_row[row + 1]);
  }
}

TEST_CASE("rows that no coordinate distinguishes must have equal targets") {
  Coordinate coordinate;
  coordinate.of_row = {1, 1, 2};
  CHECK(RadixLine({coordinate}, {{5, 5, 6}}));
  CHECK_FALSE(RadixLine({coordinate}, {{5, 6, 6}}));
  CHECK(RadixLine({coordinate}, {{5, kUndefined, 6}}));
  CHECK_FALSE(RadixLine({coordinate}, {{5, 5, 6}, {0, 1, 1}}));
}

TEST_CASE("rows without a defined target have no line") {
  Coordinate coordinate;
  coordinate.of_row = {1, 2};
  CHECK_FALSE(RadixLine({coordinate}, {{kUndefined, kUndefined}}));
}

// --- Thresholds.

// A number and classes 0 to num_classes - 1, which depend on the position.
struct Sides {
  Coordinate number, classes;
};
Sides SidesOf(const std::vector<double>& numbers, std::size_t num_classes) {
  std::vector<double> names;
  for (std::size_t c = 0; c < num_classes; ++c) names.push_back(static_cast<double>(c));
  auto coordinates = ProductOf({numbers, names});
  coordinates[1].is_free = true;
  coordinates[1].by_position = names;
  return {coordinates[0], coordinates[1]};
}

TEST_CASE("a threshold for each class makes one change") {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    std::vector<double> numbers = RandomValues(random);
    while (numbers.size() < 2) numbers = RandomValues(random);
    const std::size_t num_classes = 1 + random() % 6;
    const Sides sides = SidesOf(numbers, num_classes);
    std::vector<double> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> threshold;  // by class; beyond both ends too
    for (std::size_t c = 0; c < num_classes; ++c) {
      const std::size_t at = random() % (sorted.size() + 1);
      threshold.push_back(at == sorted.size() ? sorted.back() + 1 : sorted[at]);
    }
    threshold[0] = sorted[1];  // at least one change
    const double below = static_cast<double>(random() % 3);
    const double above = below + 1;
    Targets targets(1);
    for (std::size_t row = 0; row < sides.number.of_row.size(); ++row) {
      const auto c = static_cast<std::size_t>(sides.classes.of_row[row]);
      targets[0].push_back(sides.number.of_row[row] >= threshold[c] ? above : below);
    }
    const auto line = ThresholdLine(sides.number, sides.classes, targets);
    REQUIRE(line);
    CHECK(line->num_changes == 1);
    CheckLine(*line, targets);
    // All low points are below 0, all high ones above: the column is -threshold.
    for (std::size_t row = 0; row < targets[0].size(); ++row) {
      REQUIRE((line->of_row[row] > 0) == (targets[0][row] == above));
      const auto c = static_cast<std::size_t>(sides.classes.of_row[row]);
      REQUIRE(line->coordinates[1].by_position[c] == line->coordinates[1].of_row[row]);
    }
  }
}

TEST_CASE("thresholds are refused where a class changes back, or classes change differently") {
  const Sides sides = SidesOf({0, 1, 2}, 2);
  // Rows: number 0 with class 0, with class 1, number 1 with class 0, …
  CHECK(ThresholdLine(sides.number, sides.classes, {{0, 0, 1, 0, 1, 1}}));
  CHECK_FALSE(ThresholdLine(sides.number, sides.classes, {{0, 0, 1, 0, 0, 1}}));  // 0 1 0
  CHECK_FALSE(ThresholdLine(sides.number, sides.classes, {{0, 1, 1, 1, 1, 0}}));  // up, down
  CHECK_FALSE(ThresholdLine(sides.number, sides.classes, {{0, 0, 1, 0, 1, 2}}));  // to 1, to 2
  CHECK_FALSE(ThresholdLine(sides.number, sides.classes, {{0, 2, 1, 2, 1, 2}}));  // always 2
  CHECK_FALSE(ThresholdLine(sides.number, sides.classes, {{0, 0, 0, 0, 0, 0}}));  // no change
  CHECK_FALSE(ThresholdLine(sides.number, sides.classes, {{0, 0, 2, 0, 1, 1}}));  // 0 2 1
}

TEST_CASE("rows without a defined target bind no threshold") {
  const Sides sides = SidesOf({0, 1, 2}, 2);
  const Targets targets{{0, kUndefined, kUndefined, 0, 1, 1}};
  const auto line = ThresholdLine(sides.number, sides.classes, targets);
  REQUIRE(line);
  CheckLine(*line, targets);
}

// --- Points.

TEST_CASE("points rise, each once, with the targets of their rows") {
  const auto points = PointsOf({3, 1, 3, kUndefined, 2}, {{7, 5, 7, 9, kUndefined}});
  REQUIRE(points);
  CHECK(points->z == std::vector<double>{1, 3});
  CHECK(points->targets == Targets{{5, 7}});
  CHECK_FALSE(PointsOf({3, 1, 3}, {{7, 5, 8}}));
}

TEST_CASE("merged targets are equal where all targets are, and lines are the same on them") {
  Random random(31);
  int num_layouts = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::vector<double>> values(1 + random() % 3);
    for (auto& of_one : values) of_one = RandomValues(random);
    const std::vector<Coordinate> coordinates = ProductOf(values);
    const std::size_t num_rows = coordinates[0].of_row.size();
    Targets targets(1 + random() % 5, std::vector<double>(num_rows));
    for (std::size_t row = 0; row < num_rows; ++row) {
      const bool is_undefined = row > 0 && random() % 10 == 0;
      for (auto& target : targets) {
        const double value = random() % 2 == 0 ? 0.0 : random() % 2 == 0 ? -0.0 : 0.25;
        target[row] = is_undefined ? kUndefined : value;
      }
    }
    const std::vector<double> merged = MergedTargets(targets);
    for (std::size_t a = 0; a < num_rows; ++a) {
      REQUIRE(std::isnan(merged[a]) == std::isnan(targets[0][a]));
      for (std::size_t b = 0; b < a; ++b) {
        const bool are_equal = std::all_of(targets.begin(), targets.end(),
                                           [&](const auto& t) { return t[a] == t[b]; });
        REQUIRE((merged[a] == merged[b]) == are_equal);
      }
    }
    const auto expected = RadixLine(coordinates, targets);
    const auto line = RadixLine(coordinates, {merged});
    REQUIRE(line.has_value() == expected.has_value());
    if (!line) continue;
    ++num_layouts;
    CHECK(line->of_row == expected->of_row);
    CHECK(line->num_changes == expected->num_changes);
  }
  CHECK(num_layouts > 100);
}

}  // namespace
}  // namespace raspc
