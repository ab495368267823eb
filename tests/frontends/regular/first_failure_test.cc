// Where a composition with few rounds fails: against brute force over words, and against the models
// themselves.
#include <catch2/catch.hpp>

#include "frontends/regular/first_failure.h"
#include "tests/automata/language_testing.h"
#include "tests/frontends/regular/recogniser_testing.h"

namespace raspc {
namespace {

FirstFailure MustFind(const Dfa& dfa, int rounds) {
  Diagnostics diag;
  const auto failure = FirstFailureOfComposition(dfa, rounds, {}, diag);
  INFO(FirstError(diag));
  REQUIRE(failure);
  return *failure;
}

// What a composition of so many rounds says: the verdict on the last 2^rounds symbols.
bool CutVerdict(const Dfa& dfa, int rounds, const Word& word) {
  const std::size_t reach = std::size_t{1} << rounds;
  const std::size_t kept = std::min(word.size(), reach);
  return dfa.Accepts(Word(word.end() - static_cast<std::ptrdiff_t>(kept), word.end()));
}

// Checks the length against all words of up to `longest` symbols, and the word against the
// definition. Whether there is a failure among them.
bool CheckFailure(const Dfa& dfa, int rounds, int longest) {
  const FirstFailure failure = MustFind(dfa, rounds);
  std::optional<std::int64_t> first;
  for (const Word& word : WordsUpTo(dfa.num_symbols(), longest)) {
    if (CutVerdict(dfa, rounds, word) == dfa.Accepts(word)) continue;
    first = static_cast<std::int64_t>(word.size());
    break;
  }
  if (first || (failure.length && *failure.length <= longest)) CHECK(failure.length == first);
  CHECK(static_cast<std::int64_t>(failure.word.size()) == failure.length.value_or(0));
  if (failure.length) CHECK(CutVerdict(dfa, rounds, failure.word) != dfa.Accepts(failure.word));
  return first.has_value();
}

TEST_CASE("the first failing length is that of the shortest word that is decided wrongly") {
  std::mt19937_64 random(11);
  int num_failing = 0, num_right = 0;
  for (int i = 0; i < 300; ++i) {
    const int num_symbols = 1 + static_cast<int>(random() % 3);
    const Dfa dfa = RandomMinimalDfa(random, 2 + static_cast<int>(random() % 5), num_symbols);
    CAPTURE(i, dfa.num_symbols(), dfa.next, dfa.accepting);
    const int longest = num_symbols == 3 ? 8 : 12;
    for (const int rounds : {1, 2, 3}) {
      if (rounds == 3 && num_symbols == 3) continue;
      CAPTURE(rounds);
      (CheckFailure(dfa, rounds, longest) ? num_failing : num_right)++;
    }
  }
  CHECK(num_failing > 100);
  CHECK(num_right > 20);
}

TEST_CASE("of a group language composition first fails one symbol past its reach") {
  const std::string name = GENERATE("parity", "mod(6)", "tomita_6", "s3", "q8", "a5", "s5_point");
  CAPTURE(name);
  const Dfa dfa = MinimalOf(name);
  for (const int rounds : {1, 3, 6, 10}) {
    CHECK(MustFind(dfa, rounds).length == (std::int64_t{1} << rounds) + 1);
  }
}

TEST_CASE("composition of enough rounds never fails where the last symbols decide") {
  CHECK(MustFind(MinimalOf("last"), 1).length == std::nullopt);
  CHECK(MustFind(MinimalOf("from_end(3)"), 1).length == 3);
  CHECK(MustFind(MinimalOf("from_end(3)"), 2).length == std::nullopt);
  CHECK(MustFind(MinimalOf("regex:(a|b)*"), 1).length == std::nullopt);
}

TEST_CASE("a failure far away is found without following every symbol") {
  // Sets of pairs soon recur, so that 2^30 symbols are no more work than a few.
  const FirstFailure failure = MustFind(MinimalOf("s3"), 30);
  CHECK(failure.length == (std::int64_t{1} << 30) + 1);
  CHECK(failure.word.empty());
  CHECK(MustFind(MinimalOf("tomita_4"), 12).word.size() > (std::size_t{1} << 12));
}

TEST_CASE("past the limit on steps the first failure is not found, and that is reported") {
  Diagnostics diag;
  LanguageLimits limits;
  limits.max_steps = 100;
  CHECK_FALSE(FirstFailureOfComposition(MinimalOf("a5"), 6, limits, diag));
  CHECK(FirstError(diag).find("more than 100 steps") != std::string::npos);
}

// All words up to the first failing length, or two symbols past the reach where there is none, and
// the word that is to fail.
TEST_CASE("models of K rounds are right up to 2^K symbols and first fail where they are said to") {
  const std::string name = GENERATE("parity", "s3", "s5_point", "tomita_1", "tomita_2", "tomita_3",
                                    "tomita_4", "tomita_5", "tomita_6", "tomita_7", "last",
                                    "from_end(3)", "grid(4)", "d(2)", "lt_2");
  const Dfa dfa = MinimalOf(name);
  GeneratedProgramOptions options;
  options.mechanism = Mechanism::kLogDepth;
  options.max_length = 24;
  for (const int rounds : {1, 2, 3, 4}) {
    CAPTURE(name, rounds);
    options.num_rounds = rounds;
    const BuiltProgram built = MustBuild(dfa, options);
    const FirstFailure failure = MustFind(dfa, rounds);
    std::vector<Word> words = WordsUpTo(dfa.num_symbols(), dfa.num_symbols() == 2 ? 9 : 5);
    std::mt19937_64 random(rounds);
    for (Word& word : SampleWords(dfa, 24, 100, random)) words.push_back(std::move(word));
    words.push_back(failure.word);
    const std::vector<bool> verdicts = ModelVerdicts(built, dfa.alphabet, words);
    for (std::size_t i = 0; i < words.size(); ++i) {
      CAPTURE(ToText(dfa.alphabet, words[i]));
      CHECK(verdicts[i] == CutVerdict(dfa, rounds, words[i]));
    }
    CHECK((verdicts.back() == dfa.Accepts(failure.word)) == !failure.length);
  }
}

}  // namespace
}  // namespace raspc
