#include "frontends/machines/turing_machine.h"

#include <map>

#include "frontends/machines/simulation.h"

namespace raspc {

TuringSimulator::TuringSimulator(const TuringMachine& machine)
    : machine_(machine),
      states_(WithStates(machine.frame, StatesMentioned(machine.transitions))),
      moves_(states_.size()) {
  for (const TuringTransition& t : machine.transitions) {
    moves_[static_cast<std::size_t>(states_.Find(t.from))].push_back({t, states_.Find(t.to)});
  }
}

MachineRun TuringSimulator::Run(const Word& word, std::int64_t max_steps) const {
  struct Tape {
    std::map<std::int64_t, std::string> cells;
    std::int64_t head = 0;
  };
  std::vector<Tape> tapes(static_cast<std::size_t>(machine_.num_tapes));
  for (std::size_t i = 0; i < word.size(); ++i) {
    tapes[0].cells[static_cast<std::int64_t>(i)] = machine_.frame.alphabet.Symbol(word[i]);
  }
  const auto under_head = [&](const Tape& tape) -> const std::string& {
    const auto cell = tape.cells.find(tape.head);
    return cell == tape.cells.end() ? machine_.blank : cell->second;
  };
  const auto fits = [&](const TuringTransition& t) {
    for (std::size_t i = 0; i < t.read.size(); ++i) {
      if (t.read[i] && *t.read[i] != under_head(tapes[i])) return false;
    }
    return true;
  };
  return RunSteps(states_, max_steps, [&](int state) -> StepTaken {
    for (const Move& move : moves_[static_cast<std::size_t>(state)]) {
      const TuringTransition& t = move.transition;
      if (!fits(t)) continue;
      for (std::size_t i = 0; i < t.write.size(); ++i) {
        if (t.write[i]) tapes[i].cells[tapes[i].head] = *t.write[i];
      }
      for (std::size_t i = 0; i < t.move.size(); ++i) tapes[i].head += t.move[i];
      return {move.to, &t.output};
    }
    return {};
  });
}

}  // namespace raspc
