// Which problems the suite runs, and under which names.
#include "lab/suite/suite_problem.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lab/suite/suite_json.h"
#include "lab/suite/suite_report.h"
#include "tests/lab/problem_testing.h"
#include "tests/lab/suite/suite_run_testing.h"

namespace raspc {
namespace {

TEST_CASE("problems are selected by glob, family and name") {
  const auto names = [](const std::vector<std::string>& only) {
    Diagnostics diag;
    std::vector<std::string> all;
    const auto selected = SelectProblems(only, diag);
    INFO(Render(diag));
    REQUIRE(selected);
    for (const SuiteProblem& problem : *selected) all.push_back(problem.name);
    return all;
  };
  CHECK(names({"tomita_[12]"}) == std::vector<std::string>{"tomita_1", "tomita_2"});
  CHECK(names({"mod", "mod(3)"}) == std::vector<std::string>{"mod(3)", "mod(6)"});
  CHECK(names({"regex:a*", "mod(5)", "first"}) ==
        std::vector<std::string>{"first", "regex:a*", "mod(5)"});
  CHECK(names({}).size() > 80);
  Diagnostics diag;
  CHECK_FALSE(SelectProblems({"zz*"}, diag));
  CHECK_FALSE(SelectProblems({"mod(0)"}, diag));
}

TEST_CASE("a description that comes last leaves what the cells say") {
  // Another thread may have found that a cell cannot be run before the problem is described.
  ProblemResult problem = UndescribedProblem("broken");
  ProblemResult described = problem;
  described.definition = "words";
  described.By(Mechanism::kCot).message = "left out by --by";
  described.By(Mechanism::kPad).message = "left out by --by";
  problem.By(Mechanism::kCot).message = "not tried: the problem cannot be built";
  problem.By(Mechanism::kDirect).observed = Observed::kSolved;
  problem.By(Mechanism::kDirect).message.reset();
  Describe(problem, described);
  CHECK(problem.name == "broken");
  CHECK(problem.definition == "words");
  CHECK(problem.By(Mechanism::kDirect).observed == Observed::kSolved);
  CHECK(problem.By(Mechanism::kCot).message == "not tried: the problem cannot be built");
  CHECK(problem.By(Mechanism::kPad).message == "left out by --by");
}

TEST_CASE("a problem keeps the name by which it was requested") {
  const SuiteProblem renamed{"another name", Named("parity").build};
  const SuiteResult result = RunOf({renamed}, SmallOptions());
  CHECK(result.problems[0].name == "another name");
  CHECK(result.problems[0].definition == ProblemOf("parity").definition);
  Diagnostics diag;
  CHECK(ReadReport(SuiteJson(result), "r.json", {renamed}, SmallOptions(), "test", diag));
}

}  // namespace
}  // namespace raspc
