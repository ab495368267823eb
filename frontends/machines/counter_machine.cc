#include "frontends/machines/counter_machine.h"

#include "frontends/machines/simulation.h"

namespace raspc {
namespace {

bool Holds(CounterTest test, std::int64_t counter) {
  switch (test) {
    case CounterTest::kAny:
      return true;
    case CounterTest::kZero:
      return counter == 0;
    case CounterTest::kNonzero:
      return counter != 0;
    case CounterTest::kPositive:
      return counter > 0;
    case CounterTest::kNegative:
      return counter < 0;
  }
  return false;
}

}  // namespace

CounterSimulator::CounterSimulator(const CounterMachine& machine)
    : frame_(WithStates(machine.frame, StatesMentioned(machine.transitions))),
      num_counters_(machine.num_counters),
      states_(frame_),
      moves_(frame_.states.size()) {
  for (const CounterTransition& t : machine.transitions) {
    moves_[static_cast<std::size_t>(states_.Find(t.from))].push_back(
        {InputAsked(frame_, t.input), t.input.read.has_value(), t.tests, states_.Find(t.to),
         t.change, t.output});
  }
}

MachineRun CounterSimulator::Run(const Word& word, std::int64_t max_steps) const {
  std::vector<std::int64_t> counters(static_cast<std::size_t>(num_counters_), 0);
  std::size_t next = 0;
  const auto fits = [&](const Move& move) {
    const int seen = next < word.size() ? word[next] : frame_.alphabet.size();
    if (move.input >= 0 && move.input != seen) return false;
    for (std::size_t c = 0; c < move.tests.size(); ++c) {
      if (!Holds(move.tests[c], counters[c])) return false;
    }
    return true;
  };
  return RunSteps(states_, max_steps, [&](int state) -> StepTaken {
    for (const Move& move : moves_[static_cast<std::size_t>(state)]) {
      if (!fits(move)) continue;
      for (std::size_t c = 0; c < move.change.size(); ++c) counters[c] += move.change[c];
      if (move.reads && next < word.size()) ++next;
      return {move.to, &move.output};
    }
    return {};
  });
}

}  // namespace raspc
