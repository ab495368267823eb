// Random words of languages without an automaton.
//
// Languages differ in how a member is sampled; the rest follows from that and from the decision.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>

#include "lab/problem/problem.h"

namespace raspc {

using DrawWord = std::function<std::optional<Word>(int length, std::mt19937_64& random)>;

struct SamplerParts {
  int num_symbols = 0;
  int max_length = 0;
  std::function<bool(const Word& word)> decide;  // none for tasks: every word is an input
  DrawWord member;                               // uniform; for lengths up to max_length
  DrawWord non_member;                           // uniform; empty: by rejection among all words
  DrawWord hard;  // as WordSampler's Hard; empty: only kinds that any alphabet has
};

// Rejection gives up after 1,000 words. A near miss is a member, or one of the hard words, in which
// a symbol was replaced or moved or two were swapped; or one a symbol longer or shorter, with a
// symbol deleted or inserted.
std::unique_ptr<WordSampler> MakeSampler(SamplerParts parts);

// The uniform members and non-members among the words of up to parts.max_length symbols of a
// language that the automaton decides up to that length, such as a counter with enough values.
// Sets them in `parts`. Reports kLimit.
bool DrawByAutomaton(const Dfa& dfa, const LanguageLimits& limits, SamplerParts& parts,
                     Diagnostics& diag);

// The automaton of a counter that starts at `start`: `next` returns the value after a symbol.
// Nothing, or a value outside `low` to `high`, leads to a sink that accepts no word.
Dfa CounterAutomaton(const Alphabet& alphabet, int low, int high, int start,
                     const std::function<std::optional<int>(int value, SymbolId symbol)>& next,
                     const std::function<bool(int value)>& accepts);

// A uniform word of symbols 0 to num_symbols-1.
Word AnyWord(int length, int num_symbols, std::mt19937_64& random);

// `pattern` repeated and cut to the length. Requires a non-empty pattern.
Word Repeated(const Word& pattern, int length);

}  // namespace raspc
