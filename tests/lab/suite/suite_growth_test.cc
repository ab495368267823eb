// Laws of growth, and the lengths they are fitted to.
#include "lab/suite/suite_growth.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lab/suite/suite_options.h"

namespace raspc {
namespace {

TEST_CASE("a law of growth is claimed where it fits well, and better than others") {
  const auto growth = [](const std::function<double(double)>& figure, int count = 6) {
    std::vector<GrowthPoint> points;
    for (int i = 1; i <= count; ++i) points.push_back({std::exp2(i), figure(std::exp2(i))});
    return GrowthOf(points);
  };
  const struct {
    std::function<double(double)> figure;
    const char* law;
    const char* fit;
  } rows[] = {
      {[](double) { return 7; }, "constant", "7"},
      {[](double n) { return 1 + 2 * std::log2(n); }, "log", "1 + 2 log2 n"},
      {[](double n) { return 3 + 2 * n; }, "linear", "3 + 2 n"},
      {[](double n) { return 5 + n * std::log2(n); }, "n log n", "5 + n log2 n"},
      {[](double n) { return n * n - 1; }, "quadratic", "-1 + n^2"},
      {[](double n) { return n * n * n; }, "cubic", nullptr},
      // With a term of lower order.
      {[](double n) { return n * (n + 1) / 2; }, "quadratic", nullptr},
      // Neither a step nor a power in between is one of the laws.
      {[](double n) { return n == 32 ? 9 : 3; }, nullptr, nullptr},
      {[](double n) { return std::pow(n, 1.5); }, nullptr, nullptr},
      {[](double n) { return n < 16 ? 2 : 3; }, nullptr, nullptr},
  };
  for (const auto& row : rows) {
    const GrowthResult told = growth(row.figure);
    CAPTURE(told.law.value_or("none"), told.fit.value_or("none"));
    CHECK(told.law == (row.law == nullptr ? std::nullopt : std::optional<std::string>(row.law)));
    if (row.fit != nullptr) CHECK(told.fit == row.fit);
    CHECK(told.fit.has_value() == (row.law != nullptr));
    CHECK(told.points.size() == 6);
    // Fewer lengths are not enough.
    const GrowthResult few = growth(row.figure, 5);
    CHECK_FALSE(few.law);
    CHECK(few.points[1].length == 4);
    CHECK(few.points[1].figure == row.figure(4));
  }
}

TEST_CASE("programs are made for six lengths, up to the greatest") {
  for (const int max_length : {6, 7, 8, 12, 20, 64, 100, 4096}) {
    SuiteOptions options;
    options.max_length = max_length;
    const std::vector<int> lengths = CompiledLengths(options);
    CAPTURE(lengths);
    CHECK(lengths.size() == 6);
    CHECK(lengths.back() == max_length);
    CHECK(std::is_sorted(lengths.begin(), lengths.end(), std::less_equal<>()));
    CHECK(lengths.front() >= 1);
  }
  SuiteOptions options;
  CHECK(CompiledLengths(options) == std::vector<int>{2, 4, 8, 16, 32, 64});
  options.max_length = 3;
  CHECK(CompiledLengths(options) == std::vector<int>{1, 2, 3});
}

}  // namespace
}  // namespace raspc
