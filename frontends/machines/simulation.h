// What the simulators of machines share: the course of a run, step by step.
#pragma once

#include <string>
#include <vector>

#include "frontends/machines/machine.h"

namespace raspc {

// The states that transitions connect, in order.
template <class Transition>
std::vector<std::string> StatesMentioned(const std::vector<Transition>& transitions) {
  std::vector<std::string> states;
  for (const Transition& t : transitions) {
    states.push_back(t.from);
    states.push_back(t.to);
  }
  return states;
}

// The symbol an input use requires, or the number of symbols for the end marker; -1: any.
int InputAsked(const MachineFrame& frame, const InputUse& use);

// The next state and the output of a step; -1 if no transition matches.
struct StepTaken {
  int to = -1;
  const std::optional<std::string>* output = nullptr;
};

// Runs until a halting state. `step(state)` applies the matching transition. Halting takes a step
// even in the start state.
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
