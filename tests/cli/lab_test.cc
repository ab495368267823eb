// raspc lab: list and classify, output and errors.
#include <catch2/catch.hpp>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

nlohmann::json Classified(const std::vector<std::string>& args) {
  std::vector<std::string> all = {"lab", "classify", "--json"};
  all.insert(all.end(), args.begin(), args.end());
  const CommandResult result = Raspc(all);
  INFO(result.err);
  REQUIRE(result.status == 0);
  return OneJsonObject(result.out);
}

TEST_CASE("classify --json has every field for a language of any kind") {
  const TempFolder folder;
  const std::string file =
      folder.Write("even.json",
                   R"({"type": "dfa", "states": 2, "start": 0, "accepting": [0],
          "transitions": [[0, "a", 0], [0, "b", 1], [1, "a", 1], [1, "b", 0]]})");
  const nlohmann::json by_name = Classified({"parity"}), by_file = Classified({file}),
                       by_regex = Classified({"regex:a*(ba*ba*)*"});
  for (const char* field :
       {"states", "monoid", "aperiodic", "r_trivial", "l_trivial", "j_trivial", "da",
        "locally_testable", "commutative", "group", "solvable", "c_rasp", "mechanisms"}) {
    INFO(field);
    CHECK(by_name.contains(field));
    CHECK(by_name[field] == by_file[field]);
    CHECK(by_name[field] == by_regex[field]);
  }
  CHECK(by_name["states"] == 2);
  CHECK(by_name["group"] == true);
  CHECK(by_name["c_rasp"] == false);
  for (const char* name : {"direct", "log-depth", "cot", "pad"}) {
    CHECK(by_name["mechanisms"][name]["applies"] == true);
    CHECK(by_name["mechanisms"][name]["reference"].is_string());
  }
}

TEST_CASE("a language that is not solvable is refused a direct recogniser, with its group") {
  const nlohmann::json json = Classified({"s5_point"});
  CHECK(json["nc1_complete"] == true);
  CHECK(json["mechanisms"]["direct"]["applies"] == false);
  CHECK(json["mechanisms"]["direct"]["reason"] ==
        "the perfect group A5 divides its syntactic monoid, so it is not solvable and complete for "
        "NC1, and no transformer of constant depth recognises it unless TC0 = NC1");
  CHECK(json["mechanisms"]["direct"]["unless"] == "TC0 = NC1");
  CHECK(json["mechanisms"]["log-depth"]["applies"] == true);
  CHECK(json["models"]["T"]["recognises"].is_null());
  CHECK(json["models"]["T"]["unless"] == "TC0 = NC1");
  CHECK_FALSE(json["models"]["P"].contains("unless"));
  CHECK(json["models"]["P"]["recognises"] == false);
  const std::string text = Raspc({"lab", "classify", "s5_point"}).out;
  CHECK(Contains(text, "\n  T  no, unless TC0 = NC1: "));
  CHECK(Contains(
      Raspc({"lab", "list", "--markdown"}).out,
      "| `s5` | s t | the product is 1 in S5, where s is the cycle (0 1 ... 4) and t swaps "
      "0 and 1 | 120 | 120 | - | - | - | - | - | (-) |"));
}

TEST_CASE("the output position is reported, and why two words are indistinguishable") {
  const CommandResult last = Raspc({"lab", "classify", "last"});
  CHECK(Contains(last.out, "C-RASP, at the end marker   no\n"));
  CHECK(Contains(last.out, "C-RASP, at the last symbol  yes\n"));
  CHECK(Contains(last.out, "\n  F  at the end marker no, at the last symbol yes: "));
  // The parts of a word are JSON, so brackets and empty parts are unambiguous.
  CHECK(Contains(Raspc({"lab", "classify", "d(1)"}).out, "  \"ab\"^N and \"ab\"^N \"a\"\n"));
  CHECK(Contains(Raspc({"lab", "classify", "dyck(1,1)"}).out, "  \"()\"^N and \"()\"^N \"(\"\n"));
  CHECK(Contains(Raspc({"lab", "classify", "flip_flop"}).out,
                 "  [\"w1\", \"w0\"]^N and [\"w1\", \"w0\"]^N [\"w1\"]\n"));
}

TEST_CASE("a file of inputs holds strings and objects, and a bad line does not stop the next") {
  const TempFolder folder;
  const std::string lines = folder.Write("in.jsonl",
                                         "\"parity\"\n"
                                         "{\"language\": \"regex:.*ab.*\", \"alphabet\": \"abc\"}\n"
                                         "\n"
                                         "{\"language\": \"regex:.\", \"alphabet\": [\"w0\"]}\n"
                                         "\"regex:(\"\n"
                                         "{\"langauge\": 1}\n"
                                         "{\"alphabet\": \"ab\"}\n"
                                         "[1\n"
                                         "{\"language\": \"regex:a\", \"alphabet\": 3}\n"
                                         "\"last\"");
  const CommandResult result = Raspc({"lab", "classify", "--json", "--inputs", lines, "first"});
  CHECK(result.status == 2);
  const std::vector<nlohmann::json> records = JsonLines(result.out);
  REQUIRE(records.size() == 10);
  CHECK(records[0]["language"] == "first");
  CHECK(records[2]["c_rasp"] == false);
  CHECK(records[2]["alphabet"] == nlohmann::json({"a", "b", "c"}));
  CHECK(records[3]["states"] == 3);
  CHECK(records[4]["error"] ==
        "regex:1:1: there is nothing after this '('; the empty word is written ()");
  CHECK(records[5]["error"] ==
        lines + ", line 6: unknown field \"langauge\"; did you mean \"language\"?");
  CHECK(records[6]["error"] == lines + ", line 7: the field \"language\" is missing");
  CHECK(Contains(records[7]["error"], "line 8: not valid JSON: "));
  CHECK(Contains(records[7]["error"], "; expected a language as a JSON string, or an object"));
  CHECK(records[8]["error"] == lines +
                                   ", line 9: \"alphabet\" must be a string (one symbol per "
                                   "character) or an array of strings");
  CHECK(records[9]["language"] == "last");
  CHECK(Raspc({"lab", "classify", "--inputs", lines, "first"}) == result);
}

TEST_CASE("limits are options") {
  CHECK(Classified({"s4", "--max-monoid", "23"})["monoid"].is_null());
  CHECK(Classified({"s4", "--max-monoid", "24"})["monoid"] == 24);
  const CommandResult result = Raspc({"lab", "classify", "regex:a{20}", "--max-states", "10"});
  CHECK(result.status == 2);
  CHECK(result.err ==
        "regex:1:2: error: the deterministic automaton has more than 10 states, the limit, before "
        "it is minimised\n"
        "    a{20}\n"
        "     ^\n");
  CHECK(Contains(Raspc({"lab", "classify", "a5", "--max-monoid", "2"}).out,
                 "monoid is unknown: the transition monoid has more than 2 elements, the limit"));
}

TEST_CASE("hostile expressions end in time with a message") {
  const std::string deep(10000, '('), shut(10000, ')');
  CHECK(Classified({"regex:" + deep + "a" + shut})["states"] == 3);
  CHECK(Raspc({"lab", "classify", "regex:" + deep}).status == 2);
  for (const char* expression : {"regex:a{1000,100000}", "regex:(a|b)*a(a|b){1000,100000}",
                                 "regex:((a{1000}){1000}){1000}", "regex:~(.*a.{40}b)&.*"}) {
    const CommandResult result = Raspc({"lab", "classify", expression});
    INFO(expression);
    CHECK(result.status == 2);
    CHECK(Contains(result.err, "the limit"));
  }
}

TEST_CASE("misuse is named") {
  CHECK(Contains(Raspc({"lab"}).err, "missing subcommand"));
  CHECK(Contains(Raspc({"lab", "clasify"}).err,
                 "unknown subcommand 'clasify'; did you mean 'classify'?"));
  CHECK(Contains(Raspc({"lab", "classify"}).err, "missing LANGUAGE"));
  CHECK(Contains(Raspc({"lab", "classify", "partiy"}).err, "did you mean 'parity'?"));
  CHECK(Contains(Raspc({"lab", "classify", "(ab)*"}).err,
                 "note: a regular expression is written regex:(ab)*"));
  CHECK(Contains(Raspc({"lab", "classify", "a*b|c"}).err, "is written regex:a*b|c"));
  CHECK(Contains(Raspc({"lab", "classify", "x.att"}).err,
                 "note: a file's name must end in .json or contain a '/'"));
  CHECK(Contains(Raspc({"lab", "recognise", "exists x. a(x)", "-o", "m"}).err,
                 "note: a formula is written formula:exists x. a(x)"));
  CHECK(Contains(Raspc({"lab", "classify", "dyck(2,3"}).err, "a '(' without a ')' at its end"));
  const CommandResult anchored = Raspc({"lab", "classify", "regex:^(ab)*$"});
  CHECK(anchored.status == 0);
  CHECK(Contains(anchored.err, "warning: '^' is a symbol here"));
  CHECK(
      Contains(Raspc({"lab", "classify", "regex:a&b"}).err, "warning: no word matches both sides"));
  CHECK(Contains(Raspc({"lab", "classify", "no.json"}).err, "cannot read 'no.json'"));
  CHECK(Contains(Raspc({"lab", "classify", "parity", "--alphabet", "aa"}).err,
                 "the symbol \"a\" occurs twice in the alphabet"));
  CHECK(Contains(Raspc({"lab", "classify", "parity", "first", "--svg", "x"}).err,
                 "--dot and --svg draw exactly one language"));
  CHECK(Raspc({"lab", "list", "x"}).status == 2);
  CHECK(Raspc({"lab", "--help"}).status == 0);
  CHECK(Raspc({"lab", "classify", "--help"}).status == 0);
}

TEST_CASE("pictures are written, and without Graphviz --dot still is") {
  const TempFolder folder;
  const std::string dot = folder.Path("a.dot"), svg = folder.Path("a.svg");
  CHECK(Raspc({"lab", "classify", "d(1)", "--dot", dot}).status == 0);
  CHECK(Contains(ReadWhole(dot), "<TD>ab*</TD>"));
  // A `dot` of our own, which is given the same text and whose output is the picture.
  folder.Write("dot", "#!/bin/sh\n[ \"$1\" = -Tsvg ] && echo '<svg>' && /bin/cat\n");
  const CommandResult drawn =
      Shell("chmod +x \"$1/dot\" && PATH=\"$1\" \"$RASPC\" lab classify 'd(1)' --svg \"$1/a.svg\"",
            {folder.Path("")});
  CHECK(drawn.status == 0);
  CHECK(ReadWhole(svg) == "<svg>\n" + ReadWhole(dot));
  folder.Write("dot", "#!/bin/sh\nexit 1\n");
  const CommandResult failed =
      Shell("PATH=\"$1\" \"$RASPC\" lab classify 'd(1)' --svg \"$1/b.svg\"", {folder.Path("")});
  CHECK(failed.status == 2);
  CHECK(failed.err == "error: 'dot' failed\n");
  const CommandResult missing =
      Shell("PATH=/nowhere \"$RASPC\" lab classify 'd(1)' --svg \"$1\"", {folder.Path("c.svg")});
  CHECK(missing.status == 2);
  CHECK(missing.err ==
        "error: drawing requires Graphviz's 'dot', which was not found; install the package "
        "graphviz, or use --dot\n");
  const std::vector<std::string> names = folder.Names();
  CHECK(std::count(names.begin(), names.end(), "b.svg") == 0);
  CHECK(std::count(names.begin(), names.end(), "c.svg") == 0);
}

TEST_CASE("a monoid that is too large is left out of the picture with a warning") {
  const TempFolder folder;
  const std::string dot = folder.Path("a.dot");
  const CommandResult result =
      Raspc({"lab", "classify", "s5", "--max-monoid", "100", "--dot", dot});
  CHECK(result.status == 0);
  CHECK(Contains(result.err, "warning: the egg-box diagram of the monoid is left out"));
  CHECK_FALSE(Contains(ReadWhole(dot), "TABLE"));
}

TEST_CASE("list names every language, and each regular one can be classified") {
  const std::vector<nlohmann::json> records =
      JsonLines(Raspc({"lab", "list", "--json", "--level", "regular", "--kind", "language"}).out);
  CHECK(records.size() >= 60);
  const std::string listed = "\n" + Raspc({"lab", "list"}).out;
  for (const nlohmann::json& record : records) {
    std::string name = record["name"];
    std::string arguments;
    for (const nlohmann::json& parameter : record["parameters"]) {
      arguments += (arguments.empty() ? "" : ",") + parameter["min"].dump();
    }
    if (!arguments.empty()) name += "(" + arguments + ")";
    INFO(name);
    CHECK(Raspc({"lab", "classify", name, "--json"}).status == 0);
    CHECK(Contains(listed, "\n" + std::string(record["name"])));
  }
}

}  // namespace
}  // namespace raspc
