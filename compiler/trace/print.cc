// What a program prints itself: show, draw, and statements that are just an expression.
#include <algorithm>

#include "compiler/interpret/evaluation.h"
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
    texts.push_back(std::holds_alternative<std::string>(value) ? ShortText(value)
                                                               : PythonStr(value));
  }
  return fmt::format("[{}] ({})", fmt::join(texts, ", "), TypeOfValues(values));
}

std::string TokenText(const Atom& token) { return PythonStr(token); }

// The columns a text takes, one per code point.
std::size_t WidthOf(const std::string& text) { return CodePoints(text).size(); }

std::string PadLeft(const std::string& text, std::size_t width) {
  const std::size_t own = WidthOf(text);
  return std::string(width > own ? width - own : 0, ' ') + text;
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

void Tracer::PrintValue(const Value& value) {
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
  if (values == nullptr) {
    Print(fmt::format("{}: {}", kind, graph_.Describe(id)));
    return;
  }
  PrintApplied({fmt::format("{}({})", graph_.Describe(id), InputText(example)), *values, example});
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
    input.push_back(TokenText(applied.input[i]));
    output.push_back(TokenText(values[i]));
    width = std::max({width, WidthOf(input.back()), WidthOf(output.back())});
  }
  Print(applied.text + " =");
  Print("  input: " + Columns(input, width));
  Print("  output:" + Columns(output, width) + fmt::format("   ({})", TypeOfValues(values)));
}

// One line per query, with a 1 under each key that it selects.
void Tracer::PrintSelector(const SelectorRows& rows, const std::vector<Atom>& input) {
  std::vector<std::string> tokens;
  std::size_t width = 1;
  for (const Atom& token : input) {
    tokens.push_back(TokenText(token));
    width = std::max(width, WidthOf(tokens.back()));
  }
  Print(std::string(width + 4, ' ') + Columns(tokens, width));
  for (int q = 0; q < rows.seq_len; ++q) {
    std::vector<std::string> cells;
    for (int k = 0; k < rows.seq_len; ++k) cells.emplace_back(rows.At(q, k) ? "1" : "");
    Print("  " + PadLeft(tokens[static_cast<std::size_t>(q)], width) + " |" +
          Columns(cells, width));
  }
}

// Every s-op and selector on the way to this one, each with what it is on the input.
void Tracer::PrintFlow(NodeId id, const std::vector<Atom>& input) {
  Print(fmt::format("{}({}), step by step:", graph_.Describe(id), InputText(input)));
  Diagnostics ignored;
  Interpreter interpreter(graph_, input, options_.causal);
  const std::vector<NodeId> roots{id};
  for (const NodeId node : Reachable(graph_, roots)) {
    const std::string line = NodeText(graph_, node);
    const NodeValue* value = interpreter.Evaluate(node, ignored);
    if (value == nullptr) continue;
    if (const auto* rows = std::get_if<SelectorRows>(value)) {
      Print("  " + line);
      PrintSelector(*rows, input);
    } else {
      Print(fmt::format("  {}  =  {}", line, ValuesText(std::get<SOpValues>(*value))));
    }
  }
}

}  // namespace raspc
