// Tells the three ways of naming a language apart.
#include "languages/language.h"

#include "languages/automata/automaton_json.h"
#include "languages/catalogue/catalogue.h"
#include "languages/regex/regex.h"
#include "runtime/base/files.h"

namespace raspc {
namespace {

constexpr std::string_view kRegexPrefix = "regex:";
constexpr std::uint64_t kMaxFileBytes = 64u << 20;

std::optional<Dfa> FromRegex(std::string_view text, const std::optional<Alphabet>& alphabet,
                             const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<Regex> regex = ParseRegex(text, diag);
  if (!regex) return std::nullopt;
  const std::optional<Alphabet> over = alphabet ? alphabet : CollectAlphabet(*regex, diag);
  return over ? CompileRegex(*regex, *over, limits, diag) : std::nullopt;
}

std::optional<Dfa> FromFile(const std::string& path, const std::optional<Alphabet>& alphabet,
                            const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<std::string> text = ReadFile(path, kMaxFileBytes, diag);
  if (!text) return std::nullopt;
  const std::optional<AutomatonFile> file = ReadAutomaton(*text, path, alphabet, diag);
  return file ? Determinised(file->automaton, limits, diag) : std::nullopt;
}

}  // namespace

std::optional<Language> ReadLanguage(const std::string& text,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag) {
  std::optional<Dfa> dfa;
  if (text.starts_with(kRegexPrefix)) {
    dfa = FromRegex(std::string_view(text).substr(kRegexPrefix.size()), alphabet, limits, diag);
  } else if (text.ends_with(".json") || text.find('/') != std::string::npos) {
    dfa = FromFile(text, alphabet, limits, diag);
  } else {
    dfa = CatalogueLanguage(text, alphabet, limits, diag);
  }
  if (!dfa) return std::nullopt;
  return Language{text, Minimised(*dfa)};
}

}  // namespace raspc
