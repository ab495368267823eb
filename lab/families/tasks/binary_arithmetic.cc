// Sums and products of two binary numbers, lowest bit first.
//
// Both reduce to columns with small sums. If they are at most 2, the carry into a column is 1
// if and only if the last column before it whose sum is not 1 has the sum 2.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "frontends/formulas/multiplication.h"
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/rounds.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

// The bits of both numbers at the positions of the first, 0 past their ends.
constexpr std::string_view kAligned = R"(
# The bits of both numbers, at the positions of the first.
is_second = has_focus(select(tokens, "2", ==) and select(indices, indices, <=));
separator = selector_width(select(is_second, False, ==));
is_one = tokens == "1";
first = indicator(is_one and not is_second);
second = aggregate(select(indices, indices + separator + 1, ==), indicator(is_one), 0);
)";

constexpr std::string_view kCarryByLastWrite = R"(
# The carry is written by each column whose sum is not 1; the last one that writes before a column
# decides.
is_writing = column != 1;
num_written = selector_width(select(is_writing, True, ==) and select(indices, indices, <));
write = num_written + 1 if is_writing else 0 - 1;
carry = indicator(has_focus(select(write, num_written, ==) and select(column, 2, ==)));
)";

// From `bit` to the answer of a program that does not generate.
constexpr std::string_view kEnded = R"(
# Behind the last 1, but not in front of the first bit, stands a 2, and zeros behind that.
goes_on = has_focus(select(bit, 1, ==) and select(indices, indices, >=)) or indices == 0;
went_on = aggregate(select(indices, indices - 1, ==), goes_on, False);
answer = ("1" if bit == 1 else "0") if goes_on else ("2" if went_on else "0");
)";

// The same for a program that generates, at each position for the column `place`; and the size of
// each number.
constexpr std::string_view kAlignedAtPlace = R"(
# The bits of both numbers; wanted is where that of the second stands for the column `place`.
is_second = has_focus(select(tokens, "2", ==));
separator = selector_width(select(is_second, False, ==));
is_one = tokens == "1" and not is_behind;
is_one_first = indicator(is_one and not is_second);
is_one_second = indicator(is_one and is_second);
wanted = place + separator + 1;

before = select(indices, indices, <);
num_first = selector_width(select(is_one_first, 1, ==));
num_first_before = selector_width(select(is_one_first, 1, ==) and before);
num_second = selector_width(select(is_one_second, 1, ==));
num_second_before = selector_width(select(is_one_second, 1, ==) and before);
)";

// From `bit` to the next token. The conditions: the column is past all bits that can be 1 except a
// carry, and the answer is complete.
std::string EndedAtPlace(std::string_view is_past, std::string_view is_complete) {
  return fmt::format(R"(
# Behind the last 1, but not in front of the first bit, stands a 2, and zeros behind that.
is_past = {};
is_over = place > 0 and bit == 0 and is_past;
has_ended = has_focus(select(tokens == "2" and is_behind, True, ==));
token = ("0" if has_ended else "2") if is_over else ("1" if bit == 1 else "0");
next = "." if {} else token;
)",
                     is_past, is_complete);
}

TaskProgram Generation(std::string statements, std::string construction, std::string explanation,
                       std::int64_t max_steps) {
  TaskProgram program;
  program.statements = std::string(kPlaces) + std::string(kAlignedAtPlace) + std::move(statements);
  program.output = "next";
  program.construction = std::move(construction);
  program.explanation = std::move(explanation);
  program.result_at = ResultAt::kGenerated;
  program.max_steps = max_steps;
  return program;
}

TaskProgram AdditionByLastWrite() {
  TaskProgram program;
  program.statements = std::string(kAligned) + "column = first + second;\n" +
                       std::string(kCarryByLastWrite) + "bit = (column + carry) % 2;\n" +
                       std::string(kEnded);
  program.output = "answer";
  program.construction = "carries from the last column that decides";
  program.explanation =
      "The bits of both numbers are brought to the same positions. A carry comes from the last "
      "column before whose bits are equal.";
  program.depth = 7;
  return program;
}

// A parallel prefix adder (Kogge, Stone 1973).
TaskProgram AdditionByRounds(const GeneratedProgramOptions& options) {
  const int num_rounds = NumRounds(options, options.max_length - 2);
  TaskProgram program;
  program.statements = std::string(kAligned) +
                       fmt::format(R"(
# What the columns of a factor do with a carry into the first: no carry comes out of the last (0),
# the same (1), or one (2).
column = first + second;
does = column;
for distance in {} {{
  before = aggregate(select(indices, indices - distance, ==), does, 0);
  does = before if does == 1 else does;
}}
carry = indicator(aggregate(select(indices, indices - 1, ==), does, 0) == 2);
bit = (column + carry) % 2;
)",
                                   Distances(num_rounds)) +
                       std::string(kEnded);
  program.output = "answer";
  program.construction = "rounds of composing what columns do with a carry";
  program.explanation =
      "The bits of both numbers are brought to the same positions. Each round doubles the number "
      "of columns of which is known whether a carry comes out of them.";
  program.promise = fmt::format(": {} rounds, and 6 more", num_rounds);
  program.depth = num_rounds + 6;
  return program;
}

TaskProgram AdditionByCot(const GeneratedProgramOptions& options) {
  TaskProgram program =
      Generation(R"(
at_first = select(indices + 1, num_asked, ==);
at_second = select(indices, wanted, ==);
column = aggregate(at_first, is_one_first, 0) + aggregate(at_second, is_one_second, 0);

# The carry into the column before follows from the bit that was written there, and with it the
# carry out of it.
previous = aggregate(select(indices, indices - 1, ==), column, 0);
carry = indicator(previous + (previous + indicator(tokens == "1")) % 2 > 1);
bit = (column + carry) % 2;

# Whether all ones of both numbers stand in earlier columns.
is_past_first = aggregate(at_first, num_first_before, 0) == num_first;
is_past_second = aggregate(at_second, num_second_before, 0) == num_second;
)" + EndedAtPlace("is_past_first and is_past_second", "2 * place > indices"),
                 "adding a column per step",
                 "Each step adds two bits and the carry, which follows from the column before "
                 "and the bit written for it.",
                 options.max_length + 2);
  program.depth = 4;
  program.reduce_counts_first = true;
  return program;
}

// Statements that reduce the sums of columns, with an attention layer per round.
struct Reduction {
  std::string statements;
  int num_rounds = 0;
  std::int64_t num_rows = 0;  // of the lists in them
};

// Adds up columns whose sums are at most `bound` until they are at most 2: in each round every sum
// is written in binary, and its bits are added to the columns that they belong to. The number of
// rounds barely grows: 3 up to a bound of 127, and 4 up to one of 2^127.
Reduction Reduce(std::int64_t bound) {
  Reduction reduction;
  std::string rounds;
  while (bound > 2) {
    const int num_bits = std::bit_width(static_cast<std::uint64_t>(bound));
    rounds += fmt::format("{}[{}, {}]", rounds.empty() ? "" : ", ", bound, num_bits);
    reduction.num_rows += num_bits * (bound + 1);
    ++reduction.num_rounds;
    bound = num_bits;
  }
  if (reduction.num_rounds == 0) return reduction;
  reduction.statements = fmt::format(R"(
# The bits of each sum, lowest first, go to its own column and the next ones, so that the greatest
# sum becomes the number of its bits, in the end 2.
for greatest, num_bits in [{}] {{
  sum = 0;
  for i in range(num_bits) {{
    bit_of = [1 if s % (2 * 2 ^ i) >= 2 ^ i else 0 for s in range(greatest + 1)];
    sum = sum + aggregate(select(indices, indices - i, ==), bit_of[column], 0);
  }}
  column = sum;
}}
)",
                                     rounds);
  return reduction;
}

// The maximum number of bits of the first number.
std::int64_t MostBits(const GeneratedProgramOptions& options) {
  return std::max<std::int64_t>(1, options.max_length - 2);
}

TaskProgram MultiplicationByHeads(const GeneratedProgramOptions& options) {
  const Reduction reduction = Reduce(MostBits(options));
  TaskProgram program;
  program.statements = std::string(kAligned) +
                       fmt::format(R"(
# For each bit of the first number, the second shifted by as much.
column = 0;
for weight in range({}) {{
  shifted = aggregate(select(indices, indices - weight, ==), second, 0);
  column = column + indicator(first[weight] == 1 and shifted == 1);
}}
)",
                                   MostBits(options)) +
                       reduction.statements + std::string(kCarryByLastWrite) +
                       "bit = (column + carry) % 2;\n" + std::string(kEnded);
  program.output = "answer";
  program.num_rows = reduction.num_rows;
  program.construction = "column sums by two heads for each bit of a number";
  program.explanation =
      "Two heads for each bit of the first number give the bits of all products; their sums by "
      "columns are reduced to carries.";
  program.promise = "; a number of heads that grows with the maximum length";
  program.depth = reduction.num_rounds + 8;
  return program;
}

std::optional<TaskProgram> MultiplicationByPads(const GeneratedProgramOptions& options,
                                                Diagnostics& diag) {
  const PadGrid grid{2, std::string(kEndMark), std::string(kPadToken), options.max_length};
  if (!CheckNumPads(grid.max_length, grid.arity, diag)) return std::nullopt;
  const Reduction reduction = Reduce(MostInColumn(grid.max_length));
  TaskProgram program;
  program.statements = PadGridStatements(grid) + ProductColumnStatements(grid) +
                       reduction.statements + std::string(kCarryByLastWrite) +
                       "bit = (column + carry) % 2;\n" + std::string(kEnded);
  program.output = "answer";
  program.construction = "a pad for each product of two bits";
  program.explanation =
      "Each pad multiplies two bits; the products are counted by columns, and the counts are "
      "reduced to carries.";
  program.promise = " and as many heads, whatever the length";
  program.depth = reduction.num_rounds + 7;
  program.num_rows = reduction.num_rows;
  program.max_domain = MaxDomainForPads(grid.max_length);
  program.num_pads = PadCount(grid.arity);
  return program;
}

TaskProgram MultiplicationByCot(const GeneratedProgramOptions& options) {
  const Reduction reduction = Reduce(MostBits(options));
  TaskProgram program = Generation(
      fmt::format(R"(
# The sum of the column: for each bit of the first number the bit of the second that comes with it.
sum = 0;
for weight in range({}) {{
  bit_of_first = aggregate(select(indices, weight, ==), is_one_first, 0);
  bit_of_second = aggregate(select(indices + weight, wanted, ==), is_one_second, 0);
  sum = sum + indicator(bit_of_first == 1 and bit_of_second == 1);
}}
column = sum if is_behind else 0;

# How many bits of each number there are up to its last 1: the positions with fewer ones before them
# than there are. For the second number the first one and the separator are counted too.
size_first = selector_width(select(num_first_before, num_first, <));
end_second = selector_width(select(num_second_before, num_second, <));
)",
                  MostBits(options)) +
          reduction.statements + std::string(kCarryByLastWrite) + "bit = (column + carry) % 2;\n" +
          EndedAtPlace(
              "size_first == 0 or end_second == 0 or wanted + 1 >= size_first + end_second",
              "2 * place >= indices"),
      "schoolbook multiplication, a column per step",
      "Each step adds up a column, and the carry from those before.", options.max_length + 1);
  program.promise = "; a number of heads that grows with the maximum length";
  program.depth = reduction.num_rounds + 5;
  program.reduce_counts_first = true;
  program.num_rows = reduction.num_rows;
  return program;
}

}  // namespace

std::optional<TaskProgram> BinaryAdditionProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  switch (options.mechanism) {
    case Mechanism::kCot:
      return AdditionByCot(options);
    case Mechanism::kDepth:
      return AdditionByRounds(options);
    default:
      return AdditionByLastWrite();
  }
}

std::optional<TaskProgram> BinaryMultiplicationProgram(const GeneratedProgramOptions& options,
                                                       Diagnostics& diag) {
  if (options.mechanism == Mechanism::kPad) return MultiplicationByPads(options, diag);
  return options.mechanism == Mechanism::kCot ? MultiplicationByCot(options)
                                              : MultiplicationByHeads(options);
}

}  // namespace raspc
