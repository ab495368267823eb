// Every problem of the laboratory by name: the catalogue of regular languages, the non-regular
// languages, the tasks, formulas and machines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/problem/problem_entry.h"

namespace raspc {

// In the order in which tables show them. Two entries of the same name differ in their number
// of parameters: dyck(k) and dyck(k,d).
const std::vector<ProblemEntry>& ProblemEntries();

struct NamedProblem {
  const ProblemEntry* entry = nullptr;
  std::vector<int> arguments;
};
// The entry of a name with its arguments. Reports kUndefined (with the closest name), kSyntax,
// kValue.
std::optional<NamedProblem> FindProblem(const std::string& text, Diagnostics& diag);

// A problem as given by the user: `regex:EXPR`, an automaton file, `formula:FORMULA`, a machine
// file, or a name of an entry. Reports errors in it, and exceeded limits.
std::optional<Problem> ReadProblem(const std::string& text, const std::optional<Alphabet>& alphabet,
                                   const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
