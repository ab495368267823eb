// Finds the states by their components and cycles, and the words around them by searches.
#include "languages/algebra/failing_pairs.h"

namespace raspc {
namespace {

void Append(Word& word, const Word& more) { word.insert(word.end(), more.begin(), more.end()); }

// A pair that leads to p by what is repeated and to q by what is extra.
FailingPair MakePair(const Dfa& dfa, StateId p, StateId q, const Word& repeated,
                     const Word& extra) {
  FailingPair pair;
  pair.before = *ShortestWord(dfa, dfa.start, p);
  pair.repeated = repeated;
  pair.extra = extra;
  pair.after = *SeparatingWord(dfa, p, q);
  pair.is_member_without_extra = dfa.accepting[dfa.Run(p, pair.after)];
  return pair;
}

}  // namespace

Word FailingPair::WithoutExtra(int num_repetitions) const {
  Word word = before;
  for (int i = 0; i < num_repetitions; ++i) Append(word, repeated);
  Append(word, after);
  return word;
}

Word FailingPair::WithExtra(int num_repetitions) const {
  Word word = before;
  for (int i = 0; i < num_repetitions; ++i) Append(word, repeated);
  Append(word, extra);
  Append(word, after);
  return word;
}

std::optional<FailingPair> PairAgainstRTrivial(const Dfa& dfa) {
  const Components components = StronglyConnectedComponents(dfa.num_states(), EdgesOf(dfa));
  for (StateId p = 0; p < dfa.num_states(); ++p) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const StateId q = dfa.Next(p, a);
      if (q == p || components.of[q] != components.of[p]) continue;
      Word cycle = {a};
      Append(cycle, *ShortestWord(dfa, q, p));
      FailingPair pair = MakePair(dfa, p, q, cycle, {a});
      pair.violates = "r_trivial";
      pair.defeats = "F";
      return pair;
    }
  }
  return std::nullopt;
}

std::optional<FailingPair> PairAgainstAperiodic(const Dfa& dfa, const TransitionMonoid& monoid) {
  for (ElementId x = 0; x < monoid.size(); ++x) {
    for (StateId start = 0; start < dfa.num_states(); ++start) {
      StateId p = start;  // on a cycle of x after as many steps as there are states
      for (int i = 0; i < dfa.num_states() && monoid.Apply(p, x) != p; ++i) p = monoid.Apply(p, x);
      const StateId q = monoid.Apply(p, x);
      if (q == p) continue;
      const Word word = monoid.WordOf(x);
      Word power = word;
      for (StateId at = q; at != p; at = monoid.Apply(at, x)) Append(power, word);
      FailingPair pair = MakePair(dfa, p, q, power, word);
      pair.violates = "aperiodic";
      pair.defeats = "FH";
      return pair;
    }
  }
  return std::nullopt;
}

}  // namespace raspc
