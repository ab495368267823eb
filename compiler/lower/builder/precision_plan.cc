#include "compiler/lower/builder/precision_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace raspc {

double PrecisionPlan::ToleranceOf(const std::vector<double>& values) const {
  constexpr double kRounding = 1.0 / (std::int64_t{1} << 36);
  double largest = 1;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return std::max(number_tolerance * SmallestDifference(values), kRounding * largest);
}

double SmallestDifference(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if (values[i] != values[i + 1]) smallest = std::min(smallest, values[i + 1] - values[i]);
  }
  return smallest;
}

}  // namespace raspc
