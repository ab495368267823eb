// Complete deterministic automata, and the operations that keep them deterministic.
//
// A state is a number; every state has one successor for every symbol, so a sink is a state like
// any other. `Minimised` returns the canonical automaton of a language: two automata over the
// same alphabet accept the same words if and only if their minimised automata are equal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "automata/alphabet.h"
#include "automata/graph.h"
#include "automata/limits.h"
#include "base/diagnostics.h"

namespace raspc {

using StateId = int;

struct Dfa {
  Alphabet alphabet;
  StateId start = 0;
  std::vector<bool> accepting;  // [num_states]
  std::vector<StateId> next;    // [num_states, alphabet.size()], row-major

  int num_states() const { return static_cast<int>(accepting.size()); }
  int num_symbols() const { return alphabet.size(); }
  StateId Next(StateId q, SymbolId a) const {
    return next[static_cast<std::size_t>(q) * static_cast<std::size_t>(num_symbols()) +
                static_cast<std::size_t>(a)];
  }
  // The state after the word, from `q`.
  StateId Run(StateId q, const Word& word) const;
  bool Accepts(const Word& word) const { return accepting[Run(start, word)]; }

  bool operator==(const Dfa&) const = default;
};

// The first problem, as text: no states, no symbols, a table of the wrong size, a state out of
// range. Empty if the automaton is well formed.
std::string CheckDfa(const Dfa& dfa);

// The edges of the state graph, one per state and symbol; row-major like `next`.
EdgeList EdgesOf(const Dfa& dfa);

// The minimal complete automaton, its states numbered in breadth-first order. Hopcroft's algorithm,
// O(num_symbols * num_states * log num_states).
Dfa Minimised(const Dfa& dfa);

// Accepts exactly the words over the same alphabet that `dfa` rejects.
Dfa Complement(const Dfa& dfa);

// Accepts a word if `combine` of the two verdicts is true. Both must have the same alphabet.
// Reports kLimit past max_states.
std::optional<Dfa> Product(const Dfa& a, const Dfa& b,
                           const std::function<bool(bool, bool)>& combine,
                           const LanguageLimits& limits, Diagnostics& diag);

// The words u with ua in the language: L a^-1. Not minimised.
Dfa RightQuotient(const Dfa& dfa, SymbolId a);

// A word that exactly one of the states accepts, short but not always shortest; nothing if they
// are equivalent. Hopcroft and Karp's algorithm, nearly O(num_symbols * num_states).
std::optional<Word> SeparatingWord(const Dfa& dfa, StateId p, StateId q);

// A shortest word that leads from one state to the other; nothing if there is none.
std::optional<Word> ShortestWord(const Dfa& dfa, StateId from, StateId to);

// A complete automaton with `num_states` states, given by functions. All states are kept.
Dfa MakeDfa(const Alphabet& alphabet, int num_states, StateId start,
            const std::function<StateId(StateId, SymbolId)>& next,
            const std::function<bool(StateId)>& accepts);

}  // namespace raspc
