// What the tasks share: a task's parts, programs before they are framed, and its entry in the
// registry.
//
// All tokens of inputs and of answers are one character, so inputs and answers are strings here.
// The tasks and their inputs are those of Deletang et al. 2023, "Neural networks and the Chomsky
// hierarchy", as the authors' code has them.
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

// Tokens that programs use besides those of inputs; no task has them in its alphabet.
inline constexpr std::string_view kEndMark = "$";      // behind the input
inline constexpr std::string_view kStopToken = ".";    // ends generation
inline constexpr std::string_view kAnswerMark = "=>";  // between a chain of thought and the answer
inline constexpr std::string_view kPadToken = "_";

// A program without its head.
struct TaskProgram {
  std::string statements;    // RASP
  std::string output;        // the s-op
  std::string explanation;   // how it works, for the head
  std::string construction;  // as GeneratedProgram
  int depth = 0;             // likewise
  // As in ProgramBody: `; n+3 steps`, or what the depth is of.
  std::string promise = " whatever the length";
  ResultAt result_at = ResultAt::kFirst;
  std::string num_pads = "0";            // likewise
  std::vector<std::string> more_tokens;  // that it generates, besides those of inputs and the above
  std::int64_t max_steps = 0;            // kGenerated: the most tokens generated
  bool has_answer_mark = false;          // likewise: whether kAnswerMark precedes the answer
  std::int64_t num_rows = 0;             // of tables
  // Both as GeneratedProgram. Most programs here are chains of functions of a few numbers up to the
  // length, and are smaller and as deep at every length where each is computed by itself.
  std::optional<std::int64_t> max_domain = 4096;
  bool reduce_counts_first = false;
};

// A random input of the length; nothing if there is none.
using DrawInput = std::function<std::optional<std::string>(int length, std::mt19937_64& random)>;

struct TaskInputs {
  DrawInput any;   // all equally likely
  DrawInput hard;  // as WordSampler::Hard
};

struct Task {
  std::string name, level, definition;
  std::string symbols;  // a character each
  std::optional<std::string> (*answer)(std::string_view input);
  // For lengths up to max_length. Reports kLimit.
  std::optional<TaskInputs> (*make_sampler)(int max_length, const LanguageLimits& limits,
                                           Diagnostics& diag);
  // By mechanism, as in Problem.
  std::array<MechanismTheory, 4> theory;
  // The programs; nothing for a mechanism that has none, whose theory says why. May report kLimit.
  std::optional<TaskProgram> (*program)(const GeneratedProgramOptions& options, Diagnostics& diag);
};

ProblemEntry EntryOf(Task task);

// Reports kLimit where tables of so many rows are more than options.max_rows. Programs are checked
// in the end; one whose tables grow with max_length is to check before it writes them.
bool CheckRows(std::int64_t num_rows, const GeneratedProgramOptions& options, Diagnostics& diag);

// Each character of the text.
std::vector<std::string> Characters(std::string_view text);

}  // namespace raspc
