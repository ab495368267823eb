// What the suite says about a problem before any program is made: its definition, its algebra, and
// whether the algebra's witnesses hold on the automaton.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/problem/problem.h"
#include "lab/suite/suite_options.h"
#include "lab/suite/suite_result.h"

namespace raspc {

// A problem of a run.
struct SuiteProblem {
  std::string name;
  std::function<std::optional<Problem>(const LanguageLimits& limits, Diagnostics& diag)> build;
};

// Problems by name and by glob (`dyck*`, POSIX fnmatch, on the examples of all entries and on the
// entries' names), each once and in the order of the entries; those that are not examples after
// them: `dyck(7)`, `regex:EXPR`. Without a selection all examples. Reports kUndefined for a
// selection that matches nothing.
std::optional<std::vector<SuiteProblem>> SelectProblems(const std::vector<std::string>& only,
                                                        Diagnostics& diag);

// Whether an entry's name, or that of one of its examples, matches one of the globs.
bool MatchesGlob(const std::string& glob, const std::string& name);

// Draws an automaton given in the `dot` language; nothing if that is not possible.
using DrawAutomaton = std::function<std::optional<std::string>(const std::string& dot)>;

// The result of a problem none of whose cells has been run; they say why.
ProblemResult DescribeProblem(const Problem& problem, const SuiteOptions& options,
                              const DrawAutomaton& draw);

}  // namespace raspc
