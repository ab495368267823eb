// raspc lab suite through the command: the quick suite passes, an interrupted run can be resumed,
// filters and misuse, and no partial files.
#include <catch2/catch.hpp>
#include <set>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"
#include "tests/lab/suite/suite_testing.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

// A few problems with small bounds.
std::vector<std::string> Small(const std::vector<std::string>& more) {
  std::vector<std::string> args = {"lab",    "suite",  "--quick", "--quiet", "--only",
                                   "parity", "--only", "first",   "--only",  "a5_point"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

Json ReadJson(const std::string& path) { return Json::parse(ReadWhole(path)); }

TEST_CASE("the quick suite covers every entry and mechanism and matches theory") {
  const TempFolder folder;
  std::vector<std::string> args = {"lab", "suite", "--quick", "--json", folder.Path("r.json")};
  // Sanitizers take ten times as long, and a command is ended after two minutes.
  if (!std::string(RASPC_SANITIZE).empty()) args.insert(args.end(), {"--only", "a*_*"});
  const CommandResult result = Raspc(args);
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  CHECK(Contains(result.out, "theory and observation match"));
  CHECK(Contains(result.err, " left\n"));
  const Json report = ReadJson(folder.Path("r.json"));
  CHECK(report["complete"] == true);
  CHECK(report["counts"]["not_run"] == 0);
  CHECK(report["counts"]["beyond_limit"] <= 5);
  std::set<std::string> names;
  for (const Json& problem : report["problems"]) {
    names.insert(problem["name"].get<std::string>());
  }
  if (!std::string(RASPC_SANITIZE).empty()) return;
  for (const Json& entry : JsonLines(Raspc({"lab", "list", "--json"}).out)) {
    for (const Json& example : entry["examples"]) {
      INFO(example);
      CHECK(names.count(example.get<std::string>()) == 1);
    }
  }
}

TEST_CASE("a suite that is interrupted leaves a valid report, and going on completes it") {
  const TempFolder folder;
  const std::string part = folder.Path("part.json"), whole = folder.Path("whole.json"),
                    rest = folder.Path("rest.json");
  const std::string options = "lab suite --quick --quiet --only 'd(*' --only 'tomita*'";
  REQUIRE(Shell("\"$RASPC\" " + options + " --json \"$1\"", {whole}).status == 0);
  for (const char* wait : {"0", "0.3", "1"}) {
    CAPTURE(wait);
    // The report exists from the beginning.
    const CommandResult stopped =
        Shell("\"$RASPC\" " + options +
                  " --threads 1 --json \"$1\" --csv \"$2\" & pid=$!\n"
                  "until [ -s \"$2\" ]; do /bin/sleep 0.01; done; /bin/sleep " +
                  wait + "; kill -TERM $pid; wait $pid",
              {part, folder.Path("part.csv")});
    INFO(stopped.err);
    const Json report = ReadJson(part);
    if (stopped.status == 143) {
      CHECK(Contains(stopped.err, "interrupted: the report is incomplete; resume with "));
      CHECK(Contains(stopped.out, " not run"));
      CHECK(report["complete"] == false);
    } else {
      CHECK(stopped.status == 0);  // it was faster
    }
    const CommandResult gone_on =
        Shell("\"$RASPC\" " + options + " --threads 3 --json \"$2\" --resume \"$1\"", {part, rest});
    INFO(gone_on.err);
    CHECK(gone_on.status == 0);
    CHECK(WithoutSeconds(ReadJson(rest)) == WithoutSeconds(ReadJson(whole)));
    CHECK(std::remove(part.c_str()) == 0);
    CHECK(std::remove(folder.Path("part.csv").c_str()) == 0);
  }
  // Only complete files are left.
  CHECK(folder.Names().size() == 2);
}

TEST_CASE("a mismatch is exit status 1 and named on standard error") {
  const TempFolder folder;
  const std::string path = folder.Path("r.json");
  REQUIRE(Raspc(Small({"--json", path})).status == 0);
  Json report = ReadJson(path);
  Json& cell = report["problems"][0]["direct"];
  cell["observed"] = "failed";
  cell["match"] = false;
  cell["first_wrong"] = {{"word", "ab"}, {"expected", "reject"}, {"got", "accept"}};
  const CommandResult result =
      Raspc(Small({"--resume", folder.Write("wrong.json", report.dump())}));
  CHECK(result.status == 1);
  CHECK(result.err == "mismatch: parity by direct: wrong on 'ab': accept where reject is right\n");
  CHECK(Contains(result.out, "1 at odds with theory"));
}

TEST_CASE("the suite's reports go to files, and the table elsewhere if one takes standard output") {
  const TempFolder folder;
  const std::string csv = folder.Path("r.csv"), html = folder.Path("r.html");
  const CommandResult result =
      Raspc(Small({"--json", "/dev/stdout", "--csv", csv, "--html", html}));
  CHECK(result.status == 0);
  CHECK(OneJsonObject(result.out)["complete"] == true);
  CHECK(Contains(result.err, "theory and observation match"));
  CHECK(ReadWhole(csv).starts_with("problem,kind,level,by,"));
  CHECK(Contains(ReadWhole(html), "<html"));
}

TEST_CASE("a suite's table of published results is of the problems that were run") {
  const TempFolder folder;
  const std::string path = folder.Path("published.md");
  REQUIRE(Raspc(Small({"--published", path})).status == 0);
  const std::string table = ReadWhole(path);
  CHECK(
      table.starts_with("Expressible and not learned:\n\n| problem | level | trained (paper), %"));
  CHECK(Contains(table, "| `parity` | regular | 52.1 (chance 50) | no | 100.0 by direct"));
  CHECK_FALSE(Contains(table, "`lt_2`"));
}

TEST_CASE("suites select problems and mechanisms") {
  const CommandResult result =
      Raspc({"lab", "suite", "--quick", "--quiet", "--only", "regex:(ab)*", "--only", "mod", "--by",
             "cot,direct", "--max-length", "6", "--exhaustive", "3", "--samples", "0"});
  CHECK(result.status == 0);
  CHECK(Contains(result.out, "\nmod(3) "));
  CHECK(Contains(result.out, "\nregex:(ab)*  - y y  yes 6     .         yes 6     .\n"));
  CHECK_FALSE(Contains(result.out, "parity"));
}

TEST_CASE("errors in a suite's options or files are reported, with status 2") {
  const TempFolder folder;
  const auto fails = [](const std::vector<std::string>& args, const std::string& message) {
    const CommandResult result = Raspc(args);
    INFO(result.err);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(Contains(result.err, message));
  };
  fails({"lab", "suite", "parity"}, "did you mean --only parity?");
  fails({"lab", "suite", "--quick", "--long"}, "--quick and --long cannot be combined");
  fails(Small({"--by", "direct,cott"}), "unknown mechanism 'cott'; did you mean 'cot'?");
  fails(Small({"--by", "cot,cot"}), "mechanism 'cot' is given twice");
  fails(Small({"--by", "cot,"}), "unknown mechanism ''");
  fails(Small({"--only", "zz*"}), "no problem matches 'zz*'");
  fails(Small({"--only", "partiy"}), "did you mean 'parity'?");
  fails(Small({"--only", "mod(0)"}), "mod");
  fails(Small({"--json", "x", "--csv", "x"}), "--json and --csv would both write 'x'");
  fails(Small({"--json", folder.Path("none/r.json")}), "cannot write");
  fails(Small({"--html", folder.Path("")}), "it is a directory");
  fails(Small({"--resume", folder.Path("none.json")}), "cannot read");
  const std::string path = folder.Path("r.json");
  REQUIRE(Raspc(Small({"--json", path})).status == 0);
  fails(Small({"--resume", path, "--seed", "2"}), "its option seed is 1, but 2 here");
  fails({"lab", "suite", "--quick", "--only", "first", "--resume", path}, "its option only is");
  const std::string whole = ReadWhole(path);
  for (const std::size_t size : {0, 1, 100, static_cast<int>(whole.size()) / 2}) {
    fails(Small({"--resume", folder.Write("cut.json", whole.substr(0, size))}),
          "not valid JSON: an error at line 1, column ");
  }
  fails(Small({"--resume", folder.Write("other.json", "{\"format\": \"x\"}")}),
        "it is not a suite report");
  CHECK(folder.Names().size() == 3);
}

TEST_CASE("a full disk is reported, and leaves nothing half-written") {
  const TempFolder folder;
  const CommandResult full = Raspc(Small({"--json", "/dev/full"}));
  CHECK(full.status == 2);
  CHECK(Contains(full.err, "cannot write '/dev/full': No space left on device"));
  CHECK(Contains(full.out, "theory and observation match"));
  const CommandResult closed =
      Shell("\"$RASPC\" lab suite --quick --quiet --only first > /dev/full");
  CHECK(closed.status == 2);
  CHECK(Contains(closed.err, "cannot write to standard output"));
  // The report is larger than files may get.
  const std::string path = folder.Write("old.json", "old");
  const CommandResult limited =
      Shell("ulimit -f 1; \"$RASPC\" lab suite --quick --quiet --only first --json \"$1\"", {path});
  CHECK(limited.status == 2);
  CHECK(ReadWhole(path) == "old");
  CHECK(folder.Names().size() == 1);
}

TEST_CASE("list filters by name, kind, level and mechanism") {
  const auto names = [](std::vector<std::string> filters) {
    filters.insert(filters.begin(), {"lab", "list", "--json"});
    const CommandResult result = Raspc(filters);
    CHECK(result.status == 0);
    std::set<std::string> all;
    for (const Json& entry : JsonLines(result.out)) all.insert(entry["name"]);
    return all;
  };
  CHECK(names({"--only", "tomita_[1-3]"}) ==
        std::set<std::string>{"tomita_1", "tomita_2", "tomita_3"});
  CHECK(names({"--only", "d(12)"}) == std::set<std::string>{"d"});
  const auto all = names({}), regular = names({"--level", "regular", "--kind", "language"}),
             direct = names({"--by", "direct"}), both = names({"--by", "direct,cot"});
  CHECK(all.size() > regular.size());
  CHECK(regular.count("s5") == 1);
  CHECK(direct.count("s5") == 0);
  CHECK(direct.count("parity") == 1);
  CHECK(std::includes(direct.begin(), direct.end(), both.begin(), both.end()));
  CHECK(names({"--kind", "task"}).count("parity") == 0);
  CHECK(Raspc({"lab", "list", "--kind", "x"}).status == 2);
  CHECK(Raspc({"lab", "list", "--by", "x"}).status == 2);
  CHECK(Raspc({"lab", "list", "--markdown", "--only", "x"}).status == 2);
}

TEST_CASE("with little memory a cell is not tried, or a command fails; nothing else goes wrong") {
  if (!std::string(RASPC_SANITIZE).empty()) return;  // sanitizers reserve terabytes
  const TempFolder folder;
  const std::string suite =
      "lab suite --quick --quiet --only parity --only 'dyck(1,2)' --json \"$2\"";
  const std::string commands[] = {suite + " --threads 1", suite + " --threads 8",
                                  "verify \"$3\" --max-length 200 --random 50",
                                  "compile \"$3\" --max-length 300 -o \"$4\"",
                                  "lab recognise 'dyck(2)' --max-length 60 -o \"$4\""};
  bool was_short = false, was_enough = false;
  for (const char* kilobytes : {"9000", "14000", "20000", "30000", "45000", "70000", "700000"}) {
    for (const std::string& command : commands) {
      CAPTURE(kilobytes, command);
      const CommandResult result =
          Shell("ulimit -v $1; exec \"$RASPC\" " + command,
                {kilobytes, folder.Path("r.json"), ProgramPath("sort"), folder.Path("m")});
      INFO(result.out << result.err);
      // 127: not even the libraries could be loaded.
      CHECK((result.status == 0 || result.status == 2 || result.status == 127));
      CHECK_FALSE(Contains(result.err, "terminate"));
      CHECK_FALSE(Contains(result.err, "internal"));
      CHECK_FALSE(Contains(result.err, "mismatch:"));
      was_short |= Contains(result.err, "memory");
      was_enough |= result.status == 0;
    }
  }
  CHECK(was_short);
  CHECK(was_enough);
}

TEST_CASE("a problem that cannot be built is a fault of the call, not of theory") {
  const CommandResult result =
      Raspc({"lab", "suite", "--quick", "--quiet", "--only", "regex:(a", "--by", "direct"});
  INFO(result.out << result.err);
  CHECK(result.status == 2);
  CHECK(Contains(result.err, "regex:(a by direct: not tried: the problem cannot be built: "));
  CHECK(Contains(result.out, "theory and observation match"));
}

}  // namespace
}  // namespace raspc
