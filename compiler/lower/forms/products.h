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
#pragma once

#include <string>

#include "compiler/domains/wide_map.h"
#include "compiler/lower/builder/blocks_builder.h"
#include "compiler/lower/builder/precision_plan.h"

namespace raspc {

struct RangedNumber {
  LinearForm form;
  Interval range;    // of its ideal number
  std::string name;  // of the number
  int line = 0;      // of the program
};

class Products {
 public:
  // Keeps references.
  Products(const PrecisionPlan& plan, BlocksBuilder& builder) : plan_(plan), builder_(builder) {}

  // Numbers must be far from overflow when multiplied.
  RangedNumber Product(const RangedNumber& x, const RangedNumber& y);
  // x^exponent, for an exponent of at least 1.
  RangedNumber Power(const RangedNumber& x, int exponent);

 private:
  LinearForm Square(const RangedNumber& x, double tail);
  double TailFor(double reach) const;

  const PrecisionPlan& plan_;
  BlocksBuilder& builder_;
};

}  // namespace raspc
