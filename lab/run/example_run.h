// One word of a problem run through a compiled program and written down, for a reader to follow:
// the tokens, what comes out at each position, what is generated, and where every head looks.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <random>

#include "lab/run/compile_generated_program.h"
#include "lab/problem/problem.h"

namespace raspc {

// Runs of more positions are given without attention, and those of more tokens are cut off. BOS is
// not counted.
inline constexpr int kMaxExamplePositions = 24;
inline constexpr int kMaxExampleTokens = 256;
// Heads past so many attention weights in all are left out.
inline constexpr int kMaxExampleWeights = 60'000;

// The run of a word as a JSON object:
//
//   word      the word, as Alphabet's ToText writes it
//   tokens    the framed word and what is generated, as text; at most kMaxExampleTokens of them
//   num_tokens, num_input, num_framed   how many tokens there are in all, how many of them are the
//             word, and how many of them are there before generation
//   expected, got, right   as Compare has them
//   outputs   the value at each token's position as text; null at the last token if it is
//   generated,
//             as no model reads it back
//   layers    [{"heads": [{"label", "mask", "weights"}]}]: weights are rows of the attention
//   matrix,
//             one per position run, BOS first, rounded to 4 digits; empty for longer runs
//   heads_left_out   how many heads are not in `layers`
//   has_bos   true: row and column 0 are BOS's
//
// The attention is what the reference engine computes. Requires a word of the problem that is not
// longer than the program's maximum length.
nlohmann::json ExampleRun(const Problem& problem, const GeneratedProgram& recogniser,
                          const CompiledProgram& compiled, const Word& word);

// A word whose run shows most: of those that ExampleRun gives with attention, a member (or an input
// of the task) of the greatest length up to `longest`; a word outside the language if there is no
// such member; nothing if every run is too long. `source` is of the problem and has words of up to
// the program's maximum length.
std::optional<Word> ExampleWord(const Problem& problem, const CompiledProgram& compiled,
                                const WordSampler& source, int longest, std::mt19937_64& random);

}  // namespace raspc
