// raspc lab list: the catalogue of languages and tasks.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "languages/catalogue/catalogue_table.h"
#include "languages/json_object.h"
#include "languages/laboratory/suite_problem.h"
#include "languages/laboratory/suite_verdict.h"
#include "languages/problems/problem_table.h"
#include "languages/problems/registry.h"

namespace raspc {
namespace {

// Which entries are listed: those that fit all that is given.
struct Filter {
  std::vector<std::string> only;  // globs, one of which fits
  std::optional<ProblemKind> kind;
  std::optional<std::string> level;  // a glob
  std::vector<Mechanism> by;         // by all of which there is a program for an example
};

bool FitsName(const ProblemEntry& entry, const std::vector<std::string>& globs) {
  std::vector<std::string> names = {entry.name, ProblemSignature(entry)};
  for (const std::vector<int>& arguments : entry.examples) {
    names.push_back(ProblemName(entry, arguments));
  }
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return MatchesGlob(glob, name); });
  });
}

// Builds the examples, as verdicts depend on the arguments.
bool IsSolvedBy(const ProblemEntry& entry, const std::vector<Mechanism>& mechanisms) {
  return std::any_of(
      entry.examples.begin(), entry.examples.end(), [&](const std::vector<int>& arguments) {
        Diagnostics diag;
        const auto problem = entry.build(arguments, std::nullopt, {}, diag);
        return problem &&
               std::all_of(mechanisms.begin(), mechanisms.end(), [&](Mechanism mechanism) {
                 return problem->TheoryOf(mechanism).IsBuilt();
               });
      });
}

bool Fits(const ProblemEntry& entry, const Filter& filter) {
  return (filter.only.empty() || FitsName(entry, filter.only)) &&
         (!filter.kind || entry.kind == *filter.kind) &&
         (!filter.level || MatchesGlob(*filter.level, entry.level)) &&
         (filter.by.empty() || IsSolvedBy(entry, filter.by));
}

std::string_view KindName(ProblemKind kind) {
  return kind == ProblemKind::kTask ? "task" : "language";
}

// What is known of the entry's first example, by mechanism, and whether a program is made here.
std::string MechanismsJson(const ProblemEntry& entry) {
  Diagnostics diag;
  const auto problem = entry.build(entry.examples.front(), std::nullopt, {}, diag);
  if (!problem) return "null";
  JsonObject all;
  for (const Mechanism mechanism : kAllMechanisms) {
    const MechanismTheory& theory = problem->TheoryOf(mechanism);
    JsonObject json;
    json.Add("known", std::string(ExpectationName(theory.expectation)));
    json.Add("built", theory.IsBuilt());
    json.Add("reason", theory.reason);
    json.Add("cost", theory.cost);
    json.Add("reference", theory.reference);
    all.Raw(MechanismName(mechanism), json.Text());
  }
  return all.Text();
}

std::string EntryJson(const ProblemEntry& entry) {
  JsonObject json;
  json.Add("name", entry.name);
  std::string parameters;
  for (const CatalogueParameter& parameter : entry.parameters) {
    JsonObject range;
    range.Add("name", parameter.name);
    range.Add("min", parameter.min);
    range.Add("max", parameter.max);
    parameters += (parameters.empty() ? "" : ", ") + range.Text();
  }
  json.Raw("parameters", "[" + parameters + "]");
  json.Add("kind", std::string(KindName(entry.kind)));
  json.Add("level", entry.level);
  json.Add("symbols", entry.symbols);
  json.Add("definition", entry.definition);
  std::vector<std::string> examples;
  for (const std::vector<int>& arguments : entry.examples) {
    examples.push_back(ProblemName(entry, arguments));
  }
  json.Add("examples", examples);
  if (!entry.same_as.empty()) json.Add("same_as", entry.same_as);
  json.Raw("mechanisms", MechanismsJson(entry));
  return json.Text() + "\n";
}

std::string EntryText(const ProblemEntry& entry) {
  const std::string level = entry.kind == ProblemKind::kTask ? "task, " + entry.level : entry.level;
  return fmt::format("{:<22} {:<22} {:<18} {}\n", ProblemSignature(entry), level, entry.symbols,
                     entry.definition);
}

std::string Markdown() {
  return CatalogueMarkdown({}) +
         "\n### Languages that are not given by an automaton, and tasks\n\n"
         "What is known of each mechanism: `yes`, by a program that is made here, and what grows; "
         "`known`, it can be done, but no program is made here; `no`, a theorem; `(no)`, unless "
         "complexity classes collapse; `?`, nothing known to us.\n\n" +
         ProblemsMarkdown({});
}

}  // namespace

int LabListCommand(const std::vector<std::string>& args) {
  CommandLine line("lab list", "",
                   "Lists the catalogue of languages and tasks: their names, with parameters in "
                   "brackets, levels, alphabets and definitions.",
                   "raspc lab list --level 'context*' --by pad");
  bool json = false, markdown = false;
  Filter filter;
  std::optional<std::string> kind, by;
  line.Flag("--json", json, "Print one JSON object per entry and nothing else");
  line.Flag("--markdown", markdown,
            "Print two Markdown tables: how regular languages are classified, and what theory says "
            "of the rest");
  line.TextList("--only", filter.only, "GLOB", "Only what has such a name, as 'dyck*'");
  line.Text("--kind", kind, "KIND", "Only this kind: language or task");
  line.Text("--level", filter.level, "GLOB", "Only this level: regular, 'context*', ...");
  line.Text("--by", by, "MECHANISM,...",
            "Only what a program is made for by all these of direct, depth, cot, pad");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (!line.positionals().empty()) {
    return line.Misused(fmt::format("lab list takes no argument '{}'", line.positionals()[0]));
  }
  if (json && markdown) return line.Misused("either --json or --markdown");
  if (kind) {
    if (*kind != "language" && *kind != "task") {
      return line.Misused(fmt::format("--kind is language or task, not '{}'", *kind));
    }
    filter.kind = *kind == "task" ? ProblemKind::kTask : ProblemKind::kLanguage;
  }
  if (by) {
    Diagnostics diag;
    const auto mechanisms = ReadMechanisms(*by, diag);
    if (!mechanisms) return line.Misused(diag.all().front().message);
    filter.by = *mechanisms;
  }
  if (markdown) {
    if (kind || by || filter.level || !filter.only.empty()) {
      return line.Misused("--markdown prints the whole catalogue");
    }
    Print(Markdown());
    return FinishOutput(kSuccess);
  }
  for (const ProblemEntry& entry : ProblemEntries()) {
    if (Fits(entry, filter)) Print(json ? EntryJson(entry) : EntryText(entry));
  }
  return FinishOutput(kSuccess);
}

}  // namespace raspc
