// Formulas as problems: the catalogue's and random ones, as programs and as models, against the
// definition; and that against a second one.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "lab/families/formulas/formula_problem.h"
#include "tests/automata/language_testing.h"
#include "tests/lab/problem_testing.h"
#include "tests/frontends/formulas/random_formula.h"

namespace raspc {
namespace {

// The positions of a symbol.
std::vector<int> PlacesOf(const Word& word, SymbolId symbol) {
  std::vector<int> places;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == symbol) places.push_back(static_cast<int>(i));
  }
  return places;
}

int CountOf(const Word& word, SymbolId symbol) {
  return static_cast<int>(PlacesOf(word, symbol).size());
}

struct NamedLanguage {
  std::string name;
  std::function<bool(const Word& word)> holds;
};

// Second definitions of the catalogue's formulas.
const std::vector<NamedLanguage>& Languages() {
  static const std::vector<NamedLanguage> languages = {
      {"as_many_as_bs", [](const Word& w) { return CountOf(w, 0) == CountOf(w, 1); }},
      {"square_length",
       [](const Word& w) {
         std::size_t root = 0;
         while (root * root < w.size()) ++root;
         return root * root == w.size();
       }},
      {"a_then_b", [](const Word& w) { return w.empty() || w.back() == 1; }},
      {"balanced_at_b",
       [](const Word& w) {
         int before = 0;
         for (const SymbolId symbol : w) {
           if (symbol == 1 && 2 * before == CountOf(w, 0)) return true;
           before += symbol == 0;
         }
         return false;
       }},
      {"fo_palindromes", [](const Word& w) { return w == Word(w.rbegin(), w.rend()); }},
      {"fo_dyck",
       [](const Word& w) {
         int depth = 0;
         for (const SymbolId symbol : w) {
           depth += symbol == 0 ? 1 : -1;
           if (depth < 0) return false;
         }
         return depth == 0;
       }},
      {"equally_spaced",
       [](const Word& w) {
         for (std::size_t distance = 1; distance < w.size(); ++distance) {
           for (std::size_t i = 0; i + 2 * distance < w.size(); ++i) {
             if (w[i] == 0 && w[i + distance] == 0 && w[i + 2 * distance] == 0) return true;
           }
         }
         return false;
       }},
      {"majority_of_pairs",
       [](const Word& w) {
         const auto n = static_cast<int>(w.size());
         return 2 * CountOf(w, 0) * CountOf(w, 0) > n * n;
       }},
      {"prime_length",
       [](const Word& w) {
         std::size_t divisors = 0;
         for (std::size_t d = 1; d <= w.size(); ++d) divisors += w.size() % d == 0;
         return divisors == 2;
       }},
      {"sum_free",
       [](const Word& w) {
         for (const int x : PlacesOf(w, 0)) {
           for (const int y : PlacesOf(w, 0)) {
             const auto sum = static_cast<std::size_t>(x + y);
             if (sum < w.size() && w[sum] == 1) return false;
           }
         }
         return true;
       }},
      {"c_between",
       [](const Word& w) {
         bool is_open = false;  // whether an a comes before, and no c since
         for (const SymbolId symbol : w) {
           if (symbol == 1 && is_open) return false;
           is_open = symbol == 0 || (is_open && symbol != 2);
         }
         return true;
       }},
      {"long_run",
       [](const Word& w) {
         std::size_t run = 0, longest = 0;
         for (const SymbolId symbol : w) {
           run = symbol == 0 ? run + 1 : 0;
           longest = std::max(longest, run);
         }
         return 2 * longest > w.size();
       }},
  };
  return languages;
}

TEST_CASE("the catalogue's formulas say what their words say") {
  for (const NamedLanguage& language : Languages()) {
    const Problem problem = ProblemOf(language.name);
    CheckDecider(problem, problem.alphabet.size() > 2 ? 6 : 9, language.holds);
  }
}

TEST_CASE("every formula of the catalogue is tested here") {
  for (const ProblemEntry& entry : ProblemEntries()) {
    if (entry.level != "first-order with counting") continue;
    INFO(entry.name);
    CHECK(std::any_of(Languages().begin(), Languages().end(),
                      [&](const NamedLanguage& language) { return language.name == entry.name; }));
  }
}

TEST_CASE("sources of formulas are uniform, by listing and by trying") {
  CheckSampler(ProblemOf("equally_spaced"), 14, 6);
  CheckSampler(ProblemOf("formula:MAJ x. a(x) OR NOT (b(x) OR c(x))"), 9, 4);
  CheckSampler(ProblemOf("formula:EXISTS x. a(x) AND b(x + 1) AND c(x + 2) AND d(x + 3)"), 7, 4);
}

TEST_CASE("the catalogue's formulas are recognised by padding and without as they say") {
  for (const NamedLanguage& language : Languages()) {
    const Problem problem = ProblemOf(language.name);
    CHECK(problem.TheoryOf(Mechanism::kPad).IsBuilt());
    ProgramCheck check;
    check.mechanism = Mechanism::kPad;
    const bool has_three_variables = language.name == "c_between" || language.name == "long_run";
    check.max_length = has_three_variables ? 5 : 10;
    check.most_exhaustive = 130;
    check.samples = 40;
    check.most_interpreted = 10;
    CheckProgram(problem, check);
    for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kLogDepth}) {
      if (!problem.TheoryOf(mechanism).IsBuilt()) continue;
      check.mechanism = mechanism;
      check.max_length = 20;
      CheckProgram(problem, check);
    }
  }
}

TEST_CASE("formulas are recognised at their greatest lengths", "[.long]") {
  for (const NamedLanguage& language : Languages()) {
    const Problem problem = ProblemOf(language.name);
    const bool has_three_variables = language.name == "c_between" || language.name == "long_run";
    ProgramCheck check;
    check.mechanism = Mechanism::kPad;
    check.max_length = has_three_variables ? 8 : 16;
    check.most_exhaustive = 2000;
    check.samples = 500;
    CheckProgram(problem, check);
    check.max_length = has_three_variables ? 12 : 40;
    check.samples = 100;
    check.most_interpreted = 5;
    CheckProgram(problem, check);
    check.mechanism = Mechanism::kDirect;
    check.max_length = 64;
    if (problem.TheoryOf(Mechanism::kDirect).IsBuilt()) {
      CheckProgram(problem, check);
    }
  }
}

TEST_CASE("programs of formulas have layers that do not depend on the length") {
  for (const NamedLanguage& language : Languages()) {
    CAPTURE(language.name);
    const Problem problem = ProblemOf(language.name);
    // Shorter words than these may take other numbers of layers, as larger parts of the program are
    // one table; and so may products, which are a table or computed in steps.
    if (language.name != "prime_length" && language.name != "majority_of_pairs") {
      CHECK(NumLayers(problem, Mechanism::kPad, 16) == NumLayers(problem, Mechanism::kPad, 32));
    }
    if (!problem.TheoryOf(Mechanism::kDirect).IsBuilt()) continue;
    CHECK(NumLayers(problem, Mechanism::kDirect, 16) == NumLayers(problem, Mechanism::kDirect, 64));
  }
}

TEST_CASE("programs of formulas are right for words of one symbol at most") {
  for (const char* formula :
       {"formula:a(0) OR b(0)", "formula:NOT EXISTS x. a(x)", "formula:FORALL x, y. a(x) AND b(y)",
        "formula:MAJ x, y. a(x) OR b(y)", "formula:#x, y. (a(x) AND a(y)) = n",
        "formula:n = 0 AND b(0) OR last = 0", "formula:EXISTS x, y. BIT(x + 2, y + 1) AND a(x)"}) {
    for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kPad}) {
      const Problem problem = ProblemOf(formula);
      if (!problem.TheoryOf(mechanism).IsBuilt()) continue;
      ProgramCheck check;
      check.mechanism = mechanism;
      check.max_length = 1;
      CheckProgram(problem, check);
    }
  }
}

// ---- Random formulas.

// The formula's language over a and b, whichever of these it names.
Problem OverAb(const std::string& formula) {
  Diagnostics diag;
  auto problem = FormulaProblem(formula, "formula:" + formula, SmallLetters(2), diag);
  INFO(formula << ": " << Render(diag));
  REQUIRE(problem);
  return *std::move(problem);
}

TEST_CASE("a random formula means what its parts do") {
  std::mt19937_64 random(21);
  for (int i = 0; i < 300; ++i) {
    const RandomFormula formula = MakeRandomFormula(random, {.depth = 4, .num_variables = 3});
    const Problem problem = OverAb(formula.text);
    int wrong = 0;
    for (const Word& word : WordsUpTo(2, 5)) wrong += problem.decide(word) != formula.holds(word);
    INFO(formula.text);
    CHECK(wrong == 0);
  }
}

void CheckRandomPrograms(std::uint64_t seed, int count, const RandomFormulaSizes& sizes,
                         int max_length) {
  std::mt19937_64 random(seed);
  int padded = 0, direct = 0;
  for (int i = 0; i < count; ++i) {
    const RandomFormula formula = MakeRandomFormula(random, sizes);
    const Problem problem = OverAb(formula.text);
    ProgramCheck check;
    check.max_length = max_length;
    check.most_exhaustive = 64;
    check.samples = 12;
    check.most_interpreted = 8;
    check.mechanism = Mechanism::kPad;
    CheckProgram(problem, check);
    ++padded;
    if (!problem.TheoryOf(Mechanism::kDirect).IsBuilt()) continue;
    check.mechanism = Mechanism::kDirect;
    CheckProgram(problem, check);
    ++direct;
  }
  CHECK(padded > count / 2);
  CHECK(direct > count / 10);
}

TEST_CASE("programs of random formulas agree with their definition") {
  CheckRandomPrograms(22, 25, {.depth = 3, .num_variables = 2}, 7);
  CheckRandomPrograms(23, 4, {.depth = 3, .num_variables = 3}, 4);
}

TEST_CASE("programs of many random formulas agree with their definition", "[.long]") {
  CheckRandomPrograms(24, 400, {.depth = 3, .num_variables = 2}, 9);
  CheckRandomPrograms(25, 100, {.depth = 4, .num_variables = 3}, 5);
}

// ---- Refusals.

TEST_CASE("formulas are refused a mechanism that has no program for them") {
  const Problem problem = ProblemOf("equally_spaced");
  for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kLogDepth, Mechanism::kCot}) {
    GeneratedProgramOptions options;
    options.mechanism = mechanism;
    Diagnostics diag;
    CHECK_FALSE(problem.make_program(options, diag));
    CHECK(diag.all().front().kind == ErrorKind::kValue);
    CHECK(diag.all().front().message.starts_with("equally_spaced can be solved by"));
  }
}

TEST_CASE("more padding than is compiled is refused with the length that is not too much") {
  const Problem problem = ProblemOf("c_between");
  GeneratedProgramOptions options;
  options.mechanism = Mechanism::kPad;
  Diagnostics diag;
  CHECK_FALSE(problem.make_program(options, diag));
  CHECK(FirstError(diag) ==
        "words of 64 symbols take 64^3 padding tokens; the limit is 40000, so the maximum length "
        "can be at most 34");
}

TEST_CASE("symbols that RASP cannot write get tokens with other names") {
  const Problem problem = ProblemOf(R"(formula:EXISTS x. "\""(x) AND NOT "\\"(x))");
  CHECK(problem.alphabet.symbols() == std::vector<std::string>{"\"", "\\"});
  CHECK(problem.decide({0}));
  CHECK_FALSE(problem.decide({1}));
  CheckProgram(problem, {});
}

TEST_CASE("end markers and padding tokens are not symbols of the word") {
  const Problem problem =
      ProblemOf(R"(formula:EXISTS x, y. x < y AND "$"(x) AND _(y) AND "$"(2 * y - x))");
  ProgramCheck check;
  check.mechanism = Mechanism::kPad;
  check.max_length = 7;
  CheckProgram(problem, check);
}

}  // namespace
}  // namespace raspc
