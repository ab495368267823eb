// Random languages for tests and benchmarks; equal generators give equal languages.
#pragma once

#include <random>
#include <string>

#include "automata/dfa.h"

namespace raspc {

// The first `size` letters.
Alphabet SmallLetters(int size);

// A complete automaton over letters a, b, ...; transitions and verdicts are uniform.
Dfa RandomDfa(std::mt19937_64& random, int num_states, int num_symbols);
// The same, minimised, so it may have fewer states.
Dfa RandomMinimalDfa(std::mt19937_64& random, int num_states, int num_symbols);

// A minimal automaton of up to 2 to 6 states over 2 or 3 letters.
Dfa RandomSmallDfa(std::mt19937_64& random);
// The same, but every letter is a permutation with probability one half, so that there are groups,
// which are rare in uniform automata.
Dfa RandomSmallGroupDfa(std::mt19937_64& random);

// A minimal automaton of up to 6 states over 2 to 4 letters, of which some permute the states
// within a group that is solvable (S3 wr C2, C2 wr S3 or S4 x C2) and the others join one or two
// states to others: its cascades are deep, and have large groups. Occasionally it is still not
// solvable.
Dfa RandomWreathDfa(std::mt19937_64& random);

// An expression over the first two or three letters with 3 to 8 operators.
struct SmallExpression {
  std::string text;      // as a LANGUAGE
  std::string alphabet;  // "ab" or "abc"
};
SmallExpression RandomSmallExpression(std::mt19937_64& random);

}  // namespace raspc
