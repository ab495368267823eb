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
struct Bits {
  Expr first, second;
};

Bits WriteAligned(RaspWriter& w) {
  w.Comment("The bits of both numbers, at the positions of the first.");
  const Expr is_second =
      w.Assign("is_second", HasFocus(And(Select(Tokens(), "2"), SelectUpToHere())));
  const Expr separator = w.Assign("separator", SelectorWidth(Select(is_second, false)));
  const Expr is_one = w.Assign("is_one", Tokens() == "1");
  const Expr first = w.Assign("first", Indicator(And(is_one, Not(is_second))));
  return {first, w.Assign("second",
                          ValueAt(Indices() + separator + 1, Indicator(is_one), 0))};
}

// The carry into each column, whose sums are at most 2.
Expr WriteCarryByLastWrite(const Expr& column, RaspWriter& w) {
  w.Blank();
  w.Comment(
      "Each column whose sum is not 1 sets the carry; the last such column before a column "
      "determines its carry.");
  const Expr is_writing = w.Assign("is_writing", column != 1);
  const Expr num_written = w.Assign(
      "num_written", SelectorWidth(And(SelectWhere(is_writing), SelectBefore())));
  const Expr write = w.Assign("write", If(is_writing, num_written + 1, -1));
  const Expr last_write = And(Select(write, num_written), Select(column, 2));
  return w.Assign("carry", Indicator(HasFocus(last_write)));
}

Expr WriteBit(const Expr& column, const Expr& carry, RaspWriter& w) {
  return w.Assign("bit", (column + carry) % 2);
}

// The answer of a program that does not generate.
void WriteEnded(const Expr& bit, RaspWriter& w) {
  w.Blank();
  w.Comment("A 2 follows the last 1, but never comes first; zeros follow the 2.");
  const Expr is_one_later =
      HasFocus(And(Select(bit, 1), Select(Indices(), Indices(), Comparison::kGreaterEqual)));
  const Expr goes_on = w.Assign("goes_on", Or(is_one_later, Indices() == 0));
  const Expr went_on = w.Assign("went_on", ValueAt(Indices() - 1, goes_on, false));
  w.Assign("answer", If(goes_on, If(bit == 1, "1", "0"), If(went_on, "2", "0")));
}

// The same for a program that generates, at each position for the column `place`; and the number of
// ones in each number, in total and before each position.
struct BitsAtPlace {
  Places places;
  Expr is_one_first, is_one_second;
  Expr wanted;  // where the bit of the second number stands
  Expr num_first, num_first_before, num_second, num_second_before;
};

BitsAtPlace WriteAlignedAtPlace(RaspWriter& w) {
  const Places places = WritePlaces(w);
  w.Blank();
  w.Comment(
      "The bits of both numbers; `wanted` is the position of the second one's bit for the column "
      "`place`.");
  const Expr is_second = w.Assign("is_second", HasFocus(Select(Tokens(), "2")));
  const Expr separator = w.Assign("separator", SelectorWidth(Select(is_second, false)));
  const Expr is_one = w.Assign("is_one", And(Tokens() == "1", Not(places.is_after_word)));
  const Expr is_one_first = w.Assign("is_one_first", Indicator(And(is_one, Not(is_second))));
  const Expr is_one_second = w.Assign("is_one_second", Indicator(And(is_one, is_second)));
  const Expr wanted = w.Assign("wanted", places.place + separator + 1);
  w.Blank();
  const Expr before = w.Assign("before", SelectBefore());
  const auto count = [&](const std::string& name, const Expr& selector) {
    return w.Assign(name, SelectorWidth(selector));
  };
  const Expr firsts = Select(is_one_first, 1), seconds = Select(is_one_second, 1);
  const Expr num_first = count("num_first", firsts);
  const Expr num_first_before = count("num_first_before", And(firsts, before));
  const Expr num_second = count("num_second", seconds);
  const Expr num_second_before = count("num_second_before", And(seconds, before));
  return {places,    is_one_first,     is_one_second, wanted,
          num_first, num_first_before, num_second,    num_second_before};
}

// The next token. The conditions: the column is past all bits that can be 1 except a carry, and the
// answer is complete.
void WriteEndedAtPlace(const Places& places, const Expr& bit, const Expr& is_past_all,
                       const Expr& is_complete, RaspWriter& w) {
  w.Blank();
  w.Comment("A 2 follows the last 1, but never comes first; zeros follow the 2.");
  const Expr is_past = w.Assign("is_past", is_past_all);
  const Expr is_over = w.Assign("is_over", And(places.place > 0, bit == 0, is_past));
  const Expr has_ended =
      w.Assign("has_ended", HasFocus(SelectWhere(And(Tokens() == "2", places.is_after_word))));
  const Expr token =
      w.Assign("token", If(is_over, If(has_ended, "0", "2"), If(bit == 1, "1", "0")));
  w.Assign("next", If(is_complete, kStopToken, token));
}

// A program that generates, without its statements.
GeneratedProgram Generation(std::string construction, std::string explanation,
                            std::int64_t max_steps) {
  GeneratedProgram program = NewTaskProgram();
  program.construction = std::move(construction);
  program.explanation = std::move(explanation);
  Generates(max_steps, program);
  return program;
}

GeneratedProgram AdditionByLastWrite() {
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  const auto [first, second] = WriteAligned(w);
  const Expr column = w.Assign("column", first + second);
  const Expr carry = WriteCarryByLastWrite(column, w);
  WriteEnded(WriteBit(column, carry, w), w);
  program.construction = "carries from the last column that determines them";
  program.explanation =
      "The bits of both numbers are moved to the same positions. A carry comes from the last "
      "earlier column whose bits are equal.";
  program.depth = 7;
  return program;
}

// A parallel prefix adder (Kogge, Stone 1973).
GeneratedProgram AdditionByRounds(const GeneratedProgramOptions& options) {
  const int num_rounds = NumRounds(options, options.max_length - 2);
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  const auto [first, second] = WriteAligned(w);
  w.Blank();
  w.Comment(
      "What a run of columns does with a carry into the first: the last carries nothing (0), the "
      "same carry (1), or a carry in any case (2).");
  const Expr column = w.Assign("column", first + second);
  const Expr does = w.Assign("does", column);
  w.For({"distance"}, Distances(num_rounds), [&] {
    const Expr before = w.Assign("before", ValueAt(Indices() - Var("distance"), does, 0));
    w.Assign("does", If(does == 1, before, does));
  });
  const Expr carry = w.Assign("carry", Indicator(ValueAt(Indices() - 1, does, 0) == 2));
  WriteEnded(WriteBit(column, carry, w), w);
  program.construction = "rounds of composing what columns do with a carry";
  program.explanation =
      "The bits of both numbers are moved to the same positions. Each round doubles the number of "
      "columns through which carries are known.";
  program.promise_rest = fmt::format(": {} rounds, and 6 more", num_rounds);
  program.depth = num_rounds + 6;
  return program;
}

GeneratedProgram AdditionByCot(const GeneratedProgramOptions& options) {
  GeneratedProgram program =
      Generation("adding a column per step",
                 "Each step adds two bits and the carry, which follows from the previous column "
                 "and the bit written for it.",
                 options.max_length + 2);
  RaspWriter& w = program.statements;
  const BitsAtPlace bits = WriteAlignedAtPlace(w);
  w.Blank();
  const Expr at_first = w.Assign("at_first", Select(Indices() + 1, bits.places.num_asked));
  const Expr at_second = w.Assign("at_second", Select(Indices(), bits.wanted));
  const Expr column = w.Assign("column", Aggregate(at_first, bits.is_one_first, 0) +
                                             Aggregate(at_second, bits.is_one_second, 0));
  w.Blank();
  w.Comment(
      "The carry into the previous column follows from the bit written there; with it, so does the "
      "carry out.");
  const Expr previous = w.Assign("previous", ValueAt(Indices() - 1, column, 0));
  const Expr previous_carry = (previous + Indicator(Tokens() == "1")) % 2;
  const Expr carry = w.Assign("carry", Indicator(previous + previous_carry > 1));
  const Expr bit = WriteBit(column, carry, w);
  w.Blank();
  w.Comment("Whether all ones of both numbers are in earlier columns.");
  const Expr is_past_first =
      w.Assign("is_past_first", Aggregate(at_first, bits.num_first_before, 0) == bits.num_first);
  const Expr is_past_second = w.Assign(
      "is_past_second", Aggregate(at_second, bits.num_second_before, 0) == bits.num_second);
  WriteEndedAtPlace(bits.places, bit, And(is_past_first, is_past_second),
                    2 * bits.places.place > Indices(), w);
  program.depth = 4;
  program.header.reduce_counts_first = true;
  return program;
}

// Adds up columns whose sums are at most `bound` until they are at most 2: in each round every sum
// is written in binary, and its bits are added to the columns that they belong to. Returns the
// number of rounds, of one attention layer each; it barely grows: 3 up to a bound of 127, and 4 up
// to one of 2^127.
int WriteReduction(const Expr& column, std::int64_t bound, RaspWriter& w) {
  std::vector<Expr> rounds;
  while (bound > 2) {
    const int num_bits = std::bit_width(static_cast<std::uint64_t>(bound));
    rounds.push_back(ListOf({bound, num_bits}));
    w.CountRows(num_bits * (bound + 1));
    bound = num_bits;
  }
  if (rounds.empty()) return 0;
  w.Blank();
  w.Comment(
      "The bits of each sum, lowest first, go to its own column and the following ones. The "
      "greatest possible sum thus becomes its number of bits, and finally 2.");
  const Expr i = Var("i"), s = Var("s");
  w.For({"greatest", "num_bits"}, ListOf(rounds), [&] {
    const Expr sum = w.Assign("sum", 0);
    w.For({"i"}, Range(Var("num_bits")), [&] {
      const Expr has_bit = s % (2 * Power(2, i)) >= Power(2, i);
      const Expr bit_of =
          w.Assign("bit_of", ListFor(If(has_bit, 1, 0), "s", Range(Var("greatest") + 1)));
      w.Assign("sum", sum + ValueAt(Indices() - i, bit_of[column], 0));
    });
    w.Assign("column", sum);
  });
  return static_cast<int>(rounds.size());
}

// The maximum number of bits of the first number.
std::int64_t MostBits(const GeneratedProgramOptions& options) {
  return std::max<std::int64_t>(1, options.max_length - 2);
}

GeneratedProgram MultiplicationByHeads(const GeneratedProgramOptions& options) {
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  const auto [first, second] = WriteAligned(w);
  w.Blank();
  w.Comment("For each bit of the first number, the second number shifted by that much.");
  const Expr column = w.Assign("column", 0), weight = Var("weight");
  w.For({"weight"}, Range(MostBits(options)), [&] {
    const Expr shifted = w.Assign("shifted", ValueAt(Indices() - weight, second, 0));
    w.Assign("column", column + Indicator(And(first[weight] == 1, shifted == 1)));
  });
  const int num_rounds = WriteReduction(column, MostBits(options), w);
  const Expr carry = WriteCarryByLastWrite(column, w);
  WriteEnded(WriteBit(column, carry, w), w);
  program.construction = "column sums by two heads for each bit of a number";
  program.explanation =
      "Two heads for each bit of the first number give the bits of all products; their column sums "
      "are reduced to carries.";
  program.promise_rest = "; a number of heads that grows with the maximum length";
  program.depth = num_rounds + 8;
  return program;
}

std::optional<GeneratedProgram> MultiplicationByPads(const GeneratedProgramOptions& options,
                                                     Diagnostics& diag) {
  const PadGrid grid{2, std::string(kEndMarker), std::string(kPadToken), options.max_length};
  if (!CheckNumPads(grid.max_length, grid.arity, diag)) return std::nullopt;
  GeneratedProgram program = NewTaskProgram();
  RaspWriter& w = program.statements;
  WritePadGrid(grid, w);
  WriteProductColumns(grid, w);
  const Expr column = Var("column");
  const int num_rounds = WriteReduction(column, MostInColumn(grid.max_length), w);
  const Expr carry = WriteCarryByLastWrite(column, w);
  WriteEnded(WriteBit(column, carry, w), w);
  program.construction = "a padding token for each product of two bits";
  program.explanation =
      "Each padding token multiplies two bits; the products are counted by column, and the counts "
      "are reduced to carries.";
  program.promise_rest = " and as many heads, whatever the length";
  program.depth = num_rounds + 7;
  program.header.max_domain = MaxDomainForPads(grid.max_length);
  program.header.pad = {std::string(kPadToken), Polynomial::Power(grid.arity)};
  return program;
}

GeneratedProgram MultiplicationByCot(const GeneratedProgramOptions& options) {
  GeneratedProgram program = Generation("schoolbook multiplication, a column per step",
                                        "Each step adds up a column and the carry from the earlier "
                                        "ones.",
                                        options.max_length + 1);
  RaspWriter& w = program.statements;
  const BitsAtPlace bits = WriteAlignedAtPlace(w);
  w.Blank();
  w.Comment(
      "The sum of the column: for each bit of the first number, the bit of the second that belongs "
      "with it.");
  const Expr sum = w.Assign("sum", 0), weight = Var("weight");
  w.For({"weight"}, Range(MostBits(options)), [&] {
    const Expr of_first =
        w.Assign("bit_of_first", Aggregate(Select(Indices(), weight), bits.is_one_first, 0));
    const Expr of_second =
        w.Assign("bit_of_second",
                 Aggregate(Select(Indices() + weight, bits.wanted), bits.is_one_second, 0));
    w.Assign("sum", sum + Indicator(And(of_first == 1, of_second == 1)));
  });
  const Expr column = w.Assign("column", If(bits.places.is_after_word, sum, 0));
  w.Blank();
  w.Comment(
      "The number of bits of each number up to its last 1: of positions with fewer ones before "
      "them than there are in all. For the second number, the first one and the separator are "
      "counted too.");
  const Expr size_first =
      w.Assign("size_first",
               SelectorWidth(Select(bits.num_first_before, bits.num_first, Comparison::kLess)));
  const Expr end_second = w.Assign(
      "end_second",
      SelectorWidth(Select(bits.num_second_before, bits.num_second, Comparison::kLess)));
  const int num_rounds = WriteReduction(column, MostBits(options), w);
  const Expr carry = WriteCarryByLastWrite(column, w);
  const Expr bit = WriteBit(column, carry, w);
  const Expr is_past =
      Or(size_first == 0, end_second == 0, bits.wanted + 1 >= size_first + end_second);
  WriteEndedAtPlace(bits.places, bit, is_past, 2 * bits.places.place >= Indices(), w);
  program.promise_rest = "; a number of heads that grows with the maximum length";
  program.depth = num_rounds + 5;
  program.header.reduce_counts_first = true;
  return program;
}

}  // namespace

std::optional<GeneratedProgram> BinaryAdditionProgram(const GeneratedProgramOptions& options,
                                                      Diagnostics&) {
  switch (options.mechanism) {
    case Mechanism::kCot:
      return AdditionByCot(options);
    case Mechanism::kLogDepth:
      return AdditionByRounds(options);
    default:
      return AdditionByLastWrite();
  }
}

std::optional<GeneratedProgram> BinaryMultiplicationProgram(const GeneratedProgramOptions& options,
                                                            Diagnostics& diag) {
  if (options.mechanism == Mechanism::kPad) return MultiplicationByPads(options, diag);
  return options.mechanism == Mechanism::kCot ? MultiplicationByCot(options)
                                              : MultiplicationByHeads(options);
}

}  // namespace raspc
