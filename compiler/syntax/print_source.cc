// An expression is printed as pieces, between which a line may be broken.
//
// Whether an operand takes parentheses depends on how tightly its operator binds, as in the table
// of parse_statement.cc, and on whether Python agrees.
#include "compiler/syntax/print_source.h"

#include <charconv>
#include <utility>

#include "base/overloaded.h"

namespace raspc {
namespace {

// How tightly an expression binds, loosest first.
enum Binding : int {
  kMembership,  // in
  kCondition,   // if else
  kLogic,       // and, or
  kComparing,
  kAdding,
  kRemainder,
  kMultiplying,
  kPowers,
  kSigns,  // not, -, +
  kClosed,
};

Binding BindingOf(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kPower:
      return kPowers;
    case BinaryOperator::kMultiply:
    case BinaryOperator::kDivide:
      return kMultiplying;
    case BinaryOperator::kModulo:
      return kRemainder;
    case BinaryOperator::kAdd:
    case BinaryOperator::kSubtract:
      return kAdding;
    case BinaryOperator::kAnd:
    case BinaryOperator::kOr:
      return kLogic;
    case BinaryOperator::kIn:
      return kMembership;
    case BinaryOperator::kEqual:
    case BinaryOperator::kNotEqual:
    case BinaryOperator::kLess:
    case BinaryOperator::kLessEqual:
    case BinaryOperator::kGreater:
    case BinaryOperator::kGreaterEqual:
      return kComparing;
  }
  return kClosed;
}

Binding BindingOf(const Expression& expression) {
  if (const auto* binary = std::get_if<BinaryExpression>(&expression.kind)) {
    return BindingOf(binary->op);
  }
  if (std::holds_alternative<TernaryExpression>(expression.kind)) return kCondition;
  return std::holds_alternative<UnaryExpression>(expression.kind) ? kSigns : kClosed;
}

bool IsUnary(const Expression& expression, UnaryOperator op) {
  const auto* unary = std::get_if<UnaryExpression>(&expression.kind);
  return unary != nullptr && unary->op == op;
}

// Whether the left operand of an operator takes parentheses. Operators are left-associative.
bool ParenthesisesLeft(BinaryOperator op, const Expression& left) {
  const Binding binding = BindingOf(op), inner = BindingOf(left);
  switch (binding) {
    case kMembership:  // binds tighter in Python
      return inner < kClosed;
    case kLogic: {
      const auto* binary = std::get_if<BinaryExpression>(&left.kind);
      return inner < kLogic || (inner == kLogic && binary->op != op);
    }
    case kComparing:  // Python chains comparisons, and `not` binds looser there
      return inner <= kComparing || IsUnary(left, UnaryOperator::kNot);
    case kPowers:  // right-associative in Python, and binds tighter than a sign
      return inner < kClosed;
    default:
      return inner < binding || IsUnary(left, UnaryOperator::kNot);
  }
}

bool ParenthesisesRight(BinaryOperator op, const Expression& right) {
  const Binding binding = BindingOf(op), inner = BindingOf(right);
  if (binding == kMembership) return inner < kClosed;
  // `a % b * c` is a % (b * c), and (a % b) * c in Python.
  if (binding == kRemainder) return inner <= kMultiplying;
  return inner <= binding || (binding > kLogic && IsUnary(right, UnaryOperator::kNot));
}

// Digits with a point between them: RASP has no exponents.
std::string FloatText(double value) {
  char digits[400];  // the smallest double has 324 places
  const auto end =
      std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr;
  std::string text(digits, end);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string LiteralText(const Atom& value) {
  return std::visit(Overloaded{
                        [](std::int64_t number) { return std::to_string(number); },
                        [](double number) { return FloatText(number); },
                        [](bool truth) { return std::string(truth ? "True" : "False"); },
                        [](const std::string& text) { return "\"" + text + "\""; },
                    },
                    value);
}

class SourcePrinter {
 public:
  std::vector<std::string> TakePieces() { return std::move(pieces_); }

  void Text(std::string_view text) { pieces_.back() += text; }
  // A space, where a line may be broken unless it stays together.
  void Space() {
    if (stays_together_) {
      Text(" ");
    } else {
      pieces_.emplace_back();
    }
  }

  template <typename Item>
  void List(const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) Comma();
      Print(items[i]);
    }
  }

  void Print(const std::string& name) { Text(name); }
  void Print(const ExpressionPtr& expression) { Print(*expression); }
  void Print(const Expression& expression) {
    std::visit(
        Overloaded{
            [&](const LiteralExpression& kind) { Text(LiteralText(kind.value)); },
            [&](const NameExpression& kind) { Text(kind.name); },
            [&](const UnaryExpression& kind) { PrintUnary(kind); },
            [&](const BinaryExpression& kind) { PrintBinary(kind); },
            [&](const TernaryExpression& kind) { PrintTernary(kind); },
            [&](const ListExpression& kind) { Closed("[", kind.items, "]"); },
            [&](const DictExpression& kind) { PrintDict(kind); },
            [&](const ListComprehension& kind) {
              Text("[");
              Print(kind.item);
              PrintComprehension(kind.names, kind.iterable, "]");
            },
            [&](const DictComprehension& kind) {
              Text("{");
              PrintEntry(kind.key, kind.value);
              PrintComprehension(kind.names, kind.iterable, "}");
            },
            [&](const IndexExpression& kind) {
              Operand(*kind.object, BindingOf(*kind.object) < kClosed);
              PrintIndex(kind);
            },
            [&](const CallExpression& kind) {
              Operand(*kind.callee, BindingOf(*kind.callee) < kClosed);
              Closed("(", kind.arguments, ")");
            },
            [&](const RangeExpression& kind) { Closed("range(", kind.arguments, ")"); },
            [&](const ZipExpression& kind) { Closed("zip(", kind.arguments, ")"); },
            [&](const LenExpression& kind) { BuiltIn("len(", kind.argument); },
            [&](const RoundExpression& kind) { BuiltIn("round(", kind.argument); },
            [&](const IndicatorExpression& kind) { BuiltIn("indicator(", kind.argument); },
            [&](const SelectExpression& kind) {
              BuiltIn("select(", kind.keys, kind.queries, std::string(Spelling(kind.op)));
            },
            [&](const AggregateExpression& kind) {
              if (kind.default_value == nullptr) {
                BuiltIn("aggregate(", kind.selector, kind.values);
              } else {
                BuiltIn("aggregate(", kind.selector, kind.values, kind.default_value);
              }
            },
        },
        expression.kind);
  }

 private:
  void Comma() {
    Text(",");
    Space();
  }
  void Operand(const Expression& operand, bool in_parentheses) {
    if (in_parentheses) Text("(");
    Print(operand);
    if (in_parentheses) Text(")");
  }
  void Closed(std::string_view open, const std::vector<ExpressionPtr>& items,
              std::string_view close) {
    Text(open);
    List(items);
    Text(close);
  }
  template <typename First, typename... Others>
  void BuiltIn(std::string_view head, const First& first, const Others&... others) {
    Text(head);
    Print(first);
    ((Comma(), Print(others)), ...);
    Text(")");
  }

  // The key of a table stays with the table's last row.
  void PrintIndex(const IndexExpression& index) {
    const bool stayed_together = stays_together_;
    stays_together_ |= std::holds_alternative<DictExpression>(index.object->kind);
    Text("[");
    Print(index.index);
    Text("]");
    stays_together_ = stayed_together;
  }
  void PrintUnary(const UnaryExpression& unary) {
    Text(Spelling(unary.op));
    if (unary.op == UnaryOperator::kNot) Space();
    Operand(*unary.operand, BindingOf(*unary.operand) < kSigns);
  }
  void PrintBinary(const BinaryExpression& binary) {
    Operand(*binary.left, ParenthesisesLeft(binary.op, *binary.left));
    Space();
    Text(Spelling(binary.op));
    Space();
    Operand(*binary.right, ParenthesisesRight(binary.op, *binary.right));
  }
  void PrintTernary(const TernaryExpression& ternary) {
    Operand(*ternary.then_value, BindingOf(*ternary.then_value) <= kCondition);
    Space();
    Text("if");
    Space();
    Operand(*ternary.condition, BindingOf(*ternary.condition) == kCondition);
    Space();
    Text("else");
    Space();
    Operand(*ternary.else_value, BindingOf(*ternary.else_value) <= kCondition);
  }
  void PrintDict(const DictExpression& dict) {
    Text("{");
    for (std::size_t i = 0; i < dict.items.size(); ++i) {
      if (i > 0) Comma();
      PrintEntry(dict.items[i].first, dict.items[i].second);
    }
    Text("}");
  }
  // Lines are not broken between a key and its value.
  void PrintEntry(const ExpressionPtr& key, const ExpressionPtr& value) {
    Print(key);
    Text(": ");
    Print(value);
  }
  void PrintComprehension(const std::vector<std::string>& names, const ExpressionPtr& iterable,
                          std::string_view close) {
    Space();
    Text("for");
    Space();
    List(names);
    Space();
    Text("in");
    Space();
    Print(iterable);
    Text(close);
  }

  std::vector<std::string> pieces_{1};
  bool stays_together_ = false;
};

std::string Spaces(std::size_t indent) { return std::string(indent, ' '); }

// The words `head`, then what `print` prints, then `end`, in lines.
template <typename PrintRest>
std::string Lines(std::size_t indent, std::string_view head, std::string_view end,
                  const PrintRest& print) {
  SourcePrinter printer;
  print(printer);
  printer.Text(end);
  return BreakLines(Spaces(indent) + std::string(head), Spaces(indent + 4), printer.TakePieces());
}

std::string NamesText(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string BlockText(const Block& body, std::size_t indent) {
  std::string text;
  for (const auto& statement : body) text += ToSource(*statement, indent + 2);
  return text;
}

std::string Words(ExampleKind which, std::string_view word) {
  switch (which) {
    case ExampleKind::kBoth:
      return std::string(word);
    case ExampleKind::kSOp:
      return "s-op " + std::string(word);
    case ExampleKind::kSelector:
      return "selector " + std::string(word);
  }
  return "";
}
std::string_view Switch(bool on) { return on ? "on" : "off"; }

}  // namespace

std::string BreakLines(std::string_view first, std::string_view next,
                       const std::vector<std::string>& pieces) {
  std::string text, line(first);
  bool is_fresh = true;
  for (const std::string& piece : pieces) {
    if (!is_fresh && line.size() + 1 + piece.size() > kMaxSourceColumns) {
      text += line + "\n";
      line = next;
      is_fresh = true;
    }
    line += (is_fresh ? "" : " ") + piece;
    is_fresh = false;
  }
  return text + line + "\n";
}

std::string ToSource(const Expression& expression) {
  SourcePrinter printer;
  printer.Print(expression);
  std::string text;
  for (const std::string& piece : printer.TakePieces()) text += (text.empty() ? "" : " ") + piece;
  return text;
}

std::string ToSource(const Statement& statement, std::size_t indent) {
  const auto list = [](const std::vector<ExpressionPtr>& values) {
    return [&values](SourcePrinter& printer) { printer.List(values); };
  };
  const auto line = [&](const std::string& text) { return Spaces(indent) + text + "\n"; };
  return std::visit(
      Overloaded{
          [&](const Assignment& kind) {
            return Lines(indent, NamesText(kind.names) + " = ", ";", list(kind.values));
          },
          [&](const FunctionDefinition& kind) {
            return DefinitionHead(kind.name, kind.parameters, indent) +
                   BlockText(kind.body, indent) + DefinitionEnd(kind.results, indent);
          },
          [&](const ForLoop& kind) {
            return LoopHead(kind.names, *kind.iterable, indent) + BlockText(kind.body, indent) +
                   line("}");
          },
          [&](const ExpressionStatement& kind) {
            return Lines(indent, "", ";", list(kind.values));
          },
          [&](const LoadStatement& kind) { return line("load \"" + kind.name + "\";"); },
          [&](const DrawStatement& kind) {
            return Lines(indent, "draw(", ");", list(kind.arguments));
          },
          [&](const SetExample& kind) {
            return Lines(indent, "set " + Words(kind.which, "example") + " ", "",
                         [&](SourcePrinter& printer) { printer.Print(kind.value); });
          },
          [&](const ShowExample& kind) { return line("show " + Words(kind.which, "example")); },
          [&](const ToggleExamples& kind) {
            return line(Words(kind.which, "examples") + " " + std::string(Switch(kind.on)));
          },
          [&](const ToggleFullDisplay& kind) {
            return line("full seq display " + std::string(Switch(kind.on)));
          },
          [&](const ExitStatement&) { return line("exit"); },
      },
      statement.kind);
}

std::string ToSource(const SyntaxTree& tree) {
  std::string text;
  for (const auto& statement : tree.statements) text += ToSource(*statement);
  return text;
}

std::string LoopHead(const std::vector<std::string>& names, const Expression& iterable,
                     std::size_t indent) {
  return Lines(indent, "for " + NamesText(names) + " in ", " {",
               [&](SourcePrinter& printer) { printer.Print(iterable); });
}

std::string DefinitionHead(std::string_view name, const std::vector<std::string>& parameters,
                           std::size_t indent) {
  return Lines(indent, "def " + std::string(name) + "(", ") {",
               [&](SourcePrinter& printer) { printer.List(parameters); });
}

std::string DefinitionEnd(const std::vector<ExpressionPtr>& results, std::size_t indent) {
  return Lines(indent + 2, "return ", ";",
               [&](SourcePrinter& printer) { printer.List(results); }) +
         Spaces(indent) + "}\n";
}

}  // namespace raspc
