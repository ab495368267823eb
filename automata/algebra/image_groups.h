// The groups in a transition monoid, found without listing it.
//
// The image sets X = Q*s of words are at most 2^|Q|, usually few. Where X can be led back to
// itself, the words that do so permute it; every maximal subgroup of the monoid acts faithfully on
// one X, and each of these groups divides a subgroup of the monoid. So the monoid is aperiodic if
// and only if all are trivial, and solvable if and only if all are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automata/algebra/permutation_group.h"
#include "automata/dfa.h"

namespace raspc {

// The group on one image set per strongly connected component of image sets.
struct ImageGroup {
  std::vector<StateId> points;  // of the image set, ascending; the group permutes their places
  std::vector<Permutation> generators;  // without the identity; empty if the group is trivial
  // A word that leads the set to itself and moves some of its points, short but not always a
  // shortest; empty if the group is trivial.
  Word word;
};

// All of them except those of single points. Schreier's generators along a breadth-first tree of
// each component. Reports kLimit past max_monoid image sets or max_steps.
std::optional<std::vector<ImageGroup>> ImageGroups(const Dfa& dfa, const LanguageLimits& limits,
                                                   Diagnostics& diag);

struct GroupSummary {
  bool is_aperiodic = false;
  std::optional<bool> is_solvable;  // nothing if a group was too large to decide
  std::vector<std::string> names;   // of the non-trivial groups, distinct, sorted
  std::string perfect;              // a perfect group at the end of a derived series, or empty
};

// Names the groups and looks for one that is not solvable.
GroupSummary Summarise(const std::vector<ImageGroup>& groups, const LanguageLimits& limits);

}  // namespace raspc
