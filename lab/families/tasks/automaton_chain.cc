#include "lab/families/tasks/automaton_chain.h"

#include <algorithm>

#include "frontends/rasp_writer.h"

namespace raspc {
namespace {

// The state if the token is one; at the end marker, where none has been written, the start.
Expr AssignState(const AnsweringAutomaton& automaton, RaspWriter& w) {
  const Expr is_state = In(Tokens(), TextsOf(automaton.states));
  return w.Assign("state", If(is_state, Tokens(), automaton.states[0]));
}

// The symbol that the end marker or the last state asks for.
Expr AssignSymbol(const std::vector<std::string>& symbols, RaspWriter& w) {
  w.Comment("The end marker asks for the first symbol, every state after it for the next one.");
  const Expr is_after_word = w.Assign("is_after_word", HasFocus(Select(Tokens(), kEndMarker)));
  const Expr num_asked = w.Assign("num_asked", SelectorWidth(SelectWhere(is_after_word)));
  const Expr symbol_or_end =
      w.Assign("symbol_or_end", If(In(Tokens(), TextsOf(symbols)), Tokens(), kEndMarker));
  return w.Assign("symbol", Aggregate(Select(Indices() + 1, num_asked), symbol_or_end, kEndMarker));
}

void AddIfNew(std::vector<std::string>& texts, const std::string& text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

}  // namespace

GeneratedProgram AutomatonChain(const AnsweringAutomaton& automaton,
                                const GeneratedProgramOptions& options) {
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  const std::string end(kEndMarker);
  const std::vector<std::string> symbols = Characters(automaton.symbols);
  const Expr symbol = AssignSymbol(symbols, w);
  w.Blank();
  const Expr state = AssignState(automaton, w);
  RaspWriter::Rows rows, answers;
  std::vector<std::string> answer_tokens;
  for (int q = 0; q < static_cast<int>(automaton.states.size()); ++q) {
    const std::string& name = automaton.states[static_cast<std::size_t>(q)];
    for (std::size_t a = 0; a < symbols.size(); ++a) {
      rows.emplace_back(symbols[a] + " " + name,
                        automaton.states[static_cast<std::size_t>(automaton.step(q, a))]);
    }
    rows.emplace_back(end + " " + name, kAnswerMark);
    answers.emplace_back(name, std::string(1, automaton.answer(q)));
    AddIfNew(answer_tokens, answers.back().second);
  }
  const Expr next_state = w.AssignByTable("next_state", rows, symbol + " " + state);
  w.Blank();
  w.Comment("After the answer mark comes the last state's answer, then the end.");
  const Expr answer = w.AssignByTable("answer", answers, state);
  const Expr last_answer =
      w.Assign("last_answer", ValueAt(Indices() - 1, answer, answers[0].second));
  const Expr after_answer = If(In(Tokens(), TextsOf(answer_tokens)), kStopToken, next_state);
  w.Assign("next", If(Tokens() == kAnswerMark, last_answer, after_answer));
  program.explanation =
      "One state is written per symbol, then the answer mark and the last state's answer.";
  program.construction = "chain of thought, one state per step";
  program.promise_rest = " whatever the length; n+3 steps";
  program.depth = 3;
  program.answer_mark = kAnswerMark;
  program.header.more_tokens = automaton.states;
  for (const std::string& token : answer_tokens) {
    const bool is_symbol = automaton.symbols.find(token) != std::string::npos;
    if (!is_symbol) program.header.more_tokens.push_back(token);
  }
  Generates(options.max_length + 3, program);
  program.header.max_domain = std::nullopt;
  return program;
}

}  // namespace raspc
