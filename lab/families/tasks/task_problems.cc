// The fifteen tasks with what theory says about them.
#include "lab/families/tasks/task_problems.h"

#include <utility>

#include "lab/families/tasks/answers.h"
#include "lab/families/tasks/task.h"
#include "lab/families/tasks/task_programs.h"
#include "lab/families/tasks/task_samplers.h"

namespace raspc {
namespace {

using Theory = std::array<MechanismTheory, 4>;

constexpr const char* kRegular = "regular";
constexpr const char* kDeterministic = "deterministic context-free";
constexpr const char* kSensitive = "context-sensitive";

constexpr const char* kRecipe = "Weiss et al. 2021";
constexpr const char* kChain = "Merrill, Sabharwal 2024";
// Addition and multiplication by circuits of constant depth.
constexpr const char* kArithmetic = "Chandra, Stockmeyer, Vishkin 1984";
constexpr const char* kPadding = "Merrill, Sabharwal 2025, exact expressive power";

MechanismTheory Yes(std::string reason, std::string cost, std::string reference) {
  return {Expectation::kYes, std::move(reason), std::move(cost), std::move(reference)};
}

// A task solved by a program of constant depth, so that padding and rounds gain nothing.
Theory ConstantDepth(const std::string& construction, const std::string& reference,
                     MechanismTheory cot) {
  return {Yes(construction, "constant depth", reference),
          Yes(construction + "; rounds would gain nothing", "0 rounds", reference), std::move(cot),
          Yes(construction + "; padding would gain nothing", "0 padding tokens", reference)};
}

Theory With(Mechanism mechanism, MechanismTheory of_it, Theory theory) {
  theory[static_cast<std::size_t>(mechanism)] = std::move(of_it);
  return theory;
}

// An answer of 2n tokens: padding provides positions for it in a program that does not generate.
Theory OfTwiceTheLength(MechanismTheory cot) {
  const char* construction = "a gather at i mod n";
  const std::string pads = ", and n padding tokens as positions for the answer";
  return {Yes(construction, "constant depth" + pads, kRecipe),
          Yes(construction, "0 rounds" + pads, kRecipe), std::move(cot),
          Yes(construction, "n padding tokens as positions for the answer", kRecipe)};
}

MechanismTheory Steps(std::string reason, std::string cost) {
  return Yes(std::move(reason), std::move(cost), kChain);
}

std::vector<Task> Tasks() {
  const MechanismTheory states =
      Steps("a state of the automaton per symbol, then the answer", "n+3 steps");
  const MechanismTheory sums = Yes("rounds of adding the sums of ever longer factors",
                                   "ceil(log2 n) rounds", "Liu et al. 2023, theorem 1");
  std::vector<Task> tasks;
  const auto add = [&](const char* name, const char* level, const char* symbols,
                       const char* definition, auto answer, auto source, auto program,
                       Theory theory) {
    tasks.push_back({name, level, definition, symbols, answer, source, std::move(theory), program});
  };

  add("even_pairs_task", kRegular, "01",
      "the parity of the number of neighbours that differ: whether the first and last bits differ",
      EvenPairsAnswer, DrawBits, EvenPairsProgram,
      ConstantDepth("gathers of the first and the last symbol", kRecipe,
                    Steps("gathers of the first and the last symbol", "1 step")));
  add("modular_arithmetic_simple", kRegular, "01234+-*",
      "the value modulo 5 of digits from 0 to 4 joined by + - *, where * binds tighter; odd "
      "lengths",
      SimpleArithmeticAnswer, DrawSimpleArithmetic, SimpleArithmeticProgram,
      ConstantDepth("the sum of discrete logarithms in each term; the sum of terms",
                    "Liu et al. 2023, theorem 2", states));
  add("parity_check", kRegular, "01", "the number of ones, modulo 2", ParityCheckAnswer, DrawBits,
      ParityCheckProgram,
      With(Mechanism::kLogDepth, sums,
           ConstantDepth("a count and its parity", "Liu et al. 2023, theorem 2", states)));
  add("cycle_navigation_task", kRegular, "012",
      "where a walk from 0 on a ring of 5 ends; 0 is a step back, 1 none, 2 a step forward",
      CycleNavigationAnswer, DrawSteps, CycleNavigationProgram,
      With(Mechanism::kLogDepth, sums,
           ConstantDepth("two counts and their difference modulo 5", "Liu et al. 2023, theorem 2",
                         states)));

  add("stack_manipulation", kDeterministic, "01234",
      "a stack of bits, bottom first, then actions: 2 pops, 3 pushes 0, 4 pushes 1; the final "
      "stack, top first, then 2, then zeros up to n+1 tokens",
      StackManipulationAnswer, DrawStackActions, StackManipulationProgram,
      ConstantDepth("pushes that are not popped", kRecipe,
                    Steps("the last push to each height", "n+2 steps")));
  add("reverse_string", kDeterministic, "01", "the bits in reverse order", ReverseStringAnswer,
      DrawBits, ReverseStringProgram,
      ConstantDepth("a gather at n-1-i", kRecipe, Steps("a symbol per step", "n+1 steps")));
  const char* formula =
      "a Boolean formula can be written as such an expression, and its value is complete for NC1, "
      "so no transformer of constant depth computes it unless TC0 = NC1";
  add("modular_arithmetic_brackets", kDeterministic, "01234+-*()",
      "the value modulo 5 of an expression d, -d, (d), (-d) or (EoE), with d from 0 to 4, "
      "expressions E and o one of + - *",
      BracketArithmeticAnswer, DrawBracketArithmetic, BracketArithmeticProgram,
      {MechanismTheory{Expectation::kConditionalNo, formula, "", "Buss 1987"},
       Yes("rounds that each remove half of the digits (parallel tree contraction)",
           "floor(log2((n+3)/4)) rounds", "Abrahamson et al. 1989"),
       Steps("the value of a pair of brackets per step", "at most n/3 + 3 steps"),
       MechanismTheory{Expectation::kConditionalNo,
                       std::string(formula) + "; padding does not change that", "",
                       std::string("Buss 1987; ") + kPadding}});
  add("solve_equation", kDeterministic, "01234+-()x=",
      "the x that makes E=d true modulo 5, where E is an expression as in "
      "modular_arithmetic_brackets without *, one digit of which is x",
      SolveEquationAnswer, DrawEquation, SolveEquationProgram,
      ConstantDepth("signs of digits by counting the minus signs that reach them", kRecipe,
                    Steps("the value of a pair of brackets per step, as a form in x",
                          "at most n/3 + 3 steps")));

  add("duplicate_string", kSensitive, "01", "the word twice", DuplicateStringAnswer, DrawBits,
      DuplicateStringProgram, OfTwiceTheLength(Steps("a symbol per step", "2n+1 steps")));
  add("missing_duplicate", kSensitive, "0123",
      "the bit replaced by 2 in a word written twice; a 3 is appended if the length is odd",
      MissingDuplicateAnswer, DrawMissingDuplicate, MissingDuplicateProgram,
      ConstantDepth("a gather half the length from the hole", kRecipe,
                    Steps("a gather half the length from the hole", "1 step")));
  add("odds_first", kSensitive, "01",
      "the bits at positions 1, 3, 5, ..., counted from 0, then those at 0, 2, 4, ...",
      OddsFirstAnswer, DrawBits, OddsFirstProgram,
      ConstantDepth("a gather at 2i+1 or 2i-m", kRecipe, Steps("a symbol per step", "n+1 steps")));
  add("binary_addition", kSensitive, "012",
      "the sum of two numbers separated by 2, lowest bits first and without leading zeros, then 2, "
      "then zeros up to n+1 tokens",
      BinaryAdditionAnswer, DrawTwoNumbers, BinaryAdditionProgram,
      With(Mechanism::kLogDepth,
           Yes("a parallel prefix adder", "ceil(log2 n) rounds", "Kogge, Stone 1973"),
           ConstantDepth("the last column that determines a carry", kArithmetic,
                         Steps("a column per step", "n+2 steps"))));
  const char* columns = "sums of columns, reduced until only carries are left";
  add("binary_multiplication", kSensitive, "012",
      "the product of two numbers separated by 2, lowest bits first and without leading zeros, "
      "then 2, then zeros up to n tokens",
      BinaryMultiplicationAnswer, DrawTwoNumbers, BinaryMultiplicationProgram,
      With(Mechanism::kPad,
           Yes("a padding token for each pair of bits; sums of columns", "n^2 padding tokens",
               kPadding),
           With(Mechanism::kDirect,
                Yes(columns, "constant depth, 2 heads for each bit", kArithmetic),
                ConstantDepth(columns, kArithmetic, Steps("a column per step", "n+1 steps")))));
  const char* root =
      "threshold circuits of constant depth (TC0) compute the root, but no construction of "
      "practical size is known";
  const char* root_source = "Hesse, Allender, Barrington 2002";
  add("compute_sqrt", kSensitive, "01",
      "the integer part of the square root of a number, both highest bit first; ceil(n/2) bits",
      ComputeSqrtAnswer, DrawRadicands, ComputeSqrtProgram,
      {OnlyKnown(root, "constant depth, width polynomial in n", root_source),
       OnlyKnown(root, "0 rounds, width polynomial in n", root_source),
       Steps("a remainder per digit, a bit per step", "about n^2/8 + 9n/4 steps"),
       OnlyKnown(root, "polynomially many padding tokens",
                 std::string(root_source) + "; " + kPadding)});
  add("bucket_sort", kSensitive, "01234", "the digits, from 0 to 4, in ascending order",
      BucketSortAnswer, DrawDigits, BucketSortProgram,
      ConstantDepth("counts of digits, compared with positions", kRecipe,
                    Steps("a digit per step", "n+1 steps")));
  return tasks;
}

}  // namespace

void AddTaskProblems(std::vector<ProblemEntry>& entries) {
  for (Task& task : Tasks()) entries.push_back(EntryOf(std::move(task)));
}

}  // namespace raspc
