// The integer part of a square root, by a method similar to long division.
//
// Two digits of the number give one digit of the root. With r the root of the part read and R the
// remainder, the next two digits d give
//
//     R' = 4R + d - (4r + 1)    if R >= 0,    else    R' = 4R + d + (4r + 3),
//
// and the next digit of r is 1 if and only if R' >= 0: R is never restored after a subtraction
// that went below zero (non-restoring square root). After t digits -2^(t+1) <= R <
// 2^(t+1), so R' takes t+2 bits, in two's complement, and truncating 4R to them does no harm.
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {

std::optional<TaskProgram> ComputeSqrtProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  if (options.mechanism != Mechanism::kCot) return std::nullopt;
  TaskProgram program;
  program.statements = std::string(kPlaces) + R"(
# After each block of bits its digit of the root is written, as r0 or r1. The number of such digits
# is that of the blocks that are complete; the number of tokens behind the last of them is the place
# within the block of the bit to write.
is_digit = tokens in ["r0", "r1"];
num_digits = selector_width(select(is_digit, True, ==));
number = num_digits if is_digit else 0 - 1;
bit_place = selector_width(select(num_digits, num_digits, ==) and select(is_behind, True, ==)) - 1;
is_done = 2 * num_digits >= indices - place;

# What 4R + d has there: two symbols of the input, then R, whose block is one token shorter than this
# one will be. An odd number of symbols is made even by a 0 in front.
is_odd = has_focus(select(tokens == "$" and indices % 2 == 1, True, ==));
is_symbol_one = indicator(tokens == "1" and not is_behind);
symbol = aggregate(select(indices, 2 * num_digits + 1 - bit_place - indicator(is_odd), ==),
    is_symbol_one, 0);
is_bit_one = indicator(tokens == "1" and is_behind);
carried_over = aggregate(select(indices, indices - num_digits - 4, ==), is_bit_one, 0);
minuend = symbol if bit_place < 2 else carried_over;

# What is added: 4r + 3, or the complement of 4r + 1 with a carry into its lowest bit.
is_r1 = select(tokens, "r1", ==);
root_digit = indicator(has_focus(select(number, num_digits + 2 - bit_place, ==) and is_r1));
is_below_zero = has_focus(select(number, num_digits, ==) and select(tokens, "r0", ==));
low = 1 if bit_place == 0 else indicator(is_below_zero);
addend = low if bit_place < 2 else root_digit;
column = minuend + (addend if is_below_zero else 1 - addend);

# The carry out of the bit before follows from that bit.
previous = aggregate(select(indices, indices - 1, ==), column, 0);
carried = indicator(previous + (previous + indicator(tokens == "1")) % 2 > 1);
carry = indicator(not is_below_zero) if bit_place == 0 else carried;
bit = "1" if (column + carry) % 2 == 1 else "0";
digit = "r1" if tokens == "0" else "r0";
thought = digit if bit_place == num_digits + 3 else bit;

# In the end the digits once more.
is_one = has_focus(select(number, bit_place, ==) and is_r1);
answer = "." if bit_place > num_digits else ("1" if is_one else "0");
next = ("=>" if bit_place == 0 else answer) if is_done else thought;
)";
  program.output = "next";
  program.construction = "non-restoring square root, a bit of a remainder per step";
  program.explanation =
      "For each digit of the root the new remainder is written, lowest bit first, and then the "
      "digit, which says whether the remainder is negative. The answer is the digits.";
  program.promise = " whatever the length; about n^2/8 + 9n/4 steps";
  program.depth = 4;
  program.result_at = ResultAt::kGenerated;
  program.has_answer_mark = true;
  program.max_domain = 10'000;
  program.reduce_counts_first = true;
  program.more_tokens = {"r0", "r1"};
  const std::int64_t most_digits = (options.max_length + 1) / 2;
  program.max_steps = most_digits * (most_digits + 7) / 2 + most_digits + 2;
  return program;
}

}  // namespace raspc
