// An automaton from a step function on states of any type that can be ordered.
#pragma once

#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

#include "automata/dfa.h"

namespace raspc {

// The automaton of all states reachable from `start`: `step(state, symbol)` is a state,
// `accepts(state)` a bool. Reports kLimit past max_states.
template <class State, class Step, class Accepts>
std::optional<Dfa> Explore(const Alphabet& alphabet, const State& start, const Step& step,
                           const Accepts& accepts, const LanguageLimits& limits,
                           Diagnostics& diag) {
  std::map<State, StateId> numbers = {{start, 0}};
  std::vector<State> states = {start};
  Dfa dfa;
  dfa.alphabet = alphabet;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (static_cast<std::int64_t>(states.size()) > limits.max_states) {
      diag.Error(
          ErrorKind::kLimit, {},
          fmt::format("the automaton has more than {} states, the limit", limits.max_states));
      return std::nullopt;
    }
    dfa.accepting.push_back(accepts(states[i]));
    for (SymbolId a = 0; a < alphabet.size(); ++a) {
      const State to = step(State(states[i]), a);
      const auto [at, is_new] = numbers.emplace(to, static_cast<StateId>(states.size()));
      if (is_new) states.push_back(to);
      dfa.next.push_back(at->second);
    }
  }
  return dfa;
}

}  // namespace raspc
