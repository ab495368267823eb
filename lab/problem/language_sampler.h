// Random words of languages that no automaton gives.
//
// What differs from language to language is how a member is drawn; the rest follows from that and
// from the decision.
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
  DrawWord non_member;  // uniform; none: by drawing among all words until one is outside
  DrawWord hard;        // as WordSampler's Hard; none: only kinds that any alphabet has
};

// Non-members by rejection are given up after 1,000 words. A near miss is a member, or one of the
// hard words, in which a symbol was replaced or moved or two were exchanged; or one a symbol
// longer or shorter, out of which a symbol was taken or into which one was put.
std::unique_ptr<WordSampler> MakeSampler(SamplerParts parts);

// The uniform members and non-members among the words of up to parts.max_length symbols of a
// language that the automaton decides up to that length: a counter with so many values is one.
// Sets them in `parts`. Reports kLimit.
bool DrawByAutomaton(const Dfa& dfa, const LanguageLimits& limits, SamplerParts& parts,
                     Diagnostics& diag);

// The automaton of a counter that starts at `start`: `next` gives the value after a symbol. What is
// nothing, or outside `low` to `high`, is a sink that accepts no word.
Dfa CounterAutomaton(const Alphabet& alphabet, int low, int high, int start,
                     const std::function<std::optional<int>(int value, SymbolId symbol)>& next,
                     const std::function<bool(int value)>& accepts);

// A uniform word of symbols 0 to num_symbols-1.
Word AnyWord(int length, int num_symbols, std::mt19937_64& random);

// `pattern` over and over, cut to the length. Requires a pattern that is not empty.
Word Repeated(const Word& pattern, int length);

}  // namespace raspc
