// Sets of states are sorted vectors without the states that have only empty moves, which are
// irrelevant after taking the closure.
#include "automata/nfa.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/stop.h"

namespace raspc {
namespace {

using StateSet = std::vector<StateId>;

struct StateSetHash {
  std::size_t operator()(const StateSet& set) const {
    std::uint64_t hash = set.size();
    for (const StateId q : set) {
      hash = (hash ^ static_cast<std::uint64_t>(q)) * 0x9e3779b97f4a7c15ull;
      hash ^= hash >> 29;
    }
    return static_cast<std::size_t>(hash);
  }
};

class Closure {
 public:
  explicit Closure(const Nfa& nfa)
      : nfa_(nfa), stamp_(static_cast<std::size_t>(nfa.num_states()), 0) {
    for (StateId q = 0; q < nfa.num_states(); ++q) {
      const auto& edges = nfa.edges[q];
      is_kept_.push_back(nfa.accepting[q] || std::any_of(edges.begin(), edges.end(), [](auto& e) {
                           return e.symbol != Nfa::kEmptyMove;
                         }));
    }
  }

  std::int64_t num_steps() const { return num_steps_; }

  void Start() {
    ++current_;
    set_.clear();
  }
  void Add(StateId q) {
    Push(q);
    while (!stack_.empty()) {
      const StateId at = stack_.back();
      stack_.pop_back();
      num_steps_ += 1 + static_cast<std::int64_t>(nfa_.edges[at].size());
      if (is_kept_[at]) set_.push_back(at);
      for (const Nfa::Edge& edge : nfa_.edges[at]) {
        if (edge.symbol == Nfa::kEmptyMove) Push(edge.to);
      }
    }
  }
  // The states added since Start and all that they reach by empty moves.
  const StateSet& Finish() {
    std::sort(set_.begin(), set_.end());
    return set_;
  }

 private:
  void Push(StateId q) {
    ++num_steps_;
    if (stamp_[q] == current_) return;
    stamp_[q] = current_;
    stack_.push_back(q);
  }

  const Nfa& nfa_;
  std::vector<std::int64_t> stamp_;
  std::int64_t current_ = 0;
  std::int64_t num_steps_ = 0;
  std::vector<bool> is_kept_;
  std::vector<StateId> stack_;
  StateSet set_;
};

// The targets of the set's edges, by symbol.
void CollectTargets(const Nfa& nfa, const StateSet& set, std::vector<StateSet>& targets) {
  for (StateSet& list : targets) list.clear();
  for (const StateId q : set) {
    for (const Nfa::Edge& edge : nfa.edges[q]) {
      if (edge.symbol != Nfa::kEmptyMove) targets[edge.symbol].push_back(edge.to);
    }
  }
}

bool AnyAccepting(const Nfa& nfa, const StateSet& set) {
  return std::any_of(set.begin(), set.end(), [&](StateId q) { return nfa.accepting[q]; });
}

}  // namespace

std::string CheckNfa(const Nfa& nfa) {
  if (nfa.alphabet.size() == 0) return "the automaton's alphabet is empty";
  if (static_cast<int>(nfa.accepting.size()) != nfa.num_states()) {
    return fmt::format("{} verdicts for {} states", nfa.accepting.size(), nfa.num_states());
  }
  const auto is_state = [&](StateId q) { return q >= 0 && q < nfa.num_states(); };
  for (const StateId q : nfa.starts) {
    if (!is_state(q)) return fmt::format("the start {} is not a state", q);
  }
  for (const auto& edges : nfa.edges) {
    for (const Nfa::Edge& edge : edges) {
      if (!is_state(edge.to))
        return fmt::format("a transition leads to {}, which is not a state", edge.to);
      if (edge.symbol < Nfa::kEmptyMove || edge.symbol >= nfa.alphabet.size()) {
        return fmt::format("a transition reads {}, which is not a symbol", edge.symbol);
      }
    }
  }
  return "";
}

bool Accepts(const Nfa& nfa, const Word& word) {
  Closure closure(nfa);
  closure.Start();
  for (const StateId q : nfa.starts) closure.Add(q);
  StateSet set = closure.Finish();
  std::vector<StateSet> targets(static_cast<std::size_t>(nfa.alphabet.size()));
  for (const SymbolId a : word) {
    CollectTargets(nfa, set, targets);
    closure.Start();
    for (const StateId q : targets[a]) closure.Add(q);
    set = closure.Finish();
  }
  return AnyAccepting(nfa, set);
}

std::optional<Dfa> Determinised(const Nfa& nfa, const LanguageLimits& limits, Diagnostics& diag) {
  Closure closure(nfa);
  std::unordered_map<StateSet, StateId, StateSetHash> numbers;
  std::vector<const StateSet*> sets;  // keys of `numbers`, whose addresses are stable
  std::int64_t num_kept = 0;
  const auto number_of = [&](const StateSet& set) {
    const auto [at, is_new] = numbers.emplace(set, static_cast<StateId>(sets.size()));
    if (is_new) {
      sets.push_back(&at->first);
      num_kept += static_cast<std::int64_t>(set.size());
    }
    return at->second;
  };
  closure.Start();
  for (const StateId q : nfa.starts) closure.Add(q);
  Dfa dfa;
  dfa.alphabet = nfa.alphabet;
  dfa.start = number_of(closure.Finish());
  std::vector<StateSet> targets(static_cast<std::size_t>(nfa.alphabet.size()));
  for (std::size_t i = 0; i < sets.size(); ++i) {
    dfa.accepting.push_back(AnyAccepting(nfa, *sets[i]));
    CollectTargets(nfa, *sets[i], targets);
    for (const StateSet& list : targets) {
      closure.Start();
      for (const StateId q : list) closure.Add(q);
      dfa.next.push_back(number_of(closure.Finish()));
    }
    ThrowIfStopped();
    if (static_cast<std::int64_t>(sets.size()) > limits.max_states) {
      diag.Error(ErrorKind::kLimit, {},
                 fmt::format("the deterministic automaton has more than {} states, the limit, "
                             "before it is minimised",
                             limits.max_states));
      return std::nullopt;
    }
    if (closure.num_steps() + kStepsToKeep * num_kept > limits.max_steps) {
      diag.Error(ErrorKind::kLimit, {},
                 fmt::format("making an automaton of {} states deterministic takes more than {} "
                             "steps, the limit",
                             nfa.num_states(), limits.max_steps));
      return std::nullopt;
    }
  }
  return dfa;
}

Nfa ToNfa(const Dfa& dfa) {
  Nfa nfa;
  nfa.alphabet = dfa.alphabet;
  nfa.starts = {dfa.start};
  nfa.accepting = dfa.accepting;
  nfa.edges.resize(static_cast<std::size_t>(dfa.num_states()));
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) nfa.edges[q].push_back({a, dfa.Next(q, a)});
  }
  return nfa;
}

Nfa Reversed(const Nfa& nfa) {
  Nfa reversed;
  reversed.alphabet = nfa.alphabet;
  reversed.edges.resize(static_cast<std::size_t>(nfa.num_states()));
  reversed.accepting.assign(static_cast<std::size_t>(nfa.num_states()), false);
  for (const StateId q : nfa.starts) reversed.accepting[q] = true;
  for (StateId q = 0; q < nfa.num_states(); ++q) {
    if (nfa.accepting[q]) reversed.starts.push_back(q);
    for (const Nfa::Edge& edge : nfa.edges[q]) reversed.edges[edge.to].push_back({edge.symbol, q});
  }
  return reversed;
}

std::optional<Dfa> ReversedMinimal(const Dfa& dfa, const LanguageLimits& limits,
                                   Diagnostics& diag) {
  const std::optional<Dfa> reversed = Determinised(Reversed(ToNfa(dfa)), limits, diag);
  if (!reversed) return std::nullopt;
  return Minimised(*reversed);
}

}  // namespace raspc
