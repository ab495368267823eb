// Turing machines with one or several two-way infinite tapes.
//
// The input is on the first tape, its first symbol under the head; everything else is blank. A
// step sees what is under the heads, writes there, and moves each head by at most one cell.
#pragma once

#include "frontends/machines/machine.h"

namespace raspc {

struct TuringTransition {
  std::string from;
  std::vector<std::optional<std::string>> read;  // by tape; nothing: any
  std::string to;
  std::vector<std::optional<std::string>> write;  // by tape; nothing: unchanged
  std::vector<int> move;                          // by tape: -1 left, 0, 1 right
  std::optional<std::string> output;
};

struct TuringMachine {
  MachineFrame frame;
  int num_tapes = 1;
  std::string blank = "_";
  std::vector<std::string> tape;  // the symbols of a cell other than the input's and the blank
  std::vector<TuringTransition> transitions;
};

// Runs a machine accepted by MakeTable (machine_table.h) by its definition.
class TuringSimulator {
 public:
  explicit TuringSimulator(const TuringMachine& machine);
  // Stops after max_steps. O(transitions of a state) per step.
  MachineRun Run(const Word& word, std::int64_t max_steps) const;

 private:
  struct Move {
    TuringTransition transition;
    int to;
  };
  TuringMachine machine_;
  MachineStates states_;
  std::vector<std::vector<Move>> moves_;  // by state
};

}  // namespace raspc
