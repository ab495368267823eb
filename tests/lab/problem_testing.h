// Problems of the laboratory for tests: their definitions against brute force, their samplers, and
// their programs against their definitions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lab/registry/registry.h"

namespace raspc {

// The problem of that name; fails the test if there is none.
Problem ProblemOf(const std::string& text);

struct ProgramCheck {
  Mechanism mechanism = Mechanism::kDirect;
  int max_length = 16;                // the program is made for
  std::size_t most_exhaustive = 500;  // all words of lengths that have at most so many together
  int exhaustive_to = 8;
  int samples = 100;                  // of further lengths: members, near misses and non-members
  std::size_t most_interpreted = 30;  // words also given to the interpreter
  std::vector<Word> further;          // further words of the problem to try
};

// Checks that all words are sampled equally often (chi-square at a significance of 1 in 10,000).
void CheckUniform(const Problem& problem, const std::vector<Word>& drawn, std::size_t num_possible);

// Makes the program, compiles it, and compares it on words with the problem's definition, as
// weights and as interpreted. Fails the test if there is no program.
void CheckProgram(const Problem& problem, const ProgramCheck& check);

// Of the model of the problem's program; fails the test if there is none.
std::size_t NumLayers(const Problem& problem, Mechanism mechanism, int max_length);

// Compares decide with `brute_force` on every word up to the length.
void CheckDecider(const Problem& problem, int max_length,
                  const std::function<bool(const Word&)>& brute_force);

// Checks that samples of each length up to max_length have that length and are in the language or
// outside as promised, and that members and non-members of `chi_square_length` are uniform
// (chi-square at a significance of 1 in 10,000, seeded).
void CheckSampler(const Problem& problem, int max_length, int chi_square_length);

}  // namespace raspc
