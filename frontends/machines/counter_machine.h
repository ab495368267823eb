// Counter machines: finitely many states and counters that hold integers.
//
// A step reads the next symbol (or looks at it, or ignores it), tests the signs of the counters,
// and changes each of them by at most 1. With two counters and steps that read nothing such a
// machine can simulate any Turing machine (Minsky 1967); a real-time machine reads a symbol in each
// step (Fischer, Meyer, Rosenberg 1968).
#pragma once

#include "frontends/machines/machine.h"

namespace raspc {

enum class CounterTest { kAny, kZero, kNonzero, kPositive, kNegative };

struct CounterTransition {
  std::string from;
  InputUse input;
  std::vector<CounterTest> tests;  // of the first counters; the others are not tested
  std::string to;
  std::vector<int> change;  // of the first counters, -1, 0 or 1; the others stay
  std::optional<std::string> output;
};

struct CounterMachine {
  MachineFrame frame;
  int num_counters = 1;
  std::vector<CounterTransition> transitions;
};

// Runs a machine accepted by MakeTable (machine_table.h) by its definition.
class CounterSimulator {
 public:
  explicit CounterSimulator(const CounterMachine& machine);
  // Stops after max_steps. O(transitions of a state) per step.
  MachineRun Run(const Word& word, std::int64_t max_steps) const;

 private:
  struct Move {
    int input;  // of symbols, -1: any; the end marker is the number of symbols
    bool reads;
    std::vector<CounterTest> tests;
    int to;
    std::vector<int> change;
    std::optional<std::string> output;
  };
  MachineFrame frame_;
  int num_counters_;
  MachineStates states_;
  std::vector<std::vector<Move>> moves_;  // by state
};

}  // namespace raspc
