// Limits of the constructions on languages.
//
// Many of them are exponential in the worst case: determinising, reversing, listing a monoid. Each
// stops when it exceeds a limit and reports which, so that no input takes unbounded memory or time.
#pragma once

#include <cstdint>

namespace raspc {

struct LanguageLimits {
  std::int64_t max_states = 100'000;        // of a deterministic automaton, before it is minimised
  std::int64_t max_nfa_states = 1'000'000;  // that a regular expression may expand to
  std::int64_t max_monoid = 250'000;        // elements of a transition monoid
  // Elementary steps of one construction, such as following an edge; storing a number counts as
  // several. So this bounds time to a few seconds, and memory to some 300 MB.
  std::int64_t max_steps = 300'000'000;
};

// The largest limits that a user may set.
inline constexpr std::int64_t kMostStates = 1'000'000;
inline constexpr std::int64_t kMostElements = 10'000'000;
inline constexpr std::int64_t kMostSteps = 1'000'000'000'000;

// The cost of storing a number.
inline constexpr std::int64_t kStepsToKeep = 4;

}  // namespace raspc
