// The table of published results beside measured ones.
#include "lab/report/published_table.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "lab/registry/registry.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

SuiteResult RunWith(std::vector<ProblemResult> problems) {
  SuiteResult result;
  result.problems = std::move(problems);
  return result;
}

ProblemResult ProblemWith(const std::string& name, const std::vector<std::optional<bool>>& learned,
                          Observed observed) {
  ProblemResult problem = UndescribedProblem(name);
  problem.level = "regular";
  for (const std::optional<bool>& one : learned) {
    PublishedResult& published = problem.published.emplace_back();
    published.source = "A|B 2025";
    published.value = 50.25;
    published.chance = 50;
    published.learned = one;
  }
  CellResult& direct = problem.By(Mechanism::kDirect);
  direct.observed = observed;
  if (observed != Observed::kNotRun) direct.accuracy = observed == Observed::kSolved ? 1.0 : 0.5;
  return problem;
}

TEST_CASE(
    "a problem is expressible and not learned if it is solved and nobody says it is learned") {
  CHECK(IsExpressibleNotLearned(ProblemWith("p", {false}, Observed::kSolved)));
  CHECK(IsExpressibleNotLearned(ProblemWith("p", {std::nullopt, false}, Observed::kSolved)));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {false}, Observed::kFailed)));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {false}, Observed::kRefused)));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {true, false}, Observed::kSolved)));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {std::nullopt}, Observed::kSolved)));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {}, Observed::kSolved)));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemResult()));
}

TEST_CASE("the table of published results puts what is not learned first") {
  const SuiteResult result = RunWith({ProblemWith("learned_one", {true}, Observed::kSolved),
                                      ProblemWith("without", {}, Observed::kSolved),
                                      ProblemWith("hard_one", {false}, Observed::kSolved)});
  CHECK(PublishedMarkdown(result) ==
        "Expressible and not learned:\n\n"
        "| problem | level | trained (paper), % | learned | compiled (measured), % | source |\n"
        "|---|---|---|---|---|---|\n"
        "| `hard_one` | regular | 50.2 (chance 50) | no | 100.0 by direct | A\\|B 2025 |\n"
        "\nThe other published results:\n\n"
        "| problem | level | trained (paper), % | learned | compiled (measured), % | source |\n"
        "|---|---|---|---|---|---|\n"
        "| `learned_one` | regular | 50.2 (chance 50) | yes | 100.0 by direct | A\\|B 2025 |\n");
  CHECK(PublishedMarkdown(SuiteResult()).empty());
  // A problem that an interrupted run did not reach.
  CHECK(PublishedMarkdown(RunWith({UndescribedProblem("p")})).empty());
}

TEST_CASE("docs/report.md has the published results of every example of the catalogue") {
  const std::string page = ReadWhole(RASPC_SOURCE_DIR "/docs/report.md");
  for (const ProblemEntry& entry : ProblemEntries()) {
    for (const std::vector<int>& arguments : entry.examples) {
      ProblemResult problem = UndescribedProblem(ProblemName(entry, arguments));
      problem.level = entry.level;
      problem.published = PublishedResults(problem.name);
      const std::size_t num_published = problem.published.size();
      // The rows up to what is measured.
      const std::string table = PublishedMarkdown(RunWith({std::move(problem)}));
      std::size_t rows = 0;
      for (std::size_t at = table.find("| `"); at != std::string::npos;
           at = table.find("| `", at + 1)) {
        const std::string row = table.substr(at, table.find("not run", at) - at);
        CAPTURE(row);
        CHECK(Contains(page, row));
        ++rows;
      }
      CHECK(rows == num_published);
    }
  }
}

}  // namespace
}  // namespace raspc
