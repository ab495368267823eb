#include "frontends/rasp_expression.h"

#include "compiler/syntax/print_source.h"
#include "frontends/symbol_text.h"

namespace raspc {
namespace {

Expr Binary(BinaryOperator op, const Expr& a, const Expr& b) {
  return Expr::Of(BinaryExpression{op, a.tree(), b.tree()});
}

std::vector<ExpressionPtr> TreesOf(const std::vector<Expr>& expressions) {
  std::vector<ExpressionPtr> trees;
  for (const Expr& expression : expressions) trees.push_back(expression.tree());
  return trees;
}

Expr Joined(const std::vector<Expr>& operands, Expr (*join)(const Expr&, const Expr&)) {
  Expr joined = operands.at(0);
  for (std::size_t i = 1; i < operands.size(); ++i) joined = join(joined, operands[i]);
  return joined;
}

}  // namespace

Expr::Expr(const char* text) : Expr(OfAtom(SymbolToText(text))) {}
Expr::Expr(const std::string& text) : Expr(OfAtom(SymbolToText(text))) {}
Expr::Expr(std::string_view text) : Expr(OfAtom(SymbolToText(text))) {}

// The language has no negative literals, and its bools are names.
Expr Expr::OfAtom(const Atom& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return Var(*truth ? "True" : "False");
  const std::int64_t* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number >= 0) return Of(LiteralExpression{value});
  return Of(UnaryExpression{UnaryOperator::kNegate, Of(LiteralExpression{-*number}).tree()});
}

Expr Expr::operator[](const Expr& index) const {
  return Of(IndexExpression{tree_, index.tree()});
}

std::string ToSource(const Expr& expression) { return ToSource(*expression.tree()); }

Expr Var(std::string name) { return Expr::Of(NameExpression{std::move(name)}); }
Expr Tokens() { return Var("tokens"); }
Expr Indices() { return Var("indices"); }
Expr Length() { return Var("length"); }

Expr operator+(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kAdd, a, b); }
Expr operator-(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kSubtract, a, b); }
Expr operator*(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kMultiply, a, b); }
Expr operator/(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kDivide, a, b); }
Expr operator%(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kModulo, a, b); }
Expr Power(const Expr& base, const Expr& exponent) {
  return Binary(BinaryOperator::kPower, base, exponent);
}
Expr operator==(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kEqual, a, b); }
Expr operator!=(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kNotEqual, a, b); }
Expr operator<(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kLess, a, b); }
Expr operator<=(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kLessEqual, a, b); }
Expr operator>(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kGreater, a, b); }
Expr operator>=(const Expr& a, const Expr& b) {
  return Binary(BinaryOperator::kGreaterEqual, a, b);
}
Expr Compare(const Expr& a, Comparison op, const Expr& b) {
  switch (op) {
    case Comparison::kEqual:
      return a == b;
    case Comparison::kNotEqual:
      return a != b;
    case Comparison::kLess:
      return a < b;
    case Comparison::kLessEqual:
      return a <= b;
    case Comparison::kGreater:
      return a > b;
    case Comparison::kGreaterEqual:
      return a >= b;
  }
  return a == b;
}
Expr Not(const Expr& operand) {
  return Expr::Of(UnaryExpression{UnaryOperator::kNot, operand.tree()});
}
Expr And(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kAnd, a, b); }
Expr Or(const Expr& a, const Expr& b) { return Binary(BinaryOperator::kOr, a, b); }

Expr AllOf(const std::vector<Expr>& operands) { return Joined(operands, And); }
Expr AnyOf(const std::vector<Expr>& operands) { return Joined(operands, Or); }
Expr SumOf(const std::vector<Expr>& summands) {
  return summands.empty() ? Expr(0) : Joined(summands, operator+);
}

Expr If(const Expr& condition, const Expr& then, const Expr& otherwise) {
  return Expr::Of(TernaryExpression{then.tree(), condition.tree(), otherwise.tree()});
}
Expr In(const Expr& value, const Expr& collection) {
  return Binary(BinaryOperator::kIn, value, collection);
}
Expr ListOf(std::vector<Expr> items) { return Expr::Of(ListExpression{TreesOf(items)}); }
Expr TextsOf(const std::vector<std::string>& texts) {
  return ListOf(std::vector<Expr>(texts.begin(), texts.end()));
}
Expr DictOf(const std::vector<std::pair<Expr, Expr>>& rows) {
  DictExpression dict;
  for (const auto& [key, value] : rows) dict.items.emplace_back(key.tree(), value.tree());
  return Expr::Of(std::move(dict));
}
Expr ListFor(const Expr& item, std::string name, const Expr& iterable) {
  return Expr::Of(ListComprehension{item.tree(), {std::move(name)}, iterable.tree()});
}
Expr DictFor(const Expr& key, const Expr& value, std::string name, const Expr& iterable) {
  return Expr::Of(
      DictComprehension{key.tree(), value.tree(), {std::move(name)}, iterable.tree()});
}
Expr Range(const Expr& end) { return Expr::Of(RangeExpression{{end.tree()}}); }
Expr Range(const Expr& begin, const Expr& end) {
  return Expr::Of(RangeExpression{{begin.tree(), end.tree()}});
}
Expr Len(const Expr& collection) { return Expr::Of(LenExpression{collection.tree()}); }

Expr Indicator(const Expr& condition) {
  return Expr::Of(IndicatorExpression{condition.tree()});
}
Expr Round(const Expr& number) { return Expr::Of(RoundExpression{number.tree()}); }
Expr Select(const Expr& keys, const Expr& queries, Comparison op) {
  return Expr::Of(SelectExpression{keys.tree(), queries.tree(), op});
}
Expr Aggregate(const Expr& selector, const Expr& values) {
  return Expr::Of(AggregateExpression{selector.tree(), values.tree(), nullptr});
}
Expr Aggregate(const Expr& selector, const Expr& values, const Expr& default_value) {
  return Expr::Of(AggregateExpression{selector.tree(), values.tree(), default_value.tree()});
}
Expr Call(std::string function, std::vector<Expr> arguments) {
  return Expr::Of(CallExpression{Var(std::move(function)).tree(), TreesOf(arguments)});
}
Expr SelectorWidth(const Expr& selector) { return Call("selector_width", {selector}); }
Expr HasFocus(const Expr& selector) { return Call("has_focus", {selector}); }

Expr SelectBefore() { return Select(Indices(), Indices(), Comparison::kLess); }
Expr SelectUpToHere() { return Select(Indices(), Indices(), Comparison::kLessEqual); }
Expr SelectAfter() { return Select(Indices(), Indices(), Comparison::kGreater); }
Expr SelectWhere(const Expr& condition) { return Select(condition, true); }
Expr ValueAt(const Expr& position, const Expr& values, const Expr& missing) {
  return Aggregate(Select(Indices(), position), values, missing);
}

}  // namespace raspc
