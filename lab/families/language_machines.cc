#include "lab/families/language_machines.h"

#include <fmt/format.h>

#include <utility>

#include "frontends/machines/machine_program.h"
#include "frontends/program_header.h"

namespace raspc {
namespace {

constexpr const char* kAccept = "accept";

MachineFrame FrameOf(const Alphabet& alphabet, std::string start,
                     const Polynomial& max_steps = Polynomial::Linear(1, 1)) {
  MachineFrame frame;
  frame.alphabet = alphabet;
  frame.end = EndMarkerOf(alphabet);
  frame.start = std::move(start);
  frame.accepting = {kAccept};
  frame.max_steps = max_steps;
  return frame;
}

InputUse Read(std::string symbol) {
  InputUse use;
  use.read = std::move(symbol);
  return use;
}

// The counter tests or changes that are all `otherwise` but for one.
template <class T>
std::vector<T> OnlyAt(int counter, int num_counters, T value, T otherwise) {
  std::vector<T> all(static_cast<std::size_t>(num_counters), otherwise);
  all[static_cast<std::size_t>(counter)] = value;
  return all;
}

std::vector<CounterTest> AllZero(int num_counters) {
  return std::vector<CounterTest>(static_cast<std::size_t>(num_counters), CounterTest::kZero);
}

MechanismTheory CotTheory(const std::string& machine, const Polynomial& steps) {
  return {Expectation::kYes, machine + ", a step for each token written", steps.Text() + " steps",
          "Merrill, Sabharwal 2024"};
}

}  // namespace

CounterMachine BlocksMachine(const Alphabet& letters) {
  const int k = letters.size();
  const auto state = [&](int m) { return "in_" + letters.Symbol(m); };
  CounterMachine machine;
  machine.frame = FrameOf(letters, state(0));
  machine.num_counters = k - 1;
  for (int from = 0; from < k; ++from) {
    for (int to = from; to < k; ++to) {
      // Counter m: the excess of letter m over the next.
      std::vector<int> change(static_cast<std::size_t>(k) - 1);
      if (to < k - 1) change[static_cast<std::size_t>(to)] = 1;
      if (to > 0) change[static_cast<std::size_t>(to) - 1] = -1;
      machine.transitions.push_back(
          {state(from), Read(letters.Symbol(to)), {}, state(to), change, {}});
    }
    machine.transitions.push_back(
        {state(from), Read(machine.frame.end), AllZero(k - 1), kAccept, {}, {}});
  }
  return machine;
}

CounterMachine SumMachine(const Alphabet& letters, const std::vector<int>& steps,
                          CounterTest accepts) {
  CounterMachine machine;
  machine.frame = FrameOf(letters, "sum");
  for (SymbolId a = 0; a < letters.size(); ++a) {
    machine.transitions.push_back(
        {"sum", Read(letters.Symbol(a)), {}, "sum", {steps[static_cast<std::size_t>(a)]}, {}});
  }
  machine.transitions.push_back({"sum", Read(machine.frame.end), {accepts}, kAccept, {}, {}});
  return machine;
}

CounterMachine PrefixMachine(const Alphabet& letters, const std::vector<int>& operands) {
  const std::string states[] = {"even", "odd"};
  CounterMachine machine;
  machine.frame = FrameOf(letters, states[1]);
  for (const int rest : {0, 1}) {
    for (SymbolId a = 0; a < letters.size(); ++a) {
      // Of the 2 * counter + rest operands still wanted, one is supplied, and others are added.
      const int now = 2 + rest - 1 + operands[static_cast<std::size_t>(a)];
      const CounterTest test = rest == 0 ? CounterTest::kPositive : CounterTest::kAny;
      machine.transitions.push_back(
          {states[rest], Read(letters.Symbol(a)), {test}, states[now % 2], {now / 2 - 1}, {}});
    }
  }
  machine.transitions.push_back(
      {states[0], Read(machine.frame.end), {CounterTest::kZero}, kAccept, {}, {}});
  return machine;
}

StackMachine DyckMachine(const Alphabet& brackets) {
  StackMachine machine;
  machine.frame = FrameOf(brackets, "read");
  for (SymbolId a = 0; a < brackets.size(); a += 2) {
    const std::string &open = brackets.Symbol(a), &close = brackets.Symbol(a + 1);
    machine.stack.push_back(open);
    machine.transitions.push_back({"read", Read(open), {}, "read", false, open, {}});
    machine.transitions.push_back({"read", Read(close), open, "read", true, {}, {}});
  }
  machine.transitions.push_back(
      {"read", Read(machine.frame.end), machine.bottom, kAccept, false, {}, {}});
  return machine;
}

CounterMachine ShuffleDyckMachine(const Alphabet& brackets) {
  const int num_kinds = brackets.size() / 2;
  CounterMachine machine;
  machine.frame = FrameOf(brackets, "read");
  machine.num_counters = num_kinds;
  for (int kind = 0; kind < num_kinds; ++kind) {
    machine.transitions.push_back(
        {"read", Read(brackets.Symbol(2 * kind)), {}, "read", OnlyAt(kind, num_kinds, 1, 0), {}});
    machine.transitions.push_back(
        {"read",
         Read(brackets.Symbol(2 * kind + 1)),
         OnlyAt(kind, num_kinds, CounterTest::kPositive, CounterTest::kAny),
         "read",
         OnlyAt(kind, num_kinds, -1, 0),
         {}});
  }
  machine.transitions.push_back(
      {"read", Read(machine.frame.end), AllZero(num_kinds), kAccept, {}, {}});
  return machine;
}

CounterMachine ResetMachine(const Alphabet& letters) {
  const std::string &open = letters.Symbol(0), &close = letters.Symbol(1),
                    &reset = letters.Symbol(2);
  constexpr CounterTest kZero = CounterTest::kZero, kPositive = CounterTest::kPositive;
  CounterMachine machine;
  machine.frame = FrameOf(letters, "waiting", Polynomial::Linear(2, 1));
  machine.transitions = {
      {"read", Read(open), {}, "read", {1}, {}},
      {"read", Read(close), {kPositive}, "read", {-1}, {}},
      {"read", Read(close), {kZero}, "waiting", {}, {}},
      {"read", Read(reset), {kZero}, "read", {}, {}},
      {"read", Read(reset), {kPositive}, "empty", {-1}, {}},
      {"read", Read(machine.frame.end), {kZero}, kAccept, {}, {}},
      {"empty", {}, {kPositive}, "empty", {-1}, {}},
      {"empty", {}, {kZero}, "read", {}, {}},
      // Nothing is open, and only a reset can help: before the first one, or after a bracket that
      // closes nothing.
      {"waiting", Read(open), {}, "waiting", {}, {}},
      {"waiting", Read(close), {}, "waiting", {}, {}},
      {"waiting", Read(reset), {}, "read", {}, {}},
  };
  return machine;
}

CounterMachine PowerMachine(const Alphabet& letters) {
  constexpr CounterTest kAny = CounterTest::kAny, kZero = CounterTest::kZero,
                        kPositive = CounterTest::kPositive;
  CounterMachine machine;
  machine.frame = FrameOf(letters, "read", Polynomial::Linear(4, 4));
  machine.num_counters = 2;
  machine.transitions.push_back({"read", Read(letters.Symbol(0)), {}, "read", {1}, {}});
  machine.transitions.push_back({"read", Read(machine.frame.end), {}, "halve_1", {}, {}});
  // From one counter to the other, halving; then back.
  for (const int from : {0, 1}) {
    const auto of = [&](auto here, auto there) {
      return from == 0 ? std::vector{here, there} : std::vector{there, here};
    };
    const std::string halve = fmt::format("halve_{}", from + 1),
                      one_more = fmt::format("one_more_{}", from + 1),
                      back = fmt::format("halve_{}", 2 - from);
    machine.transitions.insert(machine.transitions.end(),
                               {{halve, {}, of(kPositive, kAny), one_more, of(-1, 0), {}},
                                {halve, {}, of(kZero, kPositive), back, {}, {}},
                                {one_more, {}, of(kPositive, kAny), halve, of(-1, 1), {}},
                                {one_more, {}, of(kZero, kZero), kAccept, {}, {}}});
  }
  return machine;
}

TuringMachine PalindromeMachine(const Alphabet& letters, bool is_even) {
  TuringMachine machine;
  machine.frame = FrameOf(letters, "copy", Polynomial::Linear(3, 3));
  machine.num_tapes = 2;
  machine.blank = FreshToken(letters.symbols(), "_");
  const std::string& blank = machine.blank;
  const std::string odd = is_even ? "copy_odd" : "copy";
  auto& transitions = machine.transitions;
  for (const std::string& x : letters.symbols()) {
    transitions.push_back({"copy", {x, {}}, odd, {{}, x}, {1, 1}, {}});
    if (is_even) transitions.push_back({odd, {x, {}}, "copy", {{}, x}, {1, 1}, {}});
    transitions.push_back({"back", {x, {}}, "back", {{}, {}}, {-1, 0}, {}});
    transitions.push_back({"compare", {x, x}, "compare", {{}, {}}, {1, -1}, {}});
  }
  transitions.push_back({"copy", {blank, {}}, "back", {{}, {}}, {-1, -1}, {}});
  transitions.push_back({"back", {blank, {}}, "compare", {{}, {}}, {1, 0}, {}});
  transitions.push_back({"compare", {blank, blank}, kAccept, {{}, {}}, {0, 0}, {}});
  return machine;
}

TuringMachine CopyMachine(const Alphabet& letters) {
  TuringMachine machine;
  machine.frame = FrameOf(letters, "even", Polynomial::Linear(3, 4));
  machine.num_tapes = 2;
  machine.blank = FreshToken(letters.symbols(), "_");
  const std::string &blank = machine.blank, mark = FreshToken(letters.symbols(), "mark");
  machine.tape = {mark};
  auto& transitions = machine.transitions;
  for (const std::string& x : letters.symbols()) {
    // A mark on the second tape for every second symbol: as many as half the length.
    transitions.push_back({"even", {x, {}}, "odd", {{}, mark}, {1, 0}, {}});
    transitions.push_back({"odd", {x, {}}, "even", {{}, {}}, {1, 1}, {}});
    // From the end, each symbol in turn.
    transitions.push_back({"fill", {x, mark}, "fill", {{}, x}, {-1, -1}, {}});
    transitions.push_back({"back", {{}, x}, "back", {{}, {}}, {0, 1}, {}});
    transitions.push_back({"compare", {x, x}, "compare", {{}, {}}, {-1, -1}, {}});
  }
  transitions.push_back({"even", {blank, {}}, "fill", {{}, {}}, {-1, -1}, {}});
  transitions.push_back({"fill", {{}, blank}, "back", {{}, {}}, {0, 1}, {}});
  transitions.push_back({"back", {{}, blank}, "compare", {{}, {}}, {0, -1}, {}});
  transitions.push_back({"compare", {blank, blank}, kAccept, {{}, {}}, {0, 0}, {}});
  return machine;
}

StackMachine FormulaMachine(const Alphabet& symbols) {
  StackMachine machine;
  machine.frame = FrameOf(symbols, "want");
  auto& transitions = machine.transitions;
  const std::string want[] = {"want", "want_negated"}, open[] = {"(", "(~"};
  const auto value = [](int v) { return fmt::format("value_{}", v); };
  for (const int negated : {0, 1}) {
    const std::string& state = want[negated];
    machine.stack.push_back(open[negated]);
    for (const int v : {0, 1}) {
      transitions.push_back(
          {state, Read(fmt::format("{}", v)), {}, value(v ^ negated), false, {}, {}});
    }
    transitions.push_back({state, Read("~"), {}, want[1 - negated], false, {}, {}});
    transitions.push_back({state, Read("("), {}, want[0], false, open[negated], {}});
  }
  // After an operand: the operator is pushed together with the operand; the closing bracket takes
  // it from there.
  for (const int negated : {0, 1}) {
    for (const int first : {0, 1}) {
      for (const std::string op : {"&", "|"}) {
        const std::string pending = fmt::format("{}{}{}", open[negated], first, op);
        machine.stack.push_back(pending);
        transitions.push_back({value(first), Read(op), open[negated], want[0], true, pending, {}});
        for (const int second : {0, 1}) {
          const int result = op == "&" ? first & second : first | second;
          transitions.push_back(
              {value(second), Read(")"), pending, value(result ^ negated), true, {}, {}});
        }
      }
    }
  }
  transitions.push_back(
      {value(1), Read(machine.frame.end), machine.bottom, kAccept, false, {}, {}});
  return machine;
}

void SetCot(const CounterMachine& machine, ProblemParts& parts) {
  parts.cot = [machine](const std::string& name, const GeneratedProgramOptions& options,
                        Diagnostics& diag) -> std::optional<GeneratedProgram> {
    if (machine.num_counters > kMaxStores) {
      diag.Error(ErrorKind::kLimit, {},
                 fmt::format("{} takes {} counters, and a machine has at most {}", name,
                             machine.num_counters, kMaxStores));
      return std::nullopt;
    }
    return CounterMachineProgram(machine, name, options, diag);
  };
  parts.theory_cot = CotTheory(
      machine.num_counters == 1 ? "a machine with one counter"
                                : fmt::format("a machine with {} counters", machine.num_counters),
      machine.frame.max_steps);
}

void SetCot(const StackMachine& machine, ProblemParts& parts) {
  parts.cot = [machine](const std::string& name, const GeneratedProgramOptions& options,
                        Diagnostics& diag) {
    return StackMachineProgram(machine, name, options, diag);
  };
  parts.theory_cot = CotTheory("a stack machine", machine.frame.max_steps);
}

void SetCot(const TuringMachine& machine, ProblemParts& parts) {
  parts.cot = [machine](const std::string& name, const GeneratedProgramOptions& options,
                        Diagnostics& diag) {
    return TuringMachineProgram(machine, name, options, diag);
  };
  parts.theory_cot = CotTheory(fmt::format("a Turing machine with {} tapes", machine.num_tapes),
                               machine.frame.max_steps);
}

}  // namespace raspc
