// The command line itself: help, unknown and misplaced options, exit statuses.
#include <catch2/catch.hpp>

#include "tests/cli/run_command.h"

namespace raspc {
namespace {

const std::vector<std::string> kSubcommands = {"eval", "compile", "run", "verify", "inspect"};

TEST_CASE("every subcommand has help with an example") {
  CHECK(Raspc({"--help"}).status == 0);
  for (const std::string& name : kSubcommands) {
    CAPTURE(name);
    const CommandResult result = Raspc({name, "--help"});
    CHECK(result.status == 0);
    CHECK(result.err.empty());
    CHECK(Contains(result.out, "Example:\n  raspc " + name));
    CHECK(Contains(Raspc({"--help"}).out, "raspc " + name));
  }
}

TEST_CASE("the version is printed") { CHECK(Contains(Raspc({"--version"}).out, "raspc 0.")); }

TEST_CASE("a misused command line gives exit status 2 and a message") {
  const TempFolder folder;
  const std::string program =
      folder.Write("p.rasp", "#@ vocab: \"ab\"\n#@ max_length: 3\nx = tokens;\n");
  struct Case {
    std::vector<std::string> args;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{}, "which subcommand?"},
      {{"evl"}, "there is no subcommand 'evl'; did you mean 'eval'?"},
      {{"eval"}, "which program?"},
      {{"run"}, "which model?"},
      {{"compile", program}, "which file is the model to go to?"},
      {{"compile", program, "abc", "-o", folder.Path("m")}, "but there is 'abc'"},
      {{"compile", program, "-o"}, "-o wants a value"},
      {{"compile", program, "-o", program}, "would overwrite the program"},
      {{"eval", program, "--vocab", "ab"}, "--vocab makes no sense with 'raspc eval'"},
      {{"compile", program, "--exhaustive", "3", "-o", "x"}, "--exhaustive makes no sense"},
      {{"eval", program, "--jsn"}, "unknown option '--jsn'; did you mean --json?"},
      {{"eval", program, "-x"}, "unknown option '-x'"},
      {{"eval", program, "--max-steps", "3"}, "--max-steps makes no sense here"},
      {{"eval", program, "--stop", "a"}, "--stop makes no sense here"},
      {{"eval", program, "--sop", "x", "--generate", "y"}, "name only one"},
      {{"eval", program, "--sop", "xx"}, "xx"},
      {{"eval", program, "--sop", "x", "--sop", "x"}, "--sop"},
      {{"eval", program, "--pad", "7"}, "--pad:1:1: error"},
      {{"verify", program}, "on which inputs?"},
      {{"verify", program, "a", "--seed", "3"}, "--seed makes no sense without --random"},
      {{"verify", program, "--exhaustive", "x"}, "--exhaustive wants an integer"},
      {{"verify", program, "--exhaustive", "4"}, "the maximum length is 3"},
      {{"verify", program, "--random", "-1"}, "--random wants an integer"},
      {{"verify", program, "a", "--engine", "fast"}, "there is no engine 'fast'"},
      {{"verify", program, "abc"}, "\"c\""},
      {{"verify", program, "a", "--target", "decoder"}, "no decoder form"},
      {{"verify", program, "a", "--target", "gpt"}, "there is no target 'gpt'"},
      {{"verify", program, "a", "--dtype", "bf16"}, "there is no number type 'bf16'"},
      {{"verify", program, "a", "--max-length", "0"}, "max_length is a whole number"},
      {{"verify", program, "a", "--vocab", "aab"}, "twice"},
      {{"inspect", program, "--stage", "magic"}, "there is no stage 'magic'"},
      {{"inspect"}, "inspect takes one program or model"},
  };
  for (const Case& c : cases) {
    std::string words;
    for (const std::string& arg : c.args) words += " " + arg;
    CAPTURE(words);
    const CommandResult result = Raspc(c.args);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, Catch::Contains(c.message));
    CHECK_THAT(result.err, Catch::Contains("error: "));
  }
}

TEST_CASE("a standard output that cannot be written to gives exit status 2 and a message") {
  const std::string program = ProgramPath("histogram");
  for (const std::string sink : {"> /dev/full", ">&-", "| true"}) {
    CAPTURE(sink);
    // Enough output to meet a closed pipe, whose reader may live for a while.
    const std::string script =
        "{ i=0; while [ $i -lt 3000 ]; do echo "
        "'\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"'; "
        "i=$((i+1)); done; } | { \"$RASPC\" eval \"$1\" --json --inputs -; echo $? >&2; } " +
        sink;
    const CommandResult result = Shell(script, {program});
    CHECK_THAT(result.err, Catch::Contains("cannot write to standard output"));
    CHECK_THAT(result.err, Catch::EndsWith("\n2\n"));
  }
}

}  // namespace
}  // namespace raspc
