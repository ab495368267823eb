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

namespace {

// Where a position is.
struct RootPlaces {
  Places places;
  Expr num_digits;  // of the root, written so far
  Expr number;      // at a digit of the root, its number from 1; else -1
  Expr bit_place;   // within the block, of the bit to write
  Expr is_done;
};

RootPlaces WriteRootPlaces(RaspWriter& w) {
  const Places places = WritePlaces(w);
  w.Blank();
  w.Comment(
      "After each block of bits its digit of the root is written, as r0 or r1. The number of such "
      "digits is the number of complete blocks; the number of tokens after the last of them is the "
      "place, within the block, of the bit to write.");
  const Expr is_digit = w.Assign("is_digit", In(Tokens(), TextsOf({"r0", "r1"})));
  const Expr num_digits = w.Assign("num_digits", SelectorWidth(SelectWhere(is_digit)));
  const Expr number = w.Assign("number", If(is_digit, num_digits, -1));
  const Expr in_block = And(Select(num_digits, num_digits), SelectWhere(places.is_after_word));
  const Expr bit_place = w.Assign("bit_place", SelectorWidth(in_block) - 1);
  const Expr is_done = w.Assign("is_done", 2 * num_digits >= Indices() - places.place);
  return {places, num_digits, number, bit_place, is_done};
}

Expr WriteMinuend(const RootPlaces& at, RaspWriter& w) {
  const Expr is_after_word = at.places.is_after_word;
  w.Comment(
      "The bit of 4R + d there: two symbols of the input, then R, whose block is one token shorter "
      "than this one will be. A leading 0 makes an odd number of symbols even.");
  const Expr is_odd = w.Assign(
      "is_odd", HasFocus(SelectWhere(And(Tokens() == "$", Indices() % 2 == 1))));
  const Expr is_symbol_one =
      w.Assign("is_symbol_one", Indicator(And(Tokens() == "1", Not(is_after_word))));
  const Expr symbol_place = 2 * at.num_digits + 1 - at.bit_place - Indicator(is_odd);
  const Expr symbol = w.Assign("symbol", ValueAt(symbol_place, is_symbol_one, 0));
  const Expr is_bit_one = w.Assign("is_bit_one", Indicator(And(Tokens() == "1", is_after_word)));
  const Expr carried_over =
      w.Assign("carried_over", ValueAt(Indices() - at.num_digits - 4, is_bit_one, 0));
  return w.Assign("minuend", If(at.bit_place < 2, symbol, carried_over));
}

// The next token before the root is complete.
Expr WriteThought(const RootPlaces& at, RaspWriter& w) {
  const Expr minuend = WriteMinuend(at, w);
  w.Blank();
  w.Comment("The addend: 4r + 3, or the complement of 4r + 1 with a carry into its lowest bit.");
  const Expr is_r1 = w.Assign("is_r1", Select(Tokens(), "r1"));
  const Expr this_digit = Select(at.number, at.num_digits + 2 - at.bit_place);
  const Expr root_digit =
      w.Assign("root_digit", Indicator(HasFocus(And(this_digit, is_r1))));
  const Expr last_digit = Select(at.number, at.num_digits);
  const Expr is_below_zero =
      w.Assign("is_below_zero", HasFocus(And(last_digit, Select(Tokens(), "r0"))));
  const Expr low = w.Assign("low", If(at.bit_place == 0, 1, Indicator(is_below_zero)));
  const Expr addend = w.Assign("addend", If(at.bit_place < 2, low, root_digit));
  const Expr column =
      w.Assign("column", minuend + If(is_below_zero, addend, 1 - addend));
  w.Blank();
  w.Comment("The carry out of the previous bit follows from that bit.");
  const Expr previous = w.Assign("previous", ValueAt(Indices() - 1, column, 0));
  const Expr previous_carry = (previous + Indicator(Tokens() == "1")) % 2;
  const Expr carried = w.Assign("carried", Indicator(previous + previous_carry > 1));
  const Expr carry =
      w.Assign("carry", If(at.bit_place == 0, Indicator(Not(is_below_zero)), carried));
  const Expr bit = w.Assign("bit", If((column + carry) % 2 == 1, "1", "0"));
  const Expr digit = w.Assign("digit", If(Tokens() == "0", "r1", "r0"));
  return w.Assign("thought", If(at.bit_place == at.num_digits + 3, digit, bit));
}

void WriteRoot(RaspWriter& w) {
  const RootPlaces at = WriteRootPlaces(w);
  w.Blank();
  const Expr thought = WriteThought(at, w);
  w.Blank();
  w.Comment("At the end, the digits once more.");
  const Expr is_one =
      w.Assign("is_one", HasFocus(And(Select(at.number, at.bit_place), Var("is_r1"))));
  const Expr answer = w.Assign(
      "answer", If(at.bit_place > at.num_digits, kStopToken, If(is_one, "1", "0")));
  const Expr when_done = If(at.bit_place == 0, kAnswerMark, answer);
  w.Assign("next", If(at.is_done, when_done, thought));
}

}  // namespace

std::optional<GeneratedProgram> ComputeSqrtProgram(const GeneratedProgramOptions& options,
                                                   Diagnostics&) {
  if (options.mechanism != Mechanism::kCot) return std::nullopt;
  GeneratedProgram program = NewTaskProgram();
  WriteRoot(program.statements);
  program.construction = "non-restoring square root, one bit of a remainder per step";
  program.explanation =
      "For each digit of the root, the new remainder is written, lowest bit first, then the digit, "
      "which says whether the remainder is negative. The digits are the answer.";
  program.promise_rest = " whatever the length; about n^2/8 + 9n/4 steps";
  program.depth = 4;
  program.answer_mark = kAnswerMark;
  program.header.max_domain = 10'000;
  program.header.reduce_counts_first = true;
  program.header.more_tokens = {"r0", "r1"};
  const std::int64_t most_digits = (options.max_length + 1) / 2;
  Generates(most_digits * (most_digits + 7) / 2 + most_digits + 2, program);
  return program;
}

}  // namespace raspc
