// Match3 by padding, against its definition.
#include <catch2/catch.hpp>

#include "frontends/formulas/match3.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

class NumberSampler final : public WordSampler {
 public:
  NumberSampler(int modulus, int max_length) : modulus_(modulus), max_length_(max_length) {}
  std::optional<Word> Member(int length, std::mt19937_64& random) const override {
    if (length > max_length_) return std::nullopt;
    Word word(static_cast<std::size_t>(length));
    // Few different numbers, so that often there is no match.
    const unsigned kinds = 1 + static_cast<unsigned>(random() % 4);
    const auto offset = random();
    for (SymbolId& a : word) {
      a = static_cast<SymbolId>((offset + 7 * (random() % kinds)) %
                                static_cast<unsigned>(modulus_));
    }
    return word;
  }
  std::optional<Word> NonMember(int, std::mt19937_64&) const override { return std::nullopt; }
  std::optional<Word> NearMiss(int, std::mt19937_64&) const override { return std::nullopt; }

 private:
  int modulus_, max_length_;
};

Problem Match3(int modulus) {
  Problem problem;
  problem.name = "match3";
  problem.kind = ProblemKind::kTask;
  std::vector<std::string> symbols;
  for (int i = 0; i < modulus; ++i) symbols.push_back(std::to_string(i));
  problem.alphabet = Alphabet(symbols);
  problem.answer = [modulus](const Word& word) -> std::optional<Answer> {
    Answer answer;
    for (const int a : word) {
      bool found = false;
      for (const int b : word) {
        for (const int c : word) found = found || (a + b + c) % modulus == 0;
      }
      answer.push_back(found ? "1" : "0");
    }
    return answer;
  };
  problem.make_sampler = [modulus](int max_length, const LanguageLimits&, Diagnostics&) {
    return std::make_unique<NumberSampler>(modulus, max_length);
  };
  problem.make_program = [modulus](const GeneratedProgramOptions& options, Diagnostics& diag) {
    return Match3ByPads(modulus, options, diag);
  };
  return problem;
}

TEST_CASE("Match3 by padding agrees with its definition") {
  const auto [modulus, max_length] =
      GENERATE(table<int, int>({{1, 4}, {2, 6}, {5, 1}, {5, 8}, {16, 16}, {37, 12}}));
  ProgramCheck check;
  check.mechanism = Mechanism::kPad;
  check.max_length = max_length;
  CheckProgram(Match3(modulus), check);
}

TEST_CASE("Match3 by padding refuses lengths and moduli past its limits") {
  Diagnostics diag;
  GeneratedProgramOptions options;
  options.max_length = 1000;
  CHECK_FALSE(Match3ByPads(5, options, diag));
  CHECK(diag.all().back().kind == ErrorKind::kLimit);
  options.max_length = 8;
  CHECK_FALSE(Match3ByPads(5000, options, diag));
  CHECK(diag.all().back().message ==
        "the modulus 5000 exceeds 250, the limit of Match3 by padding");
}

}  // namespace
}  // namespace raspc
