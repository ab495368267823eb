#include "lab/suite/suite_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/escape.h"

namespace raspc {
namespace {

std::string_view SignOfRefusal(Expectation expectation) {
  switch (expectation) {
    case Expectation::kYes:
      return "known";
    case Expectation::kNo:
      return "no";
    case Expectation::kConditionalNo:
      return "(no)";
    case Expectation::kNoClaim:
      return "?";
  }
  return "";
}

std::string SignOfObserved(const CellResult& cell) {
  switch (cell.observed) {
    case Observed::kSolved:
      return fmt::format("yes {}", cell.max_length.value_or(0));
    case Observed::kFailed:
      return cell.first_failing_length ? fmt::format("WRONG {}", *cell.first_failing_length)
                                       : "WRONG";
    case Observed::kRefused:
      return std::string(SignOfRefusal(cell.theory.expectation));
    case Observed::kBeyondLimit:
      return "large";
    case Observed::kNotRun:
      return ".";
  }
  return "";
}

// The sign of a cell: its result, with an exclamation mark if it contradicts theory.
std::string Sign(const CellResult& cell) {
  return SignOfObserved(cell) + (cell.cut ? "~" : "") + (cell.match ? "" : " !");
}

// F, C and H of a regular language: yes, no, unknown.
std::string ModelSigns(const ProblemResult& problem) {
  std::string signs;
  for (const char* key : {"F", "C", "H"}) {
    std::string sign = " ";
    for (const ModelVerdict& model : problem.models) {
      if (model.key != key) continue;
      sign = !model.recognises ? "?" : *model.recognises ? "y" : "-";
    }
    signs += (signs.empty() ? "" : " ") + sign;
  }
  return signs;
}

constexpr std::size_t kMaxNameColumns = 32;  // of the 80 of a line

constexpr const char* kLegend =
    "  yes N    right on all words tried, of up to N symbols\n"
    "  known    possible, but raspc has no program\n"
    "  no       impossible, by a theorem\n"
    "  (no)     impossible unless complexity classes collapse\n"
    "  ?        open: no known program and no proof that there is none\n"
    "  WRONG n  wrong first at length n\n"
    "  large    beyond the limits of this run\n"
    "  .        not run\n"
    "  !        at odds with theory\n"
    "  ~        fewer words tried than requested\n"
    "  F C H    recognised by fixed precision, counting, hard attention, by algebra:\n"
    "           y yes, - no, ? not decided within the limits of this run\n";

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// A CSV field: nothing where there is no value.
std::string Field(const std::string& text) { return Quoted(text); }
std::string Field(std::string_view text) { return Quoted(std::string(text)); }
std::string Field(std::int64_t number) { return fmt::format("{}", number); }
std::string Field(int number) { return fmt::format("{}", number); }
std::string Field(bool value) { return value ? "true" : "false"; }
// With a point, or an exponent.
std::string Field(double number) {
  const std::string text = fmt::format("{}", number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}
template <class T>
std::string Field(const std::optional<T>& value) {
  return value ? Field(*value) : "";
}

std::string CsvRow(const ProblemResult& problem, Mechanism mechanism) {
  const CellResult& cell = problem.By(mechanism);
  std::vector<std::string> fields = {Field(problem.name),
                                     problem.kind ? Field(ProblemKindName(*problem.kind)) : "",
                                     Field(problem.level),
                                     Field(MechanismName(mechanism)),
                                     Field(ExpectationName(cell.theory.expectation)),
                                     Field(ObservedName(cell.observed)),
                                     Field(cell.match),
                                     Field(cell.max_length),
                                     Field(cell.exhaustive_to),
                                     Field(cell.words),
                                     Field(cell.accuracy),
                                     Field(cell.first_failing_length)};
  for (const ResourceFigure& figure : ResourceFigures()) {
    fields.push_back(cell.resources.empty() ? "" : Field(figure.of(cell.resources.back())));
  }
  fields.push_back(Field(cell.construction));
  fields.push_back(cell.cut ? Field(CutName(*cell.cut)) : "");
  fields.push_back(Field(cell.message));
  fields.push_back(Field(cell.seconds));
  fields.push_back(Field(cell.theory.reference));
  return fmt::format("{}\n", fmt::join(fields, ","));
}

// A row of signs.
std::string TableRow(const ProblemResult& problem, std::size_t width) {
  const std::string name = EscapeText(problem.name);
  std::string row = name.size() > width ? name + "\n" : "";
  row += fmt::format("{:<{}}  {} ", name.size() > width ? "" : name, width, ModelSigns(problem));
  for (const CellResult& cell : problem.cells) row += fmt::format(" {:<9}", Sign(cell));
  row.erase(row.find_last_not_of(' ') + 1);
  return row + "\n";
}

// The lines below the rows.
std::string Summary(const SuiteResult& result) {
  const SuiteCounts counts = CountsOf(result);
  const std::size_t num_mismatches = MismatchesOf(result).size();
  const std::string agreement =
      num_mismatches > 0
          ? fmt::format("{} at odds with theory", num_mismatches)
          : fmt::format("theory and observation match{}", IsComplete(result) ? "" : " so far");
  std::string summary = fmt::format(
      "{} cell{} solved, {} refused, {} failed, {} beyond the limits, {} not run; {} solved "
      "for shorter words than requested, {} on fewer words than requested\n{}\n",
      counts.solved, counts.solved == 1 ? "" : "s", counts.refused, counts.failed,
      counts.beyond_limit, counts.not_run, counts.smaller, counts.cut, agreement);
  std::vector<std::string> not_learned;
  for (const ProblemResult& problem : result.problems) {
    if (IsExpressibleNotLearned(problem)) not_learned.push_back(EscapeText(problem.name));
  }
  if (!not_learned.empty()) {
    summary += fmt::format("solved here, but not learned in published experiments: {}\n",
                           fmt::join(not_learned, ", "));
  }
  return summary;
}

// The problems in their order, gathered by level in the order of first appearance.
std::vector<std::pair<std::string, std::vector<const ProblemResult*>>> ByLevel(
    const SuiteResult& result) {
  std::vector<std::pair<std::string, std::vector<const ProblemResult*>>> levels;
  for (const ProblemResult& problem : result.problems) {
    const std::string level = problem.level.value_or("");
    auto found = std::find_if(levels.begin(), levels.end(),
                              [&](const auto& known) { return known.first == level; });
    if (found == levels.end()) found = levels.insert(found, {level, {}});
    found->second.push_back(&problem);
  }
  return levels;
}

}  // namespace

std::string SuiteTable(const SuiteResult& result) {
  std::size_t width = 7;
  for (const ProblemResult& problem : result.problems) {
    width = std::max(width, problem.name.size());
  }
  width = std::min(width, kMaxNameColumns);
  std::string table = fmt::format("{:<{}}  F C H ", "problem", width);
  for (const Mechanism mechanism : kAllMechanisms) {
    table += fmt::format(" {:<9}", MechanismName(mechanism));
  }
  table.erase(table.find_last_not_of(' ') + 1);
  table += '\n';
  for (const auto& [level, problems] : ByLevel(result)) {
    if (!level.empty()) table += fmt::format("[{}]\n", EscapeText(level));
    for (const ProblemResult* problem : problems) table += TableRow(*problem, width);
  }
  return fmt::format("{}\n{}\n{}", table, kLegend, Summary(result));
}

std::string SuiteCsv(const SuiteResult& result) {
  std::string csv =
      "problem,kind,level,by,theory,observed,match,max_length,exhaustive_to,words,accuracy,"
      "first_failing_length,layers,heads,d_model,d_mlp,parameters,nonzeros,steps,pads,"
      "construction,cut,message,seconds,reference\n";
  for (const ProblemResult& problem : result.problems) {
    for (const Mechanism mechanism : kAllMechanisms) csv += CsvRow(problem, mechanism);
  }
  return csv;
}

}  // namespace raspc
