// Deterministic automata: minimisation against a plain refinement, products, quotients, searches.
#include "automata/dfa.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "automata/nfa.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

// The number of Moore's classes of the states that can be reached: refine by verdict, then by
// successors' classes, until nothing changes.
int NumMooreClasses(const Dfa& dfa) {
  const std::vector<bool> reached = Reachable(dfa.num_states(), EdgesOf(dfa), {dfa.start});
  std::vector<int> of(static_cast<std::size_t>(dfa.num_states()), 0);
  for (int before = 0, count = 1; before != count;) {
    before = count;
    std::map<std::vector<int>, int> numbers;
    std::vector<int> refined;
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      std::vector<int> key = {of[q], dfa.accepting[q] ? 1 : 0};
      for (SymbolId a = 0; a < dfa.num_symbols(); ++a) key.push_back(of[dfa.Next(q, a)]);
      refined.push_back(numbers.emplace(key, static_cast<int>(numbers.size())).first->second);
    }
    of = refined;
    count = static_cast<int>(numbers.size());
  }
  std::set<int> classes;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    if (reached[q]) classes.insert(of[q]);
  }
  return static_cast<int>(classes.size());
}

TEST_CASE("a minimised automaton accepts the same words and has one state for each class") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 500; ++i) {
    const Dfa dfa = RandomDfa(random, 1 + i % 12, 1 + i % 3);
    const Dfa minimal = Minimised(dfa);
    REQUIRE(CheckDfa(minimal).empty());
    CHECK(minimal.num_states() == NumMooreClasses(dfa));
    for (const Word& word : WordsUpTo(dfa.num_symbols(), 6)) {
      if (dfa.Accepts(word) != minimal.Accepts(word)) FAIL("automaton " << i);
    }
    CHECK(Minimised(minimal) == minimal);
  }
}

TEST_CASE(
    "automata with one language have one minimal automaton, whatever their states are called") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200; ++i) {
    const Dfa dfa = RandomDfa(random, 8, 2);
    std::vector<StateId> name(8), old(8);
    for (StateId q = 0; q < 8; ++q) name[q] = q;
    std::shuffle(name.begin(), name.end(), random);
    for (StateId q = 0; q < 8; ++q) old[name[q]] = q;
    const Dfa renamed = MakeDfa(
        dfa.alphabet, 8, name[dfa.start],
        [&](StateId q, SymbolId a) { return name[dfa.Next(old[q], a)]; },
        [&](StateId q) { return static_cast<bool>(dfa.accepting[old[q]]); });
    CHECK(Minimised(renamed) == Minimised(dfa));
  }
}

TEST_CASE("products and complements combine verdicts") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100; ++i) {
    const Dfa a = RandomDfa(random, 5, 2), b = RandomDfa(random, 4, 2);
    Diagnostics diag;
    const auto product = Product(
        a, b, [](bool x, bool y) { return x && !y; }, {}, diag);
    REQUIRE(product);
    for (const Word& word : WordsUpTo(2, 6)) {
      if (product->Accepts(word) != (a.Accepts(word) && !b.Accepts(word))) FAIL("product " << i);
      if (Complement(a).Accepts(word) == a.Accepts(word)) FAIL("complement " << i);
    }
  }
}

TEST_CASE("a product that passes the limit is refused") {
  LanguageLimits limits;
  limits.max_states = 100;
  Diagnostics diag;
  CHECK_FALSE(Product(
      MinimalOf("mod(11)"), MinimalOf("regex:(.{13})*", "01"),
      [](bool x, bool y) { return x && y; }, limits, diag));
  CHECK(FirstError(diag) ==
        "the product of automata with 11 and 13 states has more than 100 states, the limit");
}

TEST_CASE("a right quotient takes the last symbol away") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 50; ++i) {
    const Dfa dfa = RandomDfa(random, 6, 2);
    const Dfa quotient = RightQuotient(dfa, 1);
    for (Word word : WordsUpTo(2, 6)) {
      const bool accepts = quotient.Accepts(word);
      word.push_back(1);
      if (accepts != dfa.Accepts(word)) FAIL("automaton " << i);
    }
  }
}

TEST_CASE("a separating word is found if there is one") {
  std::mt19937_64 random(5);
  const std::vector<Word> words = WordsUpTo(2, 6);
  for (int i = 0; i < 100; ++i) {
    const Dfa dfa = RandomDfa(random, 6, 2);
    const std::optional<Word> found = SeparatingWord(dfa, 0, 1);
    const auto separates = [&](const Word& w) {
      return dfa.accepting[dfa.Run(0, w)] != dfa.accepting[dfa.Run(1, w)];
    };
    // States of 6 that differ do so on a word of fewer than 6 symbols.
    const bool differ = std::any_of(words.begin(), words.end(), separates);
    REQUIRE(found.has_value() == differ);
    if (!found) continue;
    CHECK(separates(*found));
  }
}

TEST_CASE("a shortest word leads to its state, and no shorter one does") {
  std::mt19937_64 random(6);
  const std::vector<Word> words = WordsUpTo(2, 7);
  for (int i = 0; i < 50; ++i) {
    const Dfa dfa = RandomDfa(random, 8, 2);
    const StateId from = i % 8;
    for (StateId q = 0; q < dfa.num_states(); ++q) {
      const std::optional<Word> found = ShortestWord(dfa, from, q);
      const auto shortest = std::find_if(
          words.begin(), words.end(), [&](const Word& word) { return dfa.Run(from, word) == q; });
      REQUIRE(found.has_value() == (shortest != words.end()));
      if (!found) continue;
      CHECK(dfa.Run(from, *found) == q);
      CHECK(found->size() == shortest->size());
    }
  }
}

TEST_CASE("CheckDfa names what is wrong") {
  Dfa dfa = MinimalOf("parity");
  CHECK(CheckDfa(dfa) == "");
  dfa.start = 2;
  CHECK(CheckDfa(dfa) == "the start 2 is not a state");
  dfa.start = 0;
  dfa.next[3] = -1;
  CHECK(CheckDfa(dfa) == "a transition leads to -1, which is not a state");
  dfa.next.pop_back();
  CHECK(CheckDfa(dfa) == "3 transitions for 2 states and 2 symbols");
  CHECK(CheckDfa(Dfa{}) == "the automaton has no states");
}

}  // namespace
}  // namespace raspc
