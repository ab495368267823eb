// What the tasks share: a task's parts, programs before they are framed, and its entry in the
// registry.
//
// All tokens of inputs and of answers are one character, so inputs and answers are strings here.
// The tasks and their inputs are those of Deletang et al. 2023, "Neural networks and the Chomsky
// hierarchy", as in the authors' code.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "lab/problem/problem_entry.h"
#include "frontends/program_header.h"

namespace raspc {

// Tokens that programs use in addition to those of inputs; no task has them in its alphabet.
inline constexpr std::string_view kEndMarker = "$";    // after the input
inline constexpr std::string_view kStopToken = ".";    // ends generation
inline constexpr std::string_view kAnswerMark = "=>";  // between a chain of thought and the answer
inline constexpr std::string_view kPadToken = "_";

// A program of a task before its statements: its output is `answer`, at the positions of the input.
// Most programs here are chains of functions of a few numbers up to the length, and are smaller,
// and have the same depth at every length, if each is computed separately: so max_domain is small.
GeneratedProgram NewTaskProgram();
// Makes the program generate at most so many tokens; its output is `next`.
void Generates(std::int64_t max_steps, GeneratedProgram& program);

// A random input of the length; nothing if there is none.
using DrawInput = std::function<std::optional<std::string>(int length, std::mt19937_64& random)>;

struct TaskInputs {
  DrawInput any;   // all equally likely
  DrawInput hard;  // as WordSampler::Hard
};

struct Task {
  std::string name, level, definition;
  std::string symbols;  // one character each
  std::optional<std::string> (*answer)(std::string_view input);
  // For lengths up to max_length. Reports kLimit.
  std::optional<TaskInputs> (*make_sampler)(int max_length, const LanguageLimits& limits,
                                            Diagnostics& diag);
  // By mechanism, as in Problem.
  std::array<MechanismTheory, 4> theory;
  // The programs; nothing for a mechanism without one, whose theory gives the reason. May report
  // kLimit.
  std::optional<GeneratedProgram> (*program)(const GeneratedProgramOptions& options,
                                             Diagnostics& diag);
};

ProblemEntry EntryOf(Task task);

// Reports kLimit if this many table rows are more than options.max_rows. Programs are checked
// at the end; one whose tables grow with max_length must check before writing them.
bool CheckRows(std::int64_t num_rows, const GeneratedProgramOptions& options, Diagnostics& diag);

// Each character of the text.
std::vector<std::string> Characters(std::string_view text);

}  // namespace raspc
