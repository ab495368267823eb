// What the simulators of machines share: the course of a run, step by step.
#pragma once

#include <string>
#include <vector>

#include "frontends/machines/machine.h"

namespace raspc {

// The states that transitions go between, in order.
template <class Transition>
std::vector<std::string> StatesMentioned(const std::vector<Transition>& transitions) {
  std::vector<std::string> states;
  for (const Transition& t : transitions) {
    states.push_back(t.from);
    states.push_back(t.to);
  }
  return states;
}

// What an input use asks for: a symbol, or the number of symbols for the end marker; -1: anything.
int InputAsked(const MachineFrame& frame, const InputUse& use);

// The state that a step leads to and what it writes; -1 where no transition fits.
struct StepTaken {
  int to = -1;
  const std::optional<std::string>* output = nullptr;
};

// Runs until a halting state. `step(state)` does what the transition says that fits. To halt takes
// a step even if the start state does.
template <class Step>
MachineRun RunSteps(const MachineStates& states, std::int64_t max_steps, Step&& step) {
  MachineRun run;
  int state = states.start();
  while (run.num_steps < max_steps && !run.halts) {
    ++run.num_steps;
    if (states.HaltingOf(state) == Halting::kNo) {
      const StepTaken taken = step(state);
      run.halts = taken.to < 0;
      if (run.halts) return run;
      if (taken.output != nullptr && *taken.output) run.output.push_back(**taken.output);
      state = taken.to;
    }
    run.halts = states.HaltingOf(state) != Halting::kNo;
    run.accepts = states.HaltingOf(state) == Halting::kAccepts;
  }
  return run;
}

}  // namespace raspc
