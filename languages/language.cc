// Tells the three ways of naming a language apart.
#include "languages/language.h"

#include <fmt/format.h>

#include "languages/automata/automaton_json.h"
#include "languages/catalogue/catalogue.h"
#include "languages/problems/registry.h"
#include "languages/regex/regex.h"
#include "runtime/base/files.h"

namespace raspc {
namespace {

constexpr std::string_view kRegexPrefix = "regex:";
constexpr std::string_view kFormulaPrefix = "formula:";
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

bool IsFile(const std::string& text) {
  return text.ends_with(".json") || text.find('/') != std::string::npos;
}

std::optional<Dfa> FromCatalogue(const std::string& text, const std::optional<Alphabet>& alphabet,
                                 const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<NamedProblem> named = FindProblem(text, diag);
  if (!named) return std::nullopt;
  if (named->entry->level != "regular" || named->entry->kind != ProblemKind::kLanguage) {
    diag.Error(ErrorKind::kValue, {},
               fmt::format("'{}' is no regular language but {}, {}", text,
                           named->entry->kind == ProblemKind::kTask ? "a task" : "a language",
                           named->entry->level));
    return std::nullopt;
  }
  return CatalogueLanguage(text, alphabet, limits, diag);
}

}  // namespace

bool IsNameOfCatalogue(const std::string& text) {
  return !text.starts_with(kRegexPrefix) && !text.starts_with(kFormulaPrefix) && !IsFile(text);
}

std::optional<Language> ReadLanguage(const std::string& text,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag) {
  std::optional<Dfa> dfa;
  if (text.starts_with(kRegexPrefix)) {
    dfa = FromRegex(std::string_view(text).substr(kRegexPrefix.size()), alphabet, limits, diag);
  } else if (IsFile(text)) {
    dfa = FromFile(text, alphabet, limits, diag);
  } else {
    dfa = FromCatalogue(text, alphabet, limits, diag);
  }
  if (!dfa) return std::nullopt;
  return Language{text, Minimised(*dfa)};
}

}  // namespace raspc
