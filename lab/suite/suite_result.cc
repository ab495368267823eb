#include "lab/suite/suite_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace raspc {
namespace {

// A length as JSON writes it.
std::string LengthText(const std::optional<std::int64_t>& length) {
  return length ? fmt::format("{}", *length) : "null";
}

std::string WhatIsOff(const CellResult& cell) {
  if (cell.observed == Observed::kFailed && cell.first_wrong) {
    const WrongWord& wrong = *cell.first_wrong;
    return fmt::format("wrong on '{}': {} where {} is right", wrong.word, wrong.got,
                       wrong.expected);
  }
  for (const RoundResult& cut : cell.rounds) {
    if (cut.match) continue;
    return fmt::format("{} rounds first fail at length {}, expected {}", cut.rounds,
                       LengthText(cut.first_failing_length),
                       LengthText(cut.expected_first_failure));
  }
  return fmt::format("theory says {}, observed is {}{}", ExpectationName(cell.theory.expectation),
                     ObservedName(cell.observed), cell.message ? ": " + *cell.message : "");
}

void Count(const CellResult& cell, SuiteCounts& counts) {
  switch (cell.observed) {
    case Observed::kSolved:
      ++counts.solved;
      break;
    case Observed::kFailed:
      ++counts.failed;
      break;
    case Observed::kRefused:
      ++counts.refused;
      break;
    case Observed::kBeyondLimit:
      ++counts.beyond_limit;
      break;
    case Observed::kNotRun:
      ++counts.not_run;
      break;
  }
  counts.mismatches += !cell.match;
  counts.cut += cell.cut.has_value();
  counts.smaller += cell.beyond.has_value();
}

}  // namespace

const std::array<ResourceFigure, kNumResourceFigures>& ResourceFigures() {
  using Value = std::optional<std::int64_t>;
  using Resources = const ResourceResult&;
  static constexpr std::array<ResourceFigure, kNumResourceFigures> kFigures = {{
      {"layers", [](Resources of) { return Value(of.sizes.layers); }},
      {"heads", [](Resources of) { return Value(of.sizes.heads); }},
      {"d_model", [](Resources of) { return Value(of.sizes.d_model); }},
      {"d_mlp", [](Resources of) { return Value(of.sizes.d_mlp); }},
      {"parameters", [](Resources of) { return Value(of.sizes.parameters); }},
      {"nonzeros", [](Resources of) { return Value(of.sizes.nonzeros); }},
      {"steps", [](Resources of) { return of.steps ? Value(*of.steps) : std::nullopt; }},
      {"pads", [](Resources of) { return Value(of.pads); }},
  }};
  return kFigures;
}

std::string_view CutName(Cut cut) { return cut == Cut::kWork ? "work" : "time"; }

CellResult CellNotRun(MechanismTheory theory, std::optional<std::string> message) {
  CellResult cell;
  cell.theory = std::move(theory);
  cell.message = std::move(message);
  return cell;
}

ProblemResult UndescribedProblem(const std::string& name) {
  ProblemResult problem;
  problem.name = name;
  for (CellResult& cell : problem.cells) cell.message = kNotReached;
  return problem;
}

void Describe(ProblemResult& problem, ProblemResult description) {
  description.name = std::move(problem.name);
  for (const Mechanism mechanism : kAllMechanisms) {
    // A cell that another thread has run keeps its result, and the reason why it could not be run.
    CellResult& cell = problem.By(mechanism);
    if (cell.message != kNotReached) description.By(mechanism) = std::move(cell);
  }
  problem = std::move(description);
}

bool IsExpressibleNotLearned(const ProblemResult& problem) {
  const auto says = [](bool learned) {
    return [learned](const PublishedResult& published) { return published.learned == learned; };
  };
  const std::vector<PublishedResult>& published = problem.published;
  return std::any_of(published.begin(), published.end(), says(false)) &&
         std::none_of(published.begin(), published.end(), says(true)) &&
         std::any_of(problem.cells.begin(), problem.cells.end(),
                     [](const CellResult& cell) { return cell.observed == Observed::kSolved; });
}

bool IsComplete(const SuiteResult& result) {
  const std::vector<Mechanism>& by = result.options.by;
  return std::all_of(
      result.problems.begin(), result.problems.end(), [&](const ProblemResult& problem) {
        return problem.IsDescribed() && std::all_of(by.begin(), by.end(), [&](Mechanism mechanism) {
                 return problem.By(mechanism).IsDone();
               });
      });
}

SuiteCounts CountsOf(const SuiteResult& result) {
  SuiteCounts counts;
  for (const ProblemResult& problem : result.problems) {
    for (const CellResult& cell : problem.cells) Count(cell, counts);
  }
  return counts;
}

std::vector<std::string> MismatchesOf(const SuiteResult& result) {
  std::vector<std::string> mismatches;
  for (const ProblemResult& problem : result.problems) {
    for (const PairResult& pair : problem.failing_pairs) {
      if (pair.holds) continue;
      mismatches.push_back(fmt::format("{}: the witness that it is not {} fails on its automaton",
                                       problem.name, pair.violates));
    }
    for (const Mechanism mechanism : kAllMechanisms) {
      const CellResult& cell = problem.By(mechanism);
      if (cell.match) continue;
      mismatches.push_back(
          fmt::format("{} by {}: {}", problem.name, MechanismName(mechanism), WhatIsOff(cell)));
    }
  }
  return mismatches;
}

std::vector<std::string> NotTried(const SuiteResult& result) {
  std::vector<std::string> lines;
  for (const ProblemResult& problem : result.problems) {
    if (!problem.IsDescribed()) lines.push_back(problem.name + ": not described: out of memory");
    for (const Mechanism mechanism : result.options.by) {
      const CellResult& cell = problem.By(mechanism);
      if (cell.IsDone()) continue;
      lines.push_back(fmt::format("{} by {}: {}", problem.name, MechanismName(mechanism),
                                  cell.message.value_or("not tried")));
    }
  }
  return lines;
}

}  // namespace raspc
