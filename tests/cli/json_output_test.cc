// With --json, standard output contains only JSON objects, one per line: one per input, or one for
// the command, with "error" for failures.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

std::size_t NumErrors(const std::vector<Json>& objects) {
  return static_cast<std::size_t>(std::count_if(
      objects.begin(), objects.end(),
      [](const Json& object) { return object.contains("error") && object["error"].is_string(); }));
}

struct Case {
  std::vector<std::string> args;
  int status;
  std::size_t num_objects, num_errors;
};

void Check(const Case& c) {
  CAPTURE(c.args);
  std::vector<std::string> args = c.args;
  const bool names_json = std::find(args.begin(), args.end(), "--json") != args.end();
  if (!names_json) args.emplace_back("--json");
  const CommandResult result = Raspc(args);
  CAPTURE(result.out, result.err);
  CHECK(result.status == c.status);
  const std::vector<Json> objects = JsonLines(result.out);
  CHECK(objects.size() == c.num_objects);
  CHECK(NumErrors(objects) == c.num_errors);
  // Every error is also reported on standard error.
  CHECK(Contains(result.err, "error: ") == (c.num_errors > 0));
}

class Files {
 public:
  Files()
      : program(folder.Write("p.rasp",
                             "#@ vocab: \"ab\"\n#@ max_length: 3\nx = tokens == \"a\";\n"
                             "same = select(tokens, tokens, ==);\n#@ output: x\n")),
        broken(folder.Write("broken.rasp", "#@ vocab: \"ab\"\n#@ max_length: 3\nx = ;\n")),
        refused(folder.Write("refused.rasp",
                             "#@ vocab: [1e300]\n#@ max_length: 3\nx = tokens_float * 1e300;\n")),
        inputs(folder.Write("in.jsonl", "\"ab\"\n\"a\n[\"b\"]\n\"abab\"\n")),
        empty(folder.Write("empty.jsonl", "\n")),
        none(folder.Path("none")),
        model(folder.Path("m")),
        parity(folder.Path("parity")) {
    REQUIRE(Raspc({"compile", program, "-o", model}).status == 0);
    REQUIRE(Raspc({"lab", "recognise", "parity", "--max-length", "4", "-o", parity}).status == 0);
  }

  TempFolder folder;
  std::string program, broken, refused, inputs, empty, none, model, parity;
};

TEST_CASE(
    "with --json every command prints an object per input, and one with an error for failures") {
  const Files f;
  const std::string out = f.folder.Path("out");
  const std::vector<Case> cases = {
      {{"eval", f.program, "ab", "b"}, 0, 2, 0},
      {{"eval", f.program, "--sop", "same", "ab"}, 0, 1, 0},
      {{"eval", f.program, "--inputs", f.inputs}, 2, 4, 1},
      {{"eval", f.program, "--inputs", f.empty}, 2, 1, 1},
      {{"eval", f.program, "--inputs", f.none}, 2, 1, 1},
      {{"eval", f.program, "--sop", "y", "ab"}, 2, 1, 1},
      {{"eval", f.broken, "ab"}, 2, 1, 1},
      {{"eval", f.none, "ab"}, 2, 1, 1},
      {{"eval"}, 2, 1, 1},
      {{"eval", f.program, "--bogus"}, 2, 1, 1},
      {{"run", f.model, "ab", "b"}, 0, 2, 0},
      {{"run", f.model, "--inputs", f.inputs}, 2, 4, 2},
      {{"run", f.model, "--inputs", f.empty}, 2, 1, 1},
      {{"run", f.model}, 2, 1, 1},
      {{"run", f.program, "ab"}, 2, 1, 1},
      {{"run", f.model, "ab", "--engine", "fast"}, 2, 1, 1},
      {{"compile", f.program, "-o", out}, 0, 1, 0},
      {{"compile", f.program}, 2, 1, 1},
      {{"compile", f.broken, "-o", out}, 2, 1, 1},
      {{"compile", f.program, "-o", f.none + "/m"}, 2, 1, 1},
      {{"compile", f.program, "-o", out, "--max-length", "0"}, 2, 1, 1},
      {{"verify", f.program, "ab", "--exhaustive", "2"}, 0, 1, 0},
      {{"verify", f.program, "--inputs", f.inputs}, 2, 3, 2},
      {{"verify", f.program, "abab"}, 2, 1, 1},
      {{"verify", f.program, "--inputs", f.empty}, 2, 1, 1},
      {{"verify", f.program, "--exhaustive", "4"}, 2, 1, 1},
      {{"verify", f.broken, "ab"}, 2, 1, 1},
      {{"verify", f.program}, 2, 1, 1},
      {{"inspect", f.program}, 0, 1, 0},
      {{"inspect", f.program, "--stage", "graph"}, 0, 1, 0},
      {{"inspect", f.program, "--stage", "layers"}, 0, 1, 0},
      {{"inspect", f.program, "--gains"}, 0, 1, 0},
      {{"inspect", f.model}, 0, 1, 0},
      {{"inspect", f.model, "--structure"}, 0, 1, 0},
      {{"inspect", f.program, "--vocab", "[]"}, 2, 1, 1},
      {{"inspect", ProgramPath("sort"), "--dtype", "float32", "--target", "decoder"}, 2, 1, 1},
      {{"inspect", f.program, "--stage", "magic"}, 2, 1, 1},
      {{"inspect", f.program, "--structure"}, 2, 1, 1},
      {{"inspect", f.model, "--gains"}, 2, 1, 1},
      {{"inspect", f.broken}, 2, 1, 1},
      {{"inspect", f.none}, 2, 1, 1},
      {{"inspect"}, 2, 1, 1},
      {{"lab", "list", "--only", "parity"}, 0, 1, 0},
      {{"lab", "list", "--only", "paritty"}, 2, 1, 1},
      {{"lab", "list", "--kind", "song"}, 2, 1, 1},
      {{"lab", "classify", "parity", "regex:a*"}, 0, 2, 0},
      {{"lab", "classify", "parity", "regex:(", "nothing"}, 2, 3, 2},
      {{"lab", "classify"}, 2, 1, 1},
      {{"lab", "classify", "--inputs", f.none}, 2, 1, 1},
      {{"lab", "classify", "--inputs", f.empty}, 2, 1, 1},
      {{"lab", "recognise", "parity", "--max-length", "4", "-o", out}, 0, 1, 0},
      {{"lab", "recognise", "a5_point", "-o", out}, 2, 1, 1},
      {{"lab", "recognise", "parity"}, 2, 1, 1},
      {{"lab", "recognise", "parity", "--by", "magic", "-o", out}, 2, 1, 1},
      {{"lab", "decide", f.parity, "", "a", "ab"}, 0, 3, 0},
      {{"lab", "decide", f.parity, "a", "2", "aaaaa"}, 2, 3, 2},
      {{"lab", "decide", f.none, "1"}, 2, 1, 1},
      {{"lab", "decide", f.parity}, 2, 1, 1},
      {{"lab", "suite", "--quick", "--quiet", "--only", "first", "--max-length", "4", "--json",
        "/dev/stdout"},
       0,
       1,
       0},
      {{"lab", "suite", "--only", "nothing*", "--json", "/dev/stdout"}, 2, 1, 1},
      {{"lab", "suite", "--threads", "0", "--json", "/dev/stdout"}, 2, 1, 1},
      {{"lab", "suite", "--resume", f.none, "--json", "/dev/stdout"}, 2, 1, 1},
  };
  for (const Case& c : cases) Check(c);
}

TEST_CASE("verify continues after an input that the model does not accept") {
  const Files f;
  const CommandResult result = Raspc({"verify", f.program, "abab", "ab", "c", "b", "--json"});
  CHECK(result.status == 2);
  const std::vector<Json> objects = JsonLines(result.out);
  REQUIRE(objects.size() == 3);
  CHECK(objects[0]["input"] == "abab");
  CHECK(Contains(objects[0]["error"], "more than the maximum length 3"));
  CHECK(objects[1]["input"] == "c");
  CHECK(objects[2]["compared"] == 2);
  CHECK(objects[2]["differing"] == 0);
}

TEST_CASE("a model on standard output is not mixed with errors") {
  const Files f;
  const CommandResult result = Raspc({"compile", f.broken, "-o", "/dev/stdout", "--json"});
  CHECK(result.status == 2);
  CHECK(result.out.empty());
}

TEST_CASE("the answer of a padded model is marked") {
  const TempFolder folder;
  const std::string program = folder.Write(
      "p.rasp",
      "#@ vocab: \"ab#_\"\n#@ alphabet: \"ab\"\n#@ max_length: 3\n#@ append: [\"#\"]\n"
      "#@ pad: [\"_\", \"n\"]\nx = aggregate(select(tokens, \"a\", ==), indices) > 0;\n");
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", program, "-o", model}).status == 0);
  const std::string values = "[true, true, true, true, true]";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"eval", program}, {"run", model}}) {
    CAPTURE(command);
    const CommandResult text = Raspc({command[0], command[1], "ba"});
    CHECK(text.out == "x(\"ba\") = " + values +
                          "\n  positions: input 0-1, appended 2, padding 3-4; answer: true, at "
                          "position 4\n");
    CHECK(Raspc({command[0], command[1], "ba", "--json"}).out ==
          "{\"input\": \"ba\", \"output\": " + values +
              ", \"positions\": {\"input\": 2, \"appended\": 1, \"padding\": 2}, \"answer\": "
              "true}\n");
  }
}

TEST_CASE("tables hold in 80 columns, and no line ends with a blank") {
  const Files f;
  const std::string long_program = ProgramPath("long_addition");
  const std::string out = f.folder.Path("out");
  const std::vector<std::vector<std::string>> tables = {
      {"compile", long_program, "-o", out},
      {"inspect", long_program},
      {"inspect", long_program, "--gains"},
      {"inspect", out},
      {"inspect", out, "--structure"},
      {"lab", "list"},
      {"lab", "classify", "dyck(1,3)", "a5", "regex:(ab)*"},
      {"lab", "recognise", "parity", "--by", "log-depth", "-o", out},
      {"lab", "suite", "--quick", "--quiet", "--only", "dyck*", "--max-length", "4"},
  };
  for (const std::vector<std::string>& args : tables) {
    CAPTURE(args);
    const CommandResult result = Raspc(args);
    INFO(result.err);
    CHECK(result.status == 0);
    CAPTURE(result.out);
    CHECK(LongestLine(result.out) <= 80);
    CHECK_FALSE(HasTrailingBlanks(result.out));
  }
}

TEST_CASE("lab list suggests a similar name for one that matches nothing") {
  const auto message = [](const std::vector<std::string>& filters) {
    std::vector<std::string> args = {"lab", "list"};
    args.insert(args.end(), filters.begin(), filters.end());
    const CommandResult result = Raspc(args);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK(Contains(message({"--only", "paritty"}),
                 "no language or task matches 'paritty'; did you mean 'parity'?"));
  CHECK(Contains(message({"--only", "parity", "--only", "dick*"}), "did you mean 'dyck'?"));
  CHECK(Contains(message({"--level", "regulr"}), "no level matches 'regulr'; did you mean"));
  CHECK(Contains(message({"--kind", "task", "--only", "parity"}), "matches all of the filters"));
}

}  // namespace
}  // namespace raspc
