// Tasks whose answer is tokens of the input at other places: gathers at computed positions.
#include <utility>

#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

// A gather at positions that depend only on position and length.
TaskProgram LookUp(std::string statements, std::string output, std::string explanation) {
  TaskProgram program;
  program.statements = std::move(statements);
  program.output = std::move(output);
  program.explanation = std::move(explanation);
  program.construction = "look-ups at computed positions";
  program.promise = ": the length, and a look-up";
  program.depth = 2;
  return program;
}

// The same by a decoder, one token of the answer per step.
TaskProgram Copying(std::string_view statements, std::string explanation, std::int64_t max_steps) {
  TaskProgram program;
  program.statements = std::string(kPlaces) + std::string(statements);
  program.output = "next";
  program.explanation = std::move(explanation);
  program.construction = "copying, a token of the answer per step";
  program.depth = 3;
  program.result_at = ResultAt::kGenerated;
  program.max_steps = max_steps;
  return program;
}

}  // namespace

std::optional<TaskProgram> ReverseStringProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    return Copying(R"(
# As far before the end marker as this position is behind it. In front of the first token there is
# nothing, and the answer ends.
source = indices - 2 * place - 1;
next = aggregate(select(indices, source, ==), tokens, ".");
)",
                   "Each step copies the token before the one that was copied last.",
                   options.max_length + 1);
  }
  return LookUp(R"(
source = length - 2 - indices;
reversed = aggregate(select(indices, source, ==), tokens, "$");
)",
                "reversed", "Position i of n takes the token at n-1-i.");
}

std::optional<TaskProgram> DuplicateStringProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    return Copying(R"(
# The token at the place, as long as that is less than the number n of symbols; then the token at
# the place less n. After either time the end marker is found.
first_time = aggregate(select(indices + 1, num_asked, ==), tokens, "$");
second_time = aggregate(select(indices, 2 * place - indices, ==), tokens, "$");
copied = second_time if 2 * place >= indices else first_time;
next = "." if copied == "$" else copied;
)",
                   "Each step copies the next token, twice from the first to the last.",
                   2 * options.max_length + 1);
  }
  TaskProgram program = LookUp(R"(
num_symbols = selector_width(select(tokens, "_", ==));
again = aggregate(select(indices, indices - num_symbols, ==), tokens, "$");
twice = tokens if tokens in ["0", "1"] else again;
)",
                               "twice",
                               "The symbols' own positions keep them. From the end marker on, where "
                               "padding gives n positions more, each takes the token n positions "
                               "before.");
  program.num_pads = "n";
  return program;
}

std::optional<TaskProgram> OddsFirstProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    return Copying(R"(
# As below, with the place for the position. What has been generated is not looked at.
symbol = "$" if is_behind else tokens;
odd = aggregate(select(indices, 2 * place + 1, ==), symbol, "$");
even_symbol = symbol if indices % 2 == 0 else "odd";
num_symbols = indices - place;
even = aggregate(select(indices, 2 * place - num_symbols, ==), even_symbol, "odd");
one_further = aggregate(select(indices, 2 * place - num_symbols + 1, ==), even_symbol, "$");
picked = odd if odd != "$" else (one_further if even == "odd" else even);
next = "." if picked == "$" or picked == "odd" else picked;
)",
                   "Each step copies the next token of those at odd positions, then of those at "
                   "even ones.",
                   options.max_length + 1);
  }
  return LookUp(R"(
num_symbols = length - 1;
odd = aggregate(select(indices, 2 * indices + 1, ==), tokens, "$");
even_symbol = tokens if indices % 2 == 0 else "odd";
even = aggregate(select(indices, 2 * indices - num_symbols, ==), even_symbol, "odd");
one_further = aggregate(select(indices, 2 * indices - num_symbols + 1, ==), even_symbol, "$");
picked = odd if odd != "$" else (one_further if even == "odd" else even);
)",
                "picked",
                "Position i takes the token at 2i+1 if there is one, else that at 2i-n or 2i-n+1, "
                "whichever is even.");
}

std::optional<TaskProgram> MissingDuplicateProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  TaskProgram program = LookUp(R"(
is_past = has_focus(select(tokens, "2", ==) and select(indices, indices, <=));
hole = selector_width(select(is_past, False, ==));
# Half the number of symbols, rounded down: at the end marker that is known from the position.
half = round((indices - indices % 2) / 2);
left = aggregate(select(indices, hole - half, ==), tokens, "$");
right = aggregate(select(indices, hole + half, ==), tokens, "$");
answer = right if left == "$" else left;
)",
                               "answer",
                               "The hidden bit stands half the length to the left of the hole, if "
                               "that is within the input, else half the length to its right.");
  program.promise = ": the hole, its index, and look-ups";
  program.depth = 3;
  program.result_at = ResultAt::kLast;
  return options.mechanism == Mechanism::kCot ? AsGeneration(std::move(program)) : program;
}

std::optional<TaskProgram> EvenPairsProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  TaskProgram program = LookUp(R"(
first = aggregate(select(indices, 0, ==), tokens, "$");
last = aggregate(select(indices, indices - 1, ==), tokens, "$");
answer = "0" if first == last else "1";
)",
                               "answer",
                               "Neighbours differ an odd number of times if and only if the first "
                               "symbol and the last one do.");
  program.promise = ": two look-ups";
  program.depth = 1;
  program.result_at = ResultAt::kLast;
  return options.mechanism == Mechanism::kCot ? AsGeneration(std::move(program)) : program;
}

}  // namespace raspc
