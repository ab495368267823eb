// Reports of the suite: a damaged one is refused, and so is one of another run.
#include "lab/suite/suite_report.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lab/suite/suite_json.h"
#include "lab/suite/suite_table.h"
#include "tests/lab/suite/suite_run_testing.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// Every place in the JSON, as pointers; of an array the first entry. Nothing reads a
// classification, so it is not looked into.
void CollectPlaces(const Json& json, const Json::json_pointer& at,
                   std::vector<Json::json_pointer>& places) {
  places.push_back(at);
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) {
      if (name == "classification") continue;
      CollectPlaces(value, at / name, places);
    }
  } else if (json.is_array() && !json.empty()) {
    CollectPlaces(json[0], at / std::size_t{0}, places);
  }
}

TEST_CASE("a damaged report is refused or does no harm") {
  const std::vector<SuiteProblem> problems = {Named("parity"), Named("a5_point")};
  SuiteResult result = RunOf(problems, SmallOptions());
  // Most of the text; suite_json_test.cc damages one.
  for (ProblemResult& problem : result.problems) {
    for (CellResult& cell : problem.cells) cell.example.reset();
  }
  const Json report = Json::parse(SuiteJson(result));
  std::vector<Json::json_pointer> places;
  CollectPlaces(report, Json::json_pointer(), places);
  int num_refused = 0;
  for (const Json::json_pointer& place : places) {
    for (const Json& instead : {Json(), Json("x"), Json(-1), Json::array({1}), Json::object()}) {
      Json damaged = report;
      damaged[place] = instead;
      CAPTURE(place.to_string(), instead.dump());
      Diagnostics diag;
      const auto read =
          ReadReport(damaged.dump(), "r.json", problems, SmallOptions(), "test", diag);
      CHECK(read.has_value() != diag.HasErrors());
      if (!read) {
        ++num_refused;
        continue;
      }
      SuiteRun run;
      run.problems = problems;
      run.options = SmallOptions();
      run.version = "test";
      run.resumed = read;
      const std::atomic<bool> stop = true;  // nothing is to be computed
      const SuiteResult again = RunSuite(run, stop);
      CHECK_FALSE(SuiteTable(again).empty());
      CHECK_FALSE(SuiteCsv(again).empty());
    }
  }
  CHECK(num_refused > 500);
}

TEST_CASE("a report that calls log-depth by its former name is gone on from") {
  const std::vector<SuiteProblem> problems = {Named("parity")};
  SuiteOptions options = SmallOptions();
  options.by = {Mechanism::kDirect, Mechanism::kLogDepth};
  const Json report = Json::parse(SuiteJson(RunOf(problems, options)));
  REQUIRE(report["problems"][0]["log-depth"]["observed"] == "solved");
  Json former = report;
  former["options"]["by"] = {"direct", "depth"};
  Json& record = former["problems"][0];
  record["depth"] = record["log-depth"];
  record.erase("log-depth");
  Diagnostics diag;
  const auto read = ReadReport(former.dump(), "r.json", problems, options, "test", diag);
  INFO(Render(diag));
  REQUIRE(read);
  CHECK(Json::parse(SuiteJson(*read)) == report);
}

TEST_CASE("a report of another run is not resumed, with the reason") {
  const std::vector<SuiteProblem> problems = {Named("parity")};
  const std::string text = SuiteJson(RunOf(problems, SmallOptions()));
  const auto why = [&](const std::vector<SuiteProblem>& of, const SuiteOptions& options,
                       const std::string& version) {
    Diagnostics diag;
    CHECK_FALSE(ReadReport(text, "r.json", of, options, version, diag));
    return diag.all().at(0).message;
  };
  SuiteOptions other = SmallOptions();
  other.seed = 2;
  const std::string start = "cannot resume 'r.json': ";
  CHECK(why(problems, other, "test") == start + "it was run with --seed 1, not --seed 2");
  other = SmallOptions();
  other.only = {"parity", "dyck*"};
  CHECK(why(problems, other, "test") == start + "it was run without --only");
  other = SmallOptions();
  other.by = {Mechanism::kDirect};
  CHECK(why(problems, other, "test") == start + "it was run without --by");
  other = SmallOptions();
  other.level = SuiteLevel::kQuick;
  CHECK(why(problems, other, "test") == start + "it was run without --quick");
  other = SmallOptions();
  other.max_work = 1;
  CHECK_THAT(why(problems, other, "test"), Catch::Contains("its option max_work is "));
  CHECK(why({Named("first")}, SmallOptions(), "test") ==
        start + "it has the problem \"parity\" where this run has first");
  CHECK(why({}, SmallOptions(), "test") == start + "it has other problems");
  CHECK(why(problems, SmallOptions(), "2") == start + "it was written by raspc test, this is 2");
}

}  // namespace
}  // namespace raspc
