// How far the constructions on languages may go.
//
// Many of them are exponential in the worst case: determinising, reversing, listing a monoid. Each
// stops when it passes a limit and says which, so that no input takes unbounded memory or time.
#pragma once

#include <cstdint>

namespace raspc {

struct LanguageLimits {
  std::int64_t max_states = 10'000;         // of a deterministic automaton, before it is minimised
  std::int64_t max_nfa_states = 1'000'000;  // that a regular expression may expand to
  std::int64_t max_monoid = 100'000;        // elements of a transition monoid
  // Elementary steps of one construction, such as an edge followed or a number copied; a bound on
  // time and, as nothing is stored without a step, on memory. About a second or two.
  std::int64_t max_steps = 300'000'000;
};

}  // namespace raspc
