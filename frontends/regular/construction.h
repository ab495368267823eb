// What the constructions of recognisers have in common.
//
// Each construction writes the statements of a program over an automaton's symbols and the end
// marker; MakeRecogniser writes the header with the directives.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "automata/dfa.h"
#include "frontends/rasp_writer.h"
#include "frontends/regular/recogniser.h"

namespace raspc {

// The names of a program's extra tokens, none of which is a symbol of the alphabet.
struct TokenNames {
  explicit TokenNames(const Dfa& dfa);
  std::string end, accept, reject;
  std::vector<std::string> states;
};

// Maximum rows in the table of a function of several features, for programs that are chains of many
// small functions.
inline constexpr std::int64_t kSmallDomain = 1'000;

// A step of the automaton as rows of a table: from a symbol and a state with a space between them
// to the next state, and from the end marker and a state q to at_end(q).
RaspWriter::Rows StepRows(const Dfa& dfa, const TokenNames& names,
                          const std::function<std::string(StateId q)>& at_end);

// Each construction gives the statements and what is known about them, and of the header what
// depends on it.

// One state written per step, followed by the verdict.
GeneratedProgram ChainOfThought(const Dfa& dfa, const TokenNames& names, std::int64_t max_length);

// Rounds that compose the maps of ever longer factors: by elements of the transition monoid or by
// states, whichever has fewer rows. Reports kLimit past max_rows.
std::optional<GeneratedProgram> Composition(const Dfa& dfa, const TokenNames& names,
                                            const GeneratedProgramOptions& options,
                                            Diagnostics& diag);

// Membership by the number of each symbol. Nothing if the language is not commutative, or the table
// has more than max_rows rows.
std::optional<GeneratedProgram> BySymbolCounts(const Dfa& dfa, const TokenNames& names,
                                               std::int64_t max_rows);

// Membership by the first and last few symbols. Nothing if no number suffices, or there are more
// than max_rows combinations of symbols.
std::optional<GeneratedProgram> ByWindows(const Dfa& dfa, const TokenNames& names,
                                          std::int64_t max_rows);

// Partially ordered automata: whether a state has been entered, whether it has been left. Nothing
// for other automata.
std::optional<GeneratedProgram> ByOrderOfStates(const Dfa& dfa, const TokenNames& names);

// A cascade of resets and solvable groups. Reports kValue for a non-solvable group, kLimit past
// max_rows or its limit on image sets.
std::optional<GeneratedProgram> ByCascade(const Dfa& dfa, const TokenNames& names,
                                          const GeneratedProgramOptions& options,
                                          Diagnostics& diag);

}  // namespace raspc
