// What the suite says about a problem before any program is made: its definition, its algebra, and
// whether the algebra's witnesses hold on the automaton.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lab/suite/suite_options.h"
#include "lab/problem/problem.h"

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

// The fields of a problem in the report, without cells; docs/suite.md documents them.
nlohmann::json DescribeProblem(const Problem& problem, const SuiteOptions& options,
                               const DrawAutomaton& draw);

// Contradictions between a description and the automaton, one per line; empty if there are none.
std::vector<std::string> MismatchesOfProblem(const nlohmann::json& description);

}  // namespace raspc
