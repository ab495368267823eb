// Runs of too few rounds of composition.
#include "lab/suite/suite_rounds.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/lab/problem_testing.h"
#include "tests/lab/suite/suite_run_testing.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

TEST_CASE("compositions of few rounds fail where the automaton says") {
  SuiteOptions options = SmallOptions();
  options.max_length = 16;
  options.max_rounds = 3;
  const std::atomic<bool> stop = false;
  for (const char* name : {"s3", "mod(6)"}) {
    const Json rounds = TryFewRounds(ProblemOf(name), options, stop);
    REQUIRE(rounds.size() == 3);
    for (const Json& entry : rounds) {
      CHECK(entry["first_failing_length"] == (1 << entry["rounds"].get<int>()) + 1);
      CHECK(entry["match"] == true);
    }
  }
  // The last three symbols decide, so two rounds are enough for every length.
  const Json enough = TryFewRounds(ProblemOf("from_end(3)"), options, stop);
  CHECK(enough[1]["first_failing_length"].is_null());
  CHECK(enough[1]["match"] == true);
  // An automaton that does not belong to the programs: the lengths differ.
  Problem planted = ProblemOf("from_end(3)");
  planted.minimal = *ProblemOf("parity").minimal;
  CHECK(TryFewRounds(planted, options, stop)[1]["match"] == false);
}

}  // namespace
}  // namespace raspc
