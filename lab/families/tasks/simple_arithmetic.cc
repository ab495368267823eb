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

int NumberOf(const State& state) {
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

TaskProgram Chain(const GeneratedProgramOptions& options) {
  const std::string symbols = "01234+-*";
  // The states reached, from the start on.
  std::vector<int> numbers{NumberOf({})};
  std::vector<int> index_of(2 * kModulus * kModulus, -1);
  index_of[static_cast<std::size_t>(numbers[0])] = 0;
  for (std::size_t q = 0; q < numbers.size(); ++q) {
    for (const char c : symbols) {
      const int number = NumberOf(Next(StateOf(numbers[q]), c));
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
    return index_of[static_cast<std::size_t>(NumberOf(Next(state, symbols[a])))];
  };
  automaton.answer = [=](int q) {
    const State state = StateOf(numbers[static_cast<std::size_t>(q)]);
    return static_cast<char>('0' + (state.sum + state.term) % kModulus);
  };
  return AutomatonChain(automaton, options);
}

TaskProgram DirectProgram() {
  TaskProgram program;
  program.statements = R"(
# The number of a position's term, and whether it begins there.
is_sign = tokens in ["+", "-"];
term = selector_width(select(is_sign, True, ==) and select(indices, indices, <=));
is_first = is_sign or indices == 0;

# The product of a term: 0, or a power of 2.
same_term = select(term, term, ==);
has_zero = has_focus(same_term and select(tokens, "0", ==));
exponent_of = {"0": 0, "1": 0, "2": 1, "3": 3, "4": 2, "+": 0, "-": 0, "*": 0, "$": 0}[tokens];
exponent = round(selector_width(same_term) * aggregate(same_term, exponent_of)) % 4;
product = 0 if has_zero else [1, 2, 4, 3][exponent];

term_value = (5 - product) % 5 if tokens == "-" else product;
summand = term_value if is_first else 0;
total = round(length * aggregate(full_s, summand));
answer = "01234"[total % 5];
)";
  program.output = "answer";
  program.explanation =
      "The product of a term is 0 or the power of 2 whose exponent is the sum of its digits' "
      "exponents modulo 4; the first position of each term adds it, with its sign.";
  program.construction = "sums of discrete logarithms in each term, and the sum of terms";
  program.promise = ": terms, their products, the sum";
  program.depth = 3;
  program.result_at = ResultAt::kLast;
  return program;
}

}  // namespace

std::optional<TaskProgram> SimpleArithmeticProgram(const GeneratedProgramOptions& options, Diagnostics&) {
  return options.mechanism == Mechanism::kCot ? Chain(options) : DirectProgram();
}

}  // namespace raspc
