// Nondeterministic automata with empty moves, and the subset construction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automata/dfa.h"

namespace raspc {

struct Nfa {
  static constexpr SymbolId kEmptyMove = -1;
  struct Edge {
    SymbolId symbol;  // or kEmptyMove
    StateId to;
    bool operator==(const Edge&) const = default;
  };

  Alphabet alphabet;
  std::vector<std::vector<Edge>> edges;  // [num_states]
  std::vector<StateId> starts;
  std::vector<bool> accepting;  // [num_states]

  int num_states() const { return static_cast<int>(edges.size()); }
  StateId AddState() {
    edges.emplace_back();
    accepting.push_back(false);
    return num_states() - 1;
  }
};

// Like CheckDfa; an NFA may have no states at all.
std::string CheckNfa(const Nfa& nfa);

// Whether some path spells the word, following the set of states letter by letter.
bool Accepts(const Nfa& nfa, const Word& word);

// The complete automaton on the sets of states that can be reached. Not minimised. Reports kLimit
// past max_states or max_steps.
std::optional<Dfa> Determinised(const Nfa& nfa, const LanguageLimits& limits, Diagnostics& diag);

Nfa ToNfa(const Dfa& dfa);
// Accepts the words of the language read backwards.
Nfa Reversed(const Nfa& nfa);

// The minimal automaton of the reversed language, whose size can be exponential. Reports kLimit.
std::optional<Dfa> ReversedMinimal(const Dfa& dfa, const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
