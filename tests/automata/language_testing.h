// Languages for tests, read from text, and their words.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "automata/dfa.h"
#include "automata/limits.h"
#include "tests/automata/random_language.h"

namespace raspc {

// The minimal automaton of a LANGUAGE; fails the test if it cannot be read.
Dfa MinimalOf(const std::string& text, const std::string& alphabet = "");

// All words of up to `max_length` symbols, shorter ones first.
std::vector<Word> WordsUpTo(int num_symbols, int max_length);

// The text with `changes` random changes: some characters deleted, or a byte replaced by an ASCII
// character.
std::string Damaged(std::string text, int changes, std::mt19937_64& random);

// The first error's message; empty if there is none.
std::string FirstError(const Diagnostics& diag);

}  // namespace raspc
