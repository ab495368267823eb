// A trace of a compiled program on one word of a problem, for a reader to follow: the tokens, the
// output at each position, the generated tokens, and the attention of every head.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lab/problem/problem.h"

namespace raspc {

struct CompiledProgram;

// Runs with more positions are shown without attention, and those with more tokens are truncated.
// BOS is not counted.
inline constexpr int kMaxExamplePositions = 24;
inline constexpr int kMaxExampleTokens = 256;
// Heads beyond this many attention weights in total are left out.
inline constexpr int kMaxExampleWeights = 60'000;

struct ExampleHead {
  std::string label, mask;
  // The attention matrix, rounded to 4 digits: a row per position run, BOS first in rows and
  // columns. Empty for longer runs.
  std::vector<std::vector<double>> weights;
};

struct ExampleLayer {
  std::vector<ExampleHead> heads;
};

struct ExampleRun {
  std::string word;  // as written by Alphabet's ToText
  // The framed word and generated tokens; at most kMaxExampleTokens of them.
  std::vector<std::string> tokens;
  // How many tokens there are in all, how many of them are the word, and how many of them are there
  // before generation.
  int num_tokens = 0, num_input = 0, num_framed = 0;
  std::string expected, got;  // as in Outcome
  bool is_right = false;
  // The value at each token's position; nothing at the last token if it is generated, as no model
  // reads it back.
  std::vector<std::optional<std::string>> outputs;
  std::vector<ExampleLayer> layers;  // empty for longer runs
  int num_heads_left_out = 0;        // the number of heads not in `layers`
};

// The run of a word. The attention is computed by the reference engine. Requires a word of the
// problem that is not longer than the program's maximum length.
ExampleRun RunExample(const Problem& problem, const GeneratedProgram& recogniser,
                      const CompiledProgram& compiled, const Word& word);

// The most instructive word: among those that RunExample shows with attention, a member (or an
// input of the task) of the largest length up to `longest`; a word outside the language if there is
// no such member; nothing if every run is too long. `source` belongs to the problem and has words
// of up to the program's maximum length.
std::optional<Word> ExampleWord(const Problem& problem, const CompiledProgram& compiled,
                                const WordSampler& source, int longest, std::mt19937_64& random);

}  // namespace raspc
