#include "lab/suite/suite_problem.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "automata/algebra/classify.h"
#include "lab/registry/language.h"
#include "automata/pictures/dot.h"
#include "lab/registry/registry.h"
#include "lab/report/published.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

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

Json ModelsJson(const Problem& problem) {
  Json models = Json::array();
  const auto or_null = [](const std::optional<bool>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  for (const ModelVerdict& verdict : problem.theory->models) {
    models.push_back({{"key", verdict.key},
                      {"model", verdict.model},
                      {"languages", verdict.languages},
                      {"recognises", or_null(verdict.recognises)},
                      {"recognises_at_last", or_null(verdict.recognises_at_last)},
                      {"unless", verdict.unless},
                      {"reference", verdict.reference}});
  }
  return models;
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

Json PairsJson(const Classification& classification, const Dfa& dfa, int num_repetitions) {
  Json pairs = Json::array();
  for (const FailingPair& pair : classification.failing_pairs) {
    std::vector<std::string> defeats;
    for (const char key : pair.defeats) defeats.emplace_back(1, key);
    pairs.push_back({{"violates", pair.violates},
                     {"defeats", defeats},
                     {"before", ToText(dfa.alphabet, pair.before)},
                     {"repeated", ToText(dfa.alphabet, pair.repeated)},
                     {"extra", ToText(dfa.alphabet, pair.extra)},
                     {"after", ToText(dfa.alphabet, pair.after)},
                     {"is_member_without_extra", pair.is_member_without_extra},
                     {"checked_to", num_repetitions},
                     {"holds", Holds(pair, dfa, num_repetitions)}});
  }
  return pairs;
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

Json DescribeProblem(const Problem& problem, const SuiteOptions& options,
                     const DrawAutomaton& draw) {
  Json description = {{"name", problem.name},
                      {"kind", problem.kind == ProblemKind::kTask ? "task" : "language"},
                      {"level", problem.level},
                      {"alphabet", problem.alphabet.symbols()},
                      {"definition", problem.definition},
                      {"models", ModelsJson(problem)},
                      {"classification", nullptr},
                      {"automaton_svg", nullptr},
                      {"failing_pairs", Json::array()},
                      {"published", PublishedResults(problem.name)}};
  if (!problem.minimal || !problem.theory->classification) return description;
  const Classification& classification = *problem.theory->classification;
  description["classification"] = Json::parse(ToJson(classification, problem.alphabet));
  description["failing_pairs"] =
      PairsJson(classification, *problem.minimal, options.num_repetitions);
  if (draw && problem.minimal->num_states() <= kMaxPictureStates) {
    const auto svg = draw(AutomatonDot(*problem.minimal, problem.name));
    if (svg) description["automaton_svg"] = *svg;
  }
  return description;
}

std::vector<std::string> MismatchesOfProblem(const Json& description) {
  std::vector<std::string> mismatches;
  for (const Json& pair : description["failing_pairs"]) {
    if (pair["holds"].get<bool>()) continue;
    mismatches.push_back(fmt::format("the witness that it is not {} does not hold on its automaton",
                                     pair["violates"].get<std::string>()));
  }
  return mismatches;
}

}  // namespace raspc
