// Recognisers against their automata; the choice of construction, its cost, and refusals.
#include "frontends/regular/recogniser.h"

#include <catch2/catch.hpp>
#include <map>

#include "automata/algebra/image_groups.h"
#include "lab/families/regular/catalogue.h"
#include "frontends/symbol_text.h"
#include "runtime/run/verdict.h"
#include "tests/automata/language_testing.h"
#include "tests/frontends/regular/recogniser_testing.h"

namespace raspc {
namespace {

constexpr Mechanism kAll[] = {Mechanism::kDirect, Mechanism::kLogDepth, Mechanism::kCot};

GeneratedProgramOptions OptionsFor(Mechanism mechanism, std::int64_t max_length) {
  GeneratedProgramOptions options;
  options.mechanism = mechanism;
  options.max_length = max_length;
  return options;
}

// Builds the language by every mechanism for words of up to 64 symbols and compares them on all
// short words and on sampled ones. Only a non-solvable language may lack a direct one.
void CheckAllMechanisms(const Dfa& dfa, std::size_t most_short, int num_samples, bool is_solvable) {
  std::mt19937_64 random(dfa.num_states() * 1000 + dfa.num_symbols());
  std::vector<Word> words = ShortWords(dfa, 8, most_short);
  for (Word& word : SampleWords(dfa, 64, num_samples, random)) words.push_back(std::move(word));
  for (const Mechanism mechanism : kAll) {
    if (mechanism == Mechanism::kDirect && !is_solvable) continue;
    CAPTURE(static_cast<int>(mechanism));
    const BuiltProgram built = MustBuild(dfa, OptionsFor(mechanism, 64));
    for (const Diagnostic& warning : built.diag.all()) {  // nothing may fail, least of all silently
      INFO(Render(warning));
      CHECK(warning.message.find("compiling for float64") != std::string::npos);
    }
    CheckAgrees(built, dfa, words, 60);
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

void CheckRandomExpressions(int count, std::size_t most_short, int num_samples) {
  std::mt19937_64 random(6);
  for (int i = 0; i < count; ++i) {
    const SmallExpression expression = RandomSmallExpression(random);
    const Dfa dfa = MinimalOf(expression.text, expression.alphabet);
    CAPTURE(expression.text);
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

TEST_CASE("recognisers of automata with large groups agree with them") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 15; ++i) {
    const Dfa dfa = RandomWreathDfa(random);
    CAPTURE(i, dfa.num_states(), dfa.next, dfa.accepting);
    CheckAllMechanisms(dfa, 500, 200, IsSolvable(dfa));
  }
}

// Automata for which recognisers were wrong, or refused.
TEST_CASE("recognisers of automata that were trouble agree with them") {
  struct Row {
    const char* what;
    std::vector<std::vector<StateId>> maps;
  };
  const Row row = GENERATE(
      Row{"twice a count modulo 3 was taken for a number below 3",
          {{5, 3, 4, 1, 0, 2}, {2, 1, 0, 4, 3, 5}}},
      Row{"a table of 1,080 rows could not be one",
          {{5, 3, 4, 2, 0, 1}, {2, 1, 2, 3, 4, 4}, {1, 2, 0, 4, 3, 5}, {3, 1, 4, 3, 4, 5}}},
      Row{"numbers in a row were too imprecise, or not as precise as wanted",
          {{0, 1, 3, 2, 4, 5}, {0, 2, 1, 3, 5, 4}, {0, 1, 0, 3, 4, 5}, {3, 5, 1, 1, 2, 0}}});
  CAPTURE(row.what);
  for (const std::uint64_t verdicts : {0b010101, 0b001011}) {
    const Dfa dfa = Minimised(MakeDfa(
        SmallLetters(static_cast<int>(row.maps.size())), 6, 0,
        [&](StateId q, SymbolId a) { return row.maps[a][q]; },
        [&](StateId q) { return (verdicts >> q & 1) == 1; }));
    REQUIRE(dfa.num_states() == 6);
    CheckAllMechanisms(dfa, 500, 200, true);
  }
}

int NumLayers(const BuiltProgram& built) {
  return static_cast<int>(built.compiled.model.layers.size());
}

TEST_CASE("the depth of a direct recogniser is the same at every length") {
  std::mt19937_64 random(7);
  std::vector<Dfa> automata;
  for (const char* name : {"parity", "tomita_3", "tomita_4", "tomita_5", "tomita_7", "s3", "s4",
                           "grid(5)", "dyck(2,2)", "from_end(3)", "ldp_2"}) {
    automata.push_back(MinimalOf(name));
  }
  while (automata.size() < 20) {
    Dfa dfa = RandomSmallDfa(random);
    if (IsSolvable(dfa)) automata.push_back(std::move(dfa));
  }
  for (const Dfa& dfa : automata) {
    CAPTURE(dfa.next, dfa.accepting);
    const BuiltProgram at_16 = MustBuild(dfa, OptionsFor(Mechanism::kDirect, 16));
    for (const int length : {64, 256}) {
      CAPTURE(length);
      const BuiltProgram longer = MustBuild(dfa, OptionsFor(Mechanism::kDirect, length));
      CHECK(NumLayers(longer) == NumLayers(at_16));
      CHECK(longer.recogniser.depth == at_16.recogniser.depth);
    }
  }
}

TEST_CASE("a star-free recogniser has the layers of its program") {
  const char* name = GENERATE("tomita_2", "tomita_4", "ab_or_ba_star", "grid(5)", "d(4)", "rdp_1");
  CAPTURE(name);
  const BuiltProgram built = MustBuild(MinimalOf(name), OptionsFor(Mechanism::kDirect, 64));
  CHECK(NumLayers(built) == built.recogniser.depth);
}

TEST_CASE("composition takes a round more for each doubling of the length") {
  const std::string name = GENERATE("tomita_4", "s3", "grid(5)", "parity");
  CAPTURE(name);
  std::vector<int> layers;
  for (const int length : {8, 16, 32, 64, 128}) {
    const BuiltProgram built = MustBuild(MinimalOf(name), OptionsFor(Mechanism::kLogDepth, length));
    CHECK(built.recogniser.depth == 3 + static_cast<int>(layers.size()));
    layers.push_back(NumLayers(built));
  }
  // A round is a gather, and often a second layer that transforms its result.
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const int rounds = 3 + static_cast<int>(i);
    CHECK(layers[i] >= rounds);
    CHECK(layers[i] <= 2 * rounds + 3);
  }
}

TEST_CASE("the cheapest construction is chosen") {
  struct Row {
    const char* language;
    const char* construction;
    int depth;
  };
  const Row row =
      GENERATE(Row{"last", "a look at the last 1 symbol", 1},
               Row{"first", "a look at the first 1 symbol", 1},
               Row{"a_to_b", "a look at the first 1 symbol and the last 1 symbol", 1},
               Row{"from_end(3)", "a look at the last 3 symbols", 1},
               Row{"parity", "counts of 1 symbol", 1}, Row{"tomita_5", "counts of 2 symbols", 1},
               Row{"tomita_7", "a partially ordered automaton of 5 states", 4},
               Row{"tomita_4", "a cascade of 3 levels, resets only", 4},
               Row{"s3", "a cascade of 1 level, with the groups S3", 2});
  CAPTURE(row.language);
  Diagnostics diag;
  const auto recogniser = MakeRecogniser(MinimalOf(row.language), row.language,
                                         OptionsFor(Mechanism::kDirect, 64), diag);
  REQUIRE(recogniser);
  CHECK(recogniser->construction == row.construction);
  CHECK(recogniser->depth == row.depth);
}

TEST_CASE("a language that is not solvable is refused with its group and the theorem") {
  const std::string name = GENERATE("a5", "s5", "a5_point", "s5_point");
  std::string error;
  for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kPad}) {
    CHECK_FALSE(Build(MinimalOf(name), OptionsFor(mechanism, 16), error));
    CHECK(error.find("the group A5") != std::string::npos);
    CHECK(error.find("TC0 = NC1") != std::string::npos);
    CHECK(error.find("Barrington 1989") != std::string::npos);
  }
  CHECK(Build(MinimalOf(name), OptionsFor(Mechanism::kCot, 16), error));
}

TEST_CASE("past the limit on rows a recogniser is refused, not attempted") {
  GeneratedProgramOptions options =
      OptionsFor(GENERATE(Mechanism::kDirect, Mechanism::kLogDepth, Mechanism::kCot), 64);
  options.max_rows = 10;
  std::string error;
  CHECK_FALSE(Build(MinimalOf("ab_or_aabb_star"), options, error));
  CHECK(error.find("10 table rows, the limit") != std::string::npos);
}

TEST_CASE("symbols may have the names of tokens that a program adds") {
  const Alphabet alphabet({"$", "accept", "q0", "two words", "#"});
  const Dfa dfa = Minimised(MakeDfa(
      alphabet, 3, 0, [](StateId q, SymbolId a) { return a == 4 ? 0 : (q + a) % 3; },
      [](StateId q) { return q == 1; }));
  CheckAllMechanisms(dfa, 200, 50, true);
}

TEST_CASE("symbols that RASP cannot write have other names in programs") {
  const Alphabet alphabet({"\"", "\n", "\uFF02", "\u240A", "\u241B\uFF02", "\\", "say \"a\"\r"});
  const Dfa dfa = Minimised(MakeDfa(
      alphabet, 3, 0, [](StateId q, SymbolId a) { return a == 4 ? 0 : (q + a) % 3; },
      [](StateId q) { return q == 1; }));
  CheckAllMechanisms(dfa, 200, 50, true);
  const BuiltProgram built = MustBuild(dfa, OptionsFor(Mechanism::kDirect, 4));
  CHECK(built.recogniser.Source().find("\"\uFF02\" for \"\\\"\"") != std::string::npos);
}

TEST_CASE("no two symbols have the same text, and texts are joined like symbols") {
  const std::vector<std::string> pieces = {
      "",       "a",      "\"",     "\n", "\r", std::string(1, '\0'), "\uFF02", "\u240A",
      "\u240D", "\u2400", "\u241B", " ",  "\\"};
  std::map<std::string, std::string> symbols;  // by text
  for (const std::string& a : pieces) {
    for (const std::string& b : pieces) {
      for (const std::string& c : pieces) {
        const std::string symbol = a + b + c, text = SymbolToText(symbol);
        CAPTURE(symbol, text);
        CHECK(text.find_first_of(std::string("\"\n\r\0", 4)) == std::string::npos);
        CHECK(text == SymbolToText(a) + SymbolToText(b) + SymbolToText(c));
        CHECK(TextToSymbol(text) == symbol);
        CHECK(symbols.emplace(text, symbol).first->second == symbol);
      }
    }
  }
}

TEST_CASE("languages of every word and of none, and words of one symbol, have recognisers") {
  for (const char* name : {"regex:(a|b)*", "regex:~((a|b)*)", "regex:a"}) {
    CAPTURE(name);
    const Dfa dfa = MinimalOf(name, "ab");
    for (const Mechanism mechanism : kAll) {
      const BuiltProgram built = MustBuild(dfa, OptionsFor(mechanism, 1));
      CheckAgrees(built, dfa, WordsUpTo(2, 1), 10);
    }
  }
}

TEST_CASE("equal languages give equal programs") {
  Diagnostics diag;
  for (const Mechanism mechanism : kAll) {
    const GeneratedProgramOptions options = OptionsFor(mechanism, 12);
    const auto a = MakeRecogniser(MinimalOf("tomita_3"), "x", options, diag);
    const auto b = MakeRecogniser(MinimalOf("tomita_3"), "x", options, diag);
    REQUIRE((a && b));
    CHECK(a->Source() == b->Source());
  }
}

}  // namespace
}  // namespace raspc
