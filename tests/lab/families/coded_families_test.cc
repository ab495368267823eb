// Non-regular languages: deciders against definitions written in another way (by rewriting or by
// listing), samplers, and programs.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <set>

#include "runtime/run/make_engine.h"
#include "lab/run/compile_generated_program.h"
#include "lab/run/run_problem.h"
#include "lab/registry/registry.h"
#include "tests/automata/language_testing.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

using Rule = std::pair<std::string, std::string>;  // left side, right side

// The rest of a text when no rule applies any more, each applied at the first possible place.
std::string Rewritten(std::string text, const std::vector<Rule>& rules) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [from, to] : rules) {
      for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from)) {
        text.replace(at, from.size(), to);
        changed = true;
      }
    }
  }
  return text;
}

std::string Kept(const std::string& text, const std::string& symbols) {
  std::string kept;
  for (const char c : text) {
    if (symbols.find(c) != std::string::npos) kept += c;
  }
  return kept;
}

const std::string kBrackets = "()[]{}";

bool ErasesToNothing(const std::string& text, std::size_t num_kinds) {
  std::vector<Rule> rules;
  for (std::size_t k = 0; k < num_kinds; ++k) rules.emplace_back(kBrackets.substr(2 * k, 2), "");
  return Rewritten(text, rules).empty();
}

bool EachErasesToNothing(const std::string& text, std::size_t num_kinds) {
  for (std::size_t k = 0; k < num_kinds; ++k) {
    if (!ErasesToNothing(Kept(text, kBrackets.substr(2 * k, 2)), num_kinds)) return false;
  }
  return true;
}

// The words of a set, which a second definition lists.
using Texts = std::set<std::string>;

Texts EqualBlocks(const std::string& letters, int max_length) {
  Texts texts;
  for (int n = 0; n * static_cast<int>(letters.size()) <= max_length; ++n) {
    std::string text;
    for (const char letter : letters) text += std::string(static_cast<std::size_t>(n), letter);
    texts.insert(text);
  }
  return texts;
}

Texts TwiceEach(int max_length) {
  Texts texts;
  for (const Word& word : WordsUpTo(2, max_length / 2)) {
    const std::string text = ToText(SmallLetters(2), word);
    texts.insert(text + text);
  }
  return texts;
}

// Formulas by length and value, put together from shorter ones.
class Formulas {
 public:
  explicit Formulas(int max_length) : by_length_(static_cast<std::size_t>(max_length) + 1) {
    Add(1, 0, "0");
    Add(1, 1, "1");
    for (int n = 2; n <= max_length; ++n) {
      for (const int value : {0, 1}) {
        for (const auto& f : Of(n - 1, value)) Add(n, 1 - value, "~" + f);
      }
      for (int left = 1; left < n - 3; ++left) AddPairs(n, left);
    }
  }
  // The formulas of that length with that value.
  const std::vector<std::string>& Of(int n, int value) const {
    return by_length_[static_cast<std::size_t>(n)][static_cast<std::size_t>(value)];
  }

 private:
  void Add(int n, int value, std::string text) {
    by_length_[static_cast<std::size_t>(n)][static_cast<std::size_t>(value)].push_back(
        std::move(text));
  }
  void AddPairs(int n, int left) {
    for (const int a : {0, 1}) {
      for (const int b : {0, 1}) {
        for (const auto& f : Of(left, a)) {
          for (const auto& g : Of(n - 3 - left, b)) {
            Add(n, std::min(a, b), "(" + f + "&" + g + ")");
            Add(n, std::max(a, b), "(" + f + "|" + g + ")");
          }
        }
      }
    }
  }
  std::vector<std::array<std::vector<std::string>, 2>> by_length_;
};

// A definition that has nothing in common with the decider.
struct Case {
  std::string name;
  int exhaustive_to;       // all words up to here are decided both ways
  int long_exhaustive_to;  // in the long test
  int chi_square_length;
  std::function<bool(const std::string&)> brute_force;
};

std::vector<Case> Cases() {
  const auto listed = [](const Texts& texts) {
    return [texts](const std::string& text) { return texts.count(text) > 0; };
  };
  const std::vector<Rule> expression = {{"~0", "1"},   {"~1", "1"},   {"+00", "1"},  {"+01", "1"},
                                        {"+10", "1"},  {"+11", "1"},  {">111", "1"}, {">000", "1"},
                                        {">001", "1"}, {">010", "1"}, {">011", "1"}, {">100", "1"},
                                        {">101", "1"}, {">110", "1"}};
  const auto is_palindrome = [](std::string text) {
    while (text.size() > 1 && text.front() == text.back()) text = text.substr(1, text.size() - 2);
    return text;
  };
  const std::vector<Rule> evaluate = {
      {"~0", "1"},    {"~1", "0"},    {"(0&0)", "0"}, {"(0&1)", "0"}, {"(1&0)", "0"},
      {"(1&1)", "1"}, {"(0|0)", "0"}, {"(0|1)", "1"}, {"(1|0)", "1"}, {"(1|1)", "1"}};
  return {
      {"a_n_b_n", 10, 12, 8, listed(EqualBlocks("ab", 12))},
      {"a_n_b_n_c_n", 9, 10, 6, listed(EqualBlocks("abc", 12))},
      {"a_n_b_n_c_n_d_n", 7, 10, 4, listed(EqualBlocks("abcd", 12))},
      {"majority", 10, 12, 7,
       [](const std::string& text) {
         const std::string left = Rewritten(text, {{"01", ""}, {"10", ""}});
         return !left.empty() && left[0] == '1';
       }},
      {"equality", 10, 12, 8,
       [](const std::string& text) {
         return Rewritten(text, {{"ab", ""}, {"ba", ""}}).empty();
       }},
      {"boolean_expression", 6, 9, 5,
       [=](const std::string& text) {
         const std::string left = Rewritten(text, expression);
         return left == "0" || left == "1";
       }},
      {"dyck(1)", 10, 12, 8, [](const std::string& text) { return ErasesToNothing(text, 1); }},
      {"dyck(2)", 7, 10, 6, [](const std::string& text) { return ErasesToNothing(text, 2); }},
      {"dyck(3)", 5, 8, 4, [](const std::string& text) { return ErasesToNothing(text, 3); }},
      {"shuffle_dyck(1)", 10, 12, 8,
       [](const std::string& text) { return EachErasesToNothing(text, 1); }},
      {"shuffle_dyck(2)", 7, 10, 6,
       [](const std::string& text) { return EachErasesToNothing(text, 2); }},
      {"shuffle_dyck(3)", 5, 8, 4,
       [](const std::string& text) { return EachErasesToNothing(text, 3); }},
      {"reset_dyck_1", 9, 10, 6,
       [](const std::string& text) {
         const std::size_t reset = text.rfind('r');
         return reset != std::string::npos && ErasesToNothing(text.substr(reset + 1), 1);
       }},
      {"palindromes", 10, 12, 8,
       [=](const std::string& text) { return is_palindrome(text).size() < 2; }},
      {"even_palindromes", 10, 12, 8,
       [=](const std::string& text) { return is_palindrome(text).empty(); }},
      {"copy", 10, 12, 8, listed(TwiceEach(12))},
      {"a_two_n", 10, 40, 8,
       [](std::string text) {
         while (text.size() > 1 && text.size() % 2 == 0) text.resize(text.size() / 2);
         return text.size() == 1;
       }},
      {"boolean_formula_value", 5, 7, 5,
       [=](const std::string& text) { return Rewritten(text, evaluate) == "1"; }},
  };
}

std::function<bool(const Word&)> OnWords(const Problem& problem, const Case& of) {
  return
      [&problem, &of](const Word& word) { return of.brute_force(ToText(problem.alphabet, word)); };
}

// Both definitions on interesting words: members, near misses, hard ones.
void CheckDeciderOnSamples(const Problem& problem, const Case& of, int max_length) {
  Diagnostics diag;
  const auto source = problem.make_sampler(max_length, {}, diag);
  REQUIRE(source);
  std::mt19937_64 random(14);
  int wrong = 0;
  for (int length = 0; length <= max_length; ++length) {
    for (int i = 0; i < 60; ++i) {
      const auto word = i % 3 == 0   ? source->Member(length, random)
                        : i % 3 == 1 ? source->NearMiss(length, random)
                                     : source->Hard(length, random);
      if (word && problem.decide(*word) != OnWords(problem, of)(*word)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("deciders of languages that are not regular agree with second definitions") {
  for (const Case& of : Cases()) {
    const Problem problem = ProblemOf(of.name);
    CheckDecider(problem, of.exhaustive_to, OnWords(problem, of));
    CheckDeciderOnSamples(problem, of, 12);
  }
}

TEST_CASE("deciders of languages that are not regular agree with second definitions on more words",
          "[.long]") {
  for (const Case& of : Cases()) {
    const Problem problem = ProblemOf(of.name);
    CheckDecider(problem, of.long_exhaustive_to, OnWords(problem, of));
    CheckDeciderOnSamples(problem, of, 12);
  }
}

TEST_CASE("the formulas up to a length, listed from shorter ones, have the value decided") {
  const Problem problem = ProblemOf("boolean_formula_value");
  const Formulas formulas(10);
  for (int n = 1; n <= 10; ++n) {
    for (const int value : {0, 1}) {
      for (const std::string& text : formulas.Of(n, value)) {
        Diagnostics diag;
        const auto word = ReadWord(problem.alphabet, text, diag);
        REQUIRE(word);
        if (problem.decide(*word) != (value == 1)) FAIL(text);
      }
    }
  }
}

TEST_CASE("sources of languages that are not regular are uniform") {
  for (const Case& of : Cases()) CheckSampler(ProblemOf(of.name), 20, of.chi_square_length);
}

// Near misses and hard words really occur: at lengths that have a word of the kind, one is found.
TEST_CASE("near misses are found at every length close to a member's") {
  for (const Case& of : Cases()) {
    const Problem problem = ProblemOf(of.name);
    if (problem.alphabet.size() == 1) continue;  // only the length matters
    CAPTURE(problem.name);
    Diagnostics diag;
    const auto source = problem.make_sampler(30, {}, diag);
    REQUIRE(source);
    std::mt19937_64 random(15);
    for (int length = 1; length < 30; ++length) {
      CAPTURE(length);
      if (source->Member(length, random) && source->NonMember(length, random)) {
        CHECK(source->NearMiss(length, random));
      }
      CHECK(source->Hard(length, random));
    }
  }
}

TEST_CASE("match2 and match3 agree with all pairs and triples") {
  for (const int modulus : {2, 3, 5, 16}) {
    const Problem two = ProblemOf("match2(" + std::to_string(modulus) + ")");
    const Problem three = ProblemOf("match3(" + std::to_string(modulus) + ")");
    std::mt19937_64 random(16);
    for (int i = 0; i < 300; ++i) {
      Word word(random() % 9);
      for (SymbolId& symbol : word) symbol = static_cast<int>(random() % unsigned(modulus));
      Answer pairs, triples;
      for (const int x : word) {
        bool has_pair = false, has_triple = false;
        for (const int y : word) {
          has_pair |= (x + y) % modulus == 0;
          for (const int z : word) has_triple |= (x + y + z) % modulus == 0;
        }
        pairs.push_back(has_pair ? "1" : "0");
        triples.push_back(has_triple ? "1" : "0");
      }
      CHECK(two.answer(word) == pairs);
      CHECK(three.answer(word) == triples);
    }
  }
}

const std::vector<std::string>& AllNames() {
  static const std::vector<std::string> names = {
      "a_n_b_n",      "a_n_b_n_c_n",           "a_n_b_n_c_n_d_n",  "majority",
      "equality",     "boolean_expression",    "dyck(1)",          "dyck(2)",
      "dyck(3)",      "shuffle_dyck(1)",       "shuffle_dyck(2)",  "shuffle_dyck(3)",
      "reset_dyck_1", "palindromes",           "even_palindromes", "copy",
      "a_two_n",      "boolean_formula_value", "match2(16)",       "match3(16)"};
  return names;
}

// Every mechanism of which theory says that there is a program.
void CheckAll(const std::string& name, const ProgramCheck& bounds) {
  const Problem problem = ProblemOf(name);
  for (const Mechanism mechanism : kAllMechanisms) {
    if (!problem.TheoryOf(mechanism).IsBuilt()) continue;
    ProgramCheck check = bounds;
    check.mechanism = mechanism;
    CheckProgram(problem, check);
  }
}

TEST_CASE("programs of languages that are not regular agree with their deciders") {
  for (const std::string& name : AllNames()) CheckAll(name, {});
}

TEST_CASE(
    "programs of languages that are not regular are right where only the empty word and "
    "symbols are words") {
  for (const std::string& name : AllNames()) {
    ProgramCheck check;
    check.max_length = 1;
    CheckAll(name, check);
  }
}

TEST_CASE("programs of languages that are not regular agree with their deciders up to 64 symbols",
          "[.long]") {
  for (const std::string& name : AllNames()) {
    ProgramCheck check;
    check.max_length = 64;
    check.samples = 2'000;
    check.most_exhaustive = 20'000;
    CheckAll(name, check);
  }
}

TEST_CASE(
    "programs of languages that are not regular have layers that do not depend on the length") {
  for (const std::string& name : AllNames()) {
    const Problem problem = ProblemOf(name);
    for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kCot}) {
      if (!problem.TheoryOf(mechanism).IsBuilt()) continue;
      CAPTURE(name, MechanismName(mechanism));
      CHECK(NumLayers(problem, mechanism, 16) == NumLayers(problem, mechanism, 64));
    }
  }
}

TEST_CASE("the Boolean formula value is refused by constant depth with the theorem") {
  const Problem problem = ProblemOf("boolean_formula_value");
  for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kPad}) {
    CHECK(problem.TheoryOf(mechanism).expectation == Expectation::kConditionalNo);
    GeneratedProgramOptions options;
    options.mechanism = mechanism;
    Diagnostics diag;
    CHECK_FALSE(problem.make_program(options, diag));
    REQUIRE_FALSE(diag.all().empty());
    CHECK(diag.all().front().kind == ErrorKind::kValue);
    CHECK(diag.all().front().message.find("complete for NC1") != std::string::npos);
  }
}

// A balanced tree of 16 values takes 4 rounds if no operand decides alone: of 1s under `&`.
TEST_CASE("the Boolean formula value takes all of its rounds") {
  const Problem problem = ProblemOf("boolean_formula_value");
  std::string text = "1";
  for (int level = 0; level < 4; ++level) text = "(" + text + "&" + text + ")";
  Diagnostics diag;
  const std::vector<Word> words = {*ReadWord(problem.alphabet, text, diag)};
  for (int rounds = 0; rounds <= 4; ++rounds) {
    GeneratedProgramOptions options;
    options.mechanism = Mechanism::kLogDepth;
    options.num_rounds = rounds;
    const auto recogniser = problem.make_program(options, diag);
    REQUIRE(recogniser);
    const auto compiled = CompileGeneratedProgram(*recogniser, diag);
    REQUIRE(compiled);
    const auto outcome = RunProblem(problem, *recogniser, compiled->model,
                                    *MakeEngine(EngineKind::kStructured, compiled->model), words);
    CAPTURE(rounds);
    CHECK(outcome.at(0).is_right == (rounds == 4));
  }
}

TEST_CASE("palindromes and copies are languages over any alphabet, others only over their own") {
  const auto alphabet = [](const std::string& text) {
    Diagnostics diag;
    return ReadAlphabet(text, {}, diag);
  };
  for (const char* name : {"palindromes", "copy"}) {
    Diagnostics diag;
    const auto problem = ReadProblem(name, alphabet("x$y"), {}, diag);
    REQUIRE(problem);
    ProgramCheck check;
    check.max_length = 8;
    CheckProgram(*problem, check);
    // Symbols that RASP cannot write have other names in the program.
    const auto quoted = ReadProblem(name, alphabet("a\"\n"), {}, diag);
    REQUIRE(quoted);
    CheckProgram(*quoted, check);
  }
  Diagnostics diag;
  CHECK_FALSE(ReadProblem("dyck(2)", alphabet("ab"), {}, diag));
  CHECK(FirstError(diag) ==
        R"-(dyck(2) is defined over the alphabet ["(", ")", "[", "]"], not ["a", "b"])-");
}

TEST_CASE("problems are found by other names that are in use") {
  for (const auto& [other, name] :
       {Rule{"anbn", "a_n_b_n"}, Rule{"ww", "copy"}, Rule{"quaternion", "q8"},
        Rule{"cyclic(5)", "mod(5)"}, Rule{"dyck(2)", "dyck(2)"}, Rule{"dyck(2,3)", "dyck(2,3)"}}) {
    CHECK(ProblemOf(other).name == name);
  }
}

// Being too large is not a claim that there is none.
TEST_CASE("machines with too many counters or rows are past a limit") {
  for (const char* name : {"shuffle_dyck(50)", "shuffle_dyck(8)", "dyck(100)"}) {
    const Problem problem = ProblemOf(name);
    CHECK(problem.TheoryOf(Mechanism::kCot).IsBuilt());
    GeneratedProgramOptions options;
    options.mechanism = Mechanism::kCot;
    Diagnostics diag;
    CHECK_FALSE(problem.make_program(options, diag));
    REQUIRE_FALSE(diag.all().empty());
    CHECK(diag.all().front().kind == ErrorKind::kLimit);
  }
}

TEST_CASE("tables and counts past their limits are refused") {
  const Problem problem = ProblemOf("shuffle_dyck(3)");
  Diagnostics diag;
  LanguageLimits limits;
  limits.max_steps = 1'000;
  CHECK_FALSE(problem.make_sampler(100, limits, diag));
  CHECK(diag.all().back().kind == ErrorKind::kLimit);
}

}  // namespace
}  // namespace raspc
