// A trace of a compiled program on one word of a problem, for a reader to follow: the tokens, the
// output at each position, the generated tokens, and the attention of every head.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <random>

#include "lab/run/compile_generated_program.h"
#include "lab/problem/problem.h"

namespace raspc {

// Runs with more positions are shown without attention, and those with more tokens are truncated.
// BOS is not counted.
inline constexpr int kMaxExamplePositions = 24;
inline constexpr int kMaxExampleTokens = 256;
// Heads beyond this many attention weights in total are left out.
inline constexpr int kMaxExampleWeights = 60'000;

// The run of a word as a JSON object:
//
//   word      the word, as written by Alphabet's ToText
//   tokens    the framed word and generated tokens, as text; at most kMaxExampleTokens of them
//   num_tokens, num_input, num_framed   how many tokens there are in all, how many of them are the
//             word, and how many of them are there before generation
//   expected, got, right   as in Compare
//   outputs   the value at each token's position as text; null at the last token if it is
//   generated,
//             as no model reads it back
//   layers    [{"heads": [{"label", "mask", "weights"}]}]: weights are rows of the attention
//   matrix,
//             one per position run, BOS first, rounded to 4 digits; empty for longer runs
//   heads_left_out   the number of heads not in `layers`
//   has_bos   true: row and column 0 are BOS's
//
// The attention is computed by the reference engine. Requires a word of the problem that is not
// longer than the program's maximum length.
nlohmann::json ExampleRun(const Problem& problem, const GeneratedProgram& recogniser,
                          const CompiledProgram& compiled, const Word& word);

// The most instructive word: among those that ExampleRun shows with attention, a member (or an
// input of the task) of the largest length up to `longest`; a word outside the language if there is
// no such member; nothing if every run is too long. `source` belongs to the problem and has words
// of up to the program's maximum length.
std::optional<Word> ExampleWord(const Problem& problem, const CompiledProgram& compiled,
                                const WordSampler& source, int longest, std::mt19937_64& random);

}  // namespace raspc
