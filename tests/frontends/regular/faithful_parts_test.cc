// Parts of automata: that they are quotients that distinguish all words that the automaton does,
// and how small they are. And functions as chains of tables.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "frontends/regular/decision_steps.h"
#include "frontends/regular/faithful_parts.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

FaithfulParts MustFind(const Dfa& dfa, const LanguageLimits& limits = {}) {
  std::optional<FaithfulParts> parts = FindFaithfulParts(dfa, 10'000, limits);
  REQUIRE(parts);
  return *std::move(parts);
}

void CheckQuotient(const Dfa& dfa, const AutomatonPart& part) {
  REQUIRE(CheckDfa(part.blocks) == "");
  CHECK(part.blocks.start == part.block_of[static_cast<std::size_t>(dfa.start)]);
  bool is_quotient = true;
  for (StateId q = 0; q < dfa.num_states(); ++q) {
    for (SymbolId a = 0; a < dfa.num_symbols(); ++a) {
      const int block = part.block_of[static_cast<std::size_t>(q)];
      is_quotient = is_quotient && part.blocks.Next(block, a) ==
                                       part.block_of[static_cast<std::size_t>(dfa.Next(q, a))];
    }
  }
  CHECK(is_quotient);
}

// What a word does to all states of all automata, side by side.
std::vector<StateId> Effect(const std::vector<const Dfa*>& automata, const Word& word) {
  std::vector<StateId> effect;
  for (const Dfa* dfa : automata) {
    for (StateId q = 0; q < dfa->num_states(); ++q) effect.push_back(dfa->Run(q, word));
  }
  return effect;
}

void CheckParts(const Dfa& dfa) {
  const FaithfulParts found = MustFind(dfa);
  std::vector<const Dfa*> parts;
  for (const AutomatonPart& part : found.parts) {
    CheckQuotient(dfa, part);
    parts.push_back(&part.blocks);
  }
  // On short and long words: words act equally on the parts if and only if they do on the states.
  std::mt19937_64 random(3);
  std::vector<Word> words = WordsUpTo(dfa.num_symbols(), 5);
  for (int i = 0; i < 300; ++i) {
    Word word(random() % 30);
    for (SymbolId& a : word) a = static_cast<SymbolId>(random() % dfa.num_symbols());
    words.push_back(std::move(word));
  }
  std::map<std::vector<StateId>, std::vector<StateId>> effect_of;
  std::map<std::vector<int>, StateId> state_of;
  for (const Word& word : words) {
    const auto effect = Effect({&dfa}, word);
    CHECK(effect_of.emplace(Effect(parts, word), effect).first->second == effect);
    if (!found.blocks_tell_state) continue;
    std::vector<int> blocks;
    for (const Dfa* part : parts) blocks.push_back(part->Run(part->start, word));
    const StateId q = dfa.Run(dfa.start, word);
    CHECK(state_of.emplace(blocks, q).first->second == q);
  }
  CHECK(found.blocks_tell_state == !found.monoid.has_value());
}

TEST_CASE("parts of random automata distinguish what the automaton does") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 150; ++i) {
    const Dfa dfa = i % 2 == 0 ? RandomSmallDfa(random) : RandomSmallGroupDfa(random);
    if (dfa.num_states() < 2) continue;
    CAPTURE(i, dfa.next, dfa.accepting);
    CheckParts(dfa);
  }
}

TEST_CASE("parts are as small as the group allows") {
  struct Row {
    const char* language;
    std::vector<int> num_blocks;
  };
  // A point's stabiliser in S4, A4, S5 and A5; the two factors of C6 are no cheaper together.
  const Row row = GENERATE(Row{"s4", {4}}, Row{"a4", {4}}, Row{"s5", {5}}, Row{"a5", {5}},
                           Row{"s5_point", {5}}, Row{"q8", {8}}, Row{"parity", {2}});
  CAPTURE(row.language);
  const Dfa dfa = MinimalOf(row.language);
  CheckParts(dfa);
  std::vector<int> num_blocks;
  const FaithfulParts parts = MustFind(dfa);
  for (const AutomatonPart& part : parts.parts) {
    num_blocks.push_back(part.blocks.num_states());
  }
  CHECK(num_blocks == row.num_blocks);
}

TEST_CASE("a product of automata is followed as its factors") {
  // Counts of a modulo 7 and of b modulo 5: the monoid has 35 elements, its factors 7 and 5.
  const Dfa dfa = Minimised(MakeDfa(
      SmallLetters(2), 35, 0,
      [](StateId q, SymbolId a) {
        return a == 0 ? (q / 5 + 1) % 7 * 5 + q % 5 : q / 5 * 5 + (q % 5 + 1) % 5;
      },
      [](StateId q) { return q == 0; }));
  CheckParts(dfa);
  const FaithfulParts found = MustFind(dfa);
  CHECK(found.parts.size() == 2);
  CHECK(found.NumRows() == 7 * 7 + 5 * 5);
}

TEST_CASE("if the monoid is too large to list the states are still distinguished") {
  LanguageLimits limits;
  limits.max_monoid = 10;
  const Dfa dfa = MinimalOf("s4");
  const FaithfulParts found = MustFind(dfa, limits);
  CHECK(found.blocks_tell_state);
  for (const AutomatonPart& part : found.parts) CheckQuotient(dfa, part);
}

TEST_CASE("parts that take too many rows are not found") {
  const Dfa dfa = MinimalOf("s5");
  CHECK_FALSE(FindFaithfulParts(dfa, 124, {}));
  CHECK(FindFaithfulParts(dfa, 125, {}));
}

bool Follow(const std::vector<DecisionStep>& steps, const std::vector<int>& values) {
  int node = 0;
  for (const DecisionStep& step : steps) {
    node =
        step.next[static_cast<std::size_t>(node)][static_cast<std::size_t>(values[step.variable])];
  }
  return node == 1;
}

TEST_CASE("steps give the result at every point, whatever the points leave out") {
  std::mt19937_64 random(9);
  for (int i = 0; i < 200; ++i) {
    const std::vector<int> num_values = {1 + static_cast<int>(random() % 3), 2, 3, 2};
    std::vector<DecisionPoint> points;
    bool has_true = false, has_false = false;
    for (int at = 0; at < num_values[0] * 12; ++at) {
      if (i % 4 < 2 && random() % 4 == 0) continue;
      const std::vector<int> values = {at / 12, at / 6 % 2, at / 2 % 3, at % 2};
      // Sometimes of two of the numbers alone.
      const bool result = i % 2 == 0 ? random() % 2 == 0 : (values[1] + values[2]) % 2 == 0;
      (result ? has_true : has_false) = true;
      points.push_back({values, result});
    }
    if (!has_true || !has_false) continue;
    const auto steps = DecisionSteps(points, num_values);
    if (i % 4 == 3) CHECK(steps.size() == 2);
    for (const DecisionPoint& point : points) CHECK(Follow(steps, point.values) == point.result);
  }
}

TEST_CASE("no step is needed where the result is always the same") {
  CHECK(DecisionSteps({{{0, 1}, true}, {{1, 0}, true}}, {2, 2}).empty());
}

}  // namespace
}  // namespace raspc
