#include "lab/registry/problem_table.h"

#include <fmt/format.h>

#include <set>

#include "lab/families/regular/catalogue_table.h"
#include "lab/families/regular/catalogue.h"
#include "lab/registry/registry.h"

namespace raspc {
namespace {

// The cell of a mechanism: the verdict, and the cost if there is a program.
std::string Verdict(const MechanismTheory& theory) {
  switch (theory.expectation) {
    case Expectation::kYes:
      if (theory.is_only_known) return fmt::format("known: {}", MarkdownCell(theory.cost));
      return theory.cost.empty() ? "yes" : fmt::format("yes: {}", MarkdownCell(theory.cost));
    case Expectation::kNo:
      return "no";
    case Expectation::kConditionalNo:
      return "(no)";
    case Expectation::kNoClaim:
      return "?";
  }
  return "";
}

std::string ProblemRow(const ProblemEntry& entry, const std::vector<int>& arguments,
                const LanguageLimits& limits) {
  const std::string name = ProblemName(entry, arguments);
  Diagnostics diag;
  const std::optional<Problem> problem = entry.build(arguments, std::nullopt, limits, diag);
  if (!problem) {
    return fmt::format("| `{}` | {} |\n", name, MarkdownCell(diag.all().front().message));
  }
  std::string verdicts;
  for (const Mechanism mechanism : kAllMechanisms) {
    verdicts += " " + Verdict(problem->TheoryOf(mechanism)) + " |";
  }
  return fmt::format("| `{}` | {}{} | {} | {} |{}\n", name,
                     entry.kind == ProblemKind::kTask ? "task, " : "", MarkdownCell(entry.level),
                     MarkdownCell(entry.symbols), MarkdownCell(entry.definition), verdicts);
}

}  // namespace

std::string ProblemsMarkdown(const LanguageLimits& limits) {
  std::string table =
      "| name | level | symbols | definition | direct | log-depth | cot | pad |\n"
      "|---|---|---|---|---|---|---|---|\n";
  std::set<std::string> in_other_table;
  for (const CatalogueEntry& entry : Catalogue()) in_other_table.insert(ProblemSignature(entry));
  for (const ProblemEntry& entry : ProblemEntries()) {
    if (in_other_table.contains(ProblemSignature(entry))) continue;
    for (const std::vector<int>& arguments : entry.examples) table += ProblemRow(entry, arguments, limits);
  }
  return table;
}

}  // namespace raspc
