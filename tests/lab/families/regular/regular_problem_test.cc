// Regular languages as problems.
#include <catch2/catch.hpp>

#include "lab/registry/registry.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

TEST_CASE("regular problems have uniform sources and programs that agree with them") {
  const Problem problem = ProblemOf(GENERATE("parity", "tomita_2", "s3", "regex:(a|bb)*"));
  CheckSampler(problem, 12, 6);
  for (const Mechanism mechanism : kAllMechanisms) {
    CHECK(problem.TheoryOf(mechanism).IsBuilt());
    ProgramCheck check;
    check.mechanism = mechanism;
    CheckProgram(problem, check);
  }
}

TEST_CASE("an unknown problem is refused with the closest name") {
  Diagnostics diag;
  CHECK_FALSE(ReadProblem("tomita_9", std::nullopt, {}, diag));
  CHECK(diag.all().front().message.find("did you mean 'tomita_") != std::string::npos);
}

}  // namespace
}  // namespace raspc
