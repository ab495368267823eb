// Counter, stack and Turing machines, as languages and tasks.
#pragma once

#include <string>
#include <vector>

#include "frontends/machines/machine_json.h"
#include "lab/problem/problem_entry.h"

namespace raspc {

// What the machine decides, or, if it has output symbols, the task of writing what it writes where
// it accepts. Its program is a chain of thought (machine_program.h). Requires a machine that
// MakeTable accepts. Reports kValue for one that runs on past its bound on steps, on some word that
// is short or drawn at random: that the bound holds for all words is the machine's promise, and a
// word on which it does not is outside the language.
std::optional<Problem> MachineProblem(Machine machine, const std::string& name, Diagnostics& diag);

// The problem of a machine file. Reports kFile, and what MachineProblem does.
std::optional<Problem> ReadMachineProblem(std::string_view json, const std::string& name,
                                          const std::optional<Alphabet>& alphabet,
                                          Diagnostics& diag);

void AddMachineFamilies(std::vector<ProblemEntry>& entries);

}  // namespace raspc
