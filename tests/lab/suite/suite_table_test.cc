// The suite's report as CSV.
#include "lab/suite/suite_table.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/lab/suite/suite_run_testing.h"

namespace raspc {
namespace {

TEST_CASE("the table has each level once, and says whether the run is complete") {
  SuiteResult result = RunOf({Named("parity"), Named("a_n_b_n"), Named("first")}, SmallOptions());
  result.problems[2].level = result.problems[0].level;
  const std::string table = SuiteTable(result);
  CHECK(table.find("\n[regular]\n") == table.rfind("\n[regular]\n"));
  CHECK(table.find("\nparity ") < table.find("\nfirst "));
  CHECK(table.find("\nfirst ") < table.find("\na_n_b_n "));
  CHECK(table.find("theory and observation match\n") != std::string::npos);
  result.problems[1].By(Mechanism::kDirect) = CellResult();
  CHECK(SuiteTable(result).find("theory and observation match so far\n") != std::string::npos);
}

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
