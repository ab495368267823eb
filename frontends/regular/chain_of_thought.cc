// A decoder that runs the automaton, a state a step (Merrill, Sabharwal 2024).
//
// The end marker asks for the first symbol, and each state written after it for the next: the
// symbol wanted is at the index that is the number of such tokens so far, less one. Where that is
// the end mark the word is read, and the verdict is due.
#include <fmt/format.h>

#include "frontends/regular/construction.h"

namespace raspc {

ProgramBody ChainOfThought(const Dfa& dfa, const TokenNames& names) {
  ProgramBody body;
  body.generates = true;
  body.construction = "chain of thought, one state per step";
  body.promise = " whatever the length; n+1 steps";
  body.explanation =
      "One state of the minimal automaton is written per symbol, then the verdict. A step reads "
      "the "
      "last state and one symbol.";
  body.depth = 2;
  RaspWriter& w = body.statements;
  w.Comment("The end marker asks for the first symbol, every state after it for the next one.");
  const std::string symbols = LiteralList(dfa.alphabet.symbols());
  w.Assign("num_asked", fmt::format("selector_width(select(tokens in {}, False, ==))", symbols));
  w.Assign("symbol_or_end",
           fmt::format("tokens if tokens in {} else {}", symbols, Literal(names.end)));
  w.Assign("symbol", fmt::format("aggregate(select(indices + 1, num_asked, ==), symbol_or_end, {})",
                                 Literal(names.end)));
  w.Blank();
  w.Assign("state", fmt::format("tokens if tokens in {} else {}", LiteralList(names.states),
                                Literal(names.states[static_cast<std::size_t>(dfa.start)])));
  const RaspWriter::Rows rows = StepRows(
      dfa, names, [&](StateId q) { return dfa.accepting[q] ? names.accept : names.reject; });
  w.AssignByTable("next", rows, "symbol + \" \" + state");
  return body;
}

}  // namespace raspc
