// No command replaces a file that it reads, or writes two outputs to one file, whatever their
// names; and `-` is standard input and output wherever a path is accepted.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

const char* const kDfa =
    "{\"type\": \"dfa\", \"states\": 2, \"start\": 0, \"accepting\": [0], \"transitions\": "
    "[[0, \"a\", 1], [1, \"a\", 0]]}\n";
const char* const kProgram =
    "#@ vocab: \"ab\"\n#@ max_length: 3\nload \"helper\";\n"
    "x = aggregate(select(indices, indices, ==), tokens);\n";

// A folder with a file of every kind that a command reads, and links to them.
struct Files {
  TempFolder folder;
  Files() {
    folder.Write("p.rasp", kProgram);
    folder.Write("helper.rasp", "y = 1;\n");
    folder.Write("d.json", kDfa);
    folder.Write("in.jsonl", "\"ab\"\n");
    folder.Write("ab.jsonl", "\"d.json\"\n");
    folder.Write("out", "kept\n");
    REQUIRE(Raspc({"compile", folder.Path("p.rasp"), "-o", folder.Path("m")}).status == 0);
    REQUIRE(Raspc({"lab", "recognise", folder.Path("d.json"), "-o", folder.Path("r")}).status == 0);
    REQUIRE(Raspc({"lab", "suite", "--quick", "--quiet", "--only", "first", "--json",
                   folder.Path("s.json")})
                .status == 0);
    using namespace std::filesystem;
    create_directory(folder.Path("sub"));
    create_symlink("p.rasp", folder.Path("soft"));
    create_symlink("helper.rasp", folder.Path("softhelper"));
    create_symlink("new", folder.Path("dangling"));
    create_hard_link(folder.Path("p.rasp"), folder.Path("hard"));
    create_hard_link(folder.Path("helper.rasp"), folder.Path("hardhelper"));
    create_hard_link(folder.Path("d.json"), folder.Path("hard.json"));
  }

  std::map<std::string, std::string> Contents() const {
    std::map<std::string, std::string> contents;
    for (const std::string& name : folder.Names()) {
      contents[name] = name == "sub" ? "" : ReadWhole(folder.Path(name));
    }
    return contents;
  }
  CommandResult Run(const std::string& command) const {
    return Shell("cd \"$1\" && raspc() { \"$RASPC\" \"$@\"; } && eval \"$2\"",
                 {folder.Path("."), command});
  }
};

TEST_CASE(
    "an output that would replace an input or another output is refused before anything is "
    "written") {
  const Files files;
  const std::map<std::string, std::string> before = files.Contents();
  struct Case {
    std::string command, message;
  };
  const std::string suite = "raspc lab suite --quick --quiet --only first ";
  std::vector<Case> cases = {
      // compile: the program, and what it loads
      {"raspc compile p.rasp -o p.rasp", "-o would overwrite the program 'p.rasp'"},
      {"raspc compile p.rasp -o ./sub/../p.rasp", "-o would overwrite the program 'p.rasp'"},
      {"raspc compile p.rasp -o soft", "-o would overwrite the program 'p.rasp'"},
      {"raspc compile p.rasp -o hard", "-o would overwrite the program 'p.rasp'"},
      {"raspc compile soft -o p.rasp", "-o would overwrite the program 'soft'"},
      {"raspc compile p.rasp -o helper.rasp",
       "cannot write 'helper.rasp': models are written as safetensors"},
      {"raspc compile p.rasp -o softhelper", "-o would overwrite the loaded program 'helper.rasp'"},
      {"raspc compile p.rasp -o hardhelper", "-o would overwrite the loaded program 'helper.rasp'"},
      {"raspc compile - -o p.rasp < p.rasp", "-o would overwrite the program on standard input"},
      {"raspc compile p.rasp -o out >> out", "standard output and -o would both write 'out'"},
      {"raspc compile p.rasp -o - >> p.rasp", "-o would overwrite the program 'p.rasp'"},
      {"raspc compile p.rasp -o - >> helper.rasp",
       "-o would overwrite the loaded program 'helper.rasp'"},
      // lab recognise
      {"raspc lab recognise d.json --by cot -o d.json", "-o would overwrite the file 'd.json'"},
      {"raspc lab recognise d.json -o hard.json", "-o would overwrite the file 'd.json'"},
      {"raspc lab recognise d.json -o new --emit-rasp d.json",
       "--emit-rasp would overwrite the file 'd.json'"},
      {"raspc lab recognise first -o new --emit-rasp new",
       "-o and --emit-rasp would both write 'new'"},
      {"raspc lab recognise first -o new --emit-rasp sub/../new",
       "-o and --emit-rasp would both write 'new'"},
      {"raspc lab recognise first -o dangling --emit-rasp new",
       "-o and --emit-rasp would both write 'dangling'"},
      {"raspc lab recognise first -o hard --emit-rasp soft",
       "-o and --emit-rasp would both write 'hard'"},
      {"raspc lab recognise first -o - --emit-rasp -",
       "-o and --emit-rasp cannot both go to standard output"},
      {"raspc lab recognise first -o /dev/stdout --emit-rasp - > /dev/null",
       "-o and --emit-rasp cannot both go to standard output"},
      {"raspc lab recognise first -o out --emit-rasp - >> out",
       "standard output and -o would both write 'out'"},
      // lab classify
      {"raspc lab classify d.json --dot d.json", "--dot would overwrite the automaton 'd.json'"},
      {"raspc lab classify d.json --svg hard.json", "--svg would overwrite the automaton 'd.json'"},
      {"raspc lab classify first --dot new --svg new", "--dot and --svg would both write 'new'"},
      {"raspc lab classify first --dot - --svg -",
       "--dot and --svg cannot both go to standard output"},
      {"raspc lab classify first --dot out >> out",
       "standard output and --dot would both write 'out'"},
      {"raspc lab classify - --dot d.json < d.json",
       "--dot would overwrite the automaton on standard input"},
      {"raspc lab classify - --inputs - < d.json",
       "--inputs and the automaton cannot both be standard input"},
      {"raspc lab classify - - < d.json",
       "the automaton and the automaton cannot both be standard input"},
      {"raspc lab classify --inputs in.jsonl >> in.jsonl",
       "standard output would overwrite --inputs 'in.jsonl'"},
      {"raspc lab classify --inputs ab.jsonl >> d.json",
       "standard output would overwrite an automaton 'd.json'"},
      // lab suite
      {suite + "--only d.json --json d.json", "--json would overwrite the file 'd.json'"},
      {suite + "--only ./d.json --html hard.json", "--html would overwrite the file './d.json'"},
      {suite + "--only -", "--only takes names; it cannot read standard input"},
      {suite + "--resume s.json >> s.json", "standard output would overwrite --resume 's.json'"},
      // What is printed
      {"raspc run m --inputs in.jsonl >> in.jsonl",
       "standard output would overwrite --inputs 'in.jsonl'"},
      {"raspc run m ab >> m", "standard output would overwrite the model 'm'"},
      {"raspc lab decide r aa >> r", "standard output would overwrite the model 'r'"},
      {"raspc eval p.rasp ab >> p.rasp", "standard output would overwrite the program 'p.rasp'"},
      {"raspc eval p.rasp ab >> helper.rasp",
       "standard output would overwrite the loaded program 'helper.rasp'"},
      {"raspc verify p.rasp ab >> hard", "standard output would overwrite the program 'p.rasp'"},
      {"raspc inspect p.rasp >> softhelper",
       "standard output would overwrite the loaded program 'helper.rasp'"},
      {"raspc inspect m >> m", "standard output would overwrite the program or model 'm'"},
      // Standard input can be used only once.
      {"raspc run - --inputs - < m", "--inputs and the model cannot both be standard input"},
      {"raspc lab decide - --inputs - < r", "--inputs and the model cannot both be standard input"},
      {"raspc eval - --inputs - < p.rasp",
       "--inputs and the program cannot both be standard input"},
      {"raspc verify - --inputs /dev/stdin < p.rasp",
       "--inputs and the program cannot both be standard input"},
  };
  const std::vector<std::string> reports = {"--json", "--csv", "--html", "--published"};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    cases.push_back({suite + "--resume s.json " + reports[i] + " s.json", " 's.json'"});
    for (std::size_t j = 0; j < i; ++j) {
      const std::string both = reports[j] + " and " + reports[i];
      cases.push_back(
          {suite + reports[i] + " new " + reports[j] + " dangling", both + " would both write "});
      cases.push_back({suite + reports[i] + " - " + reports[j] + " -",
                       both + " cannot both go to standard output"});
    }
  }
  for (const Case& c : cases) {
    INFO(c.command);
    const CommandResult result = files.Run(c.command);
    CHECK(result.status == 2);
    for (const nlohmann::json& object : JsonLines(result.out)) CHECK(object.contains("error"));
    CHECK_THAT(result.err, Catch::StartsWith("error: ") && Catch::Contains(c.message));
    REQUIRE(files.Contents() == before);
  }
}

TEST_CASE("a dash is standard input and standard output wherever a path is taken") {
  const Files files;
  struct Case {
    std::string with_dash, with_files;  // which print the same
  };
  const std::vector<Case> cases = {
      {"raspc eval - ab < p.rasp", "raspc eval p.rasp ab"},
      {"cat p.rasp | raspc eval - ab", "raspc eval p.rasp ab"},
      {"raspc eval p.rasp --inputs - < in.jsonl", "raspc eval p.rasp --inputs in.jsonl"},
      // Labels name the file that a line is in.
      {"raspc compile - -o - < p.rasp 2> sub/err | raspc inspect - | sed 's/<standard "
       "input>/p.rasp/'",
       "raspc inspect m | sed '1s/^m/p.rasp/'"},
      {"raspc compile p.rasp -o - 2> sub/err | cat", "cat m"},
      {"raspc compile p.rasp -o - 2>&1 > sub/x | sed -n 1p",
       "raspc compile p.rasp -o sub/m | sed -n '1s/^sub.m/<standard output>/p'"},
      {"raspc compile p.rasp -o /dev/stdout 2> sub/err", "cat m"},
      {"raspc compile p.rasp -o /proc/self/fd/1 2> sub/err", "cat m"},
      {"cat m | raspc run - ab ba", "raspc run m ab ba"},
      {"raspc run m --inputs - < in.jsonl", "raspc run m --inputs in.jsonl"},
      {"raspc verify - ab < p.rasp | sed 's/^[^:]*//'",
       "raspc verify p.rasp ab | sed 's/^[^:]*//'"},
      {"raspc inspect - < m | sed 1d", "raspc inspect m | sed 1d"},
      {"cat m | raspc inspect - --structure | sed 1d", "raspc inspect m --structure | sed 1d"},
      {"cat p.rasp | raspc inspect - --stage graph",
       "raspc inspect p.rasp --stage graph | sed 's/p.rasp/<standard input>/'"},
      {"raspc lab classify - < d.json | sed 1d", "raspc lab classify d.json | sed 1d"},
      {"raspc lab classify first --dot - 2> sub/err",
       "raspc lab classify first --dot sub/g > sub/text; cat sub/g"},
      {"raspc lab classify first --dot - 2>&1 > sub/err", "raspc lab classify first --dot sub/g"},
      {"raspc lab recognise - -o - < d.json 2> sub/err",
       "raspc lab recognise d.json -o - --emit-rasp sub/r.rasp 2> sub/err"},
      {"raspc lab recognise first -o sub/m --emit-rasp - 2> sub/err",
       "raspc lab recognise first -o sub/m --emit-rasp sub/r.rasp > sub/text; cat sub/r.rasp"},
      {"raspc lab decide - aa a < r", "raspc lab decide r aa a"},
      {"raspc lab suite --quick --quiet --only first --resume s.json --csv - 2> sub/err",
       "raspc lab suite --quick --quiet --only first --csv sub/c > sub/text; cat sub/c"},
      {"raspc lab suite --quick --quiet --only first --resume - --published - < s.json 2> sub/err",
       "raspc lab suite --quick --quiet --only first --published sub/c > sub/text; cat sub/c"},
      // Standard output is written at its current position, and continues after it.
      {"{ echo before; raspc compile p.rasp -o -; echo after; } > sub/all 2> sub/err; cat sub/all",
       "echo before; cat m; echo after"},
      // Devices are not files that could be lost.
      {"raspc lab recognise first -o /dev/null --emit-rasp /dev/null | wc -l",
       "raspc lab recognise first -o sub/m | wc -l"},
  };
  for (const Case& c : cases) {
    INFO(c.with_dash);
    const CommandResult dash = files.Run(c.with_dash), plain = files.Run(c.with_files);
    CHECK(dash.err == "");
    CHECK(dash.status == 0);
    CHECK(plain.out != "");
    // Seconds differ between runs.
    const bool is_timed = Contains(c.with_dash, "--csv");
    if (is_timed) {
      CHECK(std::count(dash.out.begin(), dash.out.end(), '\n') ==
            std::count(plain.out.begin(), plain.out.end(), '\n'));
    } else {
      CHECK(dash.out == plain.out);
    }
  }
  CHECK_FALSE(std::filesystem::exists(files.folder.Path("-")));
}

}  // namespace
}  // namespace raspc
