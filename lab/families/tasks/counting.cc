// Tasks whose answer depends on how often each symbol occurs.
#include <fmt/format.h>

#include "lab/families/tasks/automaton_chain.h"
#include "lab/families/tasks/generation.h"
#include "lab/families/tasks/rounds.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

// Without its statements.
GeneratedProgram Counted(std::string explanation) {
  GeneratedProgram program = NewTaskProgram();
  program.explanation = std::move(explanation);
  program.construction = "counts of symbols";
  program.promise_rest = ": counts, and a function of them";
  program.depth = 1;
  program.result_at = ResultAt::kLast;
  return program;
}

// The sum modulo `modulus` of a summand for each symbol, by a chain of thought.
GeneratedProgram SumChain(std::string symbols, std::vector<int> summands, int modulus,
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
GeneratedProgram SumByRounds(const Expr& summand, int modulus,
                             const GeneratedProgramOptions& options) {
  GeneratedProgram program = NewTaskProgram();
  const int num_rounds = NumRounds(options, options.max_length);
  RaspWriter& w = program.statements;
  const Expr sum = w.Assign("sum", summand);
  w.For({"distance"}, Distances(num_rounds), [&] {
    const Expr before = w.Assign("before", ValueAt(Indices() - Var("distance"), sum, 0));
    w.Assign("sum", (sum + before) % modulus);
  });
  w.Comment("The value at the last symbol, to be read at the end marker.");
  const Expr total = w.Assign("total", ValueAt(Indices() - 1, sum, 0));
  w.Assign("answer", Expr("01234")[total]);
  program.explanation =
      "In each round, a position adds the sum that ends where its own begins, which doubles the "
      "length of its sum.";
  program.construction = "rounds of adding sums of ever longer factors";
  program.promise_rest = fmt::format(": {} rounds, and a gather", num_rounds);
  program.depth = num_rounds + 1;
  program.result_at = ResultAt::kLast;
  return program;
}

// The value of a digit; 5 for the other tokens.
Expr AssignDigit(const std::vector<std::string_view>& others, RaspWriter& w) {
  std::vector<std::pair<Expr, Expr>> rows;
  for (int d = 0; d < 5; ++d) rows.emplace_back(fmt::format("{}", d), d);
  for (const std::string_view other : others) rows.emplace_back(other, 5);
  return w.Assign("digit", DictOf(rows)[Tokens()]);
}

// The number of d < num_digits for which at most `place` positions have a digit of at most d.
Expr AssignNumSmaller(const Expr& digit, int num_digits, const Expr& place, RaspWriter& w) {
  const Expr num_smaller = w.Assign("num_smaller", 0);
  w.For({"d"}, Range(num_digits), [&] {
    const Expr num_up_to = SelectorWidth(Select(digit, Var("d"), Comparison::kLessEqual));
    w.Assign("num_smaller", num_smaller + Indicator(num_up_to <= place));
  });
  return num_smaller;
}

}  // namespace

std::optional<GeneratedProgram> ParityCheckProgram(const GeneratedProgramOptions& options,
                                                   Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) return SumChain("01", {0, 1}, 2, options);
  if (options.mechanism == Mechanism::kLogDepth) {
    return SumByRounds(Indicator(Tokens() == "1"), 2, options);
  }
  GeneratedProgram program =
      Counted("The ones are counted, and the answer is a function of the count.");
  RaspWriter& w = program.statements;
  const Expr num_ones = w.Assign("num_ones", SelectorWidth(Select(Tokens(), "1")));
  w.Assign("answer", Expr("01")[num_ones % 2]);
  return program;
}

std::optional<GeneratedProgram> CycleNavigationProgram(const GeneratedProgramOptions& options,
                                                       Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) return SumChain("012", {4, 0, 1}, 5, options);
  if (options.mechanism == Mechanism::kLogDepth) {
    return SumByRounds(4 * Indicator(Tokens() == "0") + Indicator(Tokens() == "2"), 5, options);
  }
  GeneratedProgram program =
      Counted("The steps forward and back are counted; where they lead depends on the difference.");
  RaspWriter& w = program.statements;
  const Expr num_forward = w.Assign("num_forward", SelectorWidth(Select(Tokens(), "2")));
  const Expr num_back = w.Assign("num_back", SelectorWidth(Select(Tokens(), "0")));
  w.Assign("answer", Expr("01234")[(num_forward % 5 - num_back % 5) % 5]);
  program.header.reduce_counts_first = true;
  return program;
}

std::optional<GeneratedProgram> BucketSortProgram(const GeneratedProgramOptions& options,
                                                  Diagnostics&) {
  if (options.mechanism == Mechanism::kCot) {
    GeneratedProgram program = NewTaskProgram();
    RaspWriter& w = program.statements;
    const auto [is_after_word, num_asked, place] = WritePlaces(w);
    w.Blank();
    w.Comment("How many of the digits from 0 to 4 have all of their positions before this one.");
    const Expr digit = AssignDigit({kEndMarker, kStopToken}, w);
    const Expr digit_of_input = w.Assign("digit_of_input", If(is_after_word, 5, digit));
    w.Assign("next", Expr("01234.")[AssignNumSmaller(digit_of_input, 5, place, w)]);
    program.explanation =
        "Each step writes the smallest digit for which the number of digits up to it exceeds the "
        "number of tokens written.";
    program.construction = "counts of digits, one digit of the answer per step";
    program.depth = 2;
    Generates(options.max_length + 1, program);
    return program;
  }
  GeneratedProgram program = Counted(
      "The digits that are at most 0, at most 1 and so on are counted. Position i takes the "
      "smallest digit for which that count exceeds i.");
  RaspWriter& w = program.statements;
  const Expr digit = AssignDigit({kEndMarker}, w);
  w.Assign("answer", Expr("01234")[AssignNumSmaller(digit, 4, Indices(), w)]);
  program.result_at = ResultAt::kFirst;
  program.header.max_domain = std::nullopt;
  return program;
}

}  // namespace raspc
