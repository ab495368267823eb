// Distinguishes the three ways of naming a language.
#include "lab/registry/language.h"

#include <fmt/format.h>

#include "automata/automaton_json.h"
#include "automata/regex/regex.h"
#include "base/files.h"
#include "lab/registry/registry.h"

namespace raspc {
namespace {

constexpr std::string_view kRegexPrefix = "regex:";
constexpr std::string_view kFormulaPrefix = "formula:";
constexpr std::string_view kProgramEnding = ".rasp";
constexpr std::uint64_t kMaxFileBytes = 64u << 20;

std::optional<Dfa> FromRegex(std::string_view text, const std::optional<Alphabet>& alphabet,
                             const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<Regex> regex = ParseRegex(text, diag);
  if (!regex) return std::nullopt;
  const std::optional<Alphabet> over = alphabet ? alphabet : CollectAlphabet(*regex, diag);
  return over ? CompileRegex(*regex, *over, limits, diag) : std::nullopt;
}

std::optional<Dfa> FromCatalogue(const std::string& text, const std::optional<Alphabet>& alphabet,
                                 const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<NamedProblem> named = FindProblem(text, diag);
  if (!named) return std::nullopt;
  std::optional<Problem> problem = named->entry->build(named->arguments, alphabet, limits, diag);
  if (!problem) return std::nullopt;
  if (problem->minimal) return std::move(problem->minimal);
  diag.Error(ErrorKind::kValue, {},
             problem->kind == ProblemKind::kTask
                 ? fmt::format("'{}' is a task, not a language", text)
                 : fmt::format("'{}' is not regular but {}", text, problem->level));
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> FormulaIn(std::string_view text) {
  if (!text.starts_with(kFormulaPrefix)) return std::nullopt;
  return text.substr(kFormulaPrefix.size());
}

bool IsFileOfLanguage(const std::string& text) {
  if (text == "-") return true;
  return !text.starts_with(kRegexPrefix) && !FormulaIn(text) &&
         (text.ends_with(".json") || text.ends_with(kProgramEnding) ||
          text.find('/') != std::string::npos);
}

bool IsNameOfCatalogue(const std::string& text) {
  return !text.starts_with(kRegexPrefix) && !FormulaIn(text) && !IsFileOfLanguage(text);
}

std::optional<std::string> ReadFileOfLanguage(const std::string& path, Diagnostics& diag) {
  if (path.ends_with(kProgramEnding)) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("'{}' is a RASP program; a file here holds an automaton or a machine as "
                           "JSON",
                           path));
    return std::nullopt;
  }
  return ReadFile(path, kMaxFileBytes, diag);
}

std::optional<Language> LanguageInFile(std::string_view json, const std::string& path,
                                       const std::optional<Alphabet>& alphabet,
                                       const LanguageLimits& limits, Diagnostics& diag) {
  const std::optional<AutomatonFile> file = ReadAutomaton(json, NameOfInput(path), alphabet, diag);
  if (!file) return std::nullopt;
  const std::optional<Dfa> dfa = Determinised(file->automaton, limits, diag);
  if (!dfa) return std::nullopt;
  return Language{NameOfInput(path), Minimised(*dfa)};
}

std::optional<Language> ReadLanguage(const std::string& text,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag) {
  if (IsFileOfLanguage(text)) {
    const std::optional<std::string> json = ReadFileOfLanguage(text, diag);
    return json ? LanguageInFile(*json, text, alphabet, limits, diag) : std::nullopt;
  }
  if (FormulaIn(text)) {
    diag.Error(ErrorKind::kValue, {},
               fmt::format("'{}' is a formula, whose language may not be regular; only regular "
                           "languages can be classified",
                           text));
    return std::nullopt;
  }
  const std::optional<Dfa> dfa =
      text.starts_with(kRegexPrefix)
          ? FromRegex(std::string_view(text).substr(kRegexPrefix.size()), alphabet, limits, diag)
          : FromCatalogue(text, alphabet, limits, diag);
  if (!dfa) return std::nullopt;
  return Language{text, Minimised(*dfa)};
}

}  // namespace raspc
