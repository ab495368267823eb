// Nondeterministic automata: the subset construction and reversal against following all paths.
#include "automata/nfa.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

Nfa RandomNfa(std::mt19937_64& random, int num_states, int num_symbols) {
  Nfa nfa;
  nfa.alphabet = SmallLetters(num_symbols);
  for (StateId q = 0; q < num_states; ++q) nfa.AddState();
  std::uniform_int_distribution<int> state(0, num_states - 1), symbol(-1, num_symbols - 1);
  for (int i = 0; i < 2 * num_states; ++i) {
    nfa.edges[state(random)].push_back({symbol(random), state(random)});
  }
  nfa.starts = {state(random), state(random)};
  nfa.accepting[state(random)] = true;
  return nfa;
}

// Whether a path from the state spells the rest of the word, by trying all paths. `budget` bounds
// consecutive empty moves, of which no path needs more than there are states.
bool HasPath(const Nfa& nfa, StateId q, const Word& word, std::size_t at, int budget) {
  if (at == word.size() && nfa.accepting[q]) return true;
  return std::any_of(nfa.edges[q].begin(), nfa.edges[q].end(), [&](const Nfa::Edge& edge) {
    if (edge.symbol == Nfa::kEmptyMove) {
      return budget > 0 && HasPath(nfa, edge.to, word, at, budget - 1);
    }
    return at < word.size() && edge.symbol == word[at] &&
           HasPath(nfa, edge.to, word, at + 1, nfa.num_states());
  });
}

TEST_CASE("an NFA, its deterministic automaton and its paths agree, and so do the reversed ones") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 300; ++i) {
    const int num_symbols = 1 + i % 2;
    const Nfa nfa = RandomNfa(random, 1 + i % 4, num_symbols);
    REQUIRE(CheckNfa(nfa).empty());
    Diagnostics diag;
    const std::optional<Dfa> dfa = Determinised(nfa, {}, diag);
    const std::optional<Dfa> reversed = Determinised(Reversed(nfa), {}, diag);
    REQUIRE((dfa && reversed));
    REQUIRE(CheckDfa(*dfa).empty());
    for (const Word& word : WordsUpTo(num_symbols, 4)) {
      const bool want = std::any_of(nfa.starts.begin(), nfa.starts.end(), [&](StateId q) {
        return HasPath(nfa, q, word, 0, nfa.num_states());
      });
      const Word backwards(word.rbegin(), word.rend());
      if (Accepts(nfa, word) != want) FAIL("NFA " << i);
      if (dfa->Accepts(word) != want) FAIL("DFA of NFA " << i);
      if (reversed->Accepts(backwards) != want) FAIL("reversed NFA " << i);
    }
  }
}

TEST_CASE("reversing twice gives the language back") {
  std::mt19937_64 random(12);
  for (int i = 0; i < 100; ++i) {
    const Dfa dfa = RandomMinimalDfa(random, 6, 2);
    Diagnostics diag;
    const std::optional<Dfa> once = ReversedMinimal(dfa, {}, diag);
    REQUIRE(once);
    CHECK(ReversedMinimal(*once, {}, diag) == dfa);
    CHECK(Minimised(*Determinised(ToNfa(dfa), {}, diag)) == dfa);
  }
}

TEST_CASE("an exponential blow-up stops at the limits") {
  const Dfa first_20th = MinimalOf("regex:.{19}a.*", "ab");
  LanguageLimits limits;
  limits.max_states = 1000;
  Diagnostics diag;
  CHECK_FALSE(ReversedMinimal(first_20th, limits, diag));
  CHECK(FirstError(diag) ==
        "the deterministic automaton has more than 1000 states, the limit, before it is minimised");
  diag.Clear();
  limits = {};
  limits.max_steps = 5000;
  CHECK_FALSE(ReversedMinimal(first_20th, limits, diag));
  CHECK(FirstError(diag) ==
        "making an automaton of 22 states deterministic takes more than 5000 steps, the limit");
}

TEST_CASE("an NFA without states accepts nothing") {
  Nfa nfa;
  nfa.alphabet = SmallLetters(2);
  Diagnostics diag;
  const std::optional<Dfa> dfa = Determinised(nfa, {}, diag);
  REQUIRE(dfa);
  CHECK(Minimised(*dfa) == MinimalOf("regex:~(.*)", "ab"));
  CHECK_FALSE(Accepts(nfa, {0}));
}

}  // namespace
}  // namespace raspc
