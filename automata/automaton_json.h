// Automata as JSON files.
//
//     {"type": "dfa", "alphabet": "ab", "states": ["even", "odd"], "start": "even",
//      "accepting": ["even"],
//      "transitions": [["even", "a", "even"], ["even", "b", "odd"], ["odd", "a", "odd"],
//                      ["odd", "b", "even"]]}
//
// `type` is "dfa" or "nfa". `alphabet` is text, one symbol per character, or an array of strings;
// if omitted it is the set of symbols that the transitions read, sorted. `states` is an array of
// names, or a number n for the states 0 to n-1. In an NFA `start` may be an array, a transition
// that reads null is an empty move, and a missing transition rejects; a DFA has exactly one for
// each state and symbol.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "automata/dfa.h"
#include "automata/nfa.h"

namespace raspc {

inline constexpr int kMaxFileStates = 100'000;

struct AutomatonFile {
  bool is_deterministic = false;
  Nfa automaton;  // complete and without empty moves if it is deterministic
};

// Reports kFile, with `name` in the message: bad JSON, fields that are missing, repeated, unknown
// or of the wrong type, states and symbols that are not listed, a DFA with a transition too many or
// too few. `alphabet` replaces the file's; it may only add symbols.
std::optional<AutomatonFile> ReadAutomaton(std::string_view json, const std::string& name,
                                           const std::optional<Alphabet>& alphabet,
                                           Diagnostics& diag);

// The automaton as a file of this form, states named by their numbers.
std::string AutomatonJson(const Dfa& dfa);

}  // namespace raspc
