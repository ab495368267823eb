// Stack machines (deterministic pushdown automata): finitely many states and a stack.
//
// A step reads the next symbol (or looks at it, or ignores it), sees the top of the stack, and
// pops, pushes, or both, which replaces the top.
#pragma once

#include "frontends/machines/machine.h"

namespace raspc {

struct StackTransition {
  std::string from;
  InputUse input;
  std::optional<std::string> top;  // a stack symbol, or `bottom`; nothing: any
  std::string to;
  bool pop = false;                 // then the transition applies only to a non-empty stack
  std::optional<std::string> push;  // after popping
  std::optional<std::string> output;
};

struct StackMachine {
  MachineFrame frame;
  std::vector<std::string> stack;  // the symbols it may contain
  std::string bottom = "bottom";   // the `top` of an empty stack; not a stack symbol
  std::vector<StackTransition> transitions;
};

// Runs a machine accepted by MakeTable (machine_table.h) by its definition.
class StackSimulator {
 public:
  explicit StackSimulator(const StackMachine& machine);
  // Stops after max_steps. O(transitions of a state) per step.
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
