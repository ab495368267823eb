// A language as a user names it: `regex:EXPR`, an automaton file, or a name of the catalogue.
#pragma once

#include <optional>
#include <string>

#include "languages/automata/dfa.h"

namespace raspc {

struct Language {
  std::string name;  // as it was given
  Dfa minimal;       // complete and minimal, as Minimised gives it
};

// Whether the text is neither an expression nor a formula nor a file: a name of the catalogue.
bool IsNameOfCatalogue(const std::string& text);

// `regex:...` is an expression (regex/regex.h); a text that ends in `.json` or has a '/' is a file
// (automata/automaton_json.h); anything else is a name (catalogue/catalogue.h). Reports what is
// wrong with it, a language that is not regular, and limits that are passed.
std::optional<Language> ReadLanguage(const std::string& text,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
