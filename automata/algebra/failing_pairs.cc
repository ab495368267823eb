// Finds the states by their components and cycles, and the words around them by searches.
#include "automata/algebra/failing_pairs.h"

#include <algorithm>

namespace raspc {
namespace {

void Append(Word& word, const Word& more) { word.insert(word.end(), more.begin(), more.end()); }

// A pair whose repeated part leads to p and whose extra part leads to q.
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

bool FailingPair::HasWordsOf(const FailingPair& other) const {
  return before == other.before && repeated == other.repeated && extra == other.extra &&
         after == other.after;
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
      pair.defeats = "FAUN";
      return pair;
    }
  }
  return std::nullopt;
}

std::optional<FailingPair> PairAgainstAperiodic(const Dfa& dfa,
                                                const std::vector<ImageGroup>& groups) {
  const ImageGroup* shortest = nullptr;
  for (const ImageGroup& group : groups) {
    if (group.generators.empty()) continue;
    if (shortest == nullptr || group.word.size() < shortest->word.size()) shortest = &group;
  }
  if (shortest == nullptr) return std::nullopt;
  const Word& word = shortest->word;
  const StateId p = *std::find_if(shortest->points.begin(), shortest->points.end(),
                                  [&](StateId point) { return dfa.Run(point, word) != point; });
  const StateId q = dfa.Run(p, word);
  Word power = word;
  for (StateId at = q; at != p; at = dfa.Run(at, word)) Append(power, word);
  FailingPair pair = MakePair(dfa, p, q, power, word);
  pair.violates = "aperiodic";
  pair.defeats = "FAUNWH";
  return pair;
}

}  // namespace raspc
