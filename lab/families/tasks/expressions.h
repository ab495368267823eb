// Expressions with brackets in arithmetic modulo 5, as in the benchmark.
//
//     E = d | -d | (d) | (-d) | (E o E)
//
// where d is a digit from 0 to 4 and o an operator. So there is a pair of brackets around every
// operation, a minus sign before a digit binds only that digit, and every expression can be
// parsed in only one way. In an equation one of the digits is the unknown x.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace raspc {

inline constexpr int kModulus = 5;

// constant + coefficient * x, both from 0 to 4.
struct LinearValue {
  int constant = 0, coefficient = 0;
};

// The value of an expression with some of the operators `+-*`; nothing for another text, or if
// forms that both depend on x are multiplied. Any number of x is allowed.
std::optional<LinearValue> ValueOfExpression(std::string_view text, std::string_view operators);

// Samples expressions, all of one length equally likely. Construction takes O(max_length^2) time.
class ExpressionSampler {
 public:
  ExpressionSampler(int max_length, std::string operators);

  // Whether there are expressions of the length: if it is from 1 to max_length.
  bool Has(int length) const { return length >= 1 && length < static_cast<int>(log_count_.size()); }
  // With one digit replaced by x if `with_x`. Requires Has(length).
  std::string Draw(int length, bool with_x, std::mt19937_64& random) const;
  // The same, but nested deeply: an operand of each operation has at most four tokens.
  std::string DrawDeep(int length, bool with_x, std::mt19937_64& random) const;

 private:
  double LogCount(int length, bool with_x) const {
    return (with_x ? log_count_with_x_ : log_count_)[static_cast<std::size_t>(length)];
  }
  // How the tokens of an operation other than its operator and brackets are split among its
  // operands.
  struct Split {
    int left = 0;
    bool x_is_left = false;
  };
  Split DrawSplit(int length, bool with_x, std::mt19937_64& random) const;
  char DrawOperator(std::mt19937_64& random) const;
  void Append(int length, bool with_x, std::mt19937_64& random, std::string& text) const;

  std::string operators_;
  // Logarithms of the numbers of expressions of each length, and of those with one x, from length 0
  // on.
  std::vector<double> log_count_, log_count_with_x_;
};

}  // namespace raspc
