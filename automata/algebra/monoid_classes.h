// Classes of languages that are decided on the syntactic monoid.
//
// The definitions are identities; most tests here use Green's relations, which takes linear time.
// monoid_classes.cc explains why both agree; the tests compare them.
#pragma once

#include <optional>

#include "automata/algebra/transition_monoid.h"

namespace raspc {

struct MonoidClasses {
  bool aperiodic = false;  // x^ω x = x^ω
  bool r_trivial = false;  // no two elements generate the same right ideal
  bool l_trivial = false;  // ... the same left ideal
  bool j_trivial = false;  // both: piecewise testable (Simon 1975)
  bool da = false;         // e s e = e for idempotents e and all s that e is a multiple of
  bool r_omega = false;    // aperiodic, at most one idempotent in each R-class
  bool commutative = false;
  bool group = false;  // no idempotent except the identity

  // On the semigroup S of non-empty words, with e an idempotent in it:
  bool definite = false;              // s e = e: a bounded suffix decides
  bool reverse_definite = false;      // e s = e: a bounded prefix decides
  bool generalised_definite = false;  // e s e = e: both together decide
  bool locally_testable = false;      // e S e is idempotent and commutative: factors decide
  bool locally_r_trivial = false;     // e S e is R-trivial

  // With s the smallest number such that words of length s and of length 2s are the same elements:
  // these elements are aperiodic (Barrington, Compton, Straubing, Thérien 1992). Nothing if that
  // takes too many steps.
  std::optional<bool> quasi_aperiodic;
  std::optional<int> stability_index;  // s
};

MonoidClasses ClassifyMonoid(const TransitionMonoid& monoid, const GreensRelations& green,
                             const LanguageLimits& limits);

}  // namespace raspc
