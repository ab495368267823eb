// Stack machines (deterministic pushdown automata): finitely many states and a stack.
//
// A step reads the next symbol (or looks at it, or does not care), sees the top of the stack, and
// pops, pushes, or both, which replaces the top.
#pragma once

#include "frontends/machines/machine.h"

namespace raspc {

struct StackTransition {
  std::string from;
  InputUse input;
  std::optional<std::string> top;  // a stack symbol, or `bottom`; nothing: whatever it is
  std::string to;
  bool pop = false;                 // the transition then applies only where there is a top
  std::optional<std::string> push;  // after popping
  std::optional<std::string> output;
};

struct StackMachine {
  MachineFrame frame;
  std::vector<std::string> stack;  // the symbols it may hold
  std::string bottom = "bottom";   // what `top` says of an empty stack; none of them
  std::vector<StackTransition> transitions;
};

// Runs a machine, which MakeTable (machine_table.h) has accepted, by its definition.
class StackSimulator {
 public:
  explicit StackSimulator(const StackMachine& machine);
  // Stops after max_steps. O(transitions of a state) a step.
  MachineRun Run(const Word& word, std::int64_t max_steps) const;

 private:
  struct Move {
    int input;  // of symbols, -1: any; the end marker is the number of symbols
    bool reads;
    std::optional<std::string> top;
    int to;
    bool pop;
    std::optional<std::string> push, output;
  };
  MachineFrame frame_;
  std::string bottom_;
  MachineStates states_;
  std::vector<std::vector<Move>> moves_;  // by state
};

}  // namespace raspc
