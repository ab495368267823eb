// Spellings of the operators, the text of an expression for messages, and taking trees apart
// without recursion.
#include "compiler/syntax/syntax_tree.h"

#include <type_traits>

#include "base/text.h"

namespace raspc {
namespace {

using Pending = std::vector<ExpressionPtr>;

void Take(ExpressionPtr& child, Pending& pending) {
  if (child != nullptr) pending.push_back(std::move(child));
}
void Take(std::vector<ExpressionPtr>& children, Pending& pending) {
  for (ExpressionPtr& child : children) Take(child, pending);
}

// One overload per kind, so that a new kind does not compile until it is handled here.
void TakeChildren(LiteralExpression&, Pending&) {}
void TakeChildren(NameExpression&, Pending&) {}
void TakeChildren(UnaryExpression& kind, Pending& pending) { Take(kind.operand, pending); }
void TakeChildren(BinaryExpression& kind, Pending& pending) {
  Take(kind.left, pending);
  Take(kind.right, pending);
}
void TakeChildren(TernaryExpression& kind, Pending& pending) {
  Take(kind.then_value, pending);
  Take(kind.condition, pending);
  Take(kind.else_value, pending);
}
void TakeChildren(ListExpression& kind, Pending& pending) { Take(kind.items, pending); }
void TakeChildren(DictExpression& kind, Pending& pending) {
  for (auto& [key, value] : kind.items) {
    Take(key, pending);
    Take(value, pending);
  }
}
void TakeChildren(ListComprehension& kind, Pending& pending) {
  Take(kind.item, pending);
  Take(kind.iterable, pending);
}
void TakeChildren(DictComprehension& kind, Pending& pending) {
  Take(kind.key, pending);
  Take(kind.value, pending);
  Take(kind.iterable, pending);
}
void TakeChildren(IndexExpression& kind, Pending& pending) {
  Take(kind.object, pending);
  Take(kind.index, pending);
}
void TakeChildren(CallExpression& kind, Pending& pending) {
  Take(kind.callee, pending);
  Take(kind.arguments, pending);
}
void TakeChildren(RangeExpression& kind, Pending& pending) { Take(kind.arguments, pending); }
void TakeChildren(ZipExpression& kind, Pending& pending) { Take(kind.arguments, pending); }
void TakeChildren(LenExpression& kind, Pending& pending) { Take(kind.argument, pending); }
void TakeChildren(RoundExpression& kind, Pending& pending) { Take(kind.argument, pending); }
void TakeChildren(IndicatorExpression& kind, Pending& pending) { Take(kind.argument, pending); }
void TakeChildren(SelectExpression& kind, Pending& pending) {
  Take(kind.keys, pending);
  Take(kind.queries, pending);
}
void TakeChildren(AggregateExpression& kind, Pending& pending) {
  Take(kind.selector, pending);
  Take(kind.values, pending);
  Take(kind.default_value, pending);
}

void TakeChildrenOf(Expression& expression, Pending& pending) {
  std::visit([&](auto& kind) { TakeChildren(kind, pending); }, expression.kind);
}

}  // namespace

// The children of every node that nobody else owns move to one list before the node is destroyed,
// so that no destructor finds anything below it to destroy.
Expression::~Expression() {
  Pending pending;
  TakeChildrenOf(*this, pending);
  while (!pending.empty()) {
    const ExpressionPtr next = std::move(pending.back());
    pending.pop_back();
    if (next.use_count() == 1) TakeChildrenOf(const_cast<Expression&>(*next), pending);
  }
}

std::string_view Spelling(UnaryOperator op) {
  switch (op) {
    case UnaryOperator::kNegate:
      return "-";
    case UnaryOperator::kPlus:
      return "+";
    case UnaryOperator::kNot:
      return "not";
  }
  return "?";
}

std::string_view Spelling(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return "+";
    case BinaryOperator::kSubtract:
      return "-";
    case BinaryOperator::kMultiply:
      return "*";
    case BinaryOperator::kDivide:
      return "/";
    case BinaryOperator::kModulo:
      return "%";
    case BinaryOperator::kPower:
      return "^";
    case BinaryOperator::kEqual:
      return "==";
    case BinaryOperator::kNotEqual:
      return "!=";
    case BinaryOperator::kLess:
      return "<";
    case BinaryOperator::kLessEqual:
      return "<=";
    case BinaryOperator::kGreater:
      return ">";
    case BinaryOperator::kGreaterEqual:
      return ">=";
    case BinaryOperator::kAnd:
      return "and";
    case BinaryOperator::kOr:
      return "or";
    case BinaryOperator::kIn:
      return "in";
  }
  return "?";
}

std::string_view Spelling(Comparison op) {
  switch (op) {
    case Comparison::kEqual:
      return "==";
    case Comparison::kNotEqual:
      return "!=";
    case Comparison::kLess:
      return "<";
    case Comparison::kLessEqual:
      return "<=";
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterEqual:
      return ">=";
  }
  return "?";
}

std::string ShortText(const Expression& expression) {
  constexpr std::size_t kMaxCodePoints = 40;
  std::string text;
  std::size_t num_code_points = 0;
  bool in_string = false, in_comment = false, is_after_blank = false;
  for (const char c : expression.text) {
    in_comment = c != '\n' && (in_comment || (c == '#' && !in_string));
    in_string = in_string != (c == '"' && !in_comment);
    const bool is_blank =
        !in_string && (in_comment || c == ' ' || c == '\t' || c == '\r' || c == '\n');
    if (!is_blank) {
      if (StartsCodePoint(c)) {
        num_code_points += is_after_blank ? 2 : 1;
        if (num_code_points > kMaxCodePoints) return text + "…";
      }
      if (is_after_blank) text += ' ';
      text += c;
    }
    is_after_blank = is_blank;
  }
  return text;
}

}  // namespace raspc
