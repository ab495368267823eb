// The product of two numbers with too many values for a table, by squares.
//
//     x y = ((x + y)^2 - (x - y)^2) / 4
//
// The square of any number is found to within rounding in a few rounds of an MLP. Let c be the
// multiple of a step h that is nearest to z. Then
//
//     z^2 = (2 c z - c^2) + (z - c)^2.
//
// The first parenthesis is the tangents of the parabola, which meet midway between the multiples of
// h: a piecewise linear function. |z - c| is a triangle wave between 0 and h/2. Both come from
// one set of neurons, and the next round squares the wave with a smaller step, until the remainder
// is lost in rounding. No value of z has to be listed, and an error in z is multiplied by 2|z|, as
// it must be. Yarotsky, Error bounds for approximations with deep ReLU networks, 2017,
// section 3.1, has the case of h/2 as large as z; more teeth to a wave take fewer layers.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/lowering.h"

namespace raspc {
namespace {

constexpr double kLargestFactor = 1e30;  // whose powers are far from overflow
constexpr double kLargestExponent = 8;

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
LinearForm Lowering::SquareForm(const Ranged& x, double tail) {
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
  const Bound bound = BoundOf(blocks_, z);
  const double unit = bound.IsExact() ? std::ldexp(1.0, std::min(bound.grid, 900)) : 0;
  const double end = std::max(std::sqrt(tail), unit / 2);
  const double num_rounds =
      std::max(1.0, std::ceil(std::log(reach / end) / std::log(effort_.square_cells)));
  const double factor = std::max(1.0, std::pow(reach / end, 1 / num_rounds));
  const double h = LargestPowerOfTwoUpTo(2 * reach / factor);
  const Round round(reach, h);
  MlpPiece piece(blocks_, z, round.points);
  MlpBlock block;
  const int ready = EarliestMlpLayer(ReadyOf(blocks_, z)) * 2 + 2;
  auto tangents = piece.Interpolation(round.tangents);
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
  square = Sum(square, AddOutput(block, *tangents, meaning(is_last ? "" : "tangents of "), ready));
  Ranged wave{{}, {0, h / 2}, "rest of " + square_name, line};
  if (!is_last) {
    wave.form = AddOutput(block, *piece.Interpolation(round.wave), meaning("rest of "), ready);
  }
  block.neurons = piece.neurons();
  blocks_.mlps.push_back(std::move(block));
  return is_last ? square : Sum(square, SquareForm(wave, tail));
}

// The product of two numbers in the given ranges.
Lowering::Ranged Lowering::ProductOf(const Ranged& x, const Ranged& y) {
  const auto tail_for = [&](double reach) {
    return std::max(kSmallestTail, blocks_.arithmetic.unit_roundoff * reach * reach);
  };
  const std::string of_x = AsOperand(x.name), of_y = AsOperand(y.name);
  Ranged product{{}, ProductRange(x.range, y.range), of_x + "*" + of_y, x.line};
  if (x.form == y.form) {
    const double reach = ReachFrom(MiddleOf(x.range), x.range);
    product.form = SquareForm(x, tail_for(reach));
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
    const Ranged both{z,
                      {-reach, reach},
                      fmt::format("{}{}{}", scaled(shifted(of_x, a), s), sign > 0 ? "+" : "-",
                                  scaled(shifted(of_y, b), 1 / s)),
                      x.line};
    const LinearForm square = SquareForm(both, tail_for(reach));
    product.form = Sum(product.form, Scaled(square, sign / 4));
  }
  return product;
}

Lowering::Ranged Lowering::PowerOf(const Ranged& x, int exponent) {
  if (exponent == 1) return x;
  if (exponent % 2 == 1) return ProductOf(x, PowerOf(x, exponent - 1));
  const Ranged root = PowerOf(x, exponent / 2);
  return ProductOf(root, root);
}

// The number of a product, or of a power with a small exponent; nothing for other s-ops, or if a
// factor may be too large.
std::optional<LinearForm> Lowering::ProductForm(NodeId id) {
  if (const auto known = products_.find(id); known != products_.end()) return known->second;
  const auto* map = std::get_if<MapNode>(&graph_[id].kind);
  if (map == nullptr) return std::nullopt;
  std::vector<NodeId> factors = map->operands;
  int exponent = 1;
  if (map->op == MapOp::kPower) {
    const auto* constant = std::get_if<ConstantNode>(&graph_[map->operands[1]].kind);
    if (constant == nullptr || !IsNumber(constant->value)) return std::nullopt;
    const double number = NumberOf(constant->value);
    if (!(number >= 2 && number <= kLargestExponent) || number != std::floor(number)) {
      return std::nullopt;
    }
    exponent = static_cast<int>(number);
    factors.pop_back();
  } else if (map->op != MapOp::kMultiply) {
    return std::nullopt;
  }
  std::vector<Ranged> numbers;
  for (const NodeId factor : factors) {
    const LinearForm number = Number(factor);
    const auto range = IntervalOf(DomainOf(factor));
    if (!range || !(std::max(-range->low, range->high) <= kLargestFactor)) return std::nullopt;
    numbers.push_back({number, *range, graph_.Describe(factor), LineOf(factor)});
  }
  const Ranged product =
      map->op == MapOp::kPower ? PowerOf(numbers[0], exponent) : ProductOf(numbers[0], numbers[1]);
  LinearForm form = product.form;
  form.drift += RoundingOf(id);
  return products_.emplace(id, std::move(form)).first->second;
}

// A product with the inverse, which is a function of the listed divisor.
std::optional<LinearForm> Lowering::QuotientForm(NodeId id) {
  if (const auto known = products_.find(id); known != products_.end()) return known->second;
  const auto& map = std::get<MapNode>(graph_[id].kind);
  const NodeId dividend = map.operands[0], divisor = map.operands[1];
  const auto range = IntervalOf(DomainOf(dividend));
  if (!range || !(std::max(-range->low, range->high) <= kLargestFactor) ||
      !DomainOf(divisor).is_finite) {
    return std::nullopt;
  }
  Code inverses;  // 0 for 0, by which no input divides
  for (const double number : NumberCode(divisor)) inverses.push_back(number == 0 ? 0 : 1 / number);
  const auto [low, high] = std::minmax_element(inverses.begin(), inverses.end());
  const Ranged inverse{Real(divisor, inverses), {*low, *high},
                       "1/" + AsOperand(graph_.Describe(divisor)), LineOf(divisor)};
  const Ranged numerator{Number(dividend), *range, graph_.Describe(dividend), LineOf(dividend)};
  LinearForm form = ProductOf(numerator, inverse).form;
  form.drift += RoundingOf(id);
  return products_.emplace(id, std::move(form)).first->second;
}

// The code of a product with many values, where that is its number times a factor and squares are
// precise enough to distinguish the values.
std::optional<LinearForm> Lowering::RealOfProduct(NodeId id, const Code& code) {
  if (code.size() <= effort_.laid_out_products) return std::nullopt;
  const auto affine = AffineInNumber(id, code);
  const auto product = affine ? ProductForm(id) : std::nullopt;
  if (!product) return std::nullopt;
  const LinearForm form = AffineForm(id, *product, *affine);
  return BoundOf(blocks_, form).error <= ToleranceOf(code) ? std::optional(form) : std::nullopt;
}

}  // namespace raspc
