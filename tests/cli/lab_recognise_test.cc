// raspc lab recognise and lab decide: files, output and refusals.
#include <catch2/catch.hpp>

#include "runtime/model/model_file.h"
#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"
#include "tests/runtime/label_testing.h"

namespace raspc {
namespace {

TEST_CASE(
    "lab decide gives the verdicts of a recogniser by every mechanism, the empty word's too") {
  const TempFolder folder;
  const std::string model = folder.Path("m.safetensors");
  for (const char* by : {"direct", "log-depth", "cot", "pad"}) {
    CAPTURE(by);
    const CommandResult built =
        Raspc({"lab", "recognise", "regex:(ab)*", "--by", by, "--max-length", "8", "-o", model});
    INFO(built.err);
    REQUIRE(built.status == 0);
    const CommandResult decided = Raspc({"lab", "decide", model, "", "ab", "ba", "abab", "--json"});
    CHECK(decided.status == 0);
    CHECK(decided.out ==
          "{\"input\": \"\", \"accept\": true}\n{\"input\": \"ab\", \"accept\": true}\n"
          "{\"input\": \"ba\", \"accept\": false}\n{\"input\": \"abab\", \"accept\": true}\n");
    CHECK(Raspc({"lab", "decide", model, "a"}).out == "\"a\": rejected\n");
  }
}

TEST_CASE("a limit names the options that help, and only those of the command") {
  const TempFolder folder;
  const CommandResult refused =
      Raspc({"lab", "recognise", "from_end(7)", "-o", folder.Path("m.safetensors")});
  CHECK(refused.status == 2);
  CHECK(
      refused.err ==
      "error: the cascade takes more than 30000 rows of tables, the limit\n"
      "note: what helps: --by cot, a step per token; or a larger limit: --max-rows, --max-states, "
      "--max-monoid or --max-steps\n");
  const CommandResult by_cot =
      Raspc({"lab", "recognise", "from_end(7)", "--by", "cot", "-o", folder.Path("m.safetensors")});
  CHECK(by_cot.status == 0);
}

TEST_CASE("machines are run as chains of thought unless another mechanism is chosen") {
  const TempFolder folder;
  const std::string model = folder.Path("m.safetensors");
  const std::string machine = RASPC_SOURCE_DIR "/programs/machines/dyck2.json";
  const CommandResult built =
      Raspc({"lab", "recognise", machine, "--max-length", "8", "-o", model, "--json"});
  INFO(built.err);
  REQUIRE(built.status == 0);
  CHECK(Contains(built.out, "\"by\": \"cot\""));
  CHECK(Raspc({"lab", "decide", model, "[]", "[)"}).out == "\"[]\": accepted\n\"[)\": rejected\n");
  CHECK(Contains(Raspc({"lab", "recognise", machine, "--by", "direct", "-o", model}).err,
                 "it is solved by cot"));
  CHECK(Contains(
      Raspc({"lab", "recognise", "parity", "--max-length", "8", "-o", model, "--json"}).out,
      "\"by\": \"direct\""));
}

TEST_CASE("warnings about a generated program appear only where it is written to a file") {
  const TempFolder folder;
  const std::string model = folder.Path("m.safetensors"), rasp = folder.Path("m.rasp");
  const std::vector<std::string> args = {"lab", "recognise", "dyck(2,3)",    "--by", "direct",
                                         "-o",  model,       "--max-length", "64"};
  CHECK(Raspc(args).err.empty());
  std::vector<std::string> emitting = args;
  emitting.insert(emitting.end(), {"--emit-rasp", rasp});
  const CommandResult emitted = Raspc(emitting);
  CHECK((emitted.err.empty() || emitted.err.starts_with(rasp + ":")));
  // Its example is framed, and is not framed again.
  const CommandResult evaluated = Raspc({"eval", rasp});
  CHECK(evaluated.err.empty());
  CHECK(Contains(evaluated.out, "positions: input 0, appended 1; answer: "));
}

TEST_CASE("a RASP program where a language or a model is expected is called one") {
  const TempFolder folder;
  const std::string program = folder.Write("sort.rasp", "x = sort(tokens, tokens);\n");
  for (const char* command : {"classify", "recognise"}) {
    std::vector<std::string> args = {"lab", command, program};
    if (args[1] == "recognise") args.insert(args.end(), {"-o", folder.Path("m.safetensors")});
    const CommandResult result = Raspc(args);
    CHECK(result.status == 2);
    CHECK(result.err == "error: '" + program +
                            "' is a RASP program; a file here holds an automaton or a machine as "
                            "JSON\n");
  }
  const std::string expected = "error: '" + program +
                               "' is a RASP program; compile it first: raspc compile " + program +
                               " -o MODEL\n";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"run"}, std::vector<std::string>{"lab", "decide"}}) {
    std::vector<std::string> args = words;
    args.insert(args.end(), {program, "abc"});
    CHECK(Raspc(args) == CommandResult{2, "", expected});
  }
}

TEST_CASE("the labels of a recogniser are all different") {
  const TempFolder folder;
  const std::string path = folder.Path("m.safetensors");
  for (const char* language :
       {"regex:(ab)*", "dyck(2,3)", "parity", "s5", "a_n_b_n", "majority"}) {
    int num_built = 0;
    for (const char* by : {"direct", "log-depth", "cot", "pad"}) {
      CAPTURE(language, by);
      const CommandResult built =
          Raspc({"lab", "recognise", language, "--by", by, "--max-length", "12", "-o", path});
      if (built.status != 0) continue;  // not every language has every mechanism
      ++num_built;
      Diagnostics diag;
      const auto model = ReadModelFile(path, ModelFileLimits{}, diag);
      REQUIRE(model);
      CHECK(BadLabels(*model) == std::vector<std::string>{});
      CHECK(NumUnnamedNeurons(*model) == 0);
    }
    CHECK(num_built > 0);
  }
}

TEST_CASE("lab decide reads words from a file and judges them one by one") {
  const TempFolder folder;
  const std::string model = folder.Path("m.safetensors");
  REQUIRE(Raspc({"lab", "recognise", "flip_flop", "-o", model}).status == 0);
  const std::string words =
      folder.Write("words", "[\"w1\", \"r\"]\n[\"w1\", \"x\"]\n[]\n[\"w0\"]\n");
  const CommandResult result = Raspc({"lab", "decide", model, "--inputs", words, "--json"});
  CHECK(result.status == 2);
  const std::vector<nlohmann::json> judged = JsonLines(result.out);
  REQUIRE(judged.size() == 4);
  CHECK(judged[0] == nlohmann::json({{"input", {"w1", "r"}}, {"accept", true}}));
  CHECK(judged[1]["input"] == nlohmann::json({"w1", "x"}));
  CHECK(judged[1].contains("error"));
  CHECK(judged[3] == nlohmann::json({{"input", nlohmann::json::array({"w0"})}, {"accept", false}}));
}

TEST_CASE("the emitted program is RASP that compiles to the same model") {
  const TempFolder folder;
  const std::string model = folder.Path("m.safetensors"), program = folder.Path("p.rasp");
  const std::string again = folder.Path("again.safetensors");
  for (const char* by : {"direct", "log-depth", "cot"}) {
    CAPTURE(by);
    REQUIRE(Raspc({"lab", "recognise", "tomita_3", "--by", by, "--max-length", "12", "-o", model,
                   "--emit-rasp", program})
                .status == 0);
    CHECK(Contains(ReadWhole(program), "# Recognises tomita_3, by "));
    CHECK(Contains(ReadWhole(program), "#@ alphabet: [\"0\", \"1\"]\n"));
    REQUIRE(Raspc({"compile", program, "-o", again}).status == 0);
    CHECK(ReadWhole(again) == ReadWhole(model));
    const CommandResult verified =
        Raspc({"verify", program, "--exhaustive", "5", "--random", "50"});
    INFO(verified.err);
    CHECK(verified.status == 0);
    CHECK(Contains(verified.out, "no difference"));
  }
}

TEST_CASE("lab recognise --json prints the construction, its promise and the sizes") {
  const TempFolder folder;
  const CommandResult result =
      Raspc({"lab", "recognise", "s3", "-o", folder.Path("m.safetensors"), "--json"});
  REQUIRE(result.status == 0);
  const nlohmann::json json = OneJsonObject(result.out);
  CHECK(json["construction"] == "a cascade of 1 level, with the groups S3");
  CHECK(json["program_depth"] == 2);
  CHECK(json["pads"] == 0);
  for (const char* field : {"reason", "promise", "table_rows", "layers", "d_model", "seconds"}) {
    CAPTURE(field);
    CHECK(json.contains(field));
  }
}

TEST_CASE("lab recognise says to which length too few rounds are right") {
  const TempFolder folder;
  const auto recognise = [&](const std::string& language, const std::string& rounds) {
    return Raspc({"lab", "recognise", language, "--by", "log-depth", "--rounds", rounds,
                  "--max-length", "16", "-o", folder.Path("m.safetensors"), "--json"});
  };
  const CommandResult few = recognise("parity", "2");
  CHECK(OneJsonObject(few.out)["right_to_length"] == 4);
  CHECK(Contains(few.err, "warning: 2 rounds are too few: the model decides some words of 5 symbols "
                          "wrongly"));
  for (const CommandResult& enough :
       {recognise("parity", "4"), recognise("regex:(a|b)*a", "1")}) {
    CHECK_FALSE(OneJsonObject(enough.out).contains("right_to_length"));
    CHECK(enough.err == "");
  }
}

TEST_CASE("lab recognise refuses the impossible, and leaves no file") {
  struct Row {
    std::vector<std::string> args;
    std::string message;
  };
  const Row row =
      GENERATE(Row{{"s5_point"}, "the group A5, which is perfect"},
               Row{{"parity", "--by", "magic"},
                   "unknown mechanism 'magic'; choose direct, log-depth, cot or pad"},
               Row{{"parity", "--rounds", "2"}, "--rounds requires --by log-depth"},
               Row{{"parity", "--max-length", "0"}, "--max-length"},
               Row{{"tomita_4", "--max-rows", "3"}, "3 table rows, the limit"},
               Row{{"regex:("}, "error"}, Row{{"no_such_language"}, "there is no language"},
               Row{{"parity", "tomita_1"}, "unexpected argument 'tomita_1'"});
  const TempFolder folder;
  std::vector<std::string> args = {"lab", "recognise", "-o", folder.Path("m.safetensors")};
  args.insert(args.end(), row.args.begin(), row.args.end());
  const CommandResult result = Raspc(args);
  CHECK(result.status == 2);
  CHECK(Contains(result.err, row.message));
  CHECK(folder.Names().empty());
}

TEST_CASE("lab decide refuses a model that is not a recogniser") {
  const TempFolder folder;
  const std::string model = folder.Path("m.safetensors");
  REQUIRE(Raspc({"compile", ProgramPath("sort"), "--max-length", "4", "-o", model}).status == 0);
  const CommandResult result = Raspc({"lab", "decide", model, "abc"});
  CHECK(result.status == 2);
  CHECK(Contains(result.err, "is not a recogniser: its output is not a bool"));
}

}  // namespace
}  // namespace raspc
