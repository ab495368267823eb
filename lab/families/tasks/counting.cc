// Tasks whose answer depends on how often each symbol occurs.
#include <fmt/format.h>

#include "lab/families/tasks/automaton_chain.h"
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/rounds.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

TaskProgram Counted(std::string statements, std::string explanation) {
  TaskProgram program;
  program.statements = std::move(statements);
  program.output = "answer";
  program.explanation = std::move(explanation);
  program.construction = "counts of symbols";
  program.promise = ": counts, and a function of them";
  program.depth = 1;
  program.result_at = ResultAt::kLast;
  return program;
}

// The sum modulo `modulus` of a summand for each symbol, by a chain of thought.
TaskProgram SumChain(std::string symbols, std::vector<int> summands, int modulus,
                     const GeneratedProgramOptions& options) {
  AnsweringAutomaton automaton;
  for (int q = 0; q < modulus; ++q) automaton.states.push_back(fmt::format("q{}", q));
  automaton.symbols = std::move(symbols);
  automaton.step = [summands, modulus](int q, std::size_t a) {
    return (q + summands[a]) % modulus;
  };
  automaton.answer = [](int q) { return static_cast<char>('0' + q); };
  return AutomatonChain(automaton, options);
}

// The same by rounds: after k of them each position has the sum of the last 2^k summands up to it.
TaskProgram SumByRounds(std::string_view summand, int modulus, const GeneratedProgramOptions& options) {
  TaskProgram program;
  const int num_rounds = NumRounds(options, options.max_length);
  program.statements = fmt::format(R"(
sum = {summand};
for distance in {distances} {{
  before = aggregate(select(indices, indices - distance, ==), sum, 0);
  sum = (sum + before) % {modulus};
}}
# That of the last symbol, to be read at the end marker.
total = aggregate(select(indices, indices - 1, ==), sum, 0);
answer = "01234"[total];
)",
                                   fmt::arg("summand", summand), fmt::arg("modulus", modulus),
                                   fmt::arg("distances", Distances(num_rounds)));
  program.output = "answer";
  program.explanation =
      "In each round a position adds the sum that ends where its own begins, so that sums are "
      "twice as long after it.";
  program.construction = "rounds of adding sums of ever longer factors";
  program.promise = fmt::format(": {} rounds, and a look-up", num_rounds);
  program.depth = num_rounds + 1;
  program.result_at = ResultAt::kLast;
  return program;
}

}  // namespace

std::optional<TaskProgram> ParityCheckProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) return SumChain("01", {0, 1}, 2, options);
  if (options.mechanism == Mechanism::kDepth) {
    return SumByRounds(R"(indicator(tokens == "1"))", 2, options);
  }
  return Counted(R"(
num_ones = selector_width(select(tokens, "1", ==));
answer = "01"[num_ones % 2];
)",
                 "How many ones there are is counted, and a function of that is the answer.");
}

std::optional<TaskProgram> CycleNavigationProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) return SumChain("012", {4, 0, 1}, 5, options);
  if (options.mechanism == Mechanism::kDepth) {
    return SumByRounds(R"(4 * indicator(tokens == "0") + indicator(tokens == "2"))", 5, options);
  }
  TaskProgram program = Counted(R"(
num_forward = selector_width(select(tokens, "2", ==));
num_back = selector_width(select(tokens, "0", ==));
answer = "01234"[(num_forward % 5 - num_back % 5) % 5];
)",
                                "The steps forward and back are counted; where they lead depends "
                                "on their difference.");
  program.reduce_counts_first = true;
  return program;
}

std::optional<TaskProgram> BucketSortProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    TaskProgram program;
    program.statements = std::string(kPlaces) + R"(
# How many of the digits from 0 to 4 have all their places before this one.
digit = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "$": 5, ".": 5}[tokens];
digit_of_input = 5 if is_behind else digit;
num_smaller = 0;
for d in range(5) {
  num_smaller = num_smaller + indicator(selector_width(select(digit_of_input, d, <=)) <= place);
}
next = "01234."[num_smaller];
)";
    program.output = "next";
    program.explanation =
        "Each step writes the first digit of which, with the smaller ones, there are more than "
        "tokens written.";
    program.construction = "counts of digits, a digit of the answer per step";
    program.depth = 2;
    program.result_at = ResultAt::kGenerated;
    program.max_steps = options.max_length + 1;
    return program;
  }
  TaskProgram program = Counted(R"(
digit = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "$": 5}[tokens];
num_smaller = 0;
for d in range(4) {
  num_smaller = num_smaller + indicator(selector_width(select(digit, d, <=)) <= indices);
}
answer = "01234"[num_smaller];
)",
                                "How many digits are at most 0, at most 1 and so on is counted. "
                                "Position i takes the first digit for which that is more than i.");
  program.result_at = ResultAt::kFirst;
  program.max_domain = std::nullopt;
  return program;
}

}  // namespace raspc
