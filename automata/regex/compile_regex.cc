// Thompson's construction, with a detour through deterministic automata for `&` and `~`.
//
// All fragments live in one NFA. As nodes are visited in postorder, the states of a node and its
// descendants are a range at the end of the NFA, which makes copying a fragment (for counted
// repetition) and replacing it (by a deterministic one) operations on a range.
#include <fmt/format.h>

#include <algorithm>

#include "automata/regex/regex.h"

namespace raspc {
namespace {

// States [begin, ...) of the NFA, with one entry and one exit. No edge enters the entry from //
// outside or leaves the exit, until a user adds one.
struct Fragment {
  StateId begin, entry, exit;
};

class Compiler {
 public:
  Compiler(const Regex& regex, const Alphabet& alphabet, const LanguageLimits& limits,
           Diagnostics& diag)
      : regex_(regex), limits_(limits), diag_(diag) {
    nfa_.alphabet = alphabet;
  }

  std::optional<Dfa> Compile() {
    std::vector<Fragment> fragments(regex_.nodes.size());
    for (std::size_t i = 0; i < regex_.nodes.size(); ++i) {
      const std::optional<Fragment> fragment = Build(regex_.nodes[i], fragments);
      if (!fragment) return std::nullopt;
      fragments[i] = *fragment;
      if (nfa_.num_states() > limits_.max_nfa_states) return TooLarge(regex_.nodes[i]);
    }
    return ToMinimalDfa(fragments.back(), regex_.nodes.back());
  }

 private:
  std::nullopt_t TooLarge(const RegexNode& node) {
    diag_.Error(ErrorKind::kLimit, regex_.At(node),
                fmt::format("the expression expands to more than {} states, the limit",
                            limits_.max_nfa_states));
    return std::nullopt;
  }

  void Link(StateId from, StateId to) { nfa_.edges[from].push_back({Nfa::kEmptyMove, to}); }

  std::optional<Fragment> Build(const RegexNode& node, const std::vector<Fragment>& fragments) {
    switch (node.kind) {
      case RegexKind::kEmptyWord:
        return EmptyWord();
      case RegexKind::kSymbols:
        return Symbols(node);
      case RegexKind::kUnion:
        return Union(fragments[node.first], fragments[node.second]);
      case RegexKind::kConcatenation:
        Link(fragments[node.first].exit, fragments[node.second].entry);
        return Fragment{fragments[node.first].begin, fragments[node.first].entry,
                        fragments[node.second].exit};
      case RegexKind::kRepetition:
        return Repetition(node, fragments[node.first]);
      case RegexKind::kIntersection:
        return Intersection(node, fragments[node.first], fragments[node.second]);
      case RegexKind::kComplement: {
        const Fragment& operand = fragments[node.first];
        const std::optional<Dfa> dfa = ToMinimalDfa(operand, node);
        if (!dfa) return std::nullopt;
        return Replace(operand.begin, Complement(*dfa));
      }
    }
    return std::nullopt;
  }

  Fragment EmptyWord() {
    const StateId entry = nfa_.AddState();
    const StateId exit = nfa_.AddState();
    Link(entry, exit);
    return {entry, entry, exit};
  }

  std::optional<Fragment> Symbols(const RegexNode& node) {
    std::vector<bool> is_in(static_cast<std::size_t>(nfa_.alphabet.size()), node.is_negated);
    for (const std::string& symbol : node.symbols) {
      const std::optional<SymbolId> id = nfa_.alphabet.Find(symbol);
      if (!id) {
        diag_.Error(ErrorKind::kInput, regex_.At(node),
                    fmt::format("'{}' is not in the alphabet {}", symbol, ToJson(nfa_.alphabet)));
        return std::nullopt;
      }
      is_in[*id] = !node.is_negated;
    }
    const StateId entry = nfa_.AddState();
    const StateId exit = nfa_.AddState();
    for (SymbolId a = 0; a < nfa_.alphabet.size(); ++a) {
      if (is_in[a]) nfa_.edges[entry].push_back({a, exit});
    }
    return Fragment{entry, entry, exit};
  }

  Fragment Union(const Fragment& first, const Fragment& second) {
    const StateId entry = nfa_.AddState();
    const StateId exit = nfa_.AddState();
    for (const Fragment& part : {first, second}) {
      Link(entry, part.entry);
      Link(part.exit, exit);
    }
    return {first.begin, entry, exit};
  }

  // min copies in a row, then max - min optional ones, of which a suffix may be skipped, or a loop.
  std::optional<Fragment> Repetition(const RegexNode& node, const Fragment& operand) {
    const bool is_unbounded = node.max == RegexNode::kUnbounded;
    const std::int64_t num_copies = is_unbounded ? node.min + 1 : node.max;
    const StateId size = nfa_.num_states() - operand.begin;
    if (num_copies * (size + 2) > limits_.max_nfa_states) return TooLarge(node);
    if (num_copies == 0) {
      Truncate(operand.begin);
      return EmptyWord();
    }
    // All copies are taken from the operand before its entry and exit are linked to anything.
    std::vector<Fragment> copies = {operand};
    for (std::int64_t i = 1; i < num_copies; ++i) copies.push_back(Copy(operand, size));
    const StateId entry = nfa_.AddState();
    const StateId exit = nfa_.AddState();
    StateId last = entry;
    for (std::int64_t i = 0; i < num_copies; ++i) {
      if (i >= node.min) Link(last, exit);
      const bool is_loop = is_unbounded && i == node.min;
      // A separate state between copies keeps a loop inside one copy from reaching another.
      const StateId next = nfa_.AddState();
      Link(last, copies[i].entry);
      Link(copies[i].exit, is_loop ? last : next);
      last = next;
    }
    if (!is_unbounded) Link(last, exit);
    return Fragment{operand.begin, entry, exit};
  }

  Fragment Copy(const Fragment& original, StateId size) {
    const StateId begin = nfa_.num_states();
    const StateId shift = begin - original.begin;
    for (StateId q = original.begin; q < original.begin + size; ++q) {
      nfa_.AddState();
      for (const Nfa::Edge edge : nfa_.edges[q]) {
        nfa_.edges.back().push_back({edge.symbol, edge.to + shift});
      }
    }
    return {begin, original.entry + shift, original.exit + shift};
  }

  std::optional<Fragment> Intersection(const RegexNode& node, const Fragment& first,
                                       const Fragment& second) {
    const std::optional<Dfa> right = ToMinimalDfa(second, node);
    if (!right) return std::nullopt;
    Truncate(second.begin);
    const std::optional<Dfa> left = ToMinimalDfa(first, node);
    if (!left) return std::nullopt;
    Diagnostics local;
    const std::optional<Dfa> both = Product(
        *left, *right, [](bool a, bool b) { return a && b; }, limits_, local);
    PassOn(local, node);
    if (!both) return std::nullopt;
    const Dfa minimal = Minimised(*both);
    if (!HasWords(minimal) && HasWords(*left) && HasWords(*right)) {
      diag_.Warning(ErrorKind::kValue, regex_.At(node),
                    "no word matches both sides of this '&', so it matches nothing");
    }
    return Replace(first.begin, minimal);
  }

  // Requires a minimal automaton.
  static bool HasWords(const Dfa& dfa) { return dfa.num_states() > 1 || dfa.accepting[0]; }

  void Truncate(StateId begin) {
    nfa_.edges.resize(static_cast<std::size_t>(begin));
    nfa_.accepting.resize(static_cast<std::size_t>(begin));
  }

  // Limits are reported at the operator that needed the automaton.
  void PassOn(const Diagnostics& local, const RegexNode& node) {
    for (Diagnostic diagnostic : local.all()) {
      diagnostic.location = regex_.At(node);
      diag_.Add(std::move(diagnostic));
    }
  }

  // The fragment, whose states are the last of the NFA or followed only by unrelated states.
  std::optional<Dfa> ToMinimalDfa(const Fragment& fragment, const RegexNode& node) {
    Nfa part;
    part.alphabet = nfa_.alphabet;
    part.starts = {fragment.entry - fragment.begin};
    for (StateId q = fragment.begin; q < nfa_.num_states(); ++q) {
      part.AddState();
      for (const Nfa::Edge& edge : nfa_.edges[q]) {
        part.edges.back().push_back({edge.symbol, edge.to - fragment.begin});
      }
    }
    part.accepting[fragment.exit - fragment.begin] = true;
    Diagnostics local;
    const std::optional<Dfa> dfa = Determinised(part, limits_, local);
    PassOn(local, node);
    if (!dfa) return std::nullopt;
    return Minimised(*dfa);
  }

  // Replaces the states from `begin` on by the automaton, without states that accept nothing.
  Fragment Replace(StateId begin, const Dfa& dfa) {
    Truncate(begin);
    std::vector<StateId> accepting;
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      if (dfa.accepting[q]) accepting.push_back(q);
    }
    EdgeList backwards = EdgesOf(dfa);
    for (auto& [from, to] : backwards) std::swap(from, to);
    const std::vector<bool> is_live = Reachable(dfa.num_states(), backwards, accepting);
    const StateId entry = nfa_.AddState();
    const StateId exit = nfa_.AddState();
    const StateId first = nfa_.num_states();
    for (StateId q = 0; q < dfa.num_states(); ++q) nfa_.AddState();
    Link(entry, first + dfa.start);
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      if (dfa.accepting[q]) Link(first + q, exit);
      for (SymbolId a = 0; is_live[q] && a < dfa.num_symbols(); ++a) {
        const StateId to = dfa.Next(q, a);
        if (is_live[to]) nfa_.edges[first + q].push_back({a, first + to});
      }
    }
    return {begin, entry, exit};
  }

  const Regex& regex_;
  const LanguageLimits& limits_;
  Diagnostics& diag_;
  Nfa nfa_;
};

}  // namespace

std::optional<Dfa> CompileRegex(const Regex& regex, const Alphabet& alphabet,
                                const LanguageLimits& limits, Diagnostics& diag) {
  return Compiler(regex, alphabet, limits, diag).Compile();
}

}  // namespace raspc
