// MLP segments, evaluated neuron by neuron in the model's arithmetic on numbers with the largest
// errors that their bounds allow.
#include "compiler/lower/builder/mlp_segment.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

namespace raspc {
namespace {

using Random = std::mt19937_64;

double Uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

// Two variables, x and y, and z = x + weight * y + constant.
struct Stage {
  Blocks blocks;
  LinearForm z;
  double error = 0;  // of x

  Stage(DType dtype, double max_abs, double x_error) : error(x_error) {
    blocks.dtype = dtype;
    blocks.arithmetic = ArithmeticOf(dtype);
    Variable x;
    x.label = "x";
    x.bound.max_abs = max_abs;
    x.bound.error = x_error;
    x.bound.grid = -8;  // if it is exact
    blocks.variables.push_back(x);
    Variable y;
    y.label = "y";
    y.bound.max_abs = 1;
    y.bound.grid = 0;
    blocks.variables.push_back(y);
    z = LinearForm::Of(VariableId{0});
  }
};

// The output of a segment for the actual x and y: products and sums in type T, terms in random
// order.
template <typename T>
T Computed(const MlpSegment& segment, const MlpSegment::Output& output, T x, T y, Random& random) {
  const auto sum = [&](std::vector<T> terms) {
    std::shuffle(terms.begin(), terms.end(), random);
    T total = 0;
    for (const T term : terms) total += term;
    return total;
  };
  std::vector<T> outputs{static_cast<T>(output.base)};
  for (const auto& [neuron, weight] : output.weights) {
    const LinearForm& input = segment.neurons()[static_cast<std::size_t>(neuron)];
    std::vector<T> terms{static_cast<T>(input.constant)};
    for (const auto& [variable, factor] : input.terms) {
      terms.push_back(static_cast<T>(factor) * (variable.value == 0 ? x : y));
    }
    outputs.push_back(static_cast<T>(weight) * std::max(T{0}, sum(terms)));
  }
  return sum(outputs);
}

// The number of the type that is nearest to x + off, but not further than `error` from x.
template <typename T>
T Perturbed(double x, double off, double error) {
  const T moved = static_cast<T>(x + off);
  return std::abs(static_cast<double>(moved) - x) <= error ? moved : static_cast<T>(x);
}

struct Points {
  std::vector<double> z;
  std::vector<double> values;
  double smallest_gap = std::numeric_limits<double>::infinity();
};

// Ascending points on a grid of 1/256 with gaps of very different sizes, and values with repeats.
Points RandomPoints(Random& random) {
  Points points;
  double at = std::floor(Uniform(random, -50, 50));
  const std::size_t size = 2 + random() % 12;
  for (std::size_t i = 0; i < size; ++i) {
    points.z.push_back(at);
    const double gap =
        static_cast<double>(1 + random() % 64) * std::ldexp(1.0, -static_cast<int>(random() % 9));
    points.smallest_gap = std::min(points.smallest_gap, gap);
    at += gap;
    const bool repeats = i > 0 && random() % 3 == 0;
    points.values.push_back(repeats ? points.values.back()
                                    : static_cast<double>(random() % 41) - 20.0);
  }
  points.smallest_gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < size; ++i) {
    points.smallest_gap = std::min(points.smallest_gap, points.z[i + 1] - points.z[i]);
  }
  return points;
}

template <typename T>
struct Sweep {
  DType dtype;
  Random random{5};
  int num_built = 0;
  int num_exact = 0;
  int num_refused = 0;

  // Builds with `build` on random points and gives each output at each point, with x as far off as
  // it may be, and `extra` times the margin further, to `check`.
  template <typename Build, typename Check>
  void Run(double extra, const Build& build, const Check& check) {
    for (int round = 0; round < 1500; ++round) {
      const Points points = RandomPoints(random);
      const bool is_exact = round % 4 == 0;
      const double error =
          is_exact ? 0
                   : points.smallest_gap * std::ldexp(1.0, -static_cast<int>(random() % 12)) / 2;
      Stage stage(dtype, 1000, error);
      const bool has_y = round % 3 == 0;
      if (has_y) {
        stage.z.terms.emplace_back(VariableId{1}, 4.0);
        stage.z.constant = 7;
      }
      MlpSegment segment(stage.blocks, stage.z, points.z);
      const auto output = build(segment, points);
      if (!output) {
        ++num_refused;
        // Exact numbers are refused only where float32 runs out of bits.
        CHECK((error > 0 || dtype == DType::kFloat32));
        continue;
      }
      ++num_built;
      num_exact += output->bound.IsExact() ? 1 : 0;
      REQUIRE(output->margin >= 0);
      const double reach =
          is_exact ? 0 : error + (std::isfinite(output->margin) ? extra * output->margin : 0);
      for (std::size_t i = 0; i < points.z.size(); ++i) {
        for (const double way : {-1.0, 0.0, 1.0, Uniform(random, -1, 1)}) {
          const double y = has_y && random() % 2 == 0 ? 1 : 0;
          const double x = points.z[i] - (has_y ? 4 * y + 7 : 0);
          const T actual = Perturbed<T>(x, way * reach, reach);
          const T got = Computed<T>(segment, *output, actual, static_cast<T>(y), random);
          INFO("round " << round << ", point " << i << " of " << points.z.size() << ", z "
                        << points.z[i] << ", off by " << way * reach << ", error " << error);
          check(points, i, *output, static_cast<double>(got));
        }
      }
    }
  }
};

void CheckWithinBound(const Points& points, std::size_t i, const MlpSegment::Output& output,
                      double got) {
  INFO("wanted " << points.values[i] << ", got " << got << ", bound " << output.bound.error);
  REQUIRE(std::abs(got - points.values[i]) <= output.bound.error);
  REQUIRE(std::abs(points.values[i]) <= output.bound.max_abs);
}

template <typename T>
void CheckSteps(DType dtype) {
  Sweep<T> sweep{dtype};
  const auto build = [](MlpSegment& segment, const Points& points) {
    return segment.Steps(points.values);
  };
  // Steps absorb errors: even the whole margin changes nothing.
  sweep.Run(0.99, build, CheckWithinBound);
  CHECK(sweep.num_built > 700);
  CHECK(sweep.num_exact > 80);
  CHECK(sweep.num_refused > 40);
}

template <typename T>
void CheckFunctions(DType dtype) {
  Sweep<T> sweep{dtype};
  const double tolerance = 0.25;
  const auto build = [&](MlpSegment& segment, const Points& points) {
    return segment.Function(points.values, tolerance);
  };
  sweep.Run(0, build,
            [&](const Points& points, std::size_t i, const MlpSegment::Output& output, double got) {
              REQUIRE(output.bound.error <= tolerance);
              CheckWithinBound(points, i, output, got);
            });
  CHECK(sweep.num_built > 700);
  CHECK(sweep.num_exact > 80);
  CHECK(sweep.num_refused > 40);
}

template <typename T>
void CheckInterpolations(DType dtype) {
  Sweep<T> sweep{dtype};
  const auto build = [](MlpSegment& segment, const Points& points) {
    return segment.Interpolation(points.values);
  };
  sweep.Run(0, build, CheckWithinBound);
  CHECK(sweep.num_built == 1500);
  CHECK(sweep.num_exact > 80);
}

// Zero on one run of points.
std::vector<bool> RunOfZeros(const Points& points) {
  const std::size_t size = points.z.size();
  const auto seed = static_cast<std::size_t>(std::abs(points.values[0]) * 7 + size);
  const std::size_t first = seed % size;
  const std::size_t after = first + 1 + seed / size % (size - first);
  std::vector<bool> is_zero(size, false);
  for (std::size_t i = first; i < after; ++i) is_zero[i] = true;
  return is_zero;
}

template <typename T>
void CheckHinges(DType dtype) {
  Sweep<T> sweep{dtype};
  const auto build = [](MlpSegment& segment, const Points& points) {
    return segment.Hinges(RunOfZeros(points));
  };
  sweep.Run(0.99, build,
            [](const Points& points, std::size_t i, const MlpSegment::Output& output, double got) {
              INFO("got " << got);
              if (RunOfZeros(points)[i]) {
                REQUIRE(got == 0);
              } else {
                REQUIRE(got >= 1);
              }
              REQUIRE(output.weights.size() <= 2);
            });
  CHECK(sweep.num_built > 700);
  CHECK(sweep.num_refused > 20);
}

TEST_CASE("steps give each point its value, however far off z is within its margin") {
  SECTION("float32") { CheckSteps<float>(DType::kFloat32); }
  SECTION("float64") { CheckSteps<double>(DType::kFloat64); }
}

TEST_CASE("a function is within its bound, and its bound within the tolerance") {
  SECTION("float32") { CheckFunctions<float>(DType::kFloat32); }
  SECTION("float64") { CheckFunctions<double>(DType::kFloat64); }
}

TEST_CASE("an interpolation is within its bound") {
  SECTION("float32") { CheckInterpolations<float>(DType::kFloat32); }
  SECTION("float64") { CheckInterpolations<double>(DType::kFloat64); }
}

TEST_CASE("the bound of a function that grows both ways is that of a sum from the middle") {
  constexpr int kReach = 300;
  const double u = ArithmeticOf(DType::kFloat32).unit_roundoff;
  Random random(9);
  Stage stage(DType::kFloat32, kReach, u);
  std::vector<double> points, squares;
  for (int i = -kReach; i <= kReach; ++i) {
    points.push_back(i);
    squares.push_back(static_cast<double>(i) * i);
  }
  MlpSegment segment(stage.blocks, stage.z, points);
  const auto output = segment.Interpolation(squares);
  REQUIRE(output);
  CHECK(output->base == 0);
  const auto smallest = segment.Function(squares, 100);
  const auto most_precise = segment.Function(squares, 100, MlpSegment::Prefer::kPrecision);
  REQUIRE(smallest);
  REQUIRE(most_precise);
  CHECK(smallest->weights.size() <= most_precise->weights.size());
  CHECK(most_precise->bound.error < smallest->bound.error / 4);
  // From an end, twice as many neurons add up to eight times as much.
  const double largest = static_cast<double>(kReach) * kReach;
  CHECK(output->own_error < 1.1 * (kReach + 10) * u * largest);
  for (std::size_t i = 0; i < points.size(); i += 7) {
    for (const double way : {-1.0, 0.0, 1.0}) {
      const float z = Perturbed<float>(points[i], way * u, u);
      const float got = Computed<float>(segment, *output, z, 0, random);
      REQUIRE(std::abs(static_cast<double>(got) - squares[i]) <= output->bound.error);
    }
  }
}

TEST_CASE("hinges are exactly 0 on their run and at least 1 elsewhere") {
  SECTION("float32") { CheckHinges<float>(DType::kFloat32); }
  SECTION("float64") { CheckHinges<double>(DType::kFloat64); }
}

template <typename T>
void CheckWidths(DType dtype, int longest) {
  Random random(6);
  const double u = ArithmeticOf(dtype).unit_roundoff;
  Stage stage(dtype, 1, 2.02 * u);
  std::vector<double> points, widths;
  for (int w = longest; w >= 0; --w) {
    points.push_back(1 / (1 + static_cast<double>(w)));
    widths.push_back(w);
  }
  MlpSegment segment(stage.blocks, stage.z, points);
  const auto output = segment.Function(widths, 1.0 / 16);
  INFO("widths to " << longest);
  REQUIRE(output);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const double way : {-2.0, -1.0, 0.0, 1.0, 2.0}) {
      const T share = Perturbed<T>(points[i], way * u * points[i], 2.02 * u);
      const T got = Computed<T>(segment, *output, share, 0, random);
      REQUIRE(std::abs(static_cast<double>(got) - widths[i]) <= output->bound.error);
    }
  }
}

TEST_CASE("a width read off 1/(1+w) is within its bound") {
  for (const int longest : {1, 2, 16, 100, 400}) CheckWidths<float>(DType::kFloat32, longest);
  for (const int longest : {16, 3000}) CheckWidths<double>(DType::kFloat64, longest);
}

TEST_CASE("points closer together than the error of z are refused") {
  Stage stage(DType::kFloat32, 10, 0.3);
  MlpSegment close(stage.blocks, stage.z, {1, 1.5});
  CHECK_FALSE(close.Steps({0, 1}));
  CHECK_FALSE(close.Hinges({true, false}));
  CHECK_FALSE(close.Function({0, 1}, 0.1));
  MlpSegment apart(stage.blocks, stage.z, {1, 3});
  CHECK(apart.Steps({0, 1}));
  CHECK(apart.Hinges({true, false}));
  CHECK(apart.Function({0, 1}, 0.1));
}

TEST_CASE("points that the arithmetic cannot distinguish are refused") {
  Stage stage(DType::kFloat32, 1e8, 0);
  stage.z = Scaled(stage.z, 1.0 / 3);  // so that it is not exact
  MlpSegment segment(stage.blocks, stage.z, {1e7, 1e7 + 0.5});
  CHECK_FALSE(segment.Steps({0, 1}));
  CHECK_FALSE(segment.Hinges({false, true}));
  Stage wide(DType::kFloat64, 1e8, 0);
  wide.z = Scaled(wide.z, 1.0 / 3);
  MlpSegment possible(wide.blocks, wide.z, {1e7, 1e7 + 0.5});
  CHECK(possible.Steps({0, 1}));
}

TEST_CASE("zeros that are not one run have no hinges") {
  Stage stage(DType::kFloat32, 10, 0);
  MlpSegment segment(stage.blocks, stage.z, {0, 1, 2});
  CHECK_FALSE(segment.Hinges({true, false, true}));
  CHECK_FALSE(segment.Hinges({false, false, false}));
  const auto all = segment.Hinges({true, true, true});
  REQUIRE(all);
  CHECK(all->weights.empty());
  CHECK(all->base == 0);
}

TEST_CASE("functions on the same points share their neurons") {
  Stage stage(DType::kFloat32, 10, 0);
  MlpSegment segment(stage.blocks, stage.z, {0, 1, 2, 3});
  REQUIRE(segment.Steps({0, 0, 1, 1}));
  const std::size_t before = segment.neurons().size();
  REQUIRE(segment.Steps({5, 5, 2, 2}));
  CHECK(segment.neurons().size() == before);
  CHECK(before == 2);
}

TEST_CASE("an MLP segment may have very many neurons") {
  constexpr int kNumPoints = 40000;
  Stage stage(DType::kFloat64, kNumPoints, 0);
  std::vector<double> points, zigzag;
  for (int i = 0; i < kNumPoints; ++i) {
    points.push_back(i);
    zigzag.push_back(i % 2);
  }
  MlpSegment segment(stage.blocks, stage.z, points);
  REQUIRE(segment.Steps(zigzag));
  const std::size_t before = segment.neurons().size();
  CHECK(before == 2 * (kNumPoints - 1));
  for (double& value : zigzag) value = 3 - value;
  REQUIRE(segment.Steps(zigzag));
  CHECK(segment.neurons().size() == before);
}

TEST_CASE("a constant needs no neurons, and a linear function one") {
  Stage stage(DType::kFloat32, 10, 0);
  MlpSegment segment(stage.blocks, stage.z, {0, 1, 2, 3});
  const auto constant = segment.Function({4, 4, 4, 4}, 0);
  REQUIRE(constant);
  CHECK(constant->weights.empty());
  CHECK(constant->base == 4);
  const auto line = segment.Function({1, 3, 5, 7}, 0);
  REQUIRE(line);
  CHECK(line->weights.size() == 1);
  CHECK(line->bound.IsExact());
}

}  // namespace
}  // namespace raspc
