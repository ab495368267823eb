// A chain of thought that runs an automaton with an answer for each state.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lab/families/tasks/task.h"

namespace raspc {

struct AnsweringAutomaton {
  std::vector<std::string> states;  // tokens; the first is where it starts
  std::string symbols;              // of inputs, one character each
  // The state after reading symbols[a] in state q.
  std::function<int(int q, std::size_t a)> step;
  // The answer at the end, one character.
  std::function<char(int q)> answer;
};

// Writes the state after each symbol, then the answer mark and the answer: n+3 steps with the stop
// token (Merrill, Sabharwal 2024). Requires that no state's token is a symbol.
GeneratedProgram AutomatonChain(const AnsweringAutomaton& automaton,
                                const GeneratedProgramOptions& options);

}  // namespace raspc
