// Minimisation, products and searches on complete deterministic automata.
#include "automata/dfa.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/stop.h"

namespace raspc {
namespace {

// The automaton restricted to reachable states, numbered in breadth-first order.
Dfa Reached(const Dfa& dfa) {
  std::vector<StateId> number(static_cast<std::size_t>(dfa.num_states()), -1);
  std::vector<StateId> order = {dfa.start};
  number[dfa.start] = 0;
  Dfa reached;
  reached.alphabet = dfa.alphabet;
  for (std::size_t i = 0; i < order.size(); ++i) {
    reached.accepting.push_back(dfa.accepting[order[i]]);
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const StateId to = dfa.Next(order[i], a);
      if (number[to] < 0) {
        number[to] = static_cast<StateId>(order.size());
        order.push_back(to);
      }
      reached.next.push_back(number[to]);
    }
  }
  return reached;
}

// A partition of 0..n-1 that is refined by marking members and splitting off the marked ones.
class Partition {
 public:
  explicit Partition(int size)
      : members_(static_cast<std::size_t>(size)),
        place_(static_cast<std::size_t>(size)),
        block_of_(static_cast<std::size_t>(size), 0) {
    std::iota(members_.begin(), members_.end(), 0);
    std::iota(place_.begin(), place_.end(), 0);
    blocks_.push_back({0, size, 0});
  }

  int num_blocks() const { return static_cast<int>(blocks_.size()); }
  int BlockOf(int member) const { return block_of_[member]; }
  int SizeOf(int block) const { return blocks_[block].end - blocks_[block].begin; }
  std::vector<int> Members(int block) const {
    return {members_.begin() + blocks_[block].begin, members_.begin() + blocks_[block].end};
  }

  // Requires that the member is not marked.
  void Mark(int member) {
    Block& block = blocks_[block_of_[member]];
    if (block.num_marked == 0) touched_.push_back(block_of_[member]);
    const int other = members_[block.begin + block.num_marked++];
    std::swap(members_[place_[member]], members_[place_[other]]);
    std::swap(place_[member], place_[other]);
  }

  // Splits every block with marked and unmarked members; calls `split(old, made)`, where the block
  // `made` holds the marked ones. Clears all marks.
  template <class Split>
  void SplitMarked(const Split& split) {
    for (const int old : std::exchange(touched_, {})) {
      Block& block = blocks_[old];
      const int num_marked = std::exchange(block.num_marked, 0);
      if (num_marked == block.end - block.begin) continue;
      const Block made = {block.begin, block.begin + num_marked, 0};
      block.begin = made.end;
      const int number = num_blocks();
      for (int i = made.begin; i < made.end; ++i) block_of_[members_[i]] = number;
      blocks_.push_back(made);
      split(old, number);
    }
  }

 private:
  struct Block {
    int begin, end, num_marked;  // members_[begin, end), the marked ones first
  };

  std::vector<int> members_, place_, block_of_;
  std::vector<Block> blocks_;
  std::vector<int> touched_;
};

// For each symbol the predecessors of each state, as ranges of one array.
struct Predecessors {
  explicit Predecessors(const Dfa& dfa) : num_states(dfa.num_states()) {
    const std::size_t n = static_cast<std::size_t>(num_states);
    begin.assign(n * static_cast<std::size_t>(dfa.num_symbols()) + 1, 0);
    for (StateId q = 0; q < num_states; ++q) {
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) ++begin[Slot(dfa.Next(q, a), a) + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    from.resize(dfa.next.size());
    std::vector<std::size_t> fill(begin.begin(), begin.end() - 1);
    for (StateId q = 0; q < num_states; ++q) {
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) from[fill[Slot(dfa.Next(q, a), a)]++] = q;
    }
  }
  std::size_t Slot(StateId q, SymbolId a) const {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(num_states) +
           static_cast<std::size_t>(q);
  }

  int num_states;
  std::vector<std::size_t> begin;  // of slot (q, a); plus one at the end
  std::vector<StateId> from;
};

// Hopcroft: a block waits until the states with a successor in it have been separated from the
// others; of the two halves of a block that is not waiting, the smaller one suffices.
Partition CoarsestCongruence(const Dfa& dfa) {
  const Predecessors predecessors(dfa);
  Partition partition(dfa.num_states());
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    if (dfa.accepting[q]) partition.Mark(q);
  }
  partition.SplitMarked([](int, int) {});
  std::vector<int> waiting(static_cast<std::size_t>(partition.num_blocks()));
  std::iota(waiting.begin(), waiting.end(), 0);
  std::vector<bool> is_waiting(waiting.size(), true);
  while (!waiting.empty()) {
    const int splitter = waiting.back();
    waiting.pop_back();
    is_waiting[splitter] = false;
    const std::vector<int> members = partition.Members(splitter);
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      for (const int q : members) {
        const std::size_t slot = predecessors.Slot(q, a);
        for (std::size_t i = predecessors.begin[slot]; i < predecessors.begin[slot + 1]; ++i) {
          partition.Mark(predecessors.from[i]);
        }
      }
      partition.SplitMarked([&](int old, int made) {
        const bool old_is_smaller = partition.SizeOf(old) < partition.SizeOf(made);
        const bool add_old = !is_waiting[old] && old_is_smaller;
        is_waiting.push_back(!add_old);
        waiting.push_back(add_old ? old : made);
        if (add_old) is_waiting[old] = true;
      });
    }
  }
  return partition;
}

// The predecessor of each item found by a breadth-first search, and the symbol.
class SearchTree {
 public:
  static constexpr std::size_t kRoot = 0;

  void Add(std::size_t from, SymbolId symbol) { steps_.emplace_back(from, symbol); }
  Word WordTo(std::size_t at) const {
    Word word;
    for (; at != kRoot; at = steps_[at].first) word.push_back(steps_[at].second);
    std::reverse(word.begin(), word.end());
    return word;
  }

 private:
  std::vector<std::pair<std::size_t, SymbolId>> steps_;
};

}  // namespace

StateId Dfa::Run(StateId q, const Word& word) const {
  for (const SymbolId a : word) q = Next(q, a);
  return q;
}

std::string CheckDfa(const Dfa& dfa) {
  if (dfa.num_states() == 0) return "the automaton has no states";
  if (dfa.num_symbols() == 0) return "the automaton's alphabet is empty";
  const std::size_t entries =
      static_cast<std::size_t>(dfa.num_states()) * static_cast<std::size_t>(dfa.num_symbols());
  if (dfa.next.size() != entries) {
    return fmt::format("{} transitions for {} states and {} symbols", dfa.next.size(),
                       dfa.num_states(), dfa.num_symbols());
  }
  const auto is_state = [&](StateId q) { return q >= 0 && q < dfa.num_states(); };
  if (!is_state(dfa.start)) return fmt::format("the start {} is not a state", dfa.start);
  for (const StateId to : dfa.next) {
    if (!is_state(to)) return fmt::format("a transition leads to {}, which is not a state", to);
  }
  return "";
}

EdgeList EdgesOf(const Dfa& dfa) {
  EdgeList edges;
  edges.reserve(dfa.next.size());
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) edges.emplace_back(q, dfa.Next(q, a));
  }
  return edges;
}

Dfa Minimised(const Dfa& dfa) {
  const Dfa reached = Reached(dfa);
  const Partition classes = CoarsestCongruence(reached);
  Dfa quotient;
  quotient.alphabet = reached.alphabet;
  quotient.start = classes.BlockOf(reached.start);
  for (int block = 0; block < classes.num_blocks(); ++block) {
    const StateId representative = classes.Members(block).front();
    quotient.accepting.push_back(reached.accepting[representative]);
    for (SymbolId a = 0; a < reached.num_symbols(); ++a) {
      quotient.next.push_back(classes.BlockOf(reached.Next(representative, a)));
    }
  }
  return Reached(quotient);
}

Dfa Complement(const Dfa& dfa) {
  Dfa complement = dfa;
  complement.accepting.flip();
  return complement;
}

std::optional<Dfa> Product(const Dfa& a, const Dfa& b,
                           const std::function<bool(bool, bool)>& combine,
                           const LanguageLimits& limits, Diagnostics& diag) {
  std::unordered_map<std::int64_t, StateId> numbers;
  std::vector<std::pair<StateId, StateId>> pairs;
  const auto number_of = [&](StateId p, StateId q) {
    const std::int64_t key = std::int64_t{p} * b.num_states() + q;
    const auto [at, is_new] = numbers.emplace(key, static_cast<StateId>(pairs.size()));
    if (is_new) pairs.emplace_back(p, q);
    return at->second;
  };
  Dfa product;
  product.alphabet = a.alphabet;
  product.start = number_of(a.start, b.start);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    ThrowIfStopped();
    if (static_cast<std::int64_t>(pairs.size()) > limits.max_states) {
      diag.Error(ErrorKind::kLimit, {},
                 fmt::format("the product of automata with {} and {} states has more than {} "
                             "states, the limit",
                             a.num_states(), b.num_states(), limits.max_states));
      return std::nullopt;
    }
    const auto [p, q] = pairs[i];
    product.accepting.push_back(combine(a.accepting[p], b.accepting[q]));
    for (SymbolId s = 0; s < a.num_symbols(); ++s) {
      product.next.push_back(number_of(a.Next(p, s), b.Next(q, s)));
    }
  }
  return product;
}

Dfa RightQuotient(const Dfa& dfa, SymbolId a) {
  Dfa quotient = dfa;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    quotient.accepting[q] = dfa.accepting[dfa.Next(q, a)];
  }
  return quotient;
}

std::optional<Word> SeparatingWord(const Dfa& dfa, StateId p, StateId q) {
  // States that must be equivalent if p and q are go into one set; a pair whose states
  // are in one set already follows from others, so there are fewer than num_states pairs.
  std::vector<StateId> set_of(static_cast<std::size_t>(dfa.num_states()));
  std::iota(set_of.begin(), set_of.end(), 0);
  const auto find = [&](StateId at) {
    while (set_of[at] != at) at = set_of[at] = set_of[set_of[at]];
    return at;
  };
  std::vector<std::pair<StateId, StateId>> pairs = {{p, q}};
  SearchTree tree;
  tree.Add(SearchTree::kRoot, -1);
  set_of[find(p)] = find(q);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto [x, y] = pairs[i];
    if (dfa.accepting[x] != dfa.accepting[y]) return tree.WordTo(i);
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const StateId to_x = dfa.Next(x, a), to_y = dfa.Next(y, a);
      if (find(to_x) == find(to_y)) continue;
      set_of[find(to_x)] = find(to_y);
      pairs.emplace_back(to_x, to_y);
      tree.Add(i, a);
    }
  }
  return std::nullopt;
}

std::optional<Word> ShortestWord(const Dfa& dfa, StateId from, StateId to) {
  std::vector<bool> seen(static_cast<std::size_t>(dfa.num_states()), false);
  std::vector<StateId> order = {from};
  SearchTree tree;
  tree.Add(SearchTree::kRoot, -1);
  seen[from] = true;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] == to) return tree.WordTo(i);
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const StateId next = dfa.Next(order[i], a);
      if (seen[next]) continue;
      seen[next] = true;
      order.push_back(next);
      tree.Add(i, a);
    }
  }
  return std::nullopt;
}

Dfa MakeDfa(const Alphabet& alphabet, int num_states, StateId start,
            const std::function<StateId(StateId, SymbolId)>& next,
            const std::function<bool(StateId)>& accepts) {
  Dfa dfa;
  dfa.alphabet = alphabet;
  dfa.start = start;
  for (StateId q = 0; q < num_states; ++q) {
    dfa.accepting.push_back(accepts(q));
    for (SymbolId a = 0; a < alphabet.size(); ++a) dfa.next.push_back(next(q, a));
  }
  return dfa;
}

}  // namespace raspc
