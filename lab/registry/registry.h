// Every problem of the laboratory by name: the catalogue of regular languages, the languages that
// are not regular, the tasks, formulas and machines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/families/regular/catalogue.h"
#include "lab/problem/problem.h"

namespace raspc {

// A family of problems with integer parameters in brackets, or a single one.
struct ProblemEntry {
  std::string name;
  std::vector<CatalogueParameter> parameters;
  ProblemKind kind = ProblemKind::kLanguage;
  std::string level;       // as in Problem
  std::string symbols;     // the alphabet, for reading
  std::string definition;  // for reading
  // The same language as ReadProblem names it, where it is known to be another's too; else empty.
  std::string same_as;
  // Arguments that stand for the family in tables and in the suite; one empty list if there are
  // none.
  std::vector<std::vector<int>> examples;
  // Requires arguments in range. Reports kLimit; kInput for
  // an alphabet that the problem cannot have.
  std::function<std::optional<Problem>(const std::vector<int>& arguments,
                                       const std::optional<Alphabet>& alphabet,
                                       const LanguageLimits& limits, Diagnostics& diag)>
      build;
};

// In the order in which tables show them. Two entries of one name differ in how many parameters
// they have: dyck(k) and dyck(k,d).
const std::vector<ProblemEntry>& ProblemEntries();

// `dyck(2,3)` and `dyck(k,d)`.
std::string ProblemName(const ProblemEntry& entry, const std::vector<int>& arguments);
std::string ProblemSignature(const ProblemEntry& entry);

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
