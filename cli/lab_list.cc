// raspc lab list: the catalogue of languages and tasks.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "lab/families/regular/catalogue_table.h"
#include "base/json_object.h"
#include "lab/suite/suite_problem.h"
#include "lab/suite/suite_verdict.h"
#include "lab/registry/problem_table.h"
#include "lab/registry/registry.h"
#include "base/option_value.h"

namespace raspc {
namespace {

// Which entries are listed: those that match all given filters.
struct Filter {
  std::vector<std::string> only;  // globs, one of which matches
  std::optional<ProblemKind> kind;
  std::optional<std::string> level;  // a glob
  std::vector<Mechanism> by;         // all of which have a program for an example
};

// The names that identify an entry.
std::vector<std::string> NamesOf(const ProblemEntry& entry) {
  std::vector<std::string> names = {entry.name, ProblemSignature(entry)};
  for (const std::vector<int>& arguments : entry.examples) {
    names.push_back(ProblemName(entry, arguments));
  }
  return names;
}

bool MatchesAny(const std::string& glob, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return MatchesGlob(glob, name); });
}

bool FitsName(const ProblemEntry& entry, const std::vector<std::string>& globs) {
  const std::vector<std::string> names = NamesOf(entry);
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return MatchesAny(glob, names); });
}

// The error if a glob matches none of the names of `what`; empty if it matches one.
std::string WhyNoMatch(const std::string& what, const std::string& glob,
                       const std::vector<std::string>& names) {
  if (MatchesAny(glob, names)) return "";
  std::string literal = glob;
  std::erase_if(literal, [](char c) { return c == '*' || c == '?'; });
  const std::string closest = ClosestName(literal, names);
  return fmt::format("no {} matches '{}'{}", what, Shortened(glob),
                     closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest));
}

// The first glob of the filter that matches nothing, as an error; empty if there is none.
std::string FirstUnmatched(const Filter& filter) {
  std::vector<std::string> names, levels;
  for (const ProblemEntry& entry : ProblemEntries()) {
    for (std::string& name : NamesOf(entry)) names.push_back(std::move(name));
    levels.push_back(entry.level);
  }
  std::string problem;
  for (const std::string& glob : filter.only) {
    if (problem.empty()) problem = WhyNoMatch("language or task", glob, names);
  }
  if (problem.empty() && filter.level) problem = WhyNoMatch("level", *filter.level, levels);
  return problem;
}

// Builds the examples, because verdicts depend on the arguments.
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

// What is known about the entry's first example, by mechanism, and whether raspc has a program.
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
  for (const FamilyParameter& parameter : entry.parameters) {
    JsonObject range;
    range.Add("name", parameter.name);
    range.Add("min", parameter.min);
    range.Add("max", parameter.max);
    parameters += (parameters.empty() ? "" : ", ") + range.Text();
  }
  json.Raw("parameters", "[" + parameters + "]");
  json.Add("kind", std::string(ProblemKindName(entry.kind)));
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

// An entry, or the heading above the first.
std::string TextRow(const std::string& name, const std::string& level, const std::string& symbols,
                    const std::string& definition) {
  return FitColumns(fmt::format("{:<22}  {:<26}  {}\n  {}\n", name, level, symbols, definition));
}

std::string EntryText(const ProblemEntry& entry) {
  const std::string level = entry.kind == ProblemKind::kTask ? "task, " + entry.level : entry.level;
  return TextRow(ProblemSignature(entry), level, entry.symbols, entry.definition);
}

std::string Markdown() {
  return CatalogueMarkdown({}) +
         "\n### Languages that are not given by an automaton, and tasks\n\n"
         "For each mechanism: `yes`, raspc has a program, and how it scales; `known`, possible, "
         "but raspc has no program; `no`, impossible by a theorem; `(no)`, impossible unless "
         "complexity classes collapse; `?`, open.\n\n" +
         ProblemsMarkdown({});
}

}  // namespace

int LabListCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab list", "",
      "Lists the catalogue of languages and tasks: name and parameters, level, alphabet, "
      "definition.",
      "raspc lab list --level 'context*' --by pad");
  bool json = false, markdown = false;
  Filter filter;
  std::optional<std::string> kind, by;
  line.JsonFlag(json, "Print one JSON object per entry");
  line.Flag("--markdown", markdown,
            "Print the catalogue as two Markdown tables: the regular languages, and the rest");
  line.TextList("--only", filter.only, "GLOB",
                "Only entries whose name matches, as in 'dyck*'; may be given several times");
  line.Choice("--kind", kind, {"language", "task"}, "KIND", "Only entries of one kind");
  line.Text("--level", filter.level, "GLOB", "Only entries whose level matches, as in 'context*'");
  line.Text("--by", by, "MECHANISM,...",
            "Only entries that have programs for all of these mechanisms: " +
                Alternatives(MechanismNames()));
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (!line.positionals().empty()) {
    return line.Misused(fmt::format("unexpected argument '{}'; did you mean --only {}?",
                                    line.positionals()[0], ShellQuote(line.positionals()[0])));
  }
  if (json && markdown) return line.Misused("--json and --markdown cannot be combined");
  if (kind) filter.kind = *kind == "task" ? ProblemKind::kTask : ProblemKind::kLanguage;
  if (by) {
    Diagnostics diag;
    const auto mechanisms = ReadMechanisms(*by, diag);
    if (!mechanisms) return line.Misused(diag.all().front().message);
    filter.by = *mechanisms;
  }
  if (markdown) {
    if (kind || by || filter.level || !filter.only.empty()) {
      return line.Misused("--markdown prints the whole catalogue: filters do not apply");
    }
    Print(Markdown());
    return FinishOutput(kSuccess);
  }
  if (const std::string problem = FirstUnmatched(filter); !problem.empty()) return Fail(problem);
  bool any = false;
  for (const ProblemEntry& entry : ProblemEntries()) {
    if (!Fits(entry, filter)) continue;
    if (!any && !json) Print(TextRow("name", "level", "alphabet", "definition"));
    any = true;
    Print(json ? EntryJson(entry) : EntryText(entry));
  }
  return any ? FinishOutput(kSuccess) : Fail("no language or task matches all of the filters");
}

}  // namespace raspc
