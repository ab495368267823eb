// The suite's report as CSV.
#include "lab/suite/suite_table.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/lab/suite/suite_run_testing.h"

namespace raspc {
namespace {

TEST_CASE("CSV has a row for each cell, and quotes what needs it") {
  SuiteResult result = RunOf({Named("dyck(2,1)")}, SmallOptions());
  result.problems[0].By(Mechanism::kDirect).construction = "says \"so\",\nand more";
  const std::string csv = SuiteCsv(result);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 6);
  CHECK(csv.find("\n\"dyck(2,1)\",language,regular,direct,yes,solved,true,8,") !=
        std::string::npos);
  CHECK(csv.find("\"says \"\"so\"\",\nand more\"") != std::string::npos);
}

}  // namespace
}  // namespace raspc
