// A language as given by the user: `regex:EXPR`, an automaton file, or a name of the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "automata/dfa.h"

namespace raspc {

struct Language {
  std::string name;  // as given
  Dfa minimal;       // complete and minimal, as returned by Minimised
};

// `formula:FORMULA`: the formula. Nothing if the text is anything else.
std::optional<std::string_view> FormulaIn(std::string_view text);

// Whether the text is neither an expression nor a formula nor a file: a name of the catalogue.
bool IsNameOfCatalogue(const std::string& text);

// Whether the text is a file: it ends in `.json` or has a '/', and is neither expression nor
// formula; or `-`, standard input.
bool IsFileOfLanguage(const std::string& text);

// The text of such a file. Reports kFile.
std::optional<std::string> ReadFileOfLanguage(const std::string& path, Diagnostics& diag);
// The language of the automaton in that text (automata/automaton_json.h).
std::optional<Language> LanguageInFile(std::string_view json, const std::string& path,
                                       const std::optional<Alphabet>& alphabet,
                                       const LanguageLimits& limits, Diagnostics& diag);

// `regex:...` is an expression (automata/regex/regex.h); a text that ends in `.json` or has a '/'
// is a file (automata/automaton_json.h); anything else is a name
// (lab/families/regular/catalogue.h). Reports errors in it, a language that is not regular, and
// exceeded limits.
std::optional<Language> ReadLanguage(const std::string& text,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
