#include "frontends/machines/stack_machine.h"

#include "frontends/machines/simulation.h"

namespace raspc {

StackSimulator::StackSimulator(const StackMachine& machine)
    : frame_(WithStates(machine.frame, StatesMentioned(machine.transitions))),
      bottom_(machine.bottom),
      states_(frame_),
      moves_(frame_.states.size()) {
  for (const StackTransition& t : machine.transitions) {
    moves_[static_cast<std::size_t>(states_.Find(t.from))].push_back(
        {InputAsked(frame_, t.input), t.input.read.has_value(), t.top, states_.Find(t.to), t.pop,
         t.push, t.output});
  }
}

MachineRun StackSimulator::Run(const Word& word, std::int64_t max_steps) const {
  std::vector<std::string> stack;
  std::size_t next = 0;
  const auto fits = [&](const Move& move) {
    const int seen = next < word.size() ? word[next] : frame_.alphabet.size();
    if (move.input >= 0 && move.input != seen) return false;
    if (move.pop && stack.empty()) return false;
    return !move.top || *move.top == (stack.empty() ? bottom_ : stack.back());
  };
  return RunSteps(states_, max_steps, [&](int state) -> StepTaken {
    for (const Move& move : moves_[static_cast<std::size_t>(state)]) {
      if (!fits(move)) continue;
      if (move.pop) stack.pop_back();
      if (move.push) stack.push_back(*move.push);
      if (move.reads && next < word.size()) ++next;
      return {move.to, &move.output};
    }
    return {};
  });
}

}  // namespace raspc
