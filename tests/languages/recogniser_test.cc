// Recognisers against their automata; what is chosen, what it costs, and what is refused.
#include "languages/recognise/recogniser.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "languages/algebra/image_groups.h"
#include "languages/catalogue/catalogue.h"
#include "runtime/engine/verdict.h"
#include "tests/languages/language_testing.h"
#include "tests/languages/recogniser_testing.h"

namespace raspc {
namespace {

constexpr Mechanism kAll[] = {Mechanism::kDirect, Mechanism::kDepth, Mechanism::kCot};

RecogniserOptions OptionsFor(Mechanism mechanism, std::int64_t max_length) {
  RecogniserOptions options;
  options.mechanism = mechanism;
  options.max_length = max_length;
  return options;
}

// Builds the language by every mechanism for words of up to 64 symbols and compares them on all
// short words and on sampled ones. Only a language that is not solvable may lack a direct one.
void CheckAllMechanisms(const Dfa& dfa, std::size_t most_short, int num_samples, bool is_solvable) {
  std::mt19937_64 random(dfa.num_states() * 1000 + dfa.num_symbols());
  std::vector<Word> words = ShortWords(dfa, 8, most_short);
  for (Word& word : SampleWords(dfa, 64, num_samples, random)) words.push_back(std::move(word));
  for (const Mechanism mechanism : kAll) {
    if (mechanism == Mechanism::kDirect && !is_solvable) continue;
    CAPTURE(static_cast<int>(mechanism));
    const BuiltRecogniser built = MustBuild(dfa, OptionsFor(mechanism, 64));
    for (const Diagnostic& warning : built.diag.all()) {  // nothing may fail, least of all silently
      INFO(Render(warning));
      CHECK(warning.message.find("compiling for float64") != std::string::npos);
    }
    CheckAgrees(built, dfa, words, 60);
  }
}

bool IsSolvable(const Dfa& dfa) {
  Diagnostics diag;
  const auto groups = ImageGroups(dfa, {}, diag);
  REQUIRE(groups);
  return Summarise(*groups, {}).is_solvable == true;
}

Dfa RandomSmallDfa(std::mt19937_64& random) {
  const int num_states = 2 + static_cast<int>(random() % 5);
  const int num_symbols = 2 + static_cast<int>(random() % 2);
  return RandomMinimalDfa(random, num_states, num_symbols);
}

// An expression over a and b, or a, b and c, of the given number of operators.
std::string RandomExpression(std::mt19937_64& random, int num_operators, int num_symbols) {
  if (num_operators == 0) return std::string(1, static_cast<char>('a' + random() % num_symbols));
  const int left = static_cast<int>(random() % num_operators);
  const auto part = [&](int size) { return RandomExpression(random, size, num_symbols); };
  switch (random() % 4) {
    case 0:
      return "(" + part(num_operators - 1) + ")*";
    case 1:
      return "(" + part(left) + "|" + part(num_operators - 1 - left) + ")";
    default:
      return part(left) + part(num_operators - 1 - left);
  }
}

void CheckRandomAutomata(int count, std::size_t most_short, int num_samples) {
  std::mt19937_64 random(5);
  for (int i = 0; i < count; ++i) {
    const Dfa dfa = RandomSmallDfa(random);
    CAPTURE(i, dfa.num_states(), dfa.next, dfa.accepting);
    CheckAllMechanisms(dfa, most_short, num_samples, IsSolvable(dfa));
  }
}

// Those whose automata have at most 8 states; larger ones are for `depth` and `cot` mostly.
void CheckRandomExpressions(int count, std::size_t most_short, int num_samples) {
  std::mt19937_64 random(6);
  for (int i = 0; i < count;) {
    const int num_symbols = 2 + static_cast<int>(random() % 2);
    const std::string expression =
        RandomExpression(random, 3 + static_cast<int>(random() % 6), num_symbols);
    const Dfa dfa = MinimalOf("regex:" + expression, num_symbols == 2 ? "ab" : "abc");
    if (dfa.num_states() > 8) continue;
    ++i;
    CAPTURE(expression);
    CheckAllMechanisms(dfa, most_short, num_samples, IsSolvable(dfa));
  }
}

TEST_CASE("recognisers of languages of the catalogue agree with their automata") {
  const std::string name =
      GENERATE("parity", "tomita_1", "tomita_2", "tomita_3", "tomita_4", "tomita_5", "tomita_6",
               "tomita_7", "first", "last", "a_to_b", "bb_first", "lt_1", "lt_2", "pt_2",
               "a_plus_b_plus", "rdp_1", "ldp_1", "ab_or_ba_star", "aa_or_bb_star", "a_or_bb_star",
               "from_end(3)", "even_pairs", "flip_flop", "grid(4)", "cycle_navigation(5)", "s3",
               "abab_star", "d(2)", "dyck(2,1)", "a5_point");
  CAPTURE(name);
  const Dfa dfa = MinimalOf(name);
  CheckAllMechanisms(dfa, 500, 200, IsSolvable(dfa));
}

TEST_CASE("recognisers of random automata agree with them") { CheckRandomAutomata(20, 500, 200); }

TEST_CASE("recognisers of random regular expressions agree with them") {
  CheckRandomExpressions(10, 500, 200);
}

TEST_CASE("recognisers of the catalogue agree with their automata on many words", "[.long]") {
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const std::vector<int>& arguments : entry.examples) {
      const std::string name = CatalogueName(entry, arguments);
      CAPTURE(name);
      const Dfa dfa = MinimalOf(name);
      if (dfa.num_states() > 8) continue;
      CheckAllMechanisms(dfa, 100'000, 2'000, IsSolvable(dfa));
    }
  }
}

TEST_CASE("recognisers of many random automata agree with them", "[.long]") {
  CheckRandomAutomata(200, 100'000, 2'000);
}

TEST_CASE("recognisers of many random regular expressions agree with them", "[.long]") {
  CheckRandomExpressions(100, 100'000, 2'000);
}

}  // namespace
}  // namespace raspc
