#include <fmt/format.h>

#include <algorithm>

#include "frontends/formulas/formula.h"

namespace raspc {
namespace {

// A symbol as written before its position: in quotes, unless it consists of letters, digits and
// underscores and cannot be a keyword.
std::string SymbolText(const std::string& symbol) {
  const bool is_plain = std::all_of(symbol.begin(), symbol.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  });
  if (is_plain) return symbol;
  std::string quoted = "\"";
  for (const char c : symbol) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string_view InfixSign(const FormulaNode& node) {
  switch (node.kind) {
    case FormulaKind::kAnd:
      return "AND";
    case FormulaKind::kOr:
      return "OR";
    case FormulaKind::kImplies:
      return "IMPLIES";
    case FormulaKind::kIff:
      return "IFF";
    case FormulaKind::kSum:
      return "+";
    case FormulaKind::kDifference:
      return "-";
    case FormulaKind::kProduct:
      return "*";
    case FormulaKind::kRemainder:
      return "%";
    case FormulaKind::kCompare:
      return node.comparison == Comparison::kEqual ? "=" : Spelling(node.comparison);
    default:
      return "";
  }
}

std::string BinderText(const Sentence& formula, const FormulaNode& node, const std::string& body) {
  std::string variables;
  for (const int variable : node.variables) {
    variables +=
        (variables.empty() ? "" : ", ") + formula.variables[static_cast<std::size_t>(variable)];
  }
  switch (node.kind) {
    case FormulaKind::kCount:
      return fmt::format("#{}. ({})", variables, body);
    case FormulaKind::kExists:
      return fmt::format("EXISTS {}. {}", variables, body);
    case FormulaKind::kForall:
      return fmt::format("FORALL {}. {}", variables, body);
    default:
      return fmt::format("MAJ {}. {}", variables, body);
  }
}

std::string PartText(const Sentence& formula, const FormulaNode& node, const std::string& first,
                     const std::string& second) {
  switch (node.kind) {
    case FormulaKind::kTruth:
      return node.value != 0 ? "TRUE" : "FALSE";
    case FormulaKind::kSymbol:
      return fmt::format("{}({})", SymbolText(node.symbol), first);
    case FormulaKind::kBit:
      return fmt::format("BIT({}, {})", first, second);
    case FormulaKind::kNot:
      return fmt::format("NOT {}", first);
    case FormulaKind::kNumber:
      return fmt::format("{}", node.value);
    case FormulaKind::kVariable:
      return formula.variables[static_cast<std::size_t>(node.variables[0])];
    case FormulaKind::kLength:
      return "n";
    default:
      return node.Binds() ? BinderText(formula, node, first)
                          : fmt::format("{} {} {}", first, InfixSign(node), second);
  }
}

}  // namespace

std::string ToText(const Sentence& formula, int id) {
  // Operands come before their users, so a loop suffices.
  std::vector<std::string> texts(static_cast<std::size_t>(id) + 1);
  const auto operand = [&](const FormulaNode& user, int of) -> std::string {
    if (of < 0) return "";
    const FormulaNode& node = formula[of];
    std::string text = std::move(texts[static_cast<std::size_t>(of)]);
    const bool stands_alone = InfixSign(node).empty() &&
                              (node.kind < FormulaKind::kNot || node.kind == FormulaKind::kCount ||
                               (node.IsTerm() && !node.Binds()));
    const bool is_closed = user.kind == FormulaKind::kSymbol || user.kind == FormulaKind::kBit ||
                           (user.Binds() && user.first == of);
    return stands_alone || is_closed ? text : "(" + text + ")";
  };
  for (int i = 0; i <= id; ++i) {
    const FormulaNode& node = formula[i];
    texts[static_cast<std::size_t>(i)] =
        PartText(formula, node, operand(node, node.first), operand(node, node.second));
  }
  return texts.back();
}

}  // namespace raspc
