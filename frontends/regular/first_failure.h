// Where a composition with too few rounds first fails, computed from the automaton.
//
// A program of K rounds (composition.cc) knows the action of the last 2^K symbols of a word, and
// treats the state before them as the start. So it is right on words of up to 2^K symbols, and
// wrong on a word uv with 2^K symbols in v exactly if v leads from the start and from the state
// after u to different verdicts. For a group language it fails from 2^K + 1 symbols on; for one
// that the last 2^K symbols decide it never fails.
#pragma once

#include <cstdint>
#include <optional>

#include "automata/dfa.h"

namespace raspc {

// Words up to this length are written out.
inline constexpr std::int64_t kLongestWitness = 100'000;

struct FirstFailure {
  // The length of the shortest words with the wrong verdict; nothing if there are none.
  std::optional<std::int64_t> length;
  // One of them; empty if there is none, or only longer ones than kLongestWitness.
  Word word;
};

// Exact for every complete automaton; `rounds` from 1 to 30. Follows sets of pairs of states, of
// which there are at most |Q|^2, through 2^K steps or until a set recurs. Reports kLimit past
// max_steps.
std::optional<FirstFailure> FirstFailureOfComposition(const Dfa& dfa, int rounds,
                                                      const LanguageLimits& limits,
                                                      Diagnostics& diag);

}  // namespace raspc
