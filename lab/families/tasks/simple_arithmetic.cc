// Arithmetic modulo 5 without brackets.
//
// The non-zero numbers modulo 5 are the powers of 2: 1, 2, 4, 3. So the product of a term is 0 if
// it has a 0 and else the power of 2 whose exponent is the sum of its digits' exponents modulo 4.
#include <fmt/format.h>

#include "lab/families/tasks/automaton_chain.h"
#include "lab/families/tasks/expressions.h"
#include "lab/families/tasks/task_programs.h"

namespace raspc {
namespace {

// States of reading an expression: the sum of the closed terms, and the open one. Between an
// operator and a digit the open term is 1 or -1, or the product so far.
struct State {
  int sum = 0, term = 1;
  bool expects_digit = true;
};

int NumberOfState(const State& state) {
  return (state.sum * kModulus + state.term) * 2 + (state.expects_digit ? 1 : 0);
}
State StateOf(int number) {
  return {number / 2 / kModulus, number / 2 % kModulus, number % 2 == 1};
}

// A misplaced symbol changes nothing.
State Next(State state, char c) {
  const bool is_digit = c >= '0' && c < '0' + kModulus;
  if (is_digit != state.expects_digit) return state;
  state.expects_digit = !is_digit;
  if (is_digit) {
    state.term = state.term * (c - '0') % kModulus;
  } else if (c != '*') {
    state.sum = (state.sum + state.term) % kModulus;
    state.term = c == '-' ? kModulus - 1 : 1;
  }
  return state;
}

GeneratedProgram Chain(const GeneratedProgramOptions& options) {
  const std::string symbols = "01234+-*";
  // The states reached, from the start on.
  std::vector<int> numbers{NumberOfState({})};
  std::vector<int> index_of(2 * kModulus * kModulus, -1);
  index_of[static_cast<std::size_t>(numbers[0])] = 0;
  for (std::size_t q = 0; q < numbers.size(); ++q) {
    for (const char c : symbols) {
      const int number = NumberOfState(Next(StateOf(numbers[q]), c));
      int& index = index_of[static_cast<std::size_t>(number)];
      if (index >= 0) continue;
      index = static_cast<int>(numbers.size());
      numbers.push_back(number);
    }
  }
  AnsweringAutomaton automaton;
  automaton.symbols = symbols;
  for (const int number : numbers) {
    const State state = StateOf(number);
    automaton.states.push_back(
        fmt::format("{}+{}{}", state.sum, state.term, state.expects_digit ? "*" : ""));
  }
  automaton.step = [=](int q, std::size_t a) {
    const State state = StateOf(numbers[static_cast<std::size_t>(q)]);
    return index_of[static_cast<std::size_t>(NumberOfState(Next(state, symbols[a])))];
  };
  automaton.answer = [=](int q) {
    const State state = StateOf(numbers[static_cast<std::size_t>(q)]);
    return static_cast<char>('0' + (state.sum + state.term) % kModulus);
  };
  return AutomatonChain(automaton, options);
}

// Of the digits of a position's term, which `same_term` selects.
Expr WriteProduct(const Expr& same_term, RaspWriter& w) {
  w.Comment("The product of a term: 0, or a power of 2.");
  const Expr has_zero = w.Assign("has_zero", HasFocus(And(same_term, Select(Tokens(), "0"))));
  const Expr exponent_of = w.Assign("exponent_of", DictOf({{"0", 0},
                                                           {"1", 0},
                                                           {"2", 1},
                                                           {"3", 3},
                                                           {"4", 2},
                                                           {"+", 0},
                                                           {"-", 0},
                                                           {"*", 0},
                                                           {"$", 0}})[Tokens()]);
  const Expr sum = Round(SelectorWidth(same_term) * Aggregate(same_term, exponent_of));
  const Expr exponent = w.Assign("exponent", sum % 4);
  return w.Assign("product", If(has_zero, 0, ListOf({1, 2, 4, 3})[exponent]));
}

void WriteDirect(RaspWriter& w) {
  w.Comment("The number of each position's term, and whether the term begins there.");
  const Expr is_sign = w.Assign("is_sign", In(Tokens(), TextsOf({"+", "-"})));
  const Expr term =
      w.Assign("term", SelectorWidth(And(SelectWhere(is_sign), SelectUpToHere())));
  const Expr is_first = w.Assign("is_first", Or(is_sign, Indices() == 0));
  w.Blank();
  const Expr same_term = w.Assign("same_term", Select(term, term));
  const Expr product = WriteProduct(same_term, w);
  w.Blank();
  const Expr term_value =
      w.Assign("term_value", If(Tokens() == "-", (5 - product) % 5, product));
  const Expr summand = w.Assign("summand", If(is_first, term_value, 0));
  const Expr total = w.Assign("total", Round(Length() * Aggregate(Var("full_s"), summand)));
  w.Assign("answer", Expr("01234")[total % 5]);
}

GeneratedProgram DirectProgram() {
  GeneratedProgram program = NewTaskProgram();
  WriteDirect(program.statements);
  program.explanation =
      "The product of a term is 0, or the power of 2 whose exponent is the sum of its digits' "
      "exponents modulo 4. The first position of each term contributes it, with its sign.";
  program.construction = "sums of discrete logarithms in each term, and the sum of terms";
  program.promise_rest = ": terms, their products, the sum";
  program.depth = 3;
  program.result_at = ResultAt::kLast;
  return program;
}

}  // namespace

std::optional<GeneratedProgram> SimpleArithmeticProgram(const GeneratedProgramOptions& options,
                                                        Diagnostics&) {
  return options.mechanism == Mechanism::kCot ? Chain(options) : DirectProgram();
}

}  // namespace raspc
