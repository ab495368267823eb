// The long sweep: every mechanism on the catalogue, on 200 random automata, on 300 with groups and
// on 100 random expressions, against the automaton.
//
// In slices, each a separate test case with a section for every mechanism:
//
//     raspc_recognise_tests "*random automata* - 3" -c depth
//
// What is refused for its size is counted and printed; a language with at most 6 states may not be.
#include <catch2/catch.hpp>

#include "frontends/regular/recogniser.h"
#include "lab/families/regular/catalogue.h"
#include "tests/automata/language_testing.h"
#include "tests/automata/random_language.h"
#include "tests/frontends/regular/recogniser_testing.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxOfLength = 100'000;
constexpr int kLongestExhaustive = 8;
constexpr int kMaxLength = 64;
constexpr int kNumSamples = 2'000;
constexpr std::size_t kMaxInterpreted = 60;
constexpr int kNeverRefused = 6;  // states

constexpr std::pair<const char*, Mechanism> kMechanisms[] = {
    {"direct", Mechanism::kDirect}, {"log-depth", Mechanism::kLogDepth}, {"cot", Mechanism::kCot}};

struct NamedDfa {
  std::string name;
  Dfa dfa;
};

struct SweepCounts {
  int agreeing = 0, not_solvable = 0;
  std::vector<std::string> too_large;  // and why
};

std::vector<Word> WordsFor(const Dfa& dfa) {
  std::mt19937_64 random(dfa.num_states() * 1000 + dfa.num_symbols());
  std::vector<Word> words = ShortWords(dfa, kLongestExhaustive, kMaxOfLength);
  for (Word& word : SampleWords(dfa, kMaxLength, kNumSamples, random)) {
    words.push_back(std::move(word));
  }
  return words;
}

// Whether the refusal is allowed; counted if so.
bool MayBeRefused(const NamedDfa& language, const Diagnostic& problem, SweepCounts& counts) {
  if (problem.kind == ErrorKind::kValue && !IsSolvable(language.dfa)) {
    ++counts.not_solvable;
    return true;
  }
  if (problem.kind != ErrorKind::kLimit || language.dfa.num_states() <= kNeverRefused) return false;
  counts.too_large.push_back(language.name + ": " + problem.message);
  return true;
}

void CheckLanguage(const NamedDfa& language, Mechanism mechanism, SweepCounts& counts) {
  CAPTURE(language.name, language.dfa.next, language.dfa.accepting);
  GeneratedProgramOptions options;
  options.mechanism = mechanism;
  options.max_length = kMaxLength;
  BuiltProgram built;
  auto recogniser = MakeRecogniser(language.dfa, language.name, options, built.diag);
  if (!recogniser) {
    INFO(Render(built.diag));
    CHECK(MayBeRefused(language, built.diag.all().front(), counts));
    return;
  }
  auto compiled = CompileGeneratedProgram(*recogniser, built.diag);
  INFO(Render(built.diag));
  REQUIRE(compiled);
  for (const Diagnostic& warning : built.diag.all()) {  // nothing may fail, least of all silently
    CHECK(warning.message.find("compiling for float64") != std::string::npos);
  }
  built.recogniser = *std::move(recogniser);
  built.compiled = *std::move(compiled);
  CheckAgrees(built, language.dfa, WordsFor(language.dfa), kMaxInterpreted);
  ++counts.agreeing;
}

void Sweep(const std::vector<NamedDfa>& languages) {
  for (const auto& [name, mechanism] : kMechanisms) {
    DYNAMIC_SECTION(name) {
      SweepCounts counts;
      for (const NamedDfa& language : languages) CheckLanguage(language, mechanism, counts);
      std::string too_large;
      for (const std::string& reason : counts.too_large) too_large += "\n  " + reason;
      WARN(name << ": " << counts.agreeing << " of " << languages.size() << " compared, "
                << counts.not_solvable << " refused as not solvable, " << counts.too_large.size()
                << " refused for size" << too_large);
    }
  }
}

// Every `num_slices`-th language from `slice` on.
template <typename T>
std::vector<T> SliceOf(const std::vector<T>& all, int slice, int num_slices) {
  std::vector<T> part;
  for (std::size_t i = static_cast<std::size_t>(slice); i < all.size();
       i += static_cast<std::size_t>(num_slices)) {
    part.push_back(all[i]);
  }
  return part;
}

TEMPLATE_TEST_CASE_SIG("recognisers of all languages of the catalogue (slice of 6)", "[.long]",
                       ((int kSlice), kSlice), 0, 1, 2, 3, 4, 5) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const auto& arguments : entry.examples) names.push_back(ProblemName(entry, arguments));
  }
  std::vector<NamedDfa> languages;
  for (const std::string& name : SliceOf(names, kSlice, 6)) {
    languages.push_back({name, MinimalOf(name)});
  }
  Sweep(languages);
}

TEMPLATE_TEST_CASE_SIG("recognisers of 200 random automata (slice of 8)", "[.long]",
                       ((int kSlice), kSlice), 0, 1, 2, 3, 4, 5, 6, 7) {
  std::mt19937_64 random(5);
  std::vector<NamedDfa> languages;
  for (int i = 0; i < 200; ++i) {
    languages.push_back({"automaton " + std::to_string(i), RandomSmallDfa(random)});
  }
  Sweep(SliceOf(languages, kSlice, 8));
}

TEMPLATE_TEST_CASE_SIG("recognisers of 100 random automata with groups (slice of 4)", "[.long]",
                       ((int kSlice), kSlice), 0, 1, 2, 3) {
  std::mt19937_64 random(8);
  std::vector<NamedDfa> languages;
  for (int i = 0; i < 100; ++i) {
    languages.push_back(
        {"automaton with groups " + std::to_string(i), RandomSmallGroupDfa(random)});
  }
  Sweep(SliceOf(languages, kSlice, 4));
}

TEMPLATE_TEST_CASE_SIG("recognisers of 200 automata with large groups (slice of 8)", "[.long]",
                       ((int kSlice), kSlice), 0, 1, 2, 3, 4, 5, 6, 7) {
  std::mt19937_64 random(2);
  std::vector<NamedDfa> languages;
  for (int i = 0; i < 200; ++i) {
    languages.push_back({"large groups " + std::to_string(i), RandomWreathDfa(random)});
  }
  Sweep(SliceOf(languages, kSlice, 8));
}

TEMPLATE_TEST_CASE_SIG("recognisers of 100 random expressions (slice of 4)", "[.long]",
                       ((int kSlice), kSlice), 0, 1, 2, 3) {
  std::mt19937_64 random(6);
  std::vector<NamedDfa> languages;
  for (int i = 0; i < 100; ++i) {
    const SmallExpression expression = RandomSmallExpression(random);
    languages.push_back({expression.text, MinimalOf(expression.text, expression.alphabet)});
  }
  Sweep(SliceOf(languages, kSlice, 4));
}

}  // namespace
}  // namespace raspc
