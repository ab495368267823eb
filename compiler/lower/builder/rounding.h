// Bounds on rounding, for the certificate.
//
// A number in the model stands for an ideal number: its value in exact arithmetic. `error`
// bounds the distance between the two at every position of every input, for IEEE arithmetic with
// any order of summation. A number with no error at all is `exact`, and then known to be a multiple
// of 2^grid; sums of such numbers are exact as long as every partial sum fits the significand,
// whatever the order.
#pragma once

#include <limits>

#include "runtime/model/model.h"

namespace raspc {

// The arithmetic in which a model runs.
struct Arithmetic {
  int significand_bits;  // 24 or 53
  double unit_roundoff;  // half the distance from 1 to the next number
  double smallest;       // the smallest positive number: what a product may lose when it underflows
  double largest;
};
Arithmetic ArithmeticOf(DType dtype);

struct Bound {
  double max_abs = 0;  // of the ideal number
  double error = 0;
  int grid = kAnyGrid;  // meaningful if error is 0
  bool IsExact() const { return error == 0; }

  static constexpr int kAnyGrid = std::numeric_limits<int>::max();  // of zero
};

// The largest e such that the number is a multiple of 2^e; kAnyGrid for 0. Requires a finite
// number.
int LowestBit(double number);

// The bound of a constant as the model stores it: exact if it fits the type; unbounded if it is too
// large.
Bound BoundOfConstant(double number, const Arithmetic& arithmetic);

// Adds up a sum of products weight * number (weights are stored constants), term by term, and
// bounds how far the computed sum can be from the ideal one.
class SumBound {
 public:
  explicit SumBound(const Arithmetic& arithmetic) : arithmetic_(arithmetic) {}
  void Add(double weight, const Bound& number);
  // With the rounding of the products and of the summation itself. In addition the sum may
  // differ by `drift` from the number it stands for.
  Bound Computed(double drift = 0) const;
  // Without: the distance of the exact sum of the actual numbers from the ideal sum.
  Bound Given() const { return given_; }

 private:
  Arithmetic arithmetic_;
  int num_terms_ = 0;
  bool all_exact_ = true;
  Bound given_;
};

// How far a + b and a * b, computed in doubles, are from the sum and the product. Infinite where
// they overflow.
double ErrorOfSum(double a, double b);
double ErrorOfProduct(double a, double b);

// The smallest power of two that is at least `number`, which must be positive and finite.
double PowerOfTwoAtLeast(double number);

}  // namespace raspc
