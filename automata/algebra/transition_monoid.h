// The transition monoid of an automaton, listed element by element, and Green's relations.
//
// Elements are maps on states, numbered in the order in which a breadth-first search over words
// finds them (0 is the identity), so each comes with a shortest word. Maps act from the right: the
// product i*j is i first, then j, and the word uv acts as u*v. For a minimal automaton this is the
// syntactic monoid of its language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "automata/dfa.h"

namespace raspc {

using ElementId = int;

class TransitionMonoid {
 public:
  // O(size * (num_symbols * num_states)). Nothing, and a kLimit error, past max_monoid elements or
  // max_steps numbers.
  static std::optional<TransitionMonoid> Enumerate(const Dfa& dfa, const LanguageLimits& limits,
                                                   Diagnostics& diag);

  static constexpr ElementId kIdentity = 0;

  int size() const { return static_cast<int>(letter_.size()); }
  int num_symbols() const { return num_symbols_; }
  int num_states() const { return num_states_; }

  // i*a and a*i for a symbol a; O(1).
  ElementId Right(ElementId i, SymbolId a) const { return right_[Slot(i, a)]; }
  ElementId Left(ElementId i, SymbolId a) const { return left_[Slot(i, a)]; }
  ElementId Letter(SymbolId a) const { return Right(kIdentity, a); }
  // O(length of the word of i).
  ElementId Multiply(ElementId i, ElementId j) const;
  // The image of the state under the element.
  StateId Apply(StateId q, ElementId i) const {
    return maps_[static_cast<std::size_t>(i) * static_cast<std::size_t>(num_states_) +
                 static_cast<std::size_t>(q)];
  }
  // A shortest word, the first in the order of the alphabet.
  Word WordOf(ElementId i) const;
  bool IsIdempotent(ElementId i) const { return Multiply(i, i) == i; }
  // The idempotent among the powers of i.
  ElementId IdempotentPower(ElementId i) const;
  // Whether the element is that of a non-empty word: true except possibly for the identity.
  bool IsOfNonEmptyWord(ElementId i) const { return i != kIdentity || identity_is_word_; }

 private:
  std::size_t Slot(ElementId i, SymbolId a) const {
    return static_cast<std::size_t>(i) * static_cast<std::size_t>(num_symbols_) +
           static_cast<std::size_t>(a);
  }

  int num_states_ = 0, num_symbols_ = 0;
  std::vector<StateId> maps_;            // [size, num_states]
  std::vector<ElementId> right_, left_;  // [size, num_symbols]: the Cayley graphs
  std::vector<ElementId> parent_;        // [size]: i = parent(i) * letter(i)
  std::vector<SymbolId> letter_;         // [size]; -1 for the identity
  bool identity_is_word_ = false;
};

// Classes are numbered so that no element is below (can be reached from by multiplication) a class
// with a smaller number: i*s and s*i are in classes numbered at most that of i.
struct GreensRelations {
  Components r, l, j;  // [size] each; J is D, as the monoid is finite
  // [size]: numbers of the H-classes, the intersections of R- and L-classes.
  std::vector<int> h;
  int num_h = 0;
  std::vector<bool> is_idempotent;  // [size]
  std::vector<bool> is_regular;     // [j.count]: whether the J-class has an idempotent
};

GreensRelations ComputeGreensRelations(const TransitionMonoid& monoid);

}  // namespace raspc
