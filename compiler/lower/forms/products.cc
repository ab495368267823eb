#include "compiler/lower/forms/products.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace raspc {
namespace {

// The remainder allowed in a square: less than the rule on floats can notice, or than the rounding
// of its largest value.
constexpr double kSmallestTail = 1.0 / (std::int64_t{1} << 36);

double LargestPowerOfTwoUpTo(double number) {
  const double above = PowerOfTwoAtLeast(number);
  return above == number ? above : above / 2;
}

// A number near the middle of an interval, on a coarse grid, so that it costs few bits.
double MiddleOf(const Interval& interval) {
  const double width = interval.high - interval.low;
  if (width == 0) return interval.low;
  const double grid = PowerOfTwoAtLeast(width / 16);
  return std::round((interval.low / 2 + interval.high / 2) / grid) * grid;
}

// How far an interval reaches from a number inside.
double ReachFrom(double number, const Interval& interval) {
  return std::max(interval.high - number, number - interval.low);
}

// The tangents of the parabola and the remaining wave, for a step h, at the points where they bend.
struct Round {
  std::vector<double> points, tangents, wave;

  Round(double reach, double h) {
    const auto cells = static_cast<std::int64_t>(std::ceil(reach / h - 0.5));
    for (std::int64_t i = -2 * cells - 1; i <= 2 * cells + 1; ++i) {
      const double z = static_cast<double>(i) * (h / 2);
      // Midway between two multiples either tangent will do.
      const double c = static_cast<double>(i / 2) * h;
      points.push_back(z);
      tangents.push_back(2 * c * z - c * c);
      wave.push_back(std::abs(z - c));
    }
  }
};

}  // namespace

// form^2, for a form in the given range, to within `tail` and rounding.
LinearForm Products::Square(const RangedNumber& x, double tail) {
  const auto& [form, range, name, line] = x;
  // (z + middle)^2
  const double middle = MiddleOf(range);
  const double reach = ReachFrom(middle, range);
  const LinearForm z = Shifted(form, -middle);
  LinearForm square = Shifted(Scaled(form, 2 * middle), -middle * middle);
  square.drift += ErrorOfProduct(middle, middle);
  if (reach == 0) return square;

  // As many rounds as needed until the wave is at most `end` high. On exact numbers it is 0 where
  // they are multiples of h.
  const Bound bound = builder_.BoundOf(z);
  const double unit = bound.IsExact() ? std::ldexp(1.0, std::min(bound.grid, 900)) : 0;
  const double end = std::max(std::sqrt(tail), unit / 2);
  const double num_rounds =
      std::max(1.0, std::ceil(std::log(reach / end) / std::log(plan_.square_cells)));
  const double factor = std::max(1.0, std::pow(reach / end, 1 / num_rounds));
  const double h = LargestPowerOfTwoUpTo(2 * reach / factor);
  const Round round(reach, h);
  MlpSegment segment(builder_.blocks(), z, round.points);
  MlpBlock block;
  const int ready = builder_.ReadyAfterMlp(z);
  auto tangents = segment.Interpolation(round.tangents);
  const bool is_exact = h <= unit;
  const bool is_last = is_exact || h * h / 4 <= tail;
  if (is_last && !is_exact) tangents->bound.error += h * h / 4;  // the square of the wave
  const std::string square_name = middle == 0
                                      ? AsOperand(name) + "^2"
                                      : fmt::format("({}{}{:.6g})^2", AsOperand(name),
                                                    middle > 0 ? "-" : "+", std::abs(middle));
  const auto meaning = [&](std::string_view part) {
    return VariableMeaning::Text(std::string(part) + square_name, line);
  };
  square = Sum(square, builder_.AddOutput(block, *tangents,
                                          meaning(is_last ? "" : "tangents of "), ready));
  RangedNumber wave{{}, {0, h / 2}, "rest of " + square_name, line};
  if (!is_last) {
    wave.form =
        builder_.AddOutput(block, *segment.Interpolation(round.wave), meaning("rest of "), ready);
  }
  block.neurons = segment.neurons();
  builder_.AddMlp(std::move(block));
  return is_last ? square : Sum(square, Square(wave, tail));
}

double Products::TailFor(double reach) const {
  return std::max(kSmallestTail, builder_.arithmetic().unit_roundoff * reach * reach);
}

RangedNumber Products::Product(const RangedNumber& x, const RangedNumber& y) {
  const std::string of_x = AsOperand(x.name), of_y = AsOperand(y.name);
  RangedNumber product{{}, ProductRange(x.range, y.range), of_x + "*" + of_y, x.line};
  if (x.form == y.form) {
    const double reach = ReachFrom(MiddleOf(x.range), x.range);
    product.form = Square(x, TailFor(reach));
    product.range.low = std::max(0.0, product.range.low);
    return product;
  }
  // x y = (x - a)(y - b) + b x + a y - a b, so that small numbers are squared:
  // s (x - a) and (y - b) / s, which reach equally far.
  const double a = MiddleOf(x.range);
  const double b = MiddleOf(y.range);
  product.form = Sum(Scaled(x.form, b), Scaled(y.form, a));
  product.form = Shifted(product.form, -a * b);
  product.form.drift += ErrorOfProduct(a, b);
  const double reach_x = ReachFrom(a, x.range);
  const double reach_y = ReachFrom(b, y.range);
  if (reach_x == 0 || reach_y == 0) return product;
  const double s = PowerOfTwoAtLeast(std::sqrt(reach_y / reach_x));
  const double reach = s * reach_x + reach_y / s;
  const LinearForm from_a = Shifted(Scaled(x.form, s), -s * a);
  const LinearForm from_b = Shifted(Scaled(y.form, 1 / s), -b / s);
  const auto shifted = [](const std::string& name, double by) {
    return by == 0 ? name : fmt::format("({}{}{:.6g})", name, by > 0 ? "-" : "+", std::abs(by));
  };
  for (const double sign : {1.0, -1.0}) {
    const LinearForm z = Sum(from_a, Scaled(from_b, sign));
    const auto scaled = [](const std::string& name, double factor) {
      return factor == 1 ? name : fmt::format("{:.6g}*{}", factor, name);
    };
    const RangedNumber both{z,
                            {-reach, reach},
                            fmt::format("{}{}{}", scaled(shifted(of_x, a), s),
                                        sign > 0 ? "+" : "-", scaled(shifted(of_y, b), 1 / s)),
                            x.line};
    const LinearForm square = Square(both, TailFor(reach));
    product.form = Sum(product.form, Scaled(square, sign / 4));
  }
  return product;
}

RangedNumber Products::Power(const RangedNumber& x, int exponent) {
  if (exponent == 1) return x;
  if (exponent % 2 == 1) return Product(x, Power(x, exponent - 1));
  const RangedNumber root = Power(x, exponent / 2);
  return Product(root, root);
}

}  // namespace raspc
