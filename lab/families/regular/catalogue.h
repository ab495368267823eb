// The catalogue of languages, by name.
//
// An entry is a family with integer parameters in brackets, `dyck(2,3)`, or a single language,
// `parity`. Each has a definition in words, and one that makes its automaton.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "automata/dfa.h"
#include "lab/problem/problem_entry.h"

namespace raspc {

struct CatalogueEntry : ProblemDescription {
  // Requires arguments in range. Reports kLimit where the automaton would be too large. `alphabet`
  // replaces the entry's own where possible: in entries with `takes_alphabet`.
  std::function<std::optional<Dfa>(const std::vector<int>& arguments,
                                   const std::optional<Alphabet>& alphabet,
                                   const LanguageLimits& limits, Diagnostics& diag)>
      build;
  bool takes_alphabet = false;  // defined by an expression that is meaningful over any alphabet
};

const std::vector<CatalogueEntry>& Catalogue();

// `(`, `)`, `[`, `]`, ...: a pair for each kind of bracket, opening ones with even ids.
Alphabet BracketAlphabet(int num_kinds);

// The minimal automaton of a catalogue language. Reports kUndefined for a name that does not exist
// (with the closest one), kValue for arguments that are too many, too few or out of range, kInput
// for an alphabet that the language cannot have.
std::optional<Dfa> CatalogueLanguage(const std::string& name,
                                     const std::optional<Alphabet>& alphabet,
                                     const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
