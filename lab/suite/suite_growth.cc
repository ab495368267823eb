#include "lab/suite/suite_growth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace raspc {
namespace {

struct Curve {
  const char* name;
  const char* term;
  double (*of)(double);
};

constexpr Curve kCurves[] = {
    {"log", "log2 n", [](double n) { return std::log2(n); }},
    {"linear", "n", [](double n) { return n; }},
    {"n log n", "n log2 n", [](double n) { return n * std::log2(n); }},
    {"quadratic", "n^2", [](double n) { return n * n; }},
    {"cubic", "n^3", [](double n) { return n * n * n; }},
};

// y = intercept + slope f(n), by least squares.
struct Fit {
  const Curve* curve = nullptr;
  double intercept = 0, slope = 0;
  double adjusted_r2 = 0;
  double aic = 0;  // AICc
};

// Requires at least six points whose figures are not all equal.
Fit FitOf(const Curve& curve, const std::vector<GrowthPoint>& points) {
  const auto count = static_cast<double>(points.size());
  double mean_x = 0, mean_y = 0;
  for (const GrowthPoint& point : points) {
    mean_x += curve.of(point.length) / count;
    mean_y += point.figure / count;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const GrowthPoint& point : points) {
    const double x = curve.of(point.length) - mean_x, y = point.figure - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  Fit fit{&curve, 0, xy / xx, 0, 0};
  fit.intercept = mean_y - fit.slope * mean_x;
  // The rounding error of a perfect fit counts as zero, equally for every curve.
  const double residual = std::max(0.0, 1 - xy * xy / (xx * yy));
  fit.adjusted_r2 = 1 - residual * (count - 1) / (count - 2);
  constexpr double kCoefficients = 3;  // intercept, slope, variance
  const double correction = 2 * kCoefficients * (kCoefficients + 1) / (count - kCoefficients - 1);
  fit.aic = count * std::log(std::max(residual, 1e-12)) + 2 * kCoefficients + correction;
  return fit;
}

// `3.2 + 4 log n`, `1 + n`.
std::string FitText(const Fit& fit) {
  const std::string factor = fmt::format("{:.4g}", std::abs(fit.slope));
  return fmt::format("{:.4g} {} {}{}", fit.intercept, fit.slope < 0 ? "-" : "+",
                     factor == "1" ? "" : factor + " ", fit.curve->term);
}

// The curve that fits well and better than all others.
std::optional<Fit> BestFit(const std::vector<GrowthPoint>& points) {
  std::optional<Fit> best;
  double second = std::numeric_limits<double>::infinity();
  for (const Curve& curve : kCurves) {
    const Fit fit = FitOf(curve, points);
    if (!best || fit.aic < best->aic) {
      if (best) second = best->aic;
      best = fit;
    } else {
      second = std::min(second, fit.aic);
    }
  }
  const bool is_good =
      best->adjusted_r2 >= kLeastAdjustedR2 && second - best->aic >= kLeastAicDifference;
  return is_good ? best : std::nullopt;
}

}  // namespace

GrowthResult GrowthOf(std::vector<GrowthPoint> points) {
  GrowthResult growth;
  growth.points = std::move(points);
  if (static_cast<int>(growth.points.size()) < kFewestLengthsForLaw) return growth;
  const double first = growth.points[0].figure;
  if (std::all_of(growth.points.begin(), growth.points.end(),
                  [&](const GrowthPoint& point) { return point.figure == first; })) {
    growth.law = "constant";
    growth.fit = fmt::format("{:.4g}", first);
  } else if (const std::optional<Fit> fit = BestFit(growth.points)) {
    growth.law = fit->curve->name;
    growth.fit = FitText(*fit);
    growth.adjusted_r2 = fit->adjusted_r2;
  }
  return growth;
}

}  // namespace raspc
