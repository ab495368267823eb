// Every problem of the laboratory by name: the catalogue of regular languages, the languages that
// are not regular, the tasks, formulas and machines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/problem/problem_entry.h"

namespace raspc {

// In the order in which tables show them. Two entries of one name differ in how many parameters
// they have: dyck(k) and dyck(k,d).
const std::vector<ProblemEntry>& ProblemEntries();

struct NamedProblem {
  const ProblemEntry* entry = nullptr;
  std::vector<int> arguments;
};
// The entry of a name with its arguments. Reports kUndefined (with the closest name), kSyntax,
// kValue.
std::optional<NamedProblem> FindProblem(const std::string& text, Diagnostics& diag);

// A problem as a user names it: `regex:EXPR`, an automaton file, `formula:FORMULA`, a machine file,
// or a name of an entry. Reports what is wrong with it, and limits that are passed.
std::optional<Problem> ReadProblem(const std::string& text, const std::optional<Alphabet>& alphabet,
                                   const LanguageLimits& limits, Diagnostics& diag);

}  // namespace raspc
