// Follows the pairs of the state after a prefix and the start, symbol by symbol, for all prefixes
// of one length at once.
#include "frontends/regular/first_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace raspc {
namespace {

// Two different states, the smaller first.
using StatePair = std::pair<StateId, StateId>;
using PairSet = std::vector<StatePair>;  // ascending

std::vector<std::vector<StateId>> StatesByDistance(const Dfa& dfa) {
  std::vector<std::vector<StateId>> rings = {{dfa.start}};
  std::vector<bool> seen(dfa.accepting.size());
  seen[static_cast<std::size_t>(dfa.start)] = true;
  while (!rings.back().empty()) {
    std::vector<StateId> ring;
    for (const StateId q : rings.back()) {
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
        const StateId to = dfa.Next(q, a);
        if (seen[static_cast<std::size_t>(to)]) continue;
        seen[static_cast<std::size_t>(to)] = true;
        ring.push_back(to);
      }
    }
    rings.push_back(std::move(ring));
  }
  rings.pop_back();
  return rings;
}

// The sets of pairs that words of 0, 1, 2, ... symbols lead to. They eventually repeat, and only
// those before that are kept.
class PairSets {
 public:
  PairSets(const Dfa& dfa, PairSet first, std::int64_t& steps_left)
      : dfa_(dfa), steps_left_(steps_left) {
    Keep(std::move(first));
  }

  // Finds the sets for up to `length` symbols. False if no steps are left.
  bool Extend(std::int64_t length) {
    while (!period_ && static_cast<std::int64_t>(sets_.size()) <= length) {
      const PairSet& last = *sets_.back();
      steps_left_ -= static_cast<std::int64_t>(last.size()) * dfa_.num_symbols() + 1;
      if (steps_left_ < 0) return false;
      PairSet after;
      for (const auto& [p, q] : last) {
        for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
          const StatePair to = std::minmax({dfa_.Next(p, a), dfa_.Next(q, a)});
          if (to.first != to.second) after.push_back(to);
        }
      }
      std::sort(after.begin(), after.end());
      after.erase(std::unique(after.begin(), after.end()), after.end());
      Keep(std::move(after));
    }
    return steps_left_ >= 0;
  }

  // Requires Extend(length).
  const PairSet& At(std::int64_t length) const {
    const auto kept = static_cast<std::int64_t>(sets_.size());
    if (length >= kept) length = kept - *period_ + (length - kept) % *period_;
    return *sets_[static_cast<std::size_t>(length)];
  }

  // The symbols on a path of `length` symbols that ends at `pair`. Nothing if no steps are left.
  std::optional<Word> WordTo(StatePair pair, std::int64_t length) const {
    Word reversed;
    for (std::int64_t i = length; i > 0; --i) {
      if (!StepBack(At(i - 1), pair, reversed)) return std::nullopt;
    }
    return Word(reversed.rbegin(), reversed.rend());
  }

 private:
  void Keep(PairSet set) {
    steps_left_ -= 2 * kStepsToKeep * static_cast<std::int64_t>(set.size());
    const auto kept = static_cast<std::int64_t>(sets_.size());
    const auto [at, is_new] = first_at_.try_emplace(std::move(set), kept);
    if (is_new) {
      sets_.push_back(&at->first);
    } else {
      period_ = kept - at->second;
    }
  }

  bool StepBack(const PairSet& before, StatePair& pair, Word& reversed) const {
    for (const auto& [p, q] : before) {
      for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
        if (--steps_left_ < 0) return false;
        if (StatePair(std::minmax({dfa_.Next(p, a), dfa_.Next(q, a)})) != pair) continue;
        pair = {p, q};
        reversed.push_back(a);
        return true;
      }
    }
    return false;
  }

  const Dfa& dfa_;
  std::int64_t& steps_left_;
  std::map<PairSet, std::int64_t> first_at_;  // the length at which a set first occurred
  std::vector<const PairSet*> sets_;          // by length, in first_at_
  std::optional<std::int64_t> period_;        // known once a set has recurred
};

const StatePair* PairOfTwoVerdicts(const Dfa& dfa, const PairSet& pairs) {
  const auto at = std::find_if(pairs.begin(), pairs.end(), [&](const StatePair& pair) {
    return dfa.accepting[static_cast<std::size_t>(pair.first)] !=
           dfa.accepting[static_cast<std::size_t>(pair.second)];
  });
  return at == pairs.end() ? nullptr : &*at;
}

// A shortest word that leads to a state of the ring from which `suffix` has another verdict than
// from the start.
Word PrefixFor(const Dfa& dfa, const std::vector<StateId>& ring, const Word& suffix) {
  const bool verdict = dfa.Accepts(suffix);
  const auto at = std::find_if(ring.begin(), ring.end(), [&](StateId q) {
    return dfa.accepting[static_cast<std::size_t>(dfa.Run(q, suffix))] != verdict;
  });
  return *ShortestWord(dfa, dfa.start, *at);
}

}  // namespace

std::optional<FirstFailure> FirstFailureOfComposition(const Dfa& dfa, int rounds,
                                                      const LanguageLimits& limits,
                                                      Diagnostics& diag) {
  const std::int64_t reach = std::int64_t{1} << rounds;
  std::int64_t steps_left = limits.max_steps;
  const auto too_long = [&]() -> std::optional<FirstFailure> {
    diag.Error(ErrorKind::kLimit, {},
               fmt::format("finding where {} rounds of composition first fail takes more than {} "
                           "steps, the limit",
                           rounds, limits.max_steps));
    return std::nullopt;
  };
  // The start itself, which other words lead to as well, is not a failure. So the smallest distance
  // of a state is the smallest length of a prefix.
  const auto rings = StatesByDistance(dfa);
  for (std::size_t distance = 1; distance < rings.size(); ++distance) {
    PairSet first;
    for (const StateId q : rings[distance]) first.push_back(std::minmax({q, dfa.start}));
    std::sort(first.begin(), first.end());
    PairSets sets(dfa, std::move(first), steps_left);
    if (!sets.Extend(reach)) return too_long();
    const StatePair* pair = PairOfTwoVerdicts(dfa, sets.At(reach));
    if (pair == nullptr) continue;
    FirstFailure failure;
    failure.length = reach + static_cast<std::int64_t>(distance);
    if (*failure.length > kLongestWitness) return failure;
    const std::optional<Word> suffix = sets.WordTo(*pair, reach);
    if (!suffix) return too_long();
    failure.word = PrefixFor(dfa, rings[distance], *suffix);
    failure.word.insert(failure.word.end(), suffix->begin(), suffix->end());
    return failure;
  }
  return FirstFailure{};
}

}  // namespace raspc
