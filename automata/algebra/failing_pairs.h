// Pairs of words that no transformer of a class distinguishes once they are long enough.
//
// The language of any one network of a class satisfies the class's identity from some length on.
// Where a language violates it, words u x^N v and u x^N y v, of which one is in the language for
// every N, are treated alike by the network for all large N.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automata/algebra/image_groups.h"
#include "automata/dfa.h"

namespace raspc {

struct FailingPair {
  std::string
      violates;  // "r_trivial" or "aperiodic"; violating the latter implies violating the former
  std::string defeats;  // the classes of transformers, by the keys of ModelVerdicts: "FAUN"
  Word before, repeated, extra, after;
  bool is_member_without_extra = false;  // whether before repeated^N after is in the language

  Word WithoutExtra(int num_repetitions) const;
  Word WithExtra(int num_repetitions) const;
  bool HasWordsOf(const FailingPair& other) const;
};

// Where the language is not R-trivial: states p and q of one component, with p·x = q and q·y = p;
// (xy)^N against (xy)^N x. Requires a minimal automaton. Nothing if it is R-trivial.
std::optional<FailingPair> PairAgainstRTrivial(const Dfa& dfa);

// Where it is not aperiodic: a word x that permutes an image set, so that a state goes round a
// cycle of k > 1 states; (x^k)^N against (x^k)^N x. Requires a minimal automaton and its groups.
// Nothing if all of them are trivial.
std::optional<FailingPair> PairAgainstAperiodic(const Dfa& dfa,
                                                const std::vector<ImageGroup>& groups);

}  // namespace raspc
