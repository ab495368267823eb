// The classes of languages that are tested on the minimal automaton, without the monoid.
#pragma once

#include <optional>

#include "automata/dfa.h"

namespace raspc {

// All require a minimal automaton.

// Whether it is partially ordered: every strongly connected component is one state.
// O(num_states * num_symbols). The language's syntactic monoid is R-trivial (Brzozowski, Fich
// 1980).
bool IsRTrivial(const Dfa& dfa);

// Whether the language is piecewise testable. R-trivial, and for all states q and symbols a, b the
// states q·a and q·b are led together by (ab)^ω. That (ab)^ω serves wherever any word over {a, b}
// does, as Klíma and Polák (2013) ask, is because in a J-trivial monoid it is the zero of what a
// and b generate. O(num_states * num_symbols^2).
bool IsJTrivial(const Dfa& dfa);

// Whether the reversed language is R-trivial. Reports kLimit if its automaton is too large.
std::optional<bool> IsLTrivial(const Dfa& dfa, const LanguageLimits& limits, Diagnostics& diag);

// Whether the order of symbols does not matter. O(num_states * num_symbols^2).
bool IsCommutative(const Dfa& dfa);

// Whether every symbol permutes the states.
bool IsGroupLanguage(const Dfa& dfa);

// Whether a symbol may be repeated at once, uav or uaav, and that changes nothing.
// O(num_states * num_symbols).
bool IsStutterInvariant(const Dfa& dfa);

// Whether for each symbol a the words a, aa, aaa, ... are all in the language or none is.
bool TellsNoRunsApart(const Dfa& dfa);

}  // namespace raspc
