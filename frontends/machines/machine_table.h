// The table from which the programs of all machines are made: for each state and each combination
// of observations, the effect of the step.
//
// What a machine sees are *observations*: the next symbol, except for Turing machines, whose
// input is on a tape; the sign of each counter; the top of the stack; the cell under each head.
#pragma once

#include <variant>

#include "frontends/machines/counter_machine.h"
#include "frontends/machines/stack_machine.h"
#include "frontends/machines/turing_machine.h"

namespace raspc {

using Machine = std::variant<CounterMachine, StackMachine, TuringMachine>;

enum class StoreKind { kCounter, kStack, kTape };

// The effect of a step on a store. A counter changes. A stack's height changes, and a pushed symbol
// is written at the new height. On a tape the cell under the head is written, then the head moves.
struct StoreEffect {
  int change = 0;
  int written = -1;  // a value of the observation; -1: nothing (never on a tape)
  auto operator<=>(const StoreEffect&) const = default;
};

struct StepEffect {
  int to = 0;          // a state; if it halts, the rest has default values
  bool reads = false;  // consumes a symbol of the input
  std::vector<StoreEffect> stores;
  int output = -1;  // an output symbol
  auto operator<=>(const StepEffect&) const = default;
};

struct Observation {
  std::string name;
  // The symbols and the end marker; "0", "+", "-" of a counter; the bottom and the stack's symbols;
  // the blank, the input's symbols and the tape's others.
  std::vector<std::string> values;
};

inline constexpr int kCounterZero = 0, kCounterPositive = 1, kCounterNegative = 2;

struct MachineTable {
  MachineFrame frame;  // with all states
  int start = 0;
  std::vector<Halting> halting;  // by state
  bool has_input = false;        // whether the first observation is the next symbol
  std::vector<StoreKind> stores;
  std::vector<Observation> observations;  // the input's, then one for each store
  std::vector<StepEffect> effects;        // all different
  // [states, values of the first observation, ...], row-major: an effect; -1 where there is no
  // transition.
  std::vector<int> effect_at;

  int num_states() const { return static_cast<int>(frame.states.size()); }
};

// Reports kValue, naming the transition by its number from 1: invalid states, symbols and numbers,
// transitions from halting states, two that apply at once, output of a step that halts;
// kLimit past the limits of machine.h.
std::optional<MachineTable> MakeTable(const CounterMachine& machine, Diagnostics& diag);
std::optional<MachineTable> MakeTable(const StackMachine& machine, Diagnostics& diag);
std::optional<MachineTable> MakeTable(const TuringMachine& machine, Diagnostics& diag);

}  // namespace raspc
