// A decoder that runs the automaton, one state per step (Merrill, Sabharwal 2024).
//
// The end marker requests the first symbol, and each state written after it the next: the requested
// symbol is at the index one less than the number of such tokens so far. If that is the end marker
// the whole word has been read, and the verdict follows.
#include "frontends/regular/construction.h"

namespace raspc {

GeneratedProgram ChainOfThought(const Dfa& dfa, const TokenNames& names, std::int64_t max_length) {
  GeneratedProgram body;
  body.header.output = "next";
  body.header.more_tokens = names.states;
  body.header.more_tokens.insert(body.header.more_tokens.end(), {names.accept, names.reject});
  body.header.generate = {{names.accept, names.reject}, max_length + 1};
  body.construction = "chain of thought, one state per step";
  body.promise_rest = " whatever the length; n+1 steps";
  body.explanation =
      "One state of the minimal automaton is written per symbol, then the verdict. Each step reads "
      "the last state and one symbol.";
  body.depth = 2;
  RaspWriter& w = body.statements;
  w.Comment("The end marker asks for the first symbol, every state after it for the next one.");
  const Expr is_symbol = In(Tokens(), TextsOf(dfa.alphabet.symbols()));
  const Expr num_asked = w.Assign("num_asked", SelectorWidth(Select(is_symbol, false)));
  const Expr symbol_or_end = w.Assign("symbol_or_end", If(is_symbol, Tokens(), names.end));
  const Expr symbol = w.Assign(
      "symbol", Aggregate(Select(Indices() + 1, num_asked), symbol_or_end, names.end));
  w.Blank();
  const Expr is_state = In(Tokens(), TextsOf(names.states));
  const Expr state = w.Assign(
      "state", If(is_state, Tokens(), names.states[static_cast<std::size_t>(dfa.start)]));
  const RaspWriter::Rows rows = StepRows(
      dfa, names, [&](StateId q) { return dfa.accepting[q] ? names.accept : names.reject; });
  w.AssignByTable("next", rows, symbol + " " + state);
  return body;
}

}  // namespace raspc
