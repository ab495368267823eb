// The classes of the algebra by their definitions, as plainly as possible: the trusted side of
// tests.
#pragma once

#include <vector>

#include "automata/dfa.h"

namespace raspc {

using StateMap = std::vector<StateId>;

// A transition monoid as a plain list of maps with its multiplication table.
struct PlainMonoid {
  explicit PlainMonoid(const Dfa& dfa);

  int size() const { return static_cast<int>(maps.size()); }
  int Omega(int x) const;
  bool IsIdempotent(int x) const { return product[x][x] == x; }

  std::vector<StateMap> maps;             // 0 is the identity
  std::vector<std::vector<int>> product;  // x first
  std::vector<int> letters;
  std::vector<int> of_words;  // images of non-empty words
};

struct DefinedClasses {
  bool aperiodic, r_trivial, l_trivial, j_trivial, da, r_omega, commutative, group, definite,
      reverse_definite, generalised_definite, locally_testable, locally_r_trivial, quasi_aperiodic,
      solvable;
};
DefinedClasses ClassesByDefinition(const PlainMonoid& monoid);

}  // namespace raspc
