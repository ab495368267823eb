// An entry of the laboratory's list of problems, by name.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/problem/family_name.h"
#include "lab/problem/problem.h"

namespace raspc {

// What every kind of entry says about a family of problems with integer parameters in brackets, or
// a single problem.
struct ProblemDescription {
  std::string name;
  std::vector<FamilyParameter> parameters;
  ProblemKind kind = ProblemKind::kLanguage;
  std::string level;       // as in Problem
  std::string symbols;     // the alphabet in words
  std::string definition;  // in words
  // Arguments that represent the family in tables and in the suite; one empty list if there are
  // none.
  std::vector<std::vector<int>> examples = {{}};
};

struct ProblemEntry : ProblemDescription {
  // Another name of the same language, as accepted by ReadProblem, if one is known; else empty.
  std::string same_as;
  // Requires arguments in range. Reports kLimit; kInput for an alphabet that the problem cannot
  // have.
  std::function<std::optional<Problem>(const std::vector<int>& arguments,
                                       const std::optional<Alphabet>& alphabet,
                                       const LanguageLimits& limits, Diagnostics& diag)>
      build;
};

// `dyck(2,3)` and `dyck(k,d)`.
std::string ProblemName(const ProblemDescription& entry, const std::vector<int>& arguments);
std::string ProblemSignature(const ProblemDescription& entry);

}  // namespace raspc
