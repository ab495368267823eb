// The catalogue's machine problems by every mechanism, against definitions written in another way.
#include <catch2/catch.hpp>
#include <set>

#include "tests/automata/language_testing.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

std::string Times(int count, char c) { return std::string(static_cast<std::size_t>(count), c); }

// All words of up to that many symbols, as text.
std::set<std::string> Crossed(int max_length) {
  std::set<std::string> words;
  for (int m = 0; 2 * m <= max_length; ++m) {
    for (int n = 0; 2 * (m + n) <= max_length; ++n) {
      words.insert(Times(m, 'a') + Times(n, 'b') + Times(m, 'c') + Times(n, 'd'));
    }
  }
  return words;
}

std::set<std::string> Marked(int max_length, bool is_reversed) {
  std::set<std::string> words;
  for (const Word& half : WordsUpTo(2, (max_length - 1) / 2)) {
    const std::string text = ToText(SmallLetters(2), half);
    words.insert(text + "c" + (is_reversed ? std::string(text.rbegin(), text.rend()) : text));
  }
  return words;
}

void CheckByAll(const Problem& problem, int max_length, int samples) {
  for (const Mechanism mechanism : kAllMechanisms) {
    CHECK(problem.TheoryOf(mechanism).IsBuilt());
    ProgramCheck check;
    check.mechanism = mechanism;
    check.max_length = max_length;
    check.samples = samples;
    CheckProgram(problem, check);
  }
}

TEST_CASE(
    "languages of machines are defined and sampled correctly, and solved by every mechanism") {
  const auto check = [](const std::string& name, const std::set<std::string>& words) {
    const Problem problem = ProblemOf(name);
    CheckDecider(problem, 7,
                 [&](const Word& word) { return words.contains(ToText(problem.alphabet, word)); });
    CheckSampler(problem, 12, 5);
    CheckByAll(problem, 17, 60);
  };
  check("crossed_blocks", Crossed(7));
  check("marked_palindromes", Marked(7, true));
  check("marked_copy", Marked(7, false));
}

TEST_CASE("the successor of a binary number is found by every mechanism") {
  const Problem problem = ProblemOf("binary_increment");
  for (const Word& word : WordsUpTo(2, 10)) {
    std::uint64_t number = 1;  // a 1 in front keeps the zeros
    for (const SymbolId bit : word) number = 2 * number + static_cast<std::uint64_t>(bit);
    std::string successor;
    for (std::uint64_t rest = number + 1; rest > 1; rest /= 2) {
      successor.insert(successor.begin(), rest % 2 == 1 ? '1' : '0');
    }
    // The carry has reached the 1 in front.
    if (successor.size() > word.size()) successor[0] = '1';
    const std::optional<Answer> answer = problem.answer(word);
    REQUIRE(answer);
    std::string text;
    for (const std::string& symbol : *answer) text += symbol;
    REQUIRE(text == successor);
  }
  CheckSampler(problem, 12, 6);
  CheckByAll(problem, 16, 60);
}

TEST_CASE("problems of machines are solved up to 64 symbols", "[.long]") {
  for (const char* name :
       {"crossed_blocks", "marked_palindromes", "marked_copy", "binary_increment"}) {
    CheckByAll(ProblemOf(name), 64, 500);
  }
}

}  // namespace
}  // namespace raspc
