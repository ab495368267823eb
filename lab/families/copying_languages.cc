// Languages decided by comparing places determined by the length: palindromes, copies, and words
// whose length is a power of two. All are in AC0 and use gathers by position.
#include <algorithm>

#include "lab/families/language_machines.h"
#include "lab/families/problem_parts.h"

namespace raspc {
namespace {

constexpr const char* kMatchLookups = "Weiss, Goldberg, Yahav 2021; Zhou et al. 2023";

// A word whose symbol at i equals that at `source(i)` if that is another place. `source` maps to
// unconstrained places.
Word MirrorOf(int length, int num_symbols, const std::function<int(int)>& source,
              std::mt19937_64& random) {
  Word word = AnyWord(length, num_symbols, random);
  const Word drawn = word;
  for (int i = 0; i < length; ++i) {
    word[static_cast<std::size_t>(i)] = drawn[static_cast<std::size_t>(source(i))];
  }
  return word;
}

GeneratedProgram PalindromeProgram(const Alphabet& letters, bool is_even) {
  GeneratedProgram body;
  body.construction = "gathers from the opposite position";
  body.explanation =
      "Each symbol is compared with the one at the opposite position. After the word, where there "
      "is none, the end marker is used instead.";
  body.depth = 3;
  RaspWriter& w = body.statements;
  const Expr num_symbols = w.Assign("num_symbols", Length() - 1);
  const Expr opposite = w.Assign(
      "opposite", ValueAt(num_symbols - 1 - Indices(), Tokens(), EndMarkerOf(letters)));
  const Expr differs = w.Assign("differs", Not(opposite == Tokens()));
  const Expr is_palindrome = Not(HasFocus(SelectWhere(differs)));
  w.Assign("accept", is_even ? And(num_symbols % 2 == 0, is_palindrome) : is_palindrome);
  return body;
}

ProblemParts PalindromeParts(const Alphabet& letters, bool is_even) {
  ProblemParts parts;
  parts.decide = [is_even](const Word& word) {
    if (is_even && word.size() % 2 != 0) return false;
    return std::equal(word.begin(), word.end(), word.rbegin());
  };
  parts.draw = [is_even](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [is_even, num_symbols = source.num_symbols](
                        int length, std::mt19937_64& random) -> std::optional<Word> {
      if (is_even && length % 2 != 0) return std::nullopt;
      return MirrorOf(
          length, num_symbols, [&](int i) { return std::min(i, length - 1 - i); }, random);
    };
    return true;
  };
  parts.direct = [letters, is_even](std::int64_t) { return PalindromeProgram(letters, is_even); };
  SetCot(PalindromeMachine(letters, is_even), parts);
  parts.theory_direct = {Expectation::kYes, "a gather from the opposite position, in AC0", "",
                         kMatchLookups};
  parts.constant_depth = true;
  parts.models_reference = kMatchLookups;
  return parts;
}

PartsEntry PalindromeEntry(bool is_even) {
  PartsEntry entry =
      OneLanguage(is_even ? "even_palindromes" : "palindromes", "context-free", "ab",
                  is_even ? "w w^R, a word and its reverse: palindromes of even length"
                          : "words equal to their reverse, of even and of odd length",
                  [is_even](const Alphabet& letters) { return PalindromeParts(letters, is_even); });
  entry.takes_alphabet = true;
  return entry;
}

GeneratedProgram CopyProgram(const Alphabet& letters) {
  GeneratedProgram body;
  body.construction = "gathers from half the length away";
  body.explanation =
      "Each symbol of the first half is compared with the corresponding one of the second half.";
  body.depth = 3;
  RaspWriter& w = body.statements;
  const Expr num_symbols = w.Assign("num_symbols", Length() - 1);
  const Expr half = w.Assign("half", Round(num_symbols / 2));
  const Expr copied =
      w.Assign("copied", ValueAt(Indices() + half, Tokens(), EndMarkerOf(letters)));
  const Expr differs = w.Assign("differs", And(Indices() < half, Not(copied == Tokens())));
  w.Assign("accept", And(num_symbols % 2 == 0, Not(HasFocus(SelectWhere(differs)))));
  return body;
}

ProblemParts CopyParts(const Alphabet& letters) {
  ProblemParts parts;
  parts.decide = [](const Word& word) {
    const auto half = word.begin() + static_cast<std::ptrdiff_t>(word.size() / 2);
    return word.size() % 2 == 0 && std::equal(word.begin(), half, half);
  };
  parts.draw = [](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [num_symbols = source.num_symbols](
                        int length, std::mt19937_64& random) -> std::optional<Word> {
      if (length % 2 != 0) return std::nullopt;
      return MirrorOf(
          length, num_symbols, [&](int i) { return i % (length / 2); }, random);
    };
    return true;
  };
  parts.direct = [letters](std::int64_t) { return CopyProgram(letters); };
  SetCot(CopyMachine(letters), parts);
  parts.theory_direct = {Expectation::kYes, "a gather half the length away, in AC0", "",
                         kMatchLookups};
  parts.constant_depth = true;
  parts.models_reference = kMatchLookups;
  return parts;
}

PartsEntry CopyEntry() {
  PartsEntry entry =
      OneLanguage("copy", "context-sensitive", "ab", "w w: a word twice", CopyParts);
  entry.takes_alphabet = true;
  return entry;
}

bool IsPowerOfTwo(std::size_t n) { return n > 0 && (n & (n - 1)) == 0; }

GeneratedProgram PowerProgram(std::int64_t max_length) {
  GeneratedProgram body;
  body.construction = "the length, and a list of powers of two";
  body.explanation = "Only the length matters. The list is logarithmically long.";
  body.depth = 1;
  std::vector<Expr> powers{1};
  for (std::int64_t power = 2; power <= max_length; power *= 2) powers.emplace_back(power);
  body.statements.Assign("accept", In(Length() - 1, ListOf(powers)));
  return body;
}

ProblemParts PowerParts(const Alphabet& letters) {
  ProblemParts parts;
  parts.decide = [](const Word& word) { return IsPowerOfTwo(word.size()); };
  parts.draw = [](SamplerParts& source, const LanguageLimits&, Diagnostics&) {
    source.member = [](int length, std::mt19937_64&) -> std::optional<Word> {
      if (!IsPowerOfTwo(static_cast<std::size_t>(length))) return std::nullopt;
      return Word(static_cast<std::size_t>(length), 0);
    };
    return true;
  };
  parts.direct = PowerProgram;
  SetCot(PowerMachine(letters), parts);
  parts.theory_direct = {Expectation::kYes, "a function of the length, in AC0",
                         "; a neuron for each power", "Weiss, Goldberg, Yahav 2021"};
  parts.constant_depth = true;
  parts.models_reference = parts.theory_direct.reference;
  return parts;
}

PartsEntry PowerEntry() {
  return OneLanguage("a_two_n", "context-sensitive", "a",
                     "a^(2^n) for n >= 0: the number of a's is a power of two", PowerParts);
}

}  // namespace

void AddRepeatLanguages(std::vector<ProblemEntry>& entries) {
  entries.push_back(MakeEntry(PalindromeEntry(/*is_even=*/false)));
  entries.push_back(MakeEntry(PalindromeEntry(/*is_even=*/true)));
  entries.push_back(MakeEntry(CopyEntry()));
  entries.push_back(MakeEntry(PowerEntry()));
}

}  // namespace raspc
