// A run's result as JSON: what is written is read back, and what is not a result is named.
#include "lab/suite/suite_json.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/lab/suite/suite_run_testing.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

SuiteResult SmallResult() {
  SuiteOptions options = SmallOptions();
  options.max_length = 4;
  options.samples = 1;
  return RunOf({Named("parity"), Named("a5_point")}, options);
}

TEST_CASE("a result that is written as JSON is read back") {
  SuiteResult result = SmallResult();
  result.options.seed = std::numeric_limits<std::uint64_t>::max();
  result.problems.push_back(UndescribedProblem("an \"unknown\" one"));
  result.problems[0].automaton_svg = "<svg/>";
  CellResult& cell = result.problems[0].By(Mechanism::kCot);
  cell.cut = Cut::kTime;
  cell.first_wrong = WrongWord{"\u00e4", "accept", "reject"};
  cell.first_failing_length = 1;
  const std::string text = SuiteJson(result);
  std::string fault;
  const std::optional<SuiteResult> read = ReadSuiteJson(text, fault);
  INFO(fault);
  REQUIRE(read);
  CHECK(SuiteJson(*read) == text);
  CHECK(read->options.seed == result.options.seed);
  CHECK(read->problems[0].By(Mechanism::kCot).cut == Cut::kTime);
  CHECK(read->problems[0].By(Mechanism::kDirect).theory.IsBuilt());
  CHECK_FALSE(read->problems[1].By(Mechanism::kDirect).theory.IsBuilt());
  CHECK_FALSE(read->problems[2].IsDescribed());
  // In ASCII it says the same.
  CHECK(Json::parse(SuiteJson(result, JsonText::kAscii)) == Json::parse(text));
  CHECK(SuiteJson(result, JsonText::kAscii).find("\\u00e4") != std::string::npos);
}

TEST_CASE("the first fault of a report is named with its place") {
  const Json report = Json::parse(SuiteJson(SmallResult()));
  const auto fault_of = [](const Json& damaged) {
    std::string fault;
    CHECK_FALSE(ReadSuiteJson(damaged.dump(), fault));
    return fault;
  };
  const struct {
    const char* place;
    Json instead;
    const char* fault;
  } rows[] = {
      {"/format", "x", "it is not a suite report"},
      {"/version", 2, "it has a different version"},
      {"/seconds", "x", "\"seconds\" of the report is string"},
      {"/complete", 1, "\"complete\" of the report is number"},
      {"/options/seed", -1, "\"seed\" of the report.options is out of range"},
      {"/options/by", {"direkt"}, "an entry of the report.options.by is not an allowed value"},
      {"/problems/0", 1, "an entry of the report.problems is number"},
      {"/problems/0/extra", 1, "parity has a field \"extra\""},
      {"/problems/0/direct", nullptr, "\"direct\" of parity is null"},
      {"/problems/0/direct/observed", "maybe",
       "\"observed\" of parity.direct is not an allowed value"},
      {"/problems/0/direct/max_length", 1.5, "\"max_length\" of parity.direct is number"},
      {"/problems/0/direct/max_length", std::int64_t{1} << 40,
       "\"max_length\" of parity.direct is out of range"},
      {"/problems/0/direct/theory/built", "x", "\"built\" of parity.direct.theory is string"},
      {"/problems/0/direct/lengths/0/words", nullptr,
       "\"words\" of an entry of parity.direct.lengths is null"},
      {"/problems/0/direct/example/has_bos", 1, "\"has_bos\" of parity.direct.example is number"},
      {"/problems/0/direct/example/layers/0/heads/0/weights/0/0", "x",
       "an entry of an entry of an entry of an entry of parity.direct.example.layers.heads.weights "
       "is string"},
      {"/problems/0/published/0/chance", true,
       "\"chance\" of an entry of parity.published is boolean"},
      {"/problems/0/direct/growth/layers/figures/0",
       {1},
       "an entry of parity.direct.growth.layers.figures has 1 entries instead of 2"},
  };
  for (const auto& row : rows) {
    Json damaged = report;
    damaged[Json::json_pointer(row.place)] = row.instead;
    CHECK(fault_of(damaged) == row.fault);
  }
  Json without = report;
  without["problems"][0]["cot"].erase("work");
  CHECK(fault_of(without) == "parity.cot has no field \"work\"");
}

}  // namespace
}  // namespace raspc
