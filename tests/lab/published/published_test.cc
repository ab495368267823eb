// The published results: that they are about problems that exist, and consistent.
#include "lab/published/published.h"

#include <catch2/catch.hpp>

#include "lab/registry/registry.h"

namespace raspc {
namespace {

TEST_CASE("published results are about problems of the registry") {
  for (const std::string& name : PublishedProblems()) {
    CAPTURE(name);
    Diagnostics diag;
    const auto found = FindProblem(name, diag);
    INFO(Render(diag));
    CHECK(found);
    CHECK_FALSE(PublishedResults(name).empty());
  }
}

TEST_CASE("a published result has a figure or a finding in words") {
  for (const std::string& name : PublishedProblems()) {
    for (const PublishedResult& result : PublishedResults(name)) {
      CAPTURE(name, result.source, result.finding);
      CHECK_FALSE(result.source.empty());
      CHECK_FALSE(result.what.empty());
      if (!result.value) {
        CHECK_FALSE(result.finding.empty());
        continue;
      }
      CHECK(*result.value >= 0);
      CHECK(*result.value <= 100);
      REQUIRE(result.learned_from);
      CHECK(result.learned == (*result.value >= ValueOf(*result.learned_from)));
      if (result.mean) CHECK(*result.mean <= *result.value);
    }
  }
}

TEST_CASE("published figures are found by the problem's name") {
  const std::vector<PublishedResult> parity = PublishedResults("parity");
  REQUIRE(parity.size() == 3);
  CHECK(parity[0].value == 52.1);
  CHECK(parity[0].learned == false);
  CHECK_FALSE(parity[1].value);
  CHECK(PublishedResults("pt_2").at(0).value == 100);
  CHECK(PublishedResults("alternating(4)").size() == 1);
  CHECK(PublishedResults("alternating(40)").empty());
  // Of a family the members that were tested, and no others.
  CHECK(PublishedResults("d(1)").size() == 2);
  CHECK(PublishedResults("d(2)").size() == 3);
  CHECK(PublishedResults("d(12)").empty());
  CHECK(PublishedResults("unary_mod(4)").empty());
  for (const char* other : {"tomita_1", "no such", "d(", "d(x)", "d(2,3)", "", "regex:(a"}) {
    CHECK(PublishedResults(other).empty());
  }
}

}  // namespace
}  // namespace raspc
