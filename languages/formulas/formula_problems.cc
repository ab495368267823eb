#include "languages/formulas/formula_problems.h"

#include <fmt/format.h>

#include "languages/formulas/formula_problem.h"

namespace raspc {
namespace {

struct NamedFormula {
  const char* name;
  const char* alphabet;  // a symbol per character
  const char* words;     // what the formula says
  const char* formula;
};

// Formulas that need no padding, one variable at a time or two; of two variables that need n^2
// pads; of three.
constexpr NamedFormula kFormulas[] = {
    {"as_many_as_bs", "ab", "as many a's as b's", "#x. a(x) = #x. b(x)"},
    {"square_length", "a", "the length is a perfect square",
     "n = 0 OR EXISTS x. (x + 1) * (x + 1) = n"},
    {"a_then_b", "ab", "every a is followed, at once or later, by a b; a regular language",
     "FORALL x. a(x) IMPLIES EXISTS y. x < y AND b(y)"},
    {"balanced_at_b", "ab", "some b has as many a's before it as behind it",
     "EXISTS x. b(x) AND #y. (y < x AND a(y)) = #y. (y > x AND a(y))"},
    {"fo_palindromes", "ab", "the word reads the same backwards",
     "FORALL x, y. x + y = last IMPLIES (a(x) IFF a(y))"},
    {"fo_dyck", "()", "brackets that match, by counting those of each prefix",
     "#x. \"(\"(x) = #x. \")\"(x) AND "
     "FORALL x. #y. (y <= x AND \"(\"(y)) >= #y. (y <= x AND \")\"(y))"},
    {"equally_spaced", "ab", "three a's at equal distances",
     "EXISTS x, y. x < y AND a(x) AND a(y) AND a(2 * y - x)"},
    {"majority_of_pairs", "ab", "more than half of all pairs of symbols are two a's",
     "MAJ x, y. a(x) AND a(y)"},
    {"prime_length", "a", "the length is a prime number",
     "n > 1 AND FORALL x, y. (x + 2) * (y + 2) != n"},
    {"sum_free", "ab", "no sum of the positions of two a's, from 0, is that of a b",
     "NOT EXISTS x, y. a(x) AND a(y) AND b(x + y)"},
    {"c_between", "abc", "between every a and every b behind it is a c; a regular language",
     "FORALL x, y. a(x) AND b(y) AND x < y IMPLIES EXISTS z. x < z AND z < y AND c(z)"},
    {"long_run", "ab", "a run of a's that is more than half of the word",
     "EXISTS x, y. 2 * (y - x + 1) > n AND FORALL z. x <= z AND z <= y IMPLIES a(z)"},
};

}  // namespace

void AddFormulaProblems(std::vector<ProblemEntry>& entries) {
  for (const NamedFormula& named : kFormulas) {
    ProblemEntry entry;
    entry.name = named.name;
    entry.level = kFormulaLevel;
    for (const char* symbol = named.alphabet; *symbol != '\0'; ++symbol) {
      entry.symbols += (entry.symbols.empty() ? "" : " ") + std::string(1, *symbol);
    }
    entry.definition = fmt::format("{}: {}", named.words, named.formula);
    entry.examples = {{}};
    entry.build = [&named](const std::vector<int>&, const std::optional<Alphabet>& alphabet,
                           const LanguageLimits&, Diagnostics& diag) -> std::optional<Problem> {
      const auto over = alphabet ? alphabet : ReadAlphabet(named.alphabet, {}, diag);
      if (!over) return std::nullopt;
      auto problem = FormulaProblem(named.formula, named.name, over, diag);
      if (problem) problem->definition = fmt::format("{}: {}", named.words, named.formula);
      return problem;
    };
    entries.push_back(std::move(entry));
  }
}

}  // namespace raspc
