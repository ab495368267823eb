#include "tests/languages/language_testing.h"

#include <catch2/catch.hpp>

#include "languages/language.h"

namespace raspc {

Dfa MinimalOf(const std::string& text, const std::string& alphabet) {
  Diagnostics diag;
  std::optional<Alphabet> given;
  if (!alphabet.empty()) given = ReadAlphabet(alphabet, {}, diag);
  const std::optional<Language> language = ReadLanguage(text, given, {}, diag);
  INFO(text << ": " << Render(diag));
  REQUIRE(language);
  return language->minimal;
}

Alphabet SmallLetters(int size) {
  std::vector<std::string> symbols;
  for (int i = 0; i < size; ++i) symbols.emplace_back(1, static_cast<char>('a' + i));
  return Alphabet(std::move(symbols));
}

Dfa RandomDfa(std::mt19937_64& random, int num_states, int num_symbols) {
  std::uniform_int_distribution<int> state(0, num_states - 1), coin(0, 1);
  return MakeDfa(
      SmallLetters(num_symbols), num_states, 0, [&](StateId, SymbolId) { return state(random); },
      [&](StateId) { return coin(random) == 1; });
}

Dfa RandomMinimalDfa(std::mt19937_64& random, int num_states, int num_symbols) {
  return Minimised(RandomDfa(random, num_states, num_symbols));
}

std::vector<Word> WordsUpTo(int num_symbols, int max_length) {
  std::vector<Word> words = {{}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (static_cast<int>(words[i].size()) == max_length) break;
    for (SymbolId a = 0; a < num_symbols; ++a) {
      words.push_back(words[i]);
      words.back().push_back(a);
    }
  }
  return words;
}

std::string FirstError(const Diagnostics& diag) {
  return diag.HasErrors() ? diag.all().front().message : "";
}

}  // namespace raspc
