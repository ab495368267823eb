// What counter, stack and Turing machines have in common: states, halting, input, output.
//
// A machine is deterministic. It starts in its start state before the first symbol of the input; in
// each step it applies the one transition that matches what it sees, and it halts in the first
// accepting or rejecting state that it enters. If no transition matches it rejects. A machine with
// output symbols is a transducer: its answer is the output of its transitions until it accepts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "automata/alphabet.h"
#include "base/diagnostics.h"
#include "base/input_frame.h"

namespace raspc {

struct MachineFrame {
  Alphabet alphabet;      // of inputs
  std::string end = "$";  // read after the input, any number of times; not a symbol
  // If empty, the states are those that the machine mentions, in that order.
  std::vector<std::string> states;
  std::string start;
  std::vector<std::string> accepting, rejecting;
  // The symbols of answers. Empty: the machine decides a language.
  std::vector<std::string> outputs;
  // Of the length of the input: how many steps a run takes at most, including the one that halts,
  // and how many symbols an answer has at most; nothing: as many as steps.
  Polynomial max_steps = Polynomial::Linear(1, 1);
  std::optional<Polynomial> max_output;

  const Polynomial& MaxOutput() const { return max_output ? *max_output : max_steps; }
};

// The condition of a transition of a machine with a one-way input on the input. At most one is
// given; neither means that the input is irrelevant and not read.
struct InputUse {
  std::optional<std::string>
      read;  // the next symbol, or the end marker, which goes past the symbol
  std::optional<std::string> look;  // the same, without advancing
};

struct MachineRun {
  bool halts = false;  // within the step limit
  bool accepts = false;
  std::int64_t num_steps = 0;  // including the one that halts or finds no transition
  std::vector<std::string> output;
};

// The limits of machines, in files and in code.
inline constexpr int kMaxMachineStates = 10'000;
inline constexpr std::int64_t kMaxMachineCells = 2'000'000;  // states times possible observations
inline constexpr int kMaxStores = 8;                         // counters or tapes

// The frame with its states; if it lists none, with those that it and the transitions mention.
MachineFrame WithStates(MachineFrame frame, const std::vector<std::string>& mentioned);

// The index of a name in a list, or -1. O(n).
int PlaceOf(const std::vector<std::string>& names, const std::string& name);

enum class Halting { kNo, kAccepts, kRejects };

// The states of a frame by index. Unknown names are ignored.
class MachineStates {
 public:
  explicit MachineStates(const MachineFrame& frame);

  // -1 if there is no such state.
  int Find(const std::string& name) const;
  int start() const { return start_; }
  std::size_t size() const { return halting_.size(); }
  // Requires a state.
  Halting HaltingOf(int state) const { return halting_[static_cast<std::size_t>(state)]; }

 private:
  std::unordered_map<std::string, int> ids_;
  int start_ = -1;
  std::vector<Halting> halting_;  // by state
};

}  // namespace raspc
