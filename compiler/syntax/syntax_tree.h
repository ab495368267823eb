// The syntax tree of a RASP program: the parser's output and the tracer's input.
//
// Nodes are immutable once made, so that trees may share parts. Those that are parsed keep their
// place in the source; front ends make trees without one. No ANTLR type leaves the parser. The
// spelling of operators is that of the language; the shape of the tree expresses precedence, and
// parentheses leave no trace in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/atom.h"
#include "base/diagnostics.h"

namespace raspc {

enum class UnaryOperator { kNegate, kPlus, kNot };
enum class BinaryOperator {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAnd,
  kOr,
  kIn,
};
// The six comparisons of select, key on the left: key < query.
enum class Comparison { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

// The spelling in the language: "+", "and", "<=".
std::string_view Spelling(UnaryOperator op);
std::string_view Spelling(BinaryOperator op);
std::string_view Spelling(Comparison op);

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

struct LiteralExpression {
  Atom value;
};  // 7, 1.5, "a"; True and False are names
struct NameExpression {
  std::string name;
};
struct UnaryExpression {
  UnaryOperator op;
  ExpressionPtr operand;
};
struct BinaryExpression {
  BinaryOperator op;
  ExpressionPtr left, right;
};
struct TernaryExpression {
  ExpressionPtr then_value, condition, else_value;
};  // then if condition else …
struct ListExpression {
  std::vector<ExpressionPtr> items;
};
struct DictExpression {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> items;
};
struct ListComprehension {
  ExpressionPtr item;
  std::vector<std::string> names;
  ExpressionPtr iterable;
};
struct DictComprehension {
  ExpressionPtr key, value;
  std::vector<std::string> names;
  ExpressionPtr iterable;
};
struct IndexExpression {
  ExpressionPtr object, index;
};
struct CallExpression {
  ExpressionPtr callee;
  std::vector<ExpressionPtr> arguments;
};
struct RangeExpression {
  std::vector<ExpressionPtr> arguments;
};
struct ZipExpression {
  std::vector<ExpressionPtr> arguments;
};
struct LenExpression {
  ExpressionPtr argument;
};
struct RoundExpression {
  ExpressionPtr argument;
};
struct IndicatorExpression {
  ExpressionPtr argument;
};
struct SelectExpression {
  ExpressionPtr keys, queries;
  Comparison op;
};
struct AggregateExpression {
  ExpressionPtr selector, values, default_value;
};  // default_value may be null

struct Expression {
  SourceLocation
      location;  // of the operator of a binary or ternary expression, else of the first token
  std::variant<LiteralExpression, NameExpression, UnaryExpression, BinaryExpression,
               TernaryExpression, ListExpression, DictExpression, ListComprehension,
               DictComprehension, IndexExpression, CallExpression, RangeExpression, ZipExpression,
               LenExpression, RoundExpression, IndicatorExpression, SelectExpression,
               AggregateExpression>
      kind;
  std::string_view text;  // as written, without parentheses around it; a view of the source
  ~Expression();  // releases deep trees without deep recursion
};

// The expression as written, on one line, without comments, truncated after some 40 characters.
std::string ShortText(const Expression& expression);

struct Statement;
using Block = std::vector<std::unique_ptr<const Statement>>;

struct Assignment {
  std::vector<std::string> names;
  std::vector<SourceLocation> name_locations;
  std::vector<ExpressionPtr> values;  // one value, or several that make a list
};
struct FunctionDefinition {
  std::string name;
  std::vector<std::string> parameters;
  Block body;
  std::vector<ExpressionPtr> results;
};
struct ForLoop {
  std::vector<std::string> names;
  ExpressionPtr iterable;
  Block body;
};
struct ExpressionStatement {
  std::vector<ExpressionPtr> values;
};
struct LoadStatement {
  std::string name;
};
struct DrawStatement {
  std::vector<ExpressionPtr> arguments;
};
enum class ExampleKind { kBoth, kSOp, kSelector };
struct SetExample {
  ExampleKind which;
  ExpressionPtr value;
};
struct ShowExample {
  ExampleKind which;
};
struct ToggleExamples {
  ExampleKind which;
  bool on;
};
struct ToggleFullDisplay {
  bool on;
};
struct ExitStatement {};

struct Statement {
  SourceLocation location;
  int number = 0;  // of its top-level statement, from 0, in source order
  std::variant<Assignment, FunctionDefinition, ForLoop, ExpressionStatement, LoadStatement,
               DrawStatement, SetExample, ShowExample, ToggleExamples, ToggleFullDisplay,
               ExitStatement>
      kind;
};

// `#@ name: value`, in a comment.
struct Directive {
  std::string name;
  std::string value;              // trimmed text after the colon
  SourceLocation location;        // of the name
  SourceLocation value_location;  // of the value
};

struct SyntaxTree {
  std::shared_ptr<const SourceText> source;
  Block statements;                    // those that parsed; the numbers of the others are skipped
  std::vector<int> failed_statements;  // numbers of the top-level statements with a syntax error
  std::vector<Directive> directives;
};

}  // namespace raspc
