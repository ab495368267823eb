// The s-expression of each kind of node. Recursion is as deep as the tree, which the parser limits.
#include "compiler/syntax/print_tree.h"

#include <string_view>

#include "base/overloaded.h"

namespace raspc {
namespace {

class Printer {
 public:
  std::string TakeText() { return std::move(out_); }

  void Print(const Expression& expression) {
    std::visit(
        Overloaded{
            [&](const LiteralExpression& kind) { out_ += ToJson(kind.value); },
            [&](const NameExpression& kind) { out_ += kind.name; },
            [&](const UnaryExpression& kind) { List(Spelling(kind.op), kind.operand); },
            [&](const BinaryExpression& kind) { List(Spelling(kind.op), kind.left, kind.right); },
            [&](const TernaryExpression& kind) {
              List("if", kind.condition, kind.then_value, kind.else_value);
            },
            [&](const ListExpression& kind) { List("list", kind.items); },
            [&](const DictExpression& kind) { PrintDict(kind); },
            [&](const ListComprehension& kind) {
              List("list-for", kind.names, kind.iterable, kind.item);
            },
            [&](const DictComprehension& kind) {
              List("dict-for", kind.names, kind.iterable, kind.key, kind.value);
            },
            [&](const IndexExpression& kind) { List("index", kind.object, kind.index); },
            [&](const CallExpression& kind) { List("call", kind.callee, kind.arguments); },
            [&](const RangeExpression& kind) { List("range", kind.arguments); },
            [&](const ZipExpression& kind) { List("zip", kind.arguments); },
            [&](const LenExpression& kind) { List("len", kind.argument); },
            [&](const RoundExpression& kind) { List("round", kind.argument); },
            [&](const IndicatorExpression& kind) { List("indicator", kind.argument); },
            [&](const SelectExpression& kind) {
              List("select", kind.keys, kind.queries, Spelling(kind.op));
            },
            [&](const AggregateExpression& kind) {
              List("aggregate", kind.selector, kind.values, kind.default_value);
            },
        },
        expression.kind);
  }

  void Print(const Statement& statement, int indent) {
    out_.append(static_cast<std::size_t>(indent), ' ');
    std::visit(
        Overloaded{
            [&](const Assignment& kind) {
              if (kind.names.size() == 1) {
                List("=", std::string_view(kind.names[0]), kind.values);
              } else {
                List("=", kind.names, kind.values);
              }
            },
            [&](const FunctionDefinition& kind) { PrintDefinition(kind, indent); },
            [&](const ForLoop& kind) {
              out_ += "(for ";
              Item(kind.names);
              out_ += ' ';
              Item(kind.iterable);
              PrintBody(kind.body, indent);
              out_ += ')';
            },
            [&](const ExpressionStatement& kind) { List("do", kind.values); },
            [&](const LoadStatement& kind) { List("load", QuoteJson(kind.name)); },
            [&](const DrawStatement& kind) { List("draw", kind.arguments); },
            [&](const SetExample& kind) { List("set-example", Name(kind.which), kind.value); },
            [&](const ShowExample& kind) { List("show-example", Name(kind.which)); },
            [&](const ToggleExamples& kind) { List("examples", Name(kind.which), Name(kind.on)); },
            [&](const ToggleFullDisplay& kind) { List("full-seq-display", Name(kind.on)); },
            [&](const ExitStatement&) { out_ += "(exit)"; },
        },
        statement.kind);
  }

 private:
  static std::string_view Name(bool on) { return on ? "on" : "off"; }
  static std::string_view Name(ExampleKind which) {
    switch (which) {
      case ExampleKind::kBoth:
        return "both";
      case ExampleKind::kSOp:
        return "s-op";
      case ExampleKind::kSelector:
        return "selector";
    }
    return "?";
  }

  // "(head item …)"
  template <typename... Items>
  void List(std::string_view head, const Items&... items) {
    out_ += '(';
    out_ += head;
    (AddItem(items), ...);
    out_ += ')';
  }
  void AddItem(const std::vector<ExpressionPtr>& items) {
    for (const ExpressionPtr& item : items) AddItem(item);
  }
  void AddItem(const ExpressionPtr& item) {
    if (item == nullptr) return;  // an aggregate without a default
    out_ += ' ';
    Item(item);
  }
  void AddItem(const std::vector<std::string>& names) {
    out_ += ' ';
    Item(names);
  }
  void AddItem(std::string_view text) {
    out_ += ' ';
    out_ += text;
  }
  void Item(const ExpressionPtr& item) { Print(*item); }
  void Item(const std::vector<std::string>& names) {
    out_ += '(';
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) out_ += ' ';
      out_ += names[i];
    }
    out_ += ')';
  }

  void PrintDict(const DictExpression& dict) {
    out_ += "(dict";
    for (const auto& [key, value] : dict.items) {
      out_ += " (";
      Item(key);
      AddItem(value);
      out_ += ')';
    }
    out_ += ')';
  }
  void PrintBody(const Block& body, int indent) {
    for (const auto& statement : body) {
      out_ += '\n';
      Print(*statement, indent + 2);
    }
  }
  void PrintDefinition(const FunctionDefinition& definition, int indent) {
    out_ += "(def " + definition.name + " ";
    Item(definition.parameters);
    PrintBody(definition.body, indent);
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent) + 2, ' ');
    List("return", definition.results);
    out_ += ')';
  }

  std::string out_;
};

}  // namespace

std::string ToText(const Expression& expression) {
  Printer printer;
  printer.Print(expression);
  return printer.TakeText();
}

std::string ToText(const SyntaxTree& tree) {
  std::string out;
  for (const auto& statement : tree.statements) {
    Printer printer;
    printer.Print(*statement, 0);
    out += printer.TakeText() + "\n";
  }
  return out;
}

}  // namespace raspc
