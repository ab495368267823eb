// Languages for tests: read from text, or drawn at random with a fixed seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "languages/automata/dfa.h"
#include "languages/limits.h"

namespace raspc {

// The minimal automaton of a LANGUAGE; fails the test if it cannot be read.
Dfa MinimalOf(const std::string& text, const std::string& alphabet = "");

// A minimal automaton with up to `num_states` states over `num_symbols` letters a, b, ...; every
// transition and verdict drawn uniformly.
Dfa RandomMinimalDfa(std::mt19937_64& random, int num_states, int num_symbols);
// The same before it is minimised.
Dfa RandomDfa(std::mt19937_64& random, int num_states, int num_symbols);

// The first `size` letters.
Alphabet SmallLetters(int size);

// All words of up to `max_length` symbols, the shorter first.
std::vector<Word> WordsUpTo(int num_symbols, int max_length);

// The first error's message; empty if there is none.
std::string FirstError(const Diagnostics& diag);

}  // namespace raspc
