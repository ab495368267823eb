// Helpers for tests that trace and evaluate a program given as text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "compiler/syntax/parse.h"
#include "compiler/trace/trace.h"

namespace raspc {

struct TracedText {
  TracedProgram program;
  Diagnostics diag;
  std::vector<std::string> printed;

  // The messages, each with its line and column: "2:5: 'y' is not defined".
  std::vector<std::string> Messages() const {
    std::vector<std::string> messages;
    for (const Diagnostic& diagnostic : diag.all()) {
      messages.push_back(std::to_string(diagnostic.location.line) + ":" +
                         std::to_string(diagnostic.location.column) + ": " + diagnostic.message);
    }
    return messages;
  }
};

inline std::unique_ptr<TracedText> TraceText(const std::string& text, TraceOptions options = {}) {
  auto traced = std::make_unique<TracedText>();
  options.print = [lines = &traced->printed](std::string_view line) { lines->emplace_back(line); };
  const auto source = std::make_shared<const SourceText>("test.rasp", text);
  const SyntaxTree tree = Parse(source, ParseLimits{}, traced->diag);
  traced->program = Trace(tree, options, traced->diag);
  return traced;
}

// The value of an s-op or selector as JSON, or the message of the error.
inline std::string EvaluateText(const TracedText& traced, const std::string& name,
                                const std::vector<Atom>& input, bool causal = false) {
  Diagnostics diag;
  const auto id = traced.program.Find(name, diag);
  if (!id) return diag.all().front().message;
  Interpreter interpreter(traced.program.graph, input, causal);
  const NodeValue* value = interpreter.Evaluate(*id, diag);
  if (value == nullptr) return diag.all().front().message;
  if (const auto* values = std::get_if<SOpValues>(value)) return ToJson(*values);
  const auto& rows = std::get<SelectorRows>(*value);
  std::string text;
  for (int q = 0; q < rows.seq_len; ++q) {
    if (q > 0) text += ' ';
    for (int k = 0; k < rows.seq_len; ++k) text += rows.At(q, k) ? '1' : '0';
  }
  return text;
}

// Traces a program and evaluates its `x`; the errors if it is not accepted.
inline std::string ValueOfX(const std::string& text, const std::vector<Atom>& input,
                            bool causal = false) {
  const auto traced = TraceText(text);
  if (traced->diag.HasErrors()) return "rejected: " + traced->Messages().front();
  return EvaluateText(*traced, "x", input, causal);
}

}  // namespace raspc
