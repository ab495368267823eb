// A compiled program's results on words, compared with the problem's definition.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lab/run/compile_generated_program.h"
#include "lab/problem/problem.h"
#include "runtime/engine/engine.h"
#include "runtime/run/run_model.h"

namespace raspc {

struct Outcome {
  bool is_right = false;
  std::string expected;   // `accept`, `reject`, or the tokens of the answer with spaces between
  std::string got;        // the same, or why there is no result
  int num_generated = 0;  // tokens, for programs that generate
};

// The tokens of a word: its symbols.
std::vector<Atom> TokensOf(const Alphabet& alphabet, const Word& word);

// Requires a word of the problem: a well-formed input, if it is a task.
Outcome Compare(const Problem& problem, const GeneratedProgram& recogniser, const Model& model,
                const Word& word, const ModelOutput& output);

// The words run as one batch on an engine of the model. Throws bad_alloc if there is not enough
// memory for one of them, which is not a result.
std::vector<Outcome> RunProblem(const Problem& problem, const GeneratedProgram& recogniser,
                                const Model& model, const Engine& engine,
                                std::span<const Word> words);

// The interpreter's result for a word, in the form of a model's output; an error of evaluation is
// in `error`.
ModelOutput Interpret(const LoadedProgram& program, const std::vector<Atom>& input);

}  // namespace raspc
