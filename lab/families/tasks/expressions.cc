#include "lab/families/tasks/expressions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "automata/sample.h"

namespace raspc {
namespace {

constexpr int kLongestAtom = 4;  // (-d)

LinearValue Reduced(int constant, int coefficient) {
  const auto mod = [](int a) { return (a % kModulus + kModulus) % kModulus; };
  return {mod(constant), mod(coefficient)};
}

std::optional<LinearValue> Operate(const LinearValue& a, char op, const LinearValue& b) {
  switch (op) {
    case '+':
      return Reduced(a.constant + b.constant, a.coefficient + b.coefficient);
    case '-':
      return Reduced(a.constant - b.constant, a.coefficient - b.coefficient);
    default:
      if (a.coefficient != 0 && b.coefficient != 0) return std::nullopt;
      return Reduced(a.constant * b.constant,
                     a.constant * b.coefficient + a.coefficient * b.constant);
  }
}

// Reads from left to right and keeps open parts on a stack, so the depth is not limited.
class Reader {
 public:
  explicit Reader(std::string_view operators) : operators_(operators) {}

  // Whether the text so far is the beginning of an expression.
  bool Read(char c) {
    if (c >= '0' && c < '0' + kModulus) return ReadAtom({c - '0', 0});
    if (c == 'x') return ReadAtom({0, 1});
    if (c == ')') return Close();
    if (c == '(') return ExpectsOperand() && Push({Kind::kOpen});
    if (c == '-' && ExpectsOperand()) return Push({Kind::kSign});
    return operators_.find(c) != std::string_view::npos && ReadOperator(c);
  }

  std::optional<LinearValue> Value() const {
    if (stack_.size() != 1 || !stack_[0].IsValue()) return std::nullopt;
    return stack_[0].value;
  }

 private:
  enum class Kind { kOpen, kSign, kOperator, kAtom, kOperation };
  struct Item {
    Kind kind;
    LinearValue value = {};
    char op = 0;
    // An operand: d or -d, or something in brackets.
    bool IsValue() const { return kind == Kind::kAtom || kind == Kind::kOperation; }
  };

  // The item that is `back` from the top.
  bool TopIs(Kind kind, std::size_t back = 0) const {
    return stack_.size() > back && stack_[stack_.size() - 1 - back].kind == kind;
  }
  bool TopIsValue(std::size_t back = 0) const {
    return TopIs(Kind::kAtom, back) || TopIs(Kind::kOperation, back);
  }
  bool ExpectsOperand() const {
    return stack_.empty() || TopIs(Kind::kOpen) || TopIs(Kind::kOperator);
  }
  bool Push(Item item) {
    stack_.push_back(item);
    return true;
  }

  bool ReadAtom(LinearValue value) {
    if (TopIs(Kind::kSign)) {
      stack_.pop_back();
      value = *Operate({}, '-', value);
    } else if (!ExpectsOperand()) {
      return false;
    }
    return Push({Kind::kAtom, value});
  }
  bool ReadOperator(char c) {
    return TopIsValue() && TopIs(Kind::kOpen, 1) && Push({Kind::kOperator, {}, c});
  }
  bool Close() {
    if (TopIs(Kind::kAtom) && TopIs(Kind::kOpen, 1)) {
      const LinearValue value = stack_.back().value;
      stack_.resize(stack_.size() - 2);
      return Push({Kind::kOperation, value});
    }
    if (!TopIsValue() || !TopIs(Kind::kOperator, 1)) return false;
    const std::size_t left = stack_.size() - 3;
    const auto value = Operate(stack_[left].value, stack_[left + 1].op, stack_[left + 2].value);
    if (!value) return false;
    stack_.resize(left - 1);
    return Push({Kind::kOperation, *value});
  }

  std::string_view operators_;
  std::vector<Item> stack_;
};

// log(exp(a) + exp(b)).
double LogSum(double a, double b) {
  if (a < b) std::swap(a, b);
  return std::isinf(b) ? a : a + std::log1p(std::exp(b - a));
}

}  // namespace

std::optional<LinearValue> ValueOfExpression(std::string_view text, std::string_view operators) {
  Reader reader(operators);
  for (const char c : text) {
    if (!reader.Read(c)) return std::nullopt;
  }
  return reader.Value();
}

ExpressionSampler::ExpressionSampler(int max_length, std::string operators)
    : operators_(std::move(operators)),
      log_count_{-std::numeric_limits<double>::infinity()},
      log_count_with_x_(log_count_) {
  const double log_operators = std::log(static_cast<double>(operators_.size()));
  for (int length = 1; length <= max_length; ++length) {
    double without = length <= kLongestAtom ? std::log(static_cast<double>(kModulus))
                                            : -std::numeric_limits<double>::infinity();
    double with = length <= kLongestAtom ? 0 : without;
    // A pair of brackets and an operator in addition to two operands.
    for (int left = 1; left + 1 + 3 <= length; ++left) {
      const int right = length - 3 - left;
      without = LogSum(without, log_operators + LogCount(left, false) + LogCount(right, false));
      with = LogSum(with, log_operators + LogCount(left, true) + LogCount(right, false));
      with = LogSum(with, log_operators + LogCount(left, false) + LogCount(right, true));
    }
    log_count_.push_back(without);
    log_count_with_x_.push_back(with);
  }
}

std::string ExpressionSampler::Draw(int length, bool with_x, std::mt19937_64& random) const {
  std::string text;
  text.reserve(static_cast<std::size_t>(length));
  Append(length, with_x, random, text);
  return text;
}

std::string ExpressionSampler::DrawDeep(int length, bool with_x, std::mt19937_64& random) const {
  std::string front, back;
  while (length > kLongestAtom) {
    const int atom = 1 + UniformBelow(random, std::min(kLongestAtom, length - 4));
    const bool x_is_in_atom = with_x && UniformBelow(random, 8) == 0;
    const char op = DrawOperator(random);
    if (UniformBelow(random, 2) == 0) {
      front += '(';
      Append(atom, x_is_in_atom, random, front);
      front += op;
      back += ')';
    } else {
      front += '(';
      std::string right(1, op);
      Append(atom, x_is_in_atom, random, right);
      right += ')';
      back.append(right.rbegin(), right.rend());
    }
    with_x = with_x && !x_is_in_atom;
    length -= 3 + atom;
  }
  Append(length, with_x, random, front);
  return front.append(back.rbegin(), back.rend());
}

ExpressionSampler::Split ExpressionSampler::DrawSplit(int length, bool with_x,
                                                      std::mt19937_64& random) const {
  const double log_total =
      LogCount(length, with_x) - std::log(static_cast<double>(operators_.size()));
  double rest = UniformReal(random);
  Split split;
  // Rounding may leave some probability over; the last split takes it.
  for (int left = 1; left + 1 + 3 <= length; ++left) {
    const int right = length - 3 - left;
    for (const bool in_left : {false, true}) {
      if (in_left && !with_x) continue;
      split = {left, in_left};
      rest -= std::exp(LogCount(left, in_left) + LogCount(right, with_x && !in_left) - log_total);
      if (rest < 0) return split;
    }
  }
  return split;
}

char ExpressionSampler::DrawOperator(std::mt19937_64& random) const {
  return operators_[static_cast<std::size_t>(
      UniformBelow(random, static_cast<int>(operators_.size())))];
}

void ExpressionSampler::Append(int length, bool with_x, std::mt19937_64& random,
                               std::string& text) const {
  if (length <= kLongestAtom) {
    const char digit = with_x ? 'x' : static_cast<char>('0' + UniformBelow(random, kModulus));
    if (length >= 3) text += '(';
    if (length % 2 == 0) text += '-';
    text += digit;
    if (length >= 3) text += ')';
    return;
  }
  const Split split = DrawSplit(length, with_x, random);
  text += '(';
  Append(split.left, with_x && split.x_is_left, random, text);
  text += DrawOperator(random);
  Append(length - 3 - split.left, with_x && !split.x_is_left, random, text);
  text += ')';
}

}  // namespace raspc
