#include "tests/automata/language_testing.h"

#include <catch2/catch.hpp>

#include "lab/registry/language.h"

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

std::string Damaged(std::string text, int changes, std::mt19937_64& random) {
  for (; changes > 0; --changes) {
    const std::size_t at = random() % text.size();
    if (random() % 4 == 0) {
      text.erase(at, 1 + random() % 5);
    } else {
      text[at] = static_cast<char>(random() % 128);
    }
  }
  return text;
}

std::string FirstError(const Diagnostics& diag) {
  return diag.HasErrors() ? diag.all().front().message : "";
}

}  // namespace raspc
