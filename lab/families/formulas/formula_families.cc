#include "lab/families/formulas/formula_families.h"

#include <fmt/format.h>

#include "lab/families/formulas/formula_problem.h"

namespace raspc {
namespace {

struct NamedFormula {
  const char* name;
  const char* alphabet;  // a symbol per character
  const char* words;     // the formula in words
  const char* formula;
  // The same language under another name, or as an expression: what is known about it also holds
  // for the formula, and its programs are used where the formula has none. Null if there is none.
  const char* same_as = nullptr;
  const char* level = kFormulaLevel;  // of that one
};

// Formulas that need no padding, with one variable at a time or two; with two variables that need
// n^2 padding tokens; with three.
constexpr NamedFormula kFormulas[] = {
    {"as_many_as_bs", "ab", "as many a's as b's", "#x. a(x) = #x. b(x)", "equality",
     "deterministic context-free"},
    {"square_length", "a", "the length is a perfect square",
     "n = 0 OR EXISTS x. (x + 1) * (x + 1) = n"},
    {"a_then_b", "ab", "every a is followed, immediately or later, by a b",
     "FORALL x. a(x) IMPLIES EXISTS y. x < y AND b(y)", "regex:(.*b)?", "regular"},
    {"balanced_at_b", "ab", "some b has as many a's before it as after it",
     "EXISTS x. b(x) AND #y. (y < x AND a(y)) = #y. (y > x AND a(y))"},
    {"fo_palindromes", "ab", "the word reads the same backwards",
     "FORALL x, y. x + y = last IMPLIES (a(x) IFF a(y))", "palindromes", "context-free"},
    {"fo_dyck", "()", "balanced brackets, by counting those of each prefix",
     "#x. \"(\"(x) = #x. \")\"(x) AND "
     "FORALL x. #y. (y <= x AND \"(\"(y)) >= #y. (y <= x AND \")\"(y))",
     "dyck(1)", "deterministic context-free"},
    {"equally_spaced", "ab", "three equally spaced a's",
     "EXISTS x, y. x < y AND a(x) AND a(y) AND a(2 * y - x)"},
    {"majority_of_pairs", "ab", "more than half of all pairs of symbols are pairs of a's",
     "MAJ x, y. a(x) AND a(y)"},
    {"prime_length", "a", "the length is a prime number",
     "n > 1 AND FORALL x, y. (x + 2) * (y + 2) != n"},
    {"sum_free", "ab", "no b is at the sum of the positions, from 0, of two a's",
     "NOT EXISTS x, y. a(x) AND a(y) AND b(x + y)"},
    {"c_between", "abc", "between every a and every later b there is a c",
     "FORALL x, y. a(x) AND b(y) AND x < y IMPLIES EXISTS z. x < z AND z < y AND c(z)",
     "regex:~(.*a[^c]*b.*)", "regular"},
    {"long_run", "ab", "a run of a's longer than half of the word",
     "EXISTS x, y. 2 * (y - x + 1) > n AND FORALL z. x <= z AND z <= y IMPLIES a(z)"},
};

std::optional<Problem> BuildNamed(const NamedFormula& named,
                                  const std::optional<Alphabet>& alphabet, Diagnostics& diag) {
  const std::optional<Alphabet> own = ReadAlphabet(named.alphabet, {}, diag);
  if (!own) return std::nullopt;
  auto problem = FormulaProblem(named.formula, named.name, alphabet.value_or(*own), diag);
  if (problem) problem->definition = fmt::format("{}: {}", named.words, named.formula);
  return problem;
}

}  // namespace

void AddFormulaFamilies(std::vector<ProblemEntry>& entries) {
  for (const NamedFormula& named : kFormulas) {
    ProblemEntry entry;
    entry.name = named.name;
    entry.level = named.level;
    for (const char* symbol = named.alphabet; *symbol != '\0'; ++symbol) {
      entry.symbols += (entry.symbols.empty() ? "" : " ") + std::string(1, *symbol);
    }
    entry.definition = fmt::format("{}: {}", named.words, named.formula);
    entry.same_as = named.same_as == nullptr ? "" : named.same_as;
    entry.build = [&named](const std::vector<int>&, const std::optional<Alphabet>& alphabet,
                           const LanguageLimits&,
                           Diagnostics& diag) { return BuildNamed(named, alphabet, diag); };
    entries.push_back(std::move(entry));
  }
}

}  // namespace raspc
