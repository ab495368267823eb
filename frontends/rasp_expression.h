// RASP expressions, written as C++ expressions: values of the compiler's syntax tree.
//
//     If(Indices() >= 2, Aggregate(Select(Indices(), Indices() - 2), Tokens(), "$"), "$")
//     aggregate(select(indices, indices - 2, ==), tokens, "$") if indices >= 2 else "$"
//
// Numbers, bools and texts are literals where an expression is expected. A text is a symbol, or
// symbols and other names joined, and is written as symbol_text.h says. Operators bind as in C++;
// the printer (compiler/syntax/print_source.h) adds the parentheses.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/syntax/syntax_tree.h"

namespace raspc {

// Copies share the tree, which never changes.
class Expr {
 public:
  template <std::integral T>
  Expr(T value) : Expr(OfAtom(AtomOf(value))) {}  // NOLINT(google-explicit-constructor)
  Expr(const char* text);                          // NOLINT(google-explicit-constructor)
  Expr(const std::string& text);                   // NOLINT(google-explicit-constructor)
  Expr(std::string_view text);                     // NOLINT(google-explicit-constructor)
  template <class Kind>
  static Expr Of(Kind kind) {
    return Expr(std::make_shared<const Expression>(SourceLocation{}, std::move(kind)));
  }

  const ExpressionPtr& tree() const { return tree_; }
  // `this[index]`
  Expr operator[](const Expr& index) const;

 private:
  explicit Expr(ExpressionPtr tree) : tree_(std::move(tree)) {}
  static Atom AtomOf(bool value) { return value; }
  template <std::integral T>
  static Atom AtomOf(T value) {
    return static_cast<std::int64_t>(value);
  }
  static Expr OfAtom(const Atom& value);

  ExpressionPtr tree_;
};

// The expression on one line.
std::string ToSource(const Expr& expression);

// An s-op, a selector, a list or a number that has a name.
Expr Var(std::string name);
Expr Tokens();
Expr Indices();
Expr Length();

Expr operator+(const Expr& a, const Expr& b);
Expr operator-(const Expr& a, const Expr& b);
Expr operator*(const Expr& a, const Expr& b);
Expr operator/(const Expr& a, const Expr& b);
Expr operator%(const Expr& a, const Expr& b);
Expr Power(const Expr& base, const Expr& exponent);
Expr operator==(const Expr& a, const Expr& b);
Expr operator!=(const Expr& a, const Expr& b);
Expr operator<(const Expr& a, const Expr& b);
Expr operator<=(const Expr& a, const Expr& b);
Expr operator>(const Expr& a, const Expr& b);
Expr operator>=(const Expr& a, const Expr& b);
Expr Compare(const Expr& a, Comparison op, const Expr& b);
// Of values and of selectors.
Expr Not(const Expr& operand);
Expr And(const Expr& a, const Expr& b);
Expr Or(const Expr& a, const Expr& b);
template <class... Exprs>
Expr And(const Expr& a, const Expr& b, const Exprs&... others) {
  return And(And(a, b), others...);
}
template <class... Exprs>
Expr Or(const Expr& a, const Expr& b, const Exprs&... others) {
  return Or(Or(a, b), others...);
}
// All of them joined. SumOf({}) is 0; the others require at least one operand.
Expr AllOf(const std::vector<Expr>& operands);
Expr AnyOf(const std::vector<Expr>& operands);
Expr SumOf(const std::vector<Expr>& summands);

// `then if condition else otherwise`
Expr If(const Expr& condition, const Expr& then, const Expr& otherwise);
Expr In(const Expr& value, const Expr& collection);
Expr ListOf(std::vector<Expr> items);
// `["a", "b"]`
Expr TextsOf(const std::vector<std::string>& texts);
Expr DictOf(const std::vector<std::pair<Expr, Expr>>& rows);
// `[item for name in iterable]`, `{key: value for name in iterable}`
Expr ListFor(const Expr& item, std::string name, const Expr& iterable);
Expr DictFor(const Expr& key, const Expr& value, std::string name, const Expr& iterable);
Expr Range(const Expr& end);
Expr Range(const Expr& begin, const Expr& end);
Expr Len(const Expr& collection);

Expr Indicator(const Expr& condition);
Expr Round(const Expr& number);
// select(keys, queries, op): key `op` query.
Expr Select(const Expr& keys, const Expr& queries, Comparison op = Comparison::kEqual);
Expr Aggregate(const Expr& selector, const Expr& values);
Expr Aggregate(const Expr& selector, const Expr& values, const Expr& default_value);
Expr Call(std::string function, std::vector<Expr> arguments);
Expr SelectorWidth(const Expr& selector);
Expr HasFocus(const Expr& selector);

// The selectors of earlier positions, of these and the position itself, and of later ones.
Expr SelectBefore();
Expr SelectUpToHere();
Expr SelectAfter();
// A selector of the positions at which a condition holds: `select(condition, True, ==)`.
Expr SelectWhere(const Expr& condition);
// The value at a computed position: `aggregate(select(indices, position, ==), values, missing)`.
Expr ValueAt(const Expr& position, const Expr& values, const Expr& missing);

}  // namespace raspc
