// Whether a regular language is in C-RASP: recognised by counting alone.
//
// C-RASP has Boolean s-ops and linear comparisons of how often they have held so far, but no
// positions. A regular language is in it if and only if, in every strongly connected component of
// its minimal automaton, integer potentials can distinguish the states, round after round (Yang et
// al. 2026, "Algebraic decomposition theory for transformer length generalization"). In a round
// every label (a symbol, read in a state of a known class) has a weight, such that the weights
// along every cycle inside the component add up to 0; so the sum of the weights read so far depends
// only on the state and is its potential. States of a class with different potentials are
// separated.
//
// In the component of (ab)*, `a` weighs 1 and `b` weighs -1. In that of parity, reading `b` twice
// is a cycle, so `b` weighs 0 and nothing is separated.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "automata/dfa.h"

namespace raspc {

struct BalancedPotential {
  std::vector<std::int64_t> weight;  // [num_classes, num_symbols]: of a symbol read in a class
  std::vector<std::int64_t> value;   // [states of the component]; 0 at the first state
};

struct BalancedRound {
  int num_classes = 0;
  std::vector<int> class_of;  // [states of the component]: known before this round
  // Enough of them to separate all states that any potentials can; those with numbers beyond 64
  // bits are left out.
  std::vector<BalancedPotential> potentials;
};

struct BalancedComponent {
  std::vector<StateId> states;        // ascending; more than one
  std::vector<BalancedRound> rounds;  // each separates something new
  int num_classes = 0;                // after the last round
  bool IsSeparated() const { return num_classes == static_cast<int>(states.size()); }
};

struct CRaspAnalysis {
  std::vector<BalancedComponent> components;  // those of more than one state
  bool is_member = false;                     // whether all are separated
  bool has_all_potentials = true;             // whether none was left out
};

// Requires a minimal automaton. Exact: integers of any size where 64 bits do not suffice. At most
// as many rounds as states, each with linear algebra in as many dimensions as labels. Stops at
// a component that is not separated. Reports kLimit past max_steps.
std::optional<CRaspAnalysis> AnalyseCRasp(const Dfa& dfa, const LanguageLimits& limits,
                                          Diagnostics& diag);

}  // namespace raspc
