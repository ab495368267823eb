// Small automata that together tell apart what the words of a large one do.
//
// A right congruence puts states into blocks so that every symbol leads blocks to blocks; the
// blocks are an automaton of their own, a part. Where words that do different things to the states
// do different things to the blocks of some part, nothing is lost by following the parts alone. The
// word problem of S5 has 120 states; its right congruences are the cosets of subgroups, and those
// of the stabiliser of a point are 5 blocks on which no two of the 120 elements agree.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "automata/algebra/transition_monoid.h"
#include "automata/dfa.h"

namespace raspc {

struct AutomatonPart {
  Dfa blocks;                 // its verdicts mean nothing
  std::vector<int> block_of;  // [num_states]
  // What words do to the blocks, where composing its elements by a table takes fewer rows than
  // composing the blocks that each block leads to.
  std::optional<TransitionMonoid> monoid;

  // Rows of the tables that compose two maps of the blocks.
  std::int64_t NumRows() const;
};

struct FaithfulParts {
  std::vector<AutomatonPart> parts;
  // Whether the blocks that the start is led to tell the state, so that they give the verdict.
  bool blocks_tell_state = false;
  // Otherwise: all that words do to the states. It takes what all parts do to give the verdict.
  std::optional<TransitionMonoid> monoid;

  std::int64_t NumRows() const;
};

// The cheapest parts among those that a bounded search meets: quotients by the congruences that one
// pair of states generates and by their joins, alone or several together. The automaton itself, as
// the one part, is among them. Nothing if these take more than `max_rows`. Requires a minimal
// automaton with two states at least; equal arguments give equal parts.
std::optional<FaithfulParts> FindFaithfulParts(const Dfa& dfa, std::int64_t max_rows,
                                               const LanguageLimits& limits);

}  // namespace raspc
