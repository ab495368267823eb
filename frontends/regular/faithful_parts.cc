// Candidates are congruences by number of blocks; what each distinguishes is a partition of the
// elements of the monoid, or of the states if the monoid is too large.
#include "frontends/regular/faithful_parts.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_map>

namespace raspc {
namespace {

// Limits of the search.
constexpr std::int64_t kMaxElements = 10'000;
constexpr std::size_t kMaxCongruences = 400;
constexpr std::size_t kMaxPairs = 2'000;
constexpr std::int64_t kMaxSteps = 20'000'000;

// A number gathered from another position takes a direction and a share of a head, however few
// values it has: the cost of this many rows of a table.
constexpr std::int64_t kRowsPerLookup = 24;

// The class of each state; classes are numbered in order of first occurrence.
using Partition = std::vector<int>;

int NumClasses(const Partition& partition) {
  return *std::max_element(partition.begin(), partition.end()) + 1;
}

// Numbers the distinct values in the order of their first occurrence.
Partition Numbered(const std::vector<std::int64_t>& values) {
  std::unordered_map<std::int64_t, int> number(values.size());
  Partition result;
  result.reserve(values.size());
  for (const std::int64_t value : values) {
    result.push_back(number.emplace(value, static_cast<int>(number.size())).first->second);
  }
  return result;
}

// The classes of pairs of one element of each.
Partition Meet(const Partition& a, const Partition& b) {
  std::vector<std::int64_t> pairs;
  pairs.reserve(a.size());
  const std::int64_t num_b = NumClasses(b);
  for (std::size_t i = 0; i < a.size(); ++i) pairs.push_back(a[i] * num_b + b[i]);
  return Numbered(pairs);
}

class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  int Find(int i) {
    while (At(i) != i) i = At(i) = At(At(i));
    return i;
  }
  // Whether they were separate.
  bool Merge(int i, int j) {
    i = Find(i), j = Find(j);
    At(i) = j;
    return i != j;
  }
  Partition Classes() {
    std::vector<std::int64_t> roots;
    for (std::size_t i = 0; i < parent_.size(); ++i) roots.push_back(Find(static_cast<int>(i)));
    return Numbered(roots);
  }

 private:
  int& At(int i) { return parent_[static_cast<std::size_t>(i)]; }
  std::vector<int> parent_;
};

// The smallest right congruence with the two states in one block.
Partition Generated(const Dfa& dfa, StateId p, StateId q, std::int64_t& steps) {
  UnionFind classes(dfa.accepting.size());
  classes.Merge(p, q);
  std::vector<std::pair<StateId, StateId>> merged = {{p, q}};
  while (!merged.empty()) {
    const auto [x, y] = merged.back();
    merged.pop_back();
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const StateId to_x = dfa.Next(x, a), to_y = dfa.Next(y, a);
      if (classes.Merge(to_x, to_y)) merged.emplace_back(to_x, to_y);
    }
    steps += dfa.num_symbols();
  }
  steps += dfa.num_states();
  return classes.Classes();
}

// The join of two congruences, which is the join of the partitions.
Partition Join(const Partition& a, const Partition& b) {
  UnionFind classes(a.size());
  std::vector<int> first_a(a.size(), -1), first_b(a.size(), -1);
  for (std::size_t q = 0; q < a.size(); ++q) {
    for (auto [first, block] : {std::pair(&first_a, a[q]), std::pair(&first_b, b[q])}) {
      int& other = (*first)[static_cast<std::size_t>(block)];
      if (other < 0) other = static_cast<int>(q);
      classes.Merge(other, static_cast<int>(q));
    }
  }
  return classes.Classes();
}

// Congruences, fewest blocks first: those of pairs and their joins, as far as the search finds
// them. The one with a single block is excluded, the one with a block per state is included.
class CongruenceSearch {
 public:
  CongruenceSearch(const Dfa& dfa, std::int64_t& steps) : dfa_(dfa), steps_(steps) {}

  std::vector<Partition> Find() {
    FindGenerated();
    const std::set<Sized> generators = found_;
    // The larger the blocks of a congruence, the earlier it is joined with others.
    std::set<Sized> open = found_;
    while (!open.empty() && found_.size() < kMaxCongruences) {
      const Sized next = *open.begin();
      open.erase(open.begin());
      for (const Sized& generator : generators) {
        if (steps_ > kMaxSteps || found_.size() >= kMaxCongruences) break;
        steps_ += kStepsToKeep * dfa_.num_states();
        const auto added = Add(Join(next.second, generator.second));
        if (added) open.insert(*added);
      }
    }
    Partition identity(dfa_.accepting.size());
    std::iota(identity.begin(), identity.end(), 0);
    Add(std::move(identity));
    std::vector<Partition> result;
    for (const Sized& sized : found_) result.push_back(sized.second);
    return result;
  }

 private:
  using Sized = std::pair<int, Partition>;  // the number of blocks first

  // Pairs with the start come first. For a group language no others give new congruences.
  void FindGenerated() {
    std::size_t num_pairs = 0;
    for (StateId p = 0; p < dfa_.num_states(); ++p) {
      for (StateId q = p + 1; q < dfa_.num_states(); ++q) {
        const bool is_enough = ++num_pairs > kMaxPairs || found_.size() >= kMaxCongruences;
        if (is_enough || steps_ > kMaxSteps) return;
        Add(Generated(dfa_, p, q, steps_));
      }
    }
  }

  std::optional<Sized> Add(Partition partition) {
    const int num_blocks = NumClasses(partition);
    if (num_blocks == 1) return std::nullopt;
    Sized sized(num_blocks, std::move(partition));
    return found_.insert(sized).second ? std::optional(std::move(sized)) : std::nullopt;
  }

  const Dfa& dfa_;
  std::int64_t& steps_;
  std::set<Sized> found_;
};

Dfa Quotient(const Dfa& dfa, const Partition& blocks) {
  Dfa quotient;
  quotient.alphabet = dfa.alphabet;
  quotient.start = blocks[static_cast<std::size_t>(dfa.start)];
  quotient.accepting.resize(static_cast<std::size_t>(NumClasses(blocks)));
  quotient.next.resize(quotient.accepting.size() * static_cast<std::size_t>(dfa.num_symbols()));
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const auto slot =
          static_cast<std::size_t>(blocks[static_cast<std::size_t>(q)] * dfa.num_symbols() + a);
      quotient.next[slot] = blocks[static_cast<std::size_t>(dfa.Next(q, a))];
    }
  }
  return quotient;
}

std::int64_t RowsByBlocks(std::int64_t num_blocks) { return num_blocks * num_blocks * num_blocks; }

std::int64_t Cost(const AutomatonPart& part) {
  const std::int64_t num_lookups = part.monoid ? 1 : part.blocks.num_states();
  return part.NumRows() + kRowsPerLookup * num_lookups;
}

// The part of these blocks; nothing if it takes more than `max_rows`.
std::optional<AutomatonPart> MakePart(const Dfa& dfa, const Partition& blocks,
                                      std::int64_t max_rows, std::int64_t& steps) {
  // Some word leads from the start to every block, so there are at least as many elements.
  const std::int64_t num_blocks = NumClasses(blocks);
  if (num_blocks * num_blocks > max_rows) return std::nullopt;
  AutomatonPart part;
  part.block_of = blocks;
  part.blocks = Quotient(dfa, blocks);
  // Beyond this many elements their table is too large, or larger than that of the blocks.
  const std::int64_t most_rows = std::min(max_rows, Cost(part) - kRowsPerLookup);
  LanguageLimits limits;
  limits.max_monoid = static_cast<std::int64_t>(std::sqrt(static_cast<double>(most_rows)));
  Diagnostics too_large;
  part.monoid = TransitionMonoid::Enumerate(part.blocks, limits, too_large);
  const std::int64_t size = part.monoid ? part.monoid->size() : limits.max_monoid;
  steps += size * num_blocks * (dfa.num_symbols() + kStepsToKeep);
  return part.NumRows() <= max_rows ? std::optional(std::move(part)) : std::nullopt;
}

// The elements of the monoid by their action on the blocks.
Partition ByElements(const TransitionMonoid& monoid, const Dfa& blocks) {
  Diagnostics diag;
  const auto of_blocks = TransitionMonoid::Enumerate(blocks, {}, diag);  // no larger than `monoid`
  Partition result(static_cast<std::size_t>(monoid.size()), TransitionMonoid::kIdentity);
  for (ElementId i = 0; i < monoid.size(); ++i) {
    for (SymbolId a = 0; a < monoid.num_symbols(); ++a) {
      result[static_cast<std::size_t>(monoid.Right(i, a))] =
          of_blocks->Right(result[static_cast<std::size_t>(i)], a);
    }
  }
  return result;
}

struct Candidate {
  AutomatonPart part;
  Partition tells_apart;  // of elements, or of states
};

// Chooses parts that distinguish everything: the cheapest that does so alone, or several, each time
// the one with the largest gain for its cost.
class Chooser {
 public:
  Chooser(std::vector<Candidate> candidates, int num_classes, std::int64_t& steps)
      : candidates_(std::move(candidates)), num_classes_(num_classes), steps_(steps) {}

  // No parts if none distinguish everything.
  std::vector<AutomatonPart> Choose() const {
    const std::vector<std::size_t> alone = CheapestAlone(), several = Several();
    const bool takes_several =
        alone.empty() || (!several.empty() && TotalCost(several) < TotalCost(alone));
    std::vector<AutomatonPart> parts;
    for (const std::size_t c : takes_several ? several : alone) {
      parts.push_back(candidates_[c].part);
    }
    return parts;
  }

 private:
  std::int64_t TotalCost(const std::vector<std::size_t>& chosen) const {
    std::int64_t cost = 0;
    for (const std::size_t c : chosen) cost += Cost(candidates_[c].part);
    return cost;
  }

  std::vector<std::size_t> CheapestAlone() const {
    std::vector<std::size_t> best;
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (NumClasses(candidates_[c].tells_apart) < num_classes_) continue;
      if (best.empty() || Cost(candidates_[c].part) < TotalCost(best)) best = {c};
    }
    return best;
  }

  std::vector<std::size_t> Several() const {
    if (candidates_.empty()) return {};
    std::vector<std::size_t> chosen;
    Partition classes(candidates_.front().tells_apart.size(), 0);
    while (NumClasses(classes) < num_classes_) {
      std::size_t best = 0;
      double best_gain = 0;
      for (std::size_t c = 0; c < candidates_.size(); ++c) {
        steps_ += kStepsToKeep * static_cast<std::int64_t>(classes.size());
        if (steps_ > kMaxSteps) return {};
        const int refined = NumClasses(Meet(classes, candidates_[c].tells_apart));
        const double gain = std::log(static_cast<double>(refined) / NumClasses(classes)) /
                            static_cast<double>(Cost(candidates_[c].part));
        if (gain > best_gain) best = c, best_gain = gain;
      }
      if (best_gain <= 0) return {};
      chosen.push_back(best);
      classes = Meet(classes, candidates_[best].tells_apart);
    }
    return WithoutSpare(chosen);
  }

  // Removes redundant parts, the most expensive first.
  std::vector<std::size_t> WithoutSpare(std::vector<std::size_t> chosen) const {
    std::sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
      return Cost(candidates_[a].part) > Cost(candidates_[b].part);
    });
    for (std::size_t i = 0; i < chosen.size();) {
      std::vector<std::size_t> others = chosen;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      Partition classes(candidates_.front().tells_apart.size(), 0);
      for (const std::size_t c : others) classes = Meet(classes, candidates_[c].tells_apart);
      if (NumClasses(classes) == num_classes_) {
        chosen = std::move(others);
      } else {
        ++i;
      }
    }
    return chosen;
  }

  std::vector<Candidate> candidates_;
  int num_classes_;
  std::int64_t& steps_;
};

}  // namespace

std::int64_t AutomatonPart::NumRows() const {
  if (!monoid) return RowsByBlocks(blocks.num_states());
  return static_cast<std::int64_t>(monoid->size()) * monoid->size();
}

std::int64_t FaithfulParts::NumRows() const {
  std::int64_t rows = 0;
  for (const AutomatonPart& part : parts) rows += part.NumRows();
  return rows;
}

std::optional<FaithfulParts> FindFaithfulParts(const Dfa& dfa, std::int64_t max_rows,
                                               const LanguageLimits& limits) {
  LanguageLimits bounded = limits;
  bounded.max_monoid = std::min(limits.max_monoid, kMaxElements);
  Diagnostics too_large;
  auto monoid = TransitionMonoid::Enumerate(dfa, bounded, too_large);
  std::int64_t steps = 0;
  const std::vector<Partition> congruences = CongruenceSearch(dfa, steps).Find();
  std::vector<Candidate> candidates;
  for (const Partition& congruence : congruences) {
    // The automaton itself comes last, and is always tried.
    if (steps > kMaxSteps && &congruence != &congruences.back()) continue;
    auto part = MakePart(dfa, congruence, max_rows, steps);
    if (!part) continue;
    Partition tells_apart = congruence;
    if (monoid) {
      tells_apart = ByElements(*monoid, part->blocks);
      steps += std::int64_t{monoid->size()} * (dfa.num_symbols() + part->blocks.num_states());
    }
    candidates.push_back({*std::move(part), std::move(tells_apart)});
  }
  FaithfulParts result;
  const int num_classes = monoid ? monoid->size() : dfa.num_states();
  result.parts = Chooser(std::move(candidates), num_classes, steps).Choose();
  if (result.parts.empty() || result.NumRows() > max_rows) return std::nullopt;
  Partition classes(dfa.accepting.size(), 0);
  for (const AutomatonPart& part : result.parts) classes = Meet(classes, part.block_of);
  result.blocks_tell_state = NumClasses(classes) == dfa.num_states();
  if (!result.blocks_tell_state) result.monoid = std::move(monoid);
  return result;
}

}  // namespace raspc
