// The command line itself: help, unknown and misplaced options, exit statuses.
#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "tests/cli/run_command.h"

namespace raspc {
namespace {

const std::vector<std::vector<std::string>> kSubcommands = {{"eval"},
                                                            {"compile"},
                                                            {"run"},
                                                            {"verify"},
                                                            {"inspect"},
                                                            {"lab", "list"},
                                                            {"lab", "classify"},
                                                            {"lab", "recognise"},
                                                            {"lab", "decide"},
                                                            {"lab", "suite"}};

std::vector<std::string> With(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_CASE("every subcommand has help with an example, in 80 columns") {
  for (const std::vector<std::string>& group : {std::vector<std::string>{}, {"lab"}}) {
    const CommandResult help = Raspc(With(group, {"--help"}));
    CHECK(help.status == 0);
    CHECK(LongestLine(help.out) <= 80);
    CHECK_FALSE(HasTrailingBlanks(help.out));
    CHECK(Raspc(With(group, {"help"})) == help);
  }
  for (const std::vector<std::string>& words : kSubcommands) {
    CAPTURE(words);
    const CommandResult result = Raspc(With(words, {"--help"}));
    CHECK(result.status == 0);
    CHECK(result.err.empty());
    CHECK(LongestLine(result.out) <= 80);
    CHECK_FALSE(HasTrailingBlanks(result.out));
    const bool is_lab = words.size() == 2;
    const std::string name = "raspc " + (is_lab ? "lab " + words[1] : words[0]);
    CHECK(Contains(result.out, "Example:\n  " + name));
    CHECK(Contains(Raspc(is_lab ? std::vector<std::string>{"lab", "--help"}
                                : std::vector<std::string>{"--help"})
                       .out,
                   "  " + name));
    CHECK(Raspc(With({"help"}, words)) == result);
    if (is_lab) CHECK(Raspc({"lab", "help", words[1]}) == result);
  }
}

// An option that takes a value, as the help lists it.
struct ListedOption {
  std::string name, help;
};

std::vector<ListedOption> OptionsWithValues(const std::string& help) {
  std::vector<ListedOption> options;
  bool takes_value = false;
  std::istringstream lines(help.substr(help.find("Options:\n") + 9));
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    const std::string left = line.substr(0, 28);
    if (const std::size_t at = left.find("--"); at != std::string::npos) {
      const std::size_t end = line.find(' ', at);
      takes_value = end + 1 < line.size() && line[end + 1] != ' ';
      if (takes_value) options.push_back({line.substr(at, end - at), ""});
    }
    if (takes_value && line.size() > 28) options.back().help += line.substr(28) + " ";
  }
  return options;
}

TEST_CASE("every option refuses invalid values, in one style") {
  int num_ranges = 0;
  for (const std::vector<std::string>& words : kSubcommands) {
    for (const ListedOption& option : OptionsWithValues(Raspc(With(words, {"--help"})).out)) {
      CAPTURE(words, option.name, option.help);
      const auto refused = [&](const std::vector<std::string>& value, const std::string& message) {
        const CommandResult result = Raspc(With(With(words, {option.name}), value));
        CHECK(result.status == 2);
        CHECK(result.out.empty());
        CHECK(Contains(result.err, "error: " + message));
      };
      refused({}, option.name + " requires a value\n");
      refused({""}, option.name + " requires a value\n");
      static const std::regex kRange("\\((-?[0-9]+) to ([0-9]+)[;)]");
      std::smatch range;
      if (!std::regex_search(option.help, range, kRange)) continue;
      ++num_ranges;
      const std::string above = std::to_string(std::stoull(range[2]) + 1);
      std::vector<std::string> values = {"many", "-1", "1.5", "1e30",
                                         " 7",   "7x", above, "99999999999999999999"};
      if (range[1] != "0") values.emplace_back("0");
      for (const std::string& value : values) {
        refused({value}, option.name + " requires an integer from " + range[1].str() + " to " +
                             range[2].str() + ", not '" + value + "'\n");
      }
    }
  }
  CHECK(num_ranges > 15);
}

TEST_CASE("a model is not written under another format's name") {
  const TempFolder folder;
  const std::string program =
      folder.Write("p.rasp", "#@ vocab: \"ab\"\n#@ max_length: 3\nx = tokens;\n");
  for (const char* name : {"m.onnx", "m.pt", "m.gguf", "m.json", "m.h5", "m.ONNX", "m.rasp"}) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"compile", program}, {"lab", "recognise", "parity"}}) {
      const CommandResult result = Raspc(With(command, {"-o", folder.Path(name)}));
      CHECK(result.status == 2);
      CHECK(Contains(result.err, "models are written as safetensors; name it '" +
                                     folder.Path("m.safetensors") + "'"));
    }
  }
  CHECK(folder.Names() == std::vector<std::string>{"p.rasp"});
  CHECK(Raspc({"compile", program, "-o", folder.Path("m.v2")}).status == 0);
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
      {{}, "missing subcommand"},
      {{"evl"}, "unknown subcommand 'evl'; did you mean 'eval'?"},
      {{"--version", "x"}, "--version takes no arguments"},
      {{"lab"}, "missing subcommand"},
      {{"lab", "clasify"}, "unknown subcommand 'clasify'; did you mean 'classify'?"},
      {{"help", "evl"}, "unknown subcommand 'evl'; did you mean 'eval'?"},
      {{"eval"}, "missing PROGRAM"},
      {{"run"}, "missing MODEL"},
      {{"compile", program}, "missing -o MODEL"},
      {{"compile", program, "abc", "-o", folder.Path("m")}, "unexpected argument 'abc'"},
      {{"compile", program, "-o"}, "-o requires a value"},
      {{"compile", program, "-o", program}, "would overwrite the program"},
      {{"eval", program, "--vocab", "ab"}, "'raspc eval' has no option --vocab\n"},
      {{"compile", program, "--exhaustive", "3", "-o", "x"},
       "'raspc compile' has no option --exhaustive"},
      {{"eval", program, "--jsn"}, "'raspc eval' has no option --jsn; did you mean --json?"},
      {{"eval", program, "-x"}, "'raspc eval' has no option -x; write '--' before"},
      {{"eval", program, "--max-steps", "3"}, "--max-steps requires a program that generates"},
      {{"eval", program, "--stop", "a"}, "--stop requires a program that generates"},
      {{"eval", program, "--sop", "x", "--generate", "y"}, "give only one of them"},
      {{"eval", program, "--sop", "xx"}, "xx"},
      {{"eval", program, "--json=1"}, "--json takes no value"},
      {{"eval", program, "--pad", "7"}, "--pad:1:1: error"},
      {{"verify", program}, "no inputs: pass INPUT..., --exhaustive L or --random K"},
      {{"verify", program, "a", "--seed", "3"}, "--seed requires --random"},
      {{"verify", program, "--exhaustive", "x"},
       "--exhaustive requires an integer from 1 to 4194304, not 'x'"},
      {{"verify", program, "--exhaustive", "4"}, "the maximum length is 3"},
      {{"verify", program, "--random", "-1"},
       "--random requires an integer from 1 to 100000000, not '-1'"},
      {{"verify", program, "a", "--engine", "fast"},
       "unknown engine 'fast'; choose reference, dense or structured"},
      {{"verify", program, "a", "--engine", "densee"},
       "unknown engine 'densee'; did you mean 'dense'?"},
      {{"verify", program, "abc"}, "\"c\""},
      {{"verify", ProgramPath("sort"), "dad", "--target", "decoder"}, "a decoder is causal"},
      {{"verify", program, "a", "--target", "gpt"},
       "unknown target 'gpt'; choose encoder, decoder or masked"},
      {{"verify", program, "a", "--dtype", "bf16"},
       "unknown dtype 'bf16'; choose float32 or float64"},
      {{"verify", program, "a", "--max-length", "0"},
       "--max-length requires an integer from 1 to 4194304, not '0'"},
      {{"verify", program, "a", "--vocab", "aab"}, "twice"},
      {{"inspect", program, "--stage", "magic"},
       "unknown stage 'magic'; choose graph, domains, lowered, layers or layout"},
      {{"inspect"}, "missing PROGRAM or MODEL"},
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
    // Enough output to hit a closed pipe, whose reader may live for a while.
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
