// Expressions with brackets in arithmetic modulo 5, as the benchmark makes them.
//
//     E = d | -d | (d) | (-d) | (E o E)
//
// where d is a digit from 0 to 4 and o an operator. So there is a pair of brackets around every
// operation, a minus sign before a digit binds that digit alone, and every expression can be read
// in one way only. In an equation one of the digits is the unknown x.
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

// The value of an expression with some of the operators `+-*`; nothing for another text, or where
// forms that both depend on x are multiplied. Any number of x is understood.
std::optional<LinearValue> ValueOfExpression(std::string_view text, std::string_view operators);

// Draws expressions, all of one length equally likely. Making it takes O(max_length^2) time.
class ExpressionSampler {
 public:
  ExpressionSampler(int max_length, std::string operators);

  // Whether there are expressions of the length: if it is from 1 to max_length.
  bool Has(int length) const { return length >= 1 && length < static_cast<int>(log_count_.size()); }
  // With one digit replaced by x if `with_x`. Requires Has(length).
  std::string Draw(int length, bool with_x, std::mt19937_64& random) const;
  // Likewise, but nested deeply: an operand of each operation has at most four tokens.
  std::string DrawDeep(int length, bool with_x, std::mt19937_64& random) const;

 private:
  double LogCount(int length, bool with_x) const {
    return (with_x ? log_count_with_x_ : log_count_)[static_cast<std::size_t>(length)];
  }
  // How the tokens of an operation besides its operator and brackets are given to its operands.
  struct Split {
    int left = 0;
    bool x_is_left = false;
  };
  Split DrawSplit(int length, bool with_x, std::mt19937_64& random) const;
  char DrawOperator(std::mt19937_64& random) const;
  void Append(int length, bool with_x, std::mt19937_64& random, std::string& text) const;

  std::string operators_;
  // Logarithms of how many expressions have a length, and how many with one x, from length 0 on.
  std::vector<double> log_count_, log_count_with_x_;
};

}  // namespace raspc
