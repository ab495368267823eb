// How a figure of a family of models grows with their maximum length.
#pragma once

#include <nlohmann/json_fwd.hpp>
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

// The growth of a figure, from points with ascending lengths, as a JSON object:
//
//   law   `constant`, `log`, `linear`, `n log n`, `quadratic` or `cubic`: the one of a + b f(n)
// that // fits the points by least squares as the constants above require; null if none does
//   fit   the law with its coefficients, such as `3 + 2 n`; null without a law
//   adjusted_r2   of the fit; null without a law, and for a constant
//   figures       [[length, figure], ...]
nlohmann::json GrowthOf(const std::vector<GrowthPoint>& points);

}  // namespace raspc
