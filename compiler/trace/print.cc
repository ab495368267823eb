// What a program itself prints: show, draw, and expression statements.
#include <algorithm>
#include <sstream>

#include "base/text.h"
#include "compiler/interpret/evaluation.h"
#include "compiler/interpret/selector_picture.h"
#include "compiler/trace/tracer.h"

namespace raspc {
namespace {

std::string ValuesText(const SOpValues& values) {
  constexpr std::size_t kShown = 200;
  std::vector<std::string> texts;
  for (const Atom& value : values) {
    if (texts.size() == kShown) {
      texts.emplace_back("…");
      break;
    }
    texts.push_back(ShortText(value));
  }
  return fmt::format("[{}] ({})", fmt::join(texts, ", "), TypeOfValues(values));
}

// A token or value without quotes, for tables.
std::string CellText(const Atom& atom) {
  return std::holds_alternative<std::string>(atom) ? PythonStr(atom) : ToJson(atom);
}

// Whether the text is one operand, so that `(…)` can follow it.
bool IsOneOperand(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (const char c : text) {
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    const bool is_operator = std::string_view(" +-*/%^<>=!").find(c) != std::string_view::npos;
    if (depth == 0 && is_operator) return false;
  }
  return true;
}

// Cells right-aligned in columns of one width.
std::string Columns(const std::vector<std::string>& cells, std::size_t width) {
  std::string line;
  for (const std::string& cell : cells) line += " " + PadLeft(cell, width);
  return line;
}

}  // namespace

void Tracer::RunKind(const Statement&, const ShowExample& show) {
  if (!Prints()) return;
  if (show.which != ExampleKind::kSelector) {
    Print(fmt::format("s-op example: {}", InputText(try_out_.example())));
  }
  if (show.which != ExampleKind::kSOp) {
    Print(fmt::format("selector example: {}", InputText(selector_example_)));
  }
}

void Tracer::PrintValue(const Value& value, const std::string& name) {
  const SOpValue* sop = AsSOp(value);
  const SelectorValue* selector = AsSelector(value);
  if (sop == nullptr && selector == nullptr) {
    Print(fmt::format("= {}", ValueText(value, graph_)));
    return;
  }
  const NodeId id = sop ? sop->id : selector->id;
  const std::string_view kind = sop ? "s-op" : "selector";
  const bool with_example = sop ? show_sop_examples_ : show_selector_examples_;
  const std::vector<Atom>& example = sop ? try_out_.example() : selector_example_;
  // Without trying out, the example need not fit.
  Diagnostics ignored;
  Interpreter interpreter(graph_, example, options_.causal);
  const NodeValue* values = with_example ? interpreter.Evaluate(id, ignored) : nullptr;
  const std::string text = name.empty() ? graph_.Describe(id) : name;
  if (values == nullptr) {
    Print(fmt::format("{}: {}", kind, text));
    return;
  }
  PrintApplied({AppliedText(text, example), *values, example});
}

void Tracer::PrintApplied(const Applied& applied) {
  if (const auto* rows = std::get_if<SelectorRows>(&applied.values)) {
    Print(applied.text + " =");
    PrintSelector(*rows, applied.input);
    return;
  }
  const auto& values = std::get<SOpValues>(applied.values);
  if (!full_display_) {
    Print(fmt::format("{} = {}", applied.text, ValuesText(values)));
    return;
  }
  std::vector<std::string> input, output;
  std::size_t width = 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    input.push_back(CellText(applied.input[i]));
    output.push_back(CellText(values[i]));
    width = std::max({width, NumCodePoints(input.back()), NumCodePoints(output.back())});
  }
  Print(applied.text + " =");
  Print("  input: " + Columns(input, width));
  Print("  output:" + Columns(output, width) + fmt::format("   ({})", TypeOfValues(values)));
}

void Tracer::PrintSelector(const SelectorRows& rows, const std::vector<Atom>& input) {
  std::istringstream lines(SelectorPicture(rows, input));
  for (std::string line; std::getline(lines, line);) Print(line);
}

std::string Tracer::AppliedText(const std::string& text, const std::vector<Atom>& input) const {
  const std::string applied = IsOneOperand(text) ? text : fmt::format("({})", text);
  return fmt::format("{}({})", applied, InputText(input));
}

// The program's expressions that lead to this s-op, each with its value on the input. The steps
// inside a function of the library are not shown, nor are constants.
void Tracer::PrintFlow(NodeId id, const std::vector<Atom>& input) {
  Print(AppliedText(graph_.Describe(id), input) + ", step by step:");
  Diagnostics ignored;
  Interpreter interpreter(graph_, input, options_.causal);
  const std::vector<NodeId> roots{id};
  for (const NodeId step : Reachable(graph_, roots)) {
    if (step != id && !IsStep(step)) continue;
    const NodeValue* value = interpreter.Evaluate(step, ignored);
    if (value == nullptr) continue;
    const Node& node = graph_[step];
    const bool has_both = !node.name.empty() && !node.text.empty() && node.name != node.text;
    const std::string text =
        has_both ? fmt::format("{}: {}", node.name, node.text) : graph_.Describe(step);
    if (const auto* rows = std::get_if<SelectorRows>(value)) {
      Print("  " + text);
      PrintSelector(*rows, input);
    } else {
      Print(fmt::format("  {}  =  {}", text, ValuesText(std::get<SOpValues>(*value))));
    }
  }
}

// Whether the user wrote an expression for the node.
bool Tracer::IsStep(NodeId id) const {
  return text_levels_[static_cast<std::size_t>(id.value)] < kHiddenLevel &&
         !std::holds_alternative<ConstantNode>(graph_[id].kind);
}

}  // namespace raspc
