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

TEST_CASE("compositions of few rounds fail where the automaton says") {
  SuiteOptions options = SmallOptions();
  options.max_length = 16;
  options.max_rounds = 3;
  const std::atomic<bool> stop = false;
  for (const char* name : {"s3", "mod(6)"}) {
    const std::vector<RoundResult> results = TryFewRounds(ProblemOf(name), options, stop);
    REQUIRE(results.size() == 3);
    for (const RoundResult& result : results) {
      CHECK(result.first_failing_length == (1 << result.rounds) + 1);
      CHECK(result.match);
    }
  }
  // The last three symbols decide, so two rounds are enough for every length.
  const std::vector<RoundResult> enough = TryFewRounds(ProblemOf("from_end(3)"), options, stop);
  REQUIRE(enough.size() >= 2);
  CHECK_FALSE(enough[1].first_failing_length);
  CHECK(enough[1].match);
  // An automaton that does not belong to the programs: the lengths differ.
  Problem planted = ProblemOf("from_end(3)");
  planted.minimal = *ProblemOf("parity").minimal;
  CHECK_FALSE(TryFewRounds(planted, options, stop).at(1).match);
}

}  // namespace
}  // namespace raspc
