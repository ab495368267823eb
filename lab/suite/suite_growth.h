// How a figure of a family of models grows with their maximum length.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace raspc {

struct GrowthPoint {
  double length = 0;  // at least 1
  double figure = 0;
};

// Minimum number of lengths for claiming a law.
inline constexpr int kFewestLengthsForLaw = 6;
// ... if it explains this much of the variance, adjusted for the number of its coefficients,
inline constexpr double kLeastAdjustedR2 = 0.995;
// ... and its Akaike information criterion, corrected for small samples (AICc), is below that of
// every other law by at least this much: a difference at which the others have little support.
inline constexpr double kLeastAicDifference = 2;

struct GrowthResult {
  // `constant`, `log`, `linear`, `n log n`, `quadratic` or `cubic`: the one of a + b f(n) that fits
  // the points by least squares as the constants above require; nothing if none does.
  std::optional<std::string> law;
  std::optional<std::string> fit;     // the law with its coefficients, such as `3 + 2 n`
  std::optional<double> adjusted_r2;  // of the fit; nothing for a constant
  std::vector<GrowthPoint> points;
};

// The growth of a figure, from points with ascending lengths.
GrowthResult GrowthOf(std::vector<GrowthPoint> points);

}  // namespace raspc
