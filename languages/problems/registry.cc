#include "languages/problems/registry.h"

#include <fmt/format.h>

#include "languages/formulas/formula_problem.h"
#include "languages/formulas/formula_problems.h"
#include "languages/language.h"
#include "languages/machines/machine_problems.h"
#include "languages/nonregular/nonregular_problems.h"
#include "languages/problems/regular_problem.h"
#include "languages/tasks/task_problems.h"
#include "runtime/base/files.h"

namespace raspc {

const std::vector<ProblemEntry>& ProblemEntries() {
  static const std::vector<ProblemEntry> entries = [] {
    std::vector<ProblemEntry> all;
    AddRegularProblems(all);
    AddNonregularProblems(all);
    AddFormulaProblems(all);
    AddMachineProblems(all);
    AddTaskProblems(all);
    return all;
  }();
  return entries;
}

std::string ProblemName(const ProblemEntry& entry, const std::vector<int>& arguments) {
  return FamilyMember(entry.name, arguments);
}

std::string ProblemSignature(const ProblemEntry& entry) {
  return FamilySignature(entry.name, entry.parameters);
}

std::optional<NamedProblem> FindProblem(const std::string& text, Diagnostics& diag) {
  const std::optional<FamilyName> written = ParseFamilyName(text, diag);
  if (!written) return std::nullopt;
  // Of entries with one name that with as many parameters, else the first.
  const ProblemEntry* found = nullptr;
  std::vector<std::string> names;
  for (const ProblemEntry& entry : ProblemEntries()) {
    names.push_back(entry.name);
    if (entry.name != written->name) continue;
    const bool fits = entry.parameters.size() == written->arguments.size();
    if (found == nullptr || fits) found = &entry;
    if (fits) break;
  }
  if (found == nullptr) {
    const std::string closest = ClosestName(written->name, names);
    diag.Error(ErrorKind::kUndefined, {},
               fmt::format("there is no language or task '{}' in the catalogue{}", written->name,
                           closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
    return std::nullopt;
  }
  auto arguments = ReadArguments(*written, found->parameters, diag);
  if (!arguments) return std::nullopt;
  return NamedProblem{found, *std::move(arguments)};
}

std::optional<Problem> ReadProblem(const std::string& text, const std::optional<Alphabet>& alphabet,
                                   const LanguageLimits& limits, Diagnostics& diag) {
  if (IsNameOfCatalogue(text)) {
    const std::optional<NamedProblem> named = FindProblem(text, diag);
    if (!named) return std::nullopt;
    return named->entry->build(named->arguments, alphabet, limits, diag);
  }
  if (const auto formula = FormulaIn(text)) return FormulaProblem(*formula, text, alphabet, diag);
  std::optional<Language> language;
  if (IsFileOfLanguage(text)) {
    const std::optional<std::string> json = ReadFileOfLanguage(text, diag);
    if (!json) return std::nullopt;
    if (IsMachineFile(*json)) {
      return ReadMachineProblem(*json, NameOfInput(text), alphabet, diag);
    }
    language = LanguageInFile(*json, text, alphabet, limits, diag);
  } else {
    language = ReadLanguage(text, alphabet, limits, diag);
  }
  if (!language) return std::nullopt;
  return RegularProblem(std::move(language->minimal), language->name, limits);
}

}  // namespace raspc
