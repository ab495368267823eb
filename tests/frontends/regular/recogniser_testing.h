// Recognisers compared with the automata they were made from.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "automata/dfa.h"
#include "lab/run/compile_generated_program.h"
#include "frontends/generated_program.h"

namespace raspc {

struct BuiltProgram {
  GeneratedProgram recogniser;
  CompiledProgram compiled;
  Diagnostics diag;  // warnings
};

// Nothing if the recogniser is refused or does not compile; the reason is in `error`.
std::optional<BuiltProgram> Build(const Dfa& dfa, const GeneratedProgramOptions& options,
                                     std::string& error);
// Fails the test then.
BuiltProgram MustBuild(const Dfa& dfa, const GeneratedProgramOptions& options);

// By word: whether the model accepts it, and whether the program does when interpreted. Fails the
// test if there is no verdict.
std::vector<bool> ModelVerdicts(const BuiltProgram& built, const Alphabet& alphabet,
                                const std::vector<Word>& words);
std::vector<bool> InterpretedVerdicts(const BuiltProgram& built, const Alphabet& alphabet,
                                      const std::vector<Word>& words);

// Up to `count` words of lengths up to `max_length`: members, near misses and words of a uniform
// length sampled symbol by symbol.
std::vector<Word> SampleWords(const Dfa& dfa, int max_length, int count, std::mt19937_64& random);

// All words of the lengths up to `max_length` that have at most `most` words each.
std::vector<Word> ShortWords(const Dfa& dfa, int max_length, std::size_t most);

// Whether every group in the language's monoid is solvable; fails the test if that is open.
bool IsSolvable(const Dfa& dfa);

// Checks the model on all words and the interpreter on at most `most_interpreted` of them.
void CheckAgrees(const BuiltProgram& built, const Dfa& dfa, const std::vector<Word>& words,
                 std::size_t most_interpreted);

}  // namespace raspc
