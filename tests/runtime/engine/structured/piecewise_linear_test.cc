// Piecewise-linear functions against summing over the neurons they replace.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "runtime/engine/structured/piecewise_linear.h"

namespace raspc {
namespace {

double Uniform(std::mt19937& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

int PlainInterval(const std::vector<double>& breakpoints, double z) {
  int count = 0;
  for (const double t : breakpoints) count += t <= z ? 1 : 0;
  return count;
}

void CheckSearch(const std::vector<double>& breakpoints, std::mt19937& random) {
  const IntervalSearch search(breakpoints);
  const auto check = [&](double z) {
    INFO(z);
    REQUIRE(search.IntervalOf(z) == PlainInterval(breakpoints, z));
  };
  for (const double t : breakpoints) {
    check(t);
    check(std::nextafter(t, -1e300));
    check(std::nextafter(t, 1e300));
  }
  const double low = breakpoints.front(), high = breakpoints.back();
  for (int i = 0; i < 100; ++i) check(low + (high - low) * Uniform(random, -0.1, 1.1));
  for (const double z : {0.0, -0.0, 1e300, -1e300, std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity(), 5e-324}) {
    check(z);
  }
  CHECK(search.IntervalOf(std::nan("")) == 0);
}

// An MLP of the given number of inputs whose weights are all zero.
Mlp EmptyMlp(int d_model, int d_mlp) {
  Mlp mlp;
  mlp.in = Matrix::Zero(d_model, d_mlp);
  mlp.in_bias = Vector::Zero(d_mlp);
  mlp.out = Matrix::Zero(d_mlp, d_model);
  mlp.out_bias = Vector::Zero(d_model);
  return mlp;
}

// x plus what the MLP adds, in long doubles; and the sum of the absolute values of all products.
std::pair<std::vector<long double>, long double> Plain(const Mlp& mlp, const Vector& x) {
  std::vector<long double> y(x.begin(), x.end());
  long double size = 0;
  for (Eigen::Index d = 0; d < x.size(); ++d) y[static_cast<std::size_t>(d)] += mlp.out_bias(d);
  for (Eigen::Index j = 0; j < mlp.in_bias.size(); ++j) {
    long double z = mlp.in_bias(j);
    for (Eigen::Index d = 0; d < x.size(); ++d) z += static_cast<long double>(mlp.in(d, j)) * x(d);
    if (z < 0) z = 0;
    for (Eigen::Index d = 0; d < x.size(); ++d) {
      y[static_cast<std::size_t>(d)] += z * mlp.out(j, d);
      size += std::abs(z * mlp.out(j, d));
    }
  }
  return {y, size};
}

// Compares at random points, a batch and one by one; returns the engine's MLP.
StructuredMlp CheckMlp(const Mlp& mlp, std::mt19937& random, double scale = 2) {
  StructuredMlp structured(mlp, std::numeric_limits<double>::epsilon());
  const int d_model = static_cast<int>(mlp.in.rows());
  const int count = 37, stride = 64;
  std::vector<double> batch(static_cast<std::size_t>(d_model) * stride);
  std::vector<double> scratch(static_cast<std::size_t>(structured.ScratchRows()) * stride);
  std::vector<Vector> points;
  for (int p = 0; p < count; ++p) {
    Vector x(d_model);
    for (double& entry : x) entry = Uniform(random, -scale, scale);
    for (int d = 0; d < d_model; ++d) batch[static_cast<std::size_t>(d * stride + p)] = x(d);
    points.push_back(x);
  }
  structured.Add({batch.data(), stride}, count, {scratch.data(), stride});
  for (int p = 0; p < count; ++p) {
    Vector one = points[static_cast<std::size_t>(p)];
    const auto [want, size] = Plain(mlp, one);
    structured.AddOne(one.data(), scratch.data());
    for (int d = 0; d < d_model; ++d) {
      const double got = batch[static_cast<std::size_t>(d * stride + p)];
      REQUIRE(got == one(d));
      // As accurate as any order of summing the neurons.
      const double bound =
          1e-15 * static_cast<double>(mlp.in_bias.size() + 8) * static_cast<double>(size + 1);
      REQUIRE(std::abs(got - static_cast<double>(want[static_cast<std::size_t>(d)])) <= bound);
    }
  }
  return structured;
}

}  // namespace

TEST_CASE("an interval is found among breakpoints of every spacing") {
  std::mt19937 random(1);
  CheckSearch({0.5}, random);
  CheckSearch({1, 1, 1}, random);
  CheckSearch({-1e308, 0, 1e308}, random);
  CheckSearch({-5e-324, 0, 5e-324}, random);
  std::vector<double> even, shares, gaussian, clustered;
  for (int i = 0; i < 300; ++i) even.push_back(i - 100.5);
  for (int i = 3000; i >= 1; --i) shares.push_back(1 / (i + 0.5));
  for (int i = 0; i < 200; ++i) gaussian.push_back(std::normal_distribution<double>()(random));
  for (int i = 0; i < 200; ++i) clustered.push_back(1 + 1e-9 * (i % 50) + (i / 50));
  std::sort(gaussian.begin(), gaussian.end());
  std::sort(clustered.begin(), clustered.end());
  for (const auto& breakpoints : {even, shares, gaussian, clustered}) {
    CheckSearch(breakpoints, random);
  }
}

TEST_CASE("a staircase is one function, and exact on its steps") {
  // N steps of height 1 at the halves, as a count is read: two neurons of slope 1024 each.
  const int n = 200;
  Mlp mlp = EmptyMlp(3, 2 * n);
  for (int j = 0; j < 2 * n; ++j) {
    mlp.in(1, j) = 1024;
    mlp.in_bias(j) = -1024 * (j / 2 + 0.5) + (j % 2 == 0 ? 0.5 : -0.5);
    mlp.out(j, 2) = j % 2 == 0 ? 1 : -1;
  }
  std::mt19937 random(2);
  const StructuredMlp structured = CheckMlp(mlp, random, 250);
  REQUIRE(structured.functions().size() == 1);
  CHECK(structured.functions()[0].num_neurons() == 2 * n);
  CHECK(structured.num_neurons() == 0);
  std::vector<double> scratch(static_cast<std::size_t>(structured.ScratchRows()));
  for (int z = -3; z < n + 3; ++z) {
    double x[3] = {0, z + 0.2, 0};
    structured.AddOne(x, scratch.data());
    CHECK(x[2] == std::clamp(z, 0, n));
  }
}

TEST_CASE("neurons of random MLPs are computed, whatever they share") {
  std::mt19937 random(3);
  for (int round = 0; round < 30; ++round) {
    const int d_model = 1 + round % 6, d_mlp = 10 + 7 * round;
    Mlp mlp = EmptyMlp(d_model, d_mlp);
    std::vector<Vector> directions(1 + static_cast<std::size_t>(round) % 4);
    for (Vector& direction : directions) {
      direction = Vector::Zero(d_model);
      for (double& entry : direction) {
        if (random() % 2 == 0) entry = Uniform(random, -1, 1);
      }
    }
    for (int j = 0; j < d_mlp; ++j) {
      // A third reads a direction of its own.
      Vector in = directions[random() % directions.size()];
      if (random() % 3 == 0) in = in.unaryExpr([&](double) { return Uniform(random, -1, 1); });
      mlp.in.col(j) = in * Uniform(random, -3, 3);
      mlp.in_bias(j) = Uniform(random, -1, 1);
      mlp.out(j, static_cast<int>(random() % 2) % d_model) = Uniform(random, -1, 1);
      if (random() % 8 == 0) mlp.out.row(j).setConstant(0.5);
    }
    if (round % 2 == 0) mlp.out_bias.setConstant(0.25);
    const StructuredMlp structured = CheckMlp(mlp, random);
    int in_functions = 0;
    for (const PiecewiseLinear& function : structured.functions()) {
      in_functions += function.num_neurons();
    }
    // With many neurons on few directions, most of those that have company are found.
    if (round >= 20) CHECK(in_functions > d_mlp / 5);
  }
}

TEST_CASE("neurons that read almost the same direction are not merged") {
  Mlp mlp = EmptyMlp(2, 40);
  for (int j = 0; j < 40; ++j) {
    mlp.in(0, j) = 1;
    mlp.in(1, j) = 1 + 1e-9 * j;
    mlp.in_bias(j) = 0.01 * j;
    mlp.out(j, 0) = 1;
  }
  CHECK(StructuredMlp(mlp, 0x1p-52).functions().empty());
  CHECK(StructuredMlp(mlp, 0x1p-52).num_neurons() == 40);
}

TEST_CASE("a NaN stays a NaN in a piecewise-linear function") {
  Mlp mlp = EmptyMlp(2, 30);
  for (int j = 0; j < 30; ++j) {
    mlp.in(0, j) = 1;
    mlp.in_bias(j) = -j;
    mlp.out(j, 1) = j % 2 == 0 ? 1 : -1;
  }
  const StructuredMlp structured(mlp, 0x1p-52);
  REQUIRE(structured.functions().size() == 1);
  std::vector<double> scratch(static_cast<std::size_t>(structured.ScratchRows()));
  double x[2] = {std::nan(""), 0};
  structured.AddOne(x, scratch.data());
  CHECK(std::isnan(x[1]));
}

}  // namespace raspc
