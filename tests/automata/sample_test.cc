// Samplers: words are in the language, of the requested length, and equally likely.
#include "automata/sample.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

DfaSampler SamplerOf(const Dfa& dfa, int max_length) {
  Diagnostics diag;
  const auto sampler = DfaSampler::Make(dfa, max_length, {}, diag);
  REQUIRE(sampler);
  return *sampler;
}

TEST_CASE("counts are those of listing all words") {
  std::mt19937_64 random(81);
  for (int i = 0; i < 50; ++i) {
    const int num_symbols = 1 + i % 3;
    const Dfa dfa = RandomMinimalDfa(random, 6, num_symbols);
    const DfaSampler sampler = SamplerOf(dfa, 6);
    std::map<int, int> counts;
    for (const Word& word : WordsUpTo(num_symbols, 6)) {
      counts[static_cast<int>(word.size())] += dfa.Accepts(word) ? 1 : 0;
    }
    for (int length = 0; length <= 6; ++length) {
      CHECK(sampler.HasWords(length) == (counts[length] > 0));
      if (counts[length] == 0) {
        CHECK(std::isinf(sampler.Log2Count(length)));
      } else {
        CHECK(std::exp2(sampler.Log2Count(length)) == Approx(counts[length]).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("words of one length are equally likely") {
  // contains_ab has 2^8 - 9 = 247 words of length 8; chi squared has 246 degrees of freedom, so
  // deviation 22; a correct sampler never exceeds six of them, fixed seed or not.
  const Dfa dfa = MinimalOf("contains_ab");
  const DfaSampler sampler = SamplerOf(dfa, 8);
  std::mt19937_64 random(82);
  std::map<Word, int> seen;
  const int num_draws = 247 * 100;
  for (int i = 0; i < num_draws; ++i) ++seen[sampler.Sample(8, random)];
  CHECK(seen.size() == 247);
  double chi_squared = 0;
  for (const auto& [word, count] : seen) {
    CHECK(dfa.Accepts(word));
    chi_squared += (count - 100.0) * (count - 100.0) / 100.0;
  }
  CHECK(chi_squared < 246 + 6 * 22.2);
  CHECK(chi_squared > 246 - 6 * 22.2);
}

TEST_CASE("counts neither overflow nor vanish next to larger ones") {
  // At even lengths the one word is a^n, and states that other words lead to accept 2^m of length
  // m.
  const Dfa dfa = MinimalOf("regex:(aa)*|a(aa)*b.(..)*", "ab");
  const DfaSampler sampler = SamplerOf(dfa, 5001);
  std::mt19937_64 random(83);
  for (const int length : {0, 2, 2000, 5000}) {
    CHECK(sampler.Log2Count(length) == 0);
    CHECK(sampler.Sample(length, random) == Word(static_cast<std::size_t>(length), 0));
  }
  CHECK(sampler.Log2Count(5001) == Approx(4999 + std::log2(4.0 / 3)).epsilon(1e-9));
  for (int i = 0; i < 20; ++i) CHECK(dfa.Accepts(sampler.Sample(5001, random)));
}

TEST_CASE("near misses are one change away and outside") {
  std::mt19937_64 random(84);
  for (const char* name : {"parity", "dyck(2,2)", "tomita_3", "contains_ab", "s3", "first"}) {
    const Dfa dfa = MinimalOf(name);
    const DfaSampler sampler = SamplerOf(dfa, 20);
    int num_found = 0;
    for (int i = 0; i < 200; ++i) {
      const int length = UniformBelow(random, 21);
      if (!sampler.HasWords(length)) continue;
      const Word member = sampler.Sample(length, random);
      REQUIRE(static_cast<int>(member.size()) == length);
      REQUIRE(dfa.Accepts(member));
      const bool keep_length = i % 2 == 0;
      const std::optional<Word> miss = NearMiss(dfa, member, keep_length, random);
      if (!miss) continue;
      ++num_found;
      CHECK_FALSE(dfa.Accepts(*miss));
      const int difference = static_cast<int>(miss->size()) - length;
      CHECK(std::abs(difference) <= (keep_length ? 0 : 1));
      if (difference != 0) continue;
      int num_changed = 0;
      for (int k = 0; k < length; ++k) num_changed += (*miss)[k] != member[k] ? 1 : 0;
      CHECK(num_changed >= 1);
      CHECK(num_changed <= 2);
    }
    CHECK(num_found >= 30);
  }
  CHECK_FALSE(NearMiss(MinimalOf("regex:.*", "ab"), {0, 1, 1}, false, random));
}

TEST_CASE("a table of counts that is too large is refused") {
  Diagnostics diag;
  CHECK_FALSE(DfaSampler::Make(MinimalOf("s5"), 1'000'000, {}, diag));
  CHECK(FirstError(diag) ==
        "counting words of up to 1000000 symbols on 120 states takes more than 300000000 steps, "
        "the limit");
}

TEST_CASE("draws below a bound are equally likely") {
  std::mt19937_64 random(85);
  std::map<int, int> seen;
  for (int i = 0; i < 70000; ++i) ++seen[UniformBelow(random, 7)];
  CHECK(seen.size() == 7);
  for (const auto& [value, count] : seen) {
    CHECK(value >= 0);
    CHECK(value < 7);
    CHECK(std::abs(count - 10000) < 6 * 93);
  }
}

}  // namespace
}  // namespace raspc
