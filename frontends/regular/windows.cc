// Generalised definite languages, by the first k and the last l symbols: one attention layer.
//
// The automaton runs over the first k symbols, then over those of the last l that are not among
// them; the symbols in between do not matter.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "frontends/regular/construction.h"

namespace raspc {
namespace {

using StatePair = std::pair<StateId, StateId>;

// The maximum number of symbols needed to merge each pair of states; nothing if some words never
// do. Longest paths in the graph of pairs.
class MergeLength {
 public:
  explicit MergeLength(const Dfa& dfa) : dfa_(dfa) {}

  std::optional<int> Of(StateId p, StateId q) {
    if (p == q) return 0;
    const StatePair pair = std::minmax(p, q);
    const auto [at, is_new] = length_.try_emplace(pair, kOpen);
    if (!is_new) {
      if (at->second < 0) return std::nullopt;  // open: a cycle; or known to be unbounded
      return at->second;
    }
    int longest = 0;
    for (SymbolId a = 0; a < dfa_.num_symbols(); ++a) {
      const std::optional<int> rest = Of(dfa_.Next(p, a), dfa_.Next(q, a));
      if (!rest) return std::nullopt;
      longest = std::max(longest, *rest + 1);
    }
    length_[pair] = longest;
    return longest;
  }

 private:
  static constexpr int kOpen = -1;
  const Dfa& dfa_;
  std::map<StatePair, int> length_;
};

// The length of the suffix that decides once the states in `after_prefix` have been reached.
std::optional<int> SuffixLength(const Dfa& dfa, const std::vector<std::vector<bool>>& reach,
                                const std::set<StateId>& after_prefix, MergeLength& merge) {
  int longest = 0;
  for (const StateId q : after_prefix) {
    for (StateId r = 0; r < dfa.num_states(); ++r) {
      if (!reach[static_cast<std::size_t>(q)][static_cast<std::size_t>(r)]) continue;
      const std::optional<int> length = merge.Of(q, r);
      if (!length) return std::nullopt;
      longest = std::max(longest, *length);
    }
  }
  return longest;
}

struct Windows {
  int prefix = 0, suffix = 0;
};

// The smallest total number of symbols. The recursion is as deep as there are pairs, so automata
// with many states are excluded.
std::optional<Windows> FindWindows(const Dfa& dfa) {
  constexpr int kMaxStates = 100;
  if (dfa.num_states() > kMaxStates) return std::nullopt;
  std::vector<std::vector<bool>> reach;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    reach.push_back(Reachable(dfa.num_states(), EdgesOf(dfa), {q}));
  }
  MergeLength merge(dfa);
  std::set<StateId> after{dfa.start};
  std::optional<Windows> best;
  for (int prefix = 0; prefix <= dfa.num_states(); ++prefix) {
    const std::optional<int> suffix = SuffixLength(dfa, reach, after, merge);
    if (suffix && (!best || prefix + *suffix < best->prefix + best->suffix)) {
      best = Windows{prefix, *suffix};
    }
    std::set<StateId> next;
    for (const StateId q : after) {
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) next.insert(dfa.Next(q, a));
    }
    after = std::move(next);
  }
  return best;
}

std::string Plural(int count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::optional<GeneratedProgram> ByWindows(const Dfa& dfa, const TokenNames& names,
                                          std::int64_t max_rows) {
  const std::optional<Windows> windows = FindWindows(dfa);
  if (!windows) return std::nullopt;
  const int total = windows->prefix + windows->suffix;
  std::int64_t combinations = 1;
  for (int i = 0; i < total && combinations <= max_rows; ++i) combinations *= dfa.num_symbols() + 1;
  if (combinations > max_rows) return std::nullopt;

  GeneratedProgram body;
  std::string which;
  if (windows->prefix > 0) which = "the first " + Plural(windows->prefix, "symbol");
  if (windows->suffix > 0) {
    which += (which.empty() ? "" : " and ") + ("the last " + Plural(windows->suffix, "symbol"));
  }
  body.construction = "a look at " + which;
  body.promise_rest = ": a gather for each symbol";
  body.explanation = "The minimal automaton is run only on " + which + ".";
  body.depth = 1;
  RaspWriter& w = body.statements;
  w.Comment("One step of the automaton; without a symbol it keeps its state.");
  const Expr step =
      w.Table("step", StepRows(dfa, names, [&](StateId q) {
                return names.states[static_cast<std::size_t>(q)];
              }));
  w.Blank();
  Expr state = names.states[static_cast<std::size_t>(dfa.start)];
  for (int i = 0; i < windows->prefix; ++i) {
    const Expr first =
        w.Assign(fmt::format("first_{}", i + 1),
                 Aggregate(And(Select(Indices(), i), SelectBefore()), Tokens(), names.end));
    state = w.Assign(fmt::format("state_{}", i + 1), step[first + " " + state]);
  }
  for (int i = windows->suffix; i > 0; --i) {
    const std::string name = fmt::format("last_{}", i);
    const Expr last = w.Assign(name, ValueAt(Indices() - i, Tokens(), names.end));
    if (windows->prefix > 0) {
      w.Assign(name, If(Indices() - i >= windows->prefix, last, names.end));
    }
    state = w.Assign(fmt::format("state_{}", total - i + 1), step[last + " " + state]);
  }
  std::vector<std::string> accepting;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    if (dfa.accepting[q]) accepting.push_back(names.states[static_cast<std::size_t>(q)]);
  }
  w.Assign("accept", In(state, TextsOf(accepting)));
  return body;
}

}  // namespace raspc
