// Tests on the state graph.
#include "automata/algebra/dfa_classes.h"

#include "automata/nfa.h"

namespace raspc {
namespace {

// [num_states]: the state that q·ab·ab·… comes to rest in. Requires a partially ordered automaton.
std::vector<StateId> Limits(const Dfa& dfa, SymbolId a, SymbolId b) {
  std::vector<StateId> limit(static_cast<std::size_t>(dfa.num_states()), -1);
  std::vector<StateId> path;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    StateId at = q;
    while (limit[at] < 0) {
      path.push_back(at);
      const StateId next = dfa.Next(dfa.Next(at, a), b);
      if (next == at) limit[at] = at;
      at = next;
    }
    for (const StateId on_path : path) limit[on_path] = limit[at];
    path.clear();
  }
  return limit;
}

}  // namespace

bool IsRTrivial(const Dfa& dfa) {
  return StronglyConnectedComponents(dfa.num_states(), EdgesOf(dfa)).AreSingletons();
}

bool IsJTrivial(const Dfa& dfa) {
  if (!IsRTrivial(dfa)) return false;
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    for (SymbolId b = 0; b < a; ++b) {
      const std::vector<StateId> limit = Limits(dfa, a, b);
      for (StateId q = 0; q < dfa.num_states(); ++q) {
        if (limit[dfa.Next(q, a)] != limit[dfa.Next(q, b)]) return false;
      }
    }
  }
  return true;
}

std::optional<bool> IsLTrivial(const Dfa& dfa, const LanguageLimits& limits, Diagnostics& diag) {
  if (IsRTrivial(dfa)) return IsJTrivial(dfa);
  const std::optional<Dfa> reversed = ReversedMinimal(dfa, limits, diag);
  if (!reversed) return std::nullopt;
  return IsRTrivial(*reversed);
}

bool IsCommutative(const Dfa& dfa) {
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      for (SymbolId b = 0; b < a; ++b) {
        if (dfa.Next(dfa.Next(q, a), b) != dfa.Next(dfa.Next(q, b), a)) return false;
      }
    }
  }
  return true;
}

bool IsGroupLanguage(const Dfa& dfa) {
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    std::vector<bool> is_hit(static_cast<std::size_t>(dfa.num_states()), false);
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      if (is_hit[dfa.Next(q, a)]) return false;
      is_hit[dfa.Next(q, a)] = true;
    }
  }
  return true;
}

bool IsStutterInvariant(const Dfa& dfa) {
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const StateId next = dfa.Next(q, a);
      if (dfa.Next(next, a) != next) return false;
    }
  }
  return true;
}

bool TellsNoRunsApart(const Dfa& dfa) {
  for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
    const StateId once = dfa.Next(dfa.start, a);
    StateId at = once;
    for (StateId i = 0; i < dfa.num_states(); ++i) {
      at = dfa.Next(at, a);
      if (dfa.accepting[at] != dfa.accepting[once]) return false;
    }
  }
  return true;
}

}  // namespace raspc
