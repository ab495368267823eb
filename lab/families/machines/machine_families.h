// Counter, stack and Turing machines, as languages and tasks.
#pragma once

#include <string>
#include <vector>

#include "frontends/machines/machine_json.h"
#include "lab/problem/problem_entry.h"

namespace raspc {

// The language of the machine or, if it has output symbols, the task of producing its output on
// accepted inputs. Its program is a chain of thought (machine_program.h). Requires a machine that
// MakeTable accepts. Reports kValue for one that exceeds its bound on steps on some short or random
// word; the machine is otherwise trusted to keep its bound, and a word on which it does not is
// outside the language.
std::optional<Problem> MachineProblem(Machine machine, const std::string& name, Diagnostics& diag);

// The problem of a machine file. Reports kFile, and the errors of MachineProblem.
std::optional<Problem> ReadMachineProblem(std::string_view json, const std::string& name,
                                          const std::optional<Alphabet>& alphabet,
                                          Diagnostics& diag);

void AddMachineFamilies(std::vector<ProblemEntry>& entries);

}  // namespace raspc
