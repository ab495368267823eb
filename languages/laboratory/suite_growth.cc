#include "languages/laboratory/suite_growth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace raspc {
namespace {

struct Line {
  double intercept = 0, slope = 0;
  double r_squared = 0;
};

// Least squares of y = intercept + slope x. Requires x that are not all equal.
Line Fit(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
  }
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  Line line;
  line.slope = xy / xx;
  line.intercept = mean_y - line.slope * mean_x;
  line.r_squared = yy == 0 ? 1 : xy * xy / (xx * yy);
  return line;
}

struct Curve {
  const char* name;
  const char* term;
  double (*of)(double);
};

constexpr Curve kCurves[] = {
    {"log", "log2 n", [](double n) { return std::log2(n); }},
    {"linear", "n", [](double n) { return n; }},
    {"quadratic", "n^2", [](double n) { return n * n; }},
    {"cubic", "n^3", [](double n) { return n * n * n; }},
};
constexpr double kFits = 0.95;

}  // namespace

std::string GrowthOf(const std::vector<GrowthPoint>& points) {
  if (points.size() < 2) return "unknown";
  std::vector<double> n, y;
  for (const GrowthPoint& point : points) {
    n.push_back(point.length);
    y.push_back(point.figure);
  }
  if (std::all_of(y.begin(), y.end(), [&](double figure) { return figure == y[0]; })) {
    return "constant";
  }
  const double first = y[y.size() - 2], last = y.back();
  const std::string ratio =
      first > 0 ? fmt::format("x{:.2f} from {} to {}", last / first, n[n.size() - 2], n.back())
                : fmt::format("from {} to {}", first, last);
  if (points.size() == 2) return ratio;
  const Curve* best = nullptr;
  Line best_line;
  for (const Curve& curve : kCurves) {
    std::vector<double> x;
    for (const double length : n) x.push_back(curve.of(length));
    const Line line = Fit(x, y);
    // Of curves that fit alike the slower one.
    if (best != nullptr && line.r_squared < best_line.r_squared + 1e-9) continue;
    best = &curve;
    best_line = line;
  }
  if (best_line.r_squared >= kFits) {
    return fmt::format("{}: {:.4g} {} {:.4g} {}, R^2 {:.3f}, {}", best->name, best_line.intercept,
                       best_line.slope < 0 ? "-" : "+", std::abs(best_line.slope), best->term,
                       best_line.r_squared, ratio);
  }
  if (*std::min_element(y.begin(), y.end()) <= 0) return "irregular, " + ratio;
  std::vector<double> log_n, log_y;
  for (std::size_t i = 0; i < n.size(); ++i) {
    log_n.push_back(std::log2(n[i]));
    log_y.push_back(std::log2(y[i]));
  }
  const Line power = Fit(log_n, log_y);
  return fmt::format("n^{:.2f}, R^2 {:.3f}, {}", power.slope, power.r_squared, ratio);
}

}  // namespace raspc
