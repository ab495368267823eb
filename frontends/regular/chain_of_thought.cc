// A decoder that runs the automaton, one state per step (Merrill, Sabharwal 2024).
//
// The end marker requests the first symbol, and each state written after it the next: the requested
// symbol is at the index one less than the number of such tokens so far. If that is the end marker
// the whole word has been read, and the verdict follows.
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
