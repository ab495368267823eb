// The published results: that they are about problems that exist, consistent, and in the table.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "lab/registry/registry.h"
#include "lab/report/published.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

using nlohmann::json;

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
    for (const json& result : PublishedResults(name)) {
      CAPTURE(name, result);
      CHECK_FALSE(result["source"].get<std::string>().empty());
      CHECK_FALSE(result["what"].get<std::string>().empty());
      if (result["value"].is_null()) {
        CHECK_FALSE(result["finding"].get<std::string>().empty());
        continue;
      }
      const double value = result["value"];
      CHECK(value >= 0);
      CHECK(value <= 100);
      CHECK(result["learned"] == (value >= result["learned_from"].get<double>()));
      if (result["mean"].is_number()) CHECK(result["mean"] <= value);
    }
  }
}

TEST_CASE("published figures are found by the problem's name") {
  const json parity = PublishedResults("parity");
  REQUIRE(parity.size() == 3);
  CHECK(parity[0]["value"] == 52.1);
  CHECK(parity[0]["learned"] == false);
  CHECK(parity[1]["value"].is_null());
  CHECK(PublishedResults("pt_2")[0]["value"] == 100);
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

json ProblemWith(const std::string& name, const json& learned, const std::string& observed) {
  json published = json::array();
  for (const json& one : learned) {
    published.push_back({{"source", "A|B 2025"},
                         {"value", 50.25},
                         {"chance", 50},
                         {"learned", one},
                         {"finding", ""}});
  }
  return {{"name", name},
          {"level", "regular"},
          {"published", published},
          {"direct", {{"observed", observed}, {"accuracy", observed == "solved" ? 1.0 : 0.5}}},
          {"cot", {{"observed", "not_run"}}}};
}

TEST_CASE(
    "a problem is expressible and not learned if it is solved and nobody says it is learned") {
  CHECK(IsExpressibleNotLearned(ProblemWith("p", {false}, "solved")));
  CHECK(IsExpressibleNotLearned(ProblemWith("p", {nullptr, false}, "solved")));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {false}, "failed")));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {false}, "refused")));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {true, false}, "solved")));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", {nullptr}, "solved")));
  CHECK_FALSE(IsExpressibleNotLearned(ProblemWith("p", json::array(), "solved")));
  CHECK_FALSE(IsExpressibleNotLearned(json::object()));
}

TEST_CASE("the table of published results puts what is not learned first") {
  const json report = {{"problems",
                        {ProblemWith("learned_one", {true}, "solved"),
                         ProblemWith("without", json::array(), "solved"),
                         ProblemWith("hard_one", {false}, "solved")}}};
  CHECK(PublishedMarkdown(report) ==
        "Expressible and not learned:\n\n"
        "| problem | level | trained (paper), % | learned | compiled (measured), % | source |\n"
        "|---|---|---|---|---|---|\n"
        "| `hard_one` | regular | 50.2 (chance 50) | no | 100.0 by direct | A\\|B 2025 |\n"
        "\nThe other published results:\n\n"
        "| problem | level | trained (paper), % | learned | compiled (measured), % | source |\n"
        "|---|---|---|---|---|---|\n"
        "| `learned_one` | regular | 50.2 (chance 50) | yes | 100.0 by direct | A\\|B 2025 |\n");
  CHECK(PublishedMarkdown({{"problems", json::array()}}).empty());
  // A problem that an interrupted run did not reach.
  json unknown = ProblemWith("p", json::array(), "not_run");
  unknown["level"] = nullptr;
  CHECK(PublishedMarkdown({{"problems", {unknown}}}).empty());
}

TEST_CASE("docs/report.md has the published results of every example of the catalogue") {
  const std::string page = ReadWhole(RASPC_SOURCE_DIR "/docs/report.md");
  for (const ProblemEntry& entry : ProblemEntries()) {
    for (const std::vector<int>& arguments : entry.examples) {
      const std::string name = ProblemName(entry, arguments);
      const json published = PublishedResults(name);
      if (published.empty()) continue;
      const json problem = {{"name", name}, {"level", entry.level}, {"published", published}};
      // The rows up to what is measured.
      const std::string table = PublishedMarkdown({{"problems", {problem}}});
      std::size_t rows = 0;
      for (std::size_t at = table.find("| `"); at != std::string::npos;
           at = table.find("| `", at + 1)) {
        const std::string row = table.substr(at, table.find("not run", at) - at);
        CAPTURE(row);
        CHECK(Contains(page, row));
        ++rows;
      }
      CHECK(rows == published.size());
    }
  }
}

}  // namespace
}  // namespace raspc
