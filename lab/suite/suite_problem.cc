#include "lab/suite/suite_problem.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "automata/algebra/classify.h"
#include "automata/pictures/dot.h"
#include "lab/published/published.h"
#include "lab/registry/language.h"
#include "lab/registry/registry.h"

namespace raspc {
namespace {

// Larger automata are unreadable in a page with many.
constexpr int kMaxPictureStates = 30;

SuiteProblem ByName(const std::string& name) {
  return {name, [name](const LanguageLimits& limits, Diagnostics& diag) {
            return ReadProblem(name, std::nullopt, limits, diag);
          }};
}

bool IsGlob(const std::string& text) {
  return IsNameOfCatalogue(text) && text.find_first_of("*?[") != std::string::npos;
}

// Whether exactly one of the two words is in the language, as the pair says, for 1 to
// `most` repetitions.
bool Holds(const FailingPair& pair, const Dfa& dfa, int most) {
  for (int n = 1; n <= most; ++n) {
    if (dfa.Accepts(pair.WithoutExtra(n)) != pair.is_member_without_extra ||
        dfa.Accepts(pair.WithExtra(n)) == pair.is_member_without_extra) {
      return false;
    }
  }
  return true;
}

std::vector<PairResult> CheckedPairs(const Classification& classification, const Dfa& dfa,
                                     int num_repetitions) {
  std::vector<PairResult> pairs;
  for (const FailingPair& pair : classification.failing_pairs) {
    PairResult& result = pairs.emplace_back();
    result.violates = pair.violates;
    for (const char key : pair.defeats) result.defeats.emplace_back(1, key);
    result.before = ToText(dfa.alphabet, pair.before);
    result.repeated = ToText(dfa.alphabet, pair.repeated);
    result.extra = ToText(dfa.alphabet, pair.extra);
    result.after = ToText(dfa.alphabet, pair.after);
    result.is_member_without_extra = pair.is_member_without_extra;
    result.checked_to = num_repetitions;
    result.holds = Holds(pair, dfa, num_repetitions);
  }
  return pairs;
}

// The message of a cell that has not been run.
std::string WhyNotRun(const SuiteOptions& options, Mechanism mechanism) {
  const bool is_asked = std::count(options.by.begin(), options.by.end(), mechanism) > 0;
  return is_asked ? kNotReached : "left out by --by";
}

}  // namespace

bool MatchesGlob(const std::string& glob, const std::string& name) {
  return fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

std::optional<std::vector<SuiteProblem>> SelectProblems(const std::vector<std::string>& only,
                                                        Diagnostics& diag) {
  std::vector<SuiteProblem> selected;
  std::set<std::string> names;
  std::vector<bool> used(only.size(), false);
  for (const ProblemEntry& entry : ProblemEntries()) {
    for (const std::vector<int>& arguments : entry.examples) {
      const std::string name = ProblemName(entry, arguments);
      bool is_selected = only.empty();
      for (std::size_t i = 0; i < only.size(); ++i) {
        if (!MatchesGlob(only[i], name) && !MatchesGlob(only[i], entry.name)) continue;
        is_selected = used[i] = true;
      }
      if (is_selected && names.insert(name).second) selected.push_back(ByName(name));
    }
  }
  for (std::size_t i = 0; i < only.size(); ++i) {
    if (used[i] || !names.insert(only[i]).second) continue;
    if (IsGlob(only[i])) {
      diag.Error(ErrorKind::kUndefined, {},
                 fmt::format("no problem matches '{}'; raspc lab list names them", only[i]));
    } else if (!IsNameOfCatalogue(only[i]) || FindProblem(only[i], diag)) {
      selected.push_back(ByName(only[i]));
    }
  }
  if (diag.HasErrors()) return std::nullopt;
  return selected;
}

ProblemResult DescribeProblem(const Problem& problem, const SuiteOptions& options,
                              const DrawAutomaton& draw) {
  ProblemResult result;
  result.name = problem.name;
  result.kind = problem.kind;
  result.level = problem.level;
  result.alphabet = problem.alphabet.symbols();
  result.definition = problem.definition;
  result.models = problem.theory->models;
  result.published = PublishedResults(problem.name);
  for (const Mechanism mechanism : kAllMechanisms) {
    result.By(mechanism) = CellNotRun(problem.TheoryOf(mechanism), WhyNotRun(options, mechanism));
  }
  if (!problem.minimal || !problem.theory->classification) return result;
  const Classification& classification = *problem.theory->classification;
  result.classification = ToJson(classification, problem.alphabet);
  result.failing_pairs = CheckedPairs(classification, *problem.minimal, options.num_repetitions);
  if (draw && problem.minimal->num_states() <= kMaxPictureStates) {
    result.automaton_svg = draw(AutomatonDot(*problem.minimal, problem.name));
  }
  return result;
}

}  // namespace raspc
