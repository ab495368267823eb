#include "lab/families/tasks/automaton_chain.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/rasp_writer.h"

namespace raspc {
namespace {

// The state if the token is one; at the end marker, where none has been written, the start.
void AssignState(const AnsweringAutomaton& automaton, RaspWriter& w) {
  w.Assign("state", fmt::format("tokens if tokens in {} else {}", LiteralList(automaton.states),
                                Literal(automaton.states[0])));
}

void AddIfNew(std::vector<std::string>& texts, const std::string& text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

}  // namespace

TaskProgram AutomatonChain(const AnsweringAutomaton& automaton,
                           const GeneratedProgramOptions& options) {
  RaspWriter w;
  const std::string end(kEndMark);
  const std::vector<std::string> symbols = Characters(automaton.symbols);
  w.Blank();
  w.Comment("The end marker asks for the first symbol, every state after it for the next one.");
  w.Assign("is_behind", fmt::format("has_focus(select(tokens, {}, ==))", Literal(end)));
  w.Assign("num_asked", "selector_width(select(is_behind, True, ==))");
  w.Assign("symbol_or_end",
           fmt::format("tokens if tokens in {} else {}", LiteralList(symbols), Literal(end)));
  w.Assign("symbol", fmt::format("aggregate(select(indices + 1, num_asked, ==), symbol_or_end, {})",
                                 Literal(end)));
  w.Blank();
  AssignState(automaton, w);
  RaspWriter::Rows rows, answers;
  std::vector<std::string> answer_tokens;
  for (int q = 0; q < static_cast<int>(automaton.states.size()); ++q) {
    const std::string& state = automaton.states[static_cast<std::size_t>(q)];
    for (std::size_t a = 0; a < symbols.size(); ++a) {
      rows.emplace_back(symbols[a] + " " + state,
                        automaton.states[static_cast<std::size_t>(automaton.step(q, a))]);
    }
    rows.emplace_back(end + " " + state, kAnswerMark);
    answers.emplace_back(state, std::string(1, automaton.answer(q)));
    AddIfNew(answer_tokens, answers.back().second);
  }
  w.AssignByTable("next_state", rows, "symbol + \" \" + state");
  w.Blank();
  w.Comment("Behind the answer mark stands the answer of the last state, and then the end.");
  w.AssignByTable("answer", answers, "state");
  w.Assign("last_answer", fmt::format("aggregate(select(indices, indices - 1, ==), answer, {})",
                                      Literal(answers[0].second)));
  w.Assign("next",
           fmt::format("last_answer if tokens == {} else ({} if tokens in {} else next_state)",
                       Literal(kAnswerMark), Literal(kStopToken), LiteralList(answer_tokens)));
  TaskProgram program;
  program.statements = w.text();
  program.output = "next";
  program.explanation =
      "A state is written per symbol, then the answer mark, and then the answer of the last state.";
  program.construction = "chain of thought, one state per step";
  program.promise = " whatever the length; n+3 steps";
  program.depth = 3;
  program.result_at = ResultAt::kGenerated;
  program.has_answer_mark = true;
  program.more_tokens = automaton.states;
  for (const std::string& token : answer_tokens) {
    if (automaton.symbols.find(token) == std::string::npos) program.more_tokens.push_back(token);
  }
  program.max_steps = options.max_length + 3;
  program.num_rows = w.num_rows();
  program.max_domain = std::nullopt;
  return program;
}

}  // namespace raspc
