#include "lab/registry/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/files.h"
#include "frontends/formulas/formula_lexer.h"
#include "lab/families/coded_families.h"
#include "lab/families/formulas/formula_families.h"
#include "lab/families/formulas/formula_problem.h"
#include "lab/families/machines/machine_families.h"
#include "lab/families/regular/regular_problem.h"
#include "lab/families/tasks/task_problems.h"
#include "lab/registry/join_problems.h"
#include "lab/registry/language.h"

namespace raspc {
namespace {

// The entry's problem, joined with that under its other name.
ProblemEntry JoinedEntry(ProblemEntry entry) {
  if (entry.same_as.empty()) return entry;
  entry.build = [own = entry.build, same_as = entry.same_as, level = entry.level](
                    const std::vector<int>& arguments, const std::optional<Alphabet>& alphabet,
                    const LanguageLimits& limits, Diagnostics& diag) -> std::optional<Problem> {
    auto problem = own(arguments, alphabet, limits, diag);
    if (!problem) return std::nullopt;
    // Over a larger alphabet it can be another language.
    const auto by_itself = alphabet ? own(arguments, std::nullopt, limits, diag) : problem;
    if (!by_itself || by_itself->alphabet.symbols() != problem->alphabet.symbols()) return problem;
    const auto other = ReadProblem(same_as, problem->alphabet, limits, diag);
    if (!other) return std::nullopt;
    problem->level = level;
    JoinProblems(*problem, *other);
    return problem;
  };
  return entry;
}

}  // namespace

const std::vector<ProblemEntry>& ProblemEntries() {
  static const std::vector<ProblemEntry> entries = [] {
    std::vector<ProblemEntry> all;
    AddRegularProblems(all);
    AddCodedFamilies(all);
    AddFormulaFamilies(all);
    AddMachineFamilies(all);
    AddTaskProblems(all);
    for (ProblemEntry& entry : all) entry = JoinedEntry(std::move(entry));
    return all;
  }();
  return entries;
}

namespace {

// Whether it looks like a file name with an extension: `machine.att`.
bool LooksLikeFile(const std::string& text) {
  const std::size_t dot = text.rfind('.');
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  };
  return dot != std::string::npos && dot > 0 && dot + 1 < text.size() &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.end(), is_plain) &&
         is_plain(static_cast<unsigned char>(text[dot - 1]));
}

bool LooksLikeFormula(const std::string& text) {
  std::string capitals;
  for (const char c : text) {
    capitals += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return std::any_of(kWordsOfFormulas.begin(), kWordsOfFormulas.end(), [&](std::string_view word) {
    return capitals.starts_with(fmt::format("{} ", word));
  });
}

// Reports that no entry has the name, and suggests what may have been meant.
void ReportUnknown(const std::string& text, const std::string& closest, Diagnostics& diag) {
  Diagnostic& error =
      diag.Error(ErrorKind::kUndefined, {},
                 fmt::format("there is no language or task '{}' in the catalogue{}", text,
                             closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
  if (LooksLikeFormula(text)) {
    error.Note({}, fmt::format("a formula is written formula:{}", text));
  } else if (LooksLikeFile(text)) {
    error.Note({},
               "a file's name must end in .json or contain a '/'; files hold an "
               "automaton or a machine as JSON");
  } else if (closest.empty()) {
    error.Note({}, fmt::format("a regular expression is written regex:{}", text));
  }
}

bool IsNameOfEntry(const std::string& name) {
  const auto& entries = ProblemEntries();
  return std::any_of(entries.begin(), entries.end(),
                     [&](const ProblemEntry& entry) { return entry.name == name; });
}

}  // namespace

std::optional<NamedProblem> FindProblem(const std::string& text, Diagnostics& diag) {
  Diagnostics of_name;
  const std::optional<FamilyName> written = ParseFamilyName(text, of_name);
  if (!written) {
    // A bracket is missing in `dyck(2`; `(ab)*` is not a name at all.
    if (IsNameOfEntry(text.substr(0, text.find('(')))) {
      for (const Diagnostic& problem : of_name.all()) diag.Add(problem);
    } else {
      ReportUnknown(text, "", diag);
    }
    return std::nullopt;
  }
  // Among entries of the same name the one with the same number of parameters.
  const ProblemEntry* found = nullptr;
  std::vector<std::string> names, signatures;
  for (const ProblemEntry& entry : ProblemEntries()) {
    names.push_back(entry.name);
    if (entry.name != written->name) continue;
    signatures.push_back(FamilySignature(entry.name, entry.parameters));
    if (entry.parameters.size() == written->arguments.size()) found = &entry;
  }
  if (found == nullptr && !signatures.empty()) {
    ReportArgumentCount(written->name, signatures, diag);
    return std::nullopt;
  }
  if (found == nullptr) {
    ReportUnknown(text, ClosestName(written->name, names), diag);
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
