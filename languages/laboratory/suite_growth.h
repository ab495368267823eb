// How a figure of a family of models grows with the length that they are made for.
#pragma once

#include <string>
#include <vector>

namespace raspc {

struct GrowthPoint {
  double length = 0;  // at least 1
  double figure = 0;
};

// The growth in words, from points with ascending lengths: `constant`; or the curve among
// a + b f(n), for f logarithmic, linear, quadratic or cubic, that fits best by least squares, with
// its coefficients, R^2, and by what the figure is multiplied in the last doubling; or, where none
// fits (R^2 below 0.95), the power of n. `unknown` for fewer than two points. With two points every
// curve fits, and only the ratio is told.
std::string GrowthOf(const std::vector<GrowthPoint>& points);

}  // namespace raspc
