// raspc eval: choice of s-ops, inputs, output.
#include <catch2/catch.hpp>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

const char* const kHistogram =
    "same = select(tokens, tokens, ==);\n"
    "hist = selector_width(same);\n";

TEST_CASE("eval prints the last s-op assigned") {
  const TempFolder folder;
  const std::string program = folder.Write("hist.rasp", kHistogram);
  CHECK(Raspc({"eval", program, "aab"}) == CommandResult{0, "hist(\"aab\") = [2, 2, 1]\n", ""});
}

TEST_CASE("eval --json prints one object per input and nothing else") {
  const TempFolder folder;
  const std::string program = folder.Write("hist.rasp", kHistogram);
  const CommandResult result = Raspc({"eval", program, "aab", "x", "--json"});
  CHECK(result == CommandResult{0,
                                "{\"input\": \"aab\", \"output\": [2, 2, 1]}\n"
                                "{\"input\": \"x\", \"output\": [1]}\n",
                                ""});
}

TEST_CASE("values keep their JSON types") {
  const TempFolder folder;
  const std::string program = folder.Write(
      "types.rasp", "f = indices / 2;\nb = indices == 1;\ns = tokens + \"x\";\ni = -indices;\n");
  const auto output = [&](const std::string& sop) {
    return Raspc({"eval", program, "ab", "--json", "--sop", sop}).out;
  };
  CHECK(output("f") == "{\"input\": \"ab\", \"output\": [0.0, 0.5]}\n");
  CHECK(output("b") == "{\"input\": \"ab\", \"output\": [false, true]}\n");
  CHECK(output("s") == "{\"input\": \"ab\", \"output\": [\"ax\", \"bx\"]}\n");
  CHECK(output("i") == "{\"input\": \"ab\", \"output\": [0, -1]}\n");
}

TEST_CASE("a selector is printed as rows, and as a picture") {
  const TempFolder folder;
  const std::string program = folder.Write("hist.rasp", kHistogram);
  CHECK(Raspc({"eval", program, "aab", "--sop", "same", "--json"}).out ==
        "{\"input\": \"aab\", \"output\": [[1, 1, 0], [1, 1, 0], [0, 0, 1]]}\n");
  CHECK(Raspc({"eval", program, "aab", "--sop", "same"}).out ==
        "same(\"aab\") =\n"
        "      a a b\n"
        "  a | 1 1 .\n"
        "  a | 1 1 .\n"
        "  b | . . 1\n");
}

TEST_CASE("several --sop are printed one after the other, and in one JSON object") {
  const TempFolder folder;
  const std::string program = folder.Write("hist.rasp", kHistogram);
  const auto eval = [&](std::vector<std::string> more) {
    std::vector<std::string> args{"eval", program, "ab", "--sop", "hist", "--sop", "same"};
    args.insert(args.end(), more.begin(), more.end());
    return Raspc(args);
  };
  CHECK(eval({}) == CommandResult{0,
                                  "hist(\"ab\") = [1, 1]\n"
                                  "same(\"ab\") =\n"
                                  "      a b\n"
                                  "  a | 1 .\n"
                                  "  b | . 1\n",
                                  ""});
  CHECK(eval({"--json"}).out ==
        "{\"input\": \"ab\", \"output\": {\"hist\": [1, 1], \"same\": [[1, 0], [0, 1]]}}\n");
  CHECK(eval({"--sop", "hist", "--json"}) == eval({"--json"}));
  CHECK(eval({"--sop", "hits"}) ==
        CommandResult{2, "",
                      "error: the program has no s-op or selector named 'hits'; did you mean "
                      "'hist'?\n"});
  CHECK(eval({"--sop", "missing"}) ==
        CommandResult{2, "",
                      "error: the program has no s-op or selector named 'missing'; it has "
                      "same and hist\n"});
  const CommandResult compiled = Raspc({"compile", program, "-o", folder.Path("m"), "--vocab", "ab",
                                        "--max-length", "4", "--sop", "hist", "--sop", "same"});
  CHECK(compiled == CommandResult{2, "", "error: a model computes one s-op, but --sop names 2\n"});
}

TEST_CASE("a token that no compiled model accepts is a warning") {
  const TempFolder folder;
  const std::string program = folder.Write("vocab.rasp", "#@ vocab: \"ab\"\nx = indices;\n");
  CHECK(Raspc({"eval", program, "aab"}) == CommandResult{0, "x(\"aab\") = [0, 1, 2]\n", ""});
  CHECK(Raspc({"eval", program, "abc"}) ==
        CommandResult{0, "x(\"abc\") = [0, 1, 2]\n",
                      "warning: the token \"c\" of the input \"abc\" is not in the program's "
                      "vocabulary; a compiled model would reject it\n"});
}

TEST_CASE("an input that is too long for the program's models is a warning") {
  const TempFolder folder;
  const std::string program =
      folder.Write("short.rasp", "#@ vocab: \"ab\"\n#@ max_length: 2\nx = indices;\n");
  CHECK(Raspc({"eval", program, "ab"}).err.empty());
  CHECK(
      Raspc({"eval", program, "aba"}) ==
      CommandResult{0, "x(\"aba\") = [0, 1, 2]\n",
                    "warning: the input has 3 tokens, more than the program's maximum length 2; a "
                    "compiled model would reject it\n"});
}

TEST_CASE("an input of words or numbers is told how to be one") {
  const TempFolder folder;
  const std::string words =
      folder.Write("words.rasp", "#@ vocab: [\"the\", \"cat\"]\n#@ max_length: 4\nx = tokens;\n");
  const std::string numbers =
      folder.Write("numbers.rasp", "#@ vocab: [1, 2]\n#@ max_length: 4\nx = tokens_asis;\n");
  const std::string hint =
      "note: an INPUT is one token per character, all of them strings; use "
      "--tokens ";
  for (const bool runs : {false, true}) {
    const auto said = [&](const std::string& program, const std::string& input) {
      if (!runs) return Raspc({"eval", program, input}).err;
      REQUIRE(Raspc({"compile", program, "-o", program + ".st"}).status == 0);
      return Raspc({"run", program + ".st", input}).err;
    };
    CHECK(Contains(said(words, "the"), hint + "'[\"the\"]'\n"));
    CHECK(Contains(said(words, "the cat"), hint + "'[\"the\", \"cat\"]'\n"));
    CHECK(Contains(said(numbers, "121"), hint + "'[1, 2, 1]'\n"));
    CHECK_FALSE(Contains(said(words, "dog"), hint));
  }
}

TEST_CASE("without an input or an example, the vocabulary makes one") {
  const TempFolder folder;
  const std::string program =
      folder.Write("v.rasp", "#@ vocab: [1, 2]\n#@ max_length: 3\nx = tokens_int + 1;\n");
  CHECK(Raspc({"eval", program}) == CommandResult{0, "x([1, 2, 1]) = [2, 3, 2]\n", ""});
  const std::string marked = folder.Write(
      "m.rasp", "#@ vocab: \"ab$\"\n#@ alphabet: \"ab\"\n#@ append: \"$\"\nx = tokens;\n");
  CHECK(Raspc({"eval", marked}).out ==
        "x(\"ababa\") = [\"a\", \"b\", \"a\", \"b\", \"a\", \"$\"]\n"
        "  positions: input 0-4, appended 5\n");
}

TEST_CASE("an example with appended and generated tokens is evaluated without them") {
  for (const char* name :
       {"copy_generate", "parity_generate", "remainder_generate", "reverse_generate"}) {
    CAPTURE(name);
    const CommandResult result = Raspc({"eval", ProgramPath(name)});
    CHECK(result.status == 0);
    CHECK(result.err.empty());
    CHECK_FALSE(Contains(result.out.substr(0, result.out.find('=')), "|"));
  }
}

TEST_CASE("a statement that is a name prints under that name") {
  const TempFolder folder;
  const std::string program = folder.Write("names.rasp", "x = indices;\ny = x;\nx;\ny(\"ab\");\n");
  CHECK(Raspc({"eval", program, "a"}).err ==
        "x(\"hello\") = [0, 1, 2, 3, 4] (ints)\ny(\"ab\") = [0, 1] (ints)\n");
}

TEST_CASE("a long token does not widen the picture of a selector") {
  const TempFolder folder;
  const std::string program = folder.Write("s.rasp", "same = select(tokens, tokens, ==);\n");
  CHECK(Raspc({"eval", program, "--tokens", "[\"a\", \"unbelievable\"]"}).out ==
        "same([\"a\", \"unbelievable\"]) =\n"
        "                    a unbelie…\n"
        "         a |        1        .\n"
        "  unbelie… |        .        1\n");
}

TEST_CASE("a fault in a directive that shows only later has its line") {
  const TempFolder folder;
  const auto said = [&](const std::string& text, const std::string& command) {
    const std::string program = folder.Write("d.rasp", text);
    std::vector<std::string> args = {command, program};
    if (command == "compile") args.insert(args.end(), {"-o", folder.Path("m")});
    const CommandResult result = Raspc(args);
    CHECK(result.status == 2);
    REQUIRE(result.err.starts_with(program));
    return result.err.substr(program.size(), result.err.find('\n') - program.size());
  };
  const std::string rest = "#@ vocab: \"ab\"\n#@ max_length: 4\nx = tokens;\n";
  CHECK(said("#@ output: y\nx = tokens;\n", "eval") ==
        ":1:12: error: the program has no s-op or selector named 'y'; it has x");
  CHECK(said("#@ alphabet: \"c\"\n" + rest, "compile") ==
        ":1:14: error: alphabet token \"c\" is not in the vocabulary");
  CHECK(said("#@ generate: x\n#@ stop: \"c\"\n" + rest, "compile") ==
        ":2:10: error: stop token \"c\" is not in the vocabulary");
  CHECK(said("#@ append: \"c\"\n" + rest, "compile") ==
        ":1:12: error: appended token \"c\" is not in the vocabulary");
  CHECK(said("#@ pad: [\"c\", 1]\n" + rest, "compile") ==
        ":1:9: error: padding token \"c\" is not in the vocabulary");
  CHECK(said("#@ pad: _\n" + rest, "eval") ==
        ":1:9: error: pad requires a token and a polynomial in n: write [\"_\", \"n^2\"]");
}

TEST_CASE("a program of functions only says so") {
  const TempFolder folder;
  const std::string program = folder.Write("f.rasp", "def f(x) { return x + 1; }\n");
  CHECK(Raspc({"eval", program, "ab"}) ==
        CommandResult{2, "",
                      program + ": error: the program only defines the function f; assign an s-op, "
                                "such as the result of a call\n"});
}

TEST_CASE("a program of plain values says what they are") {
  const TempFolder folder;
  const std::string program = folder.Write("plain.rasp", "x = 5;\n");
  CHECK(Raspc({"eval", program, "ab"}) ==
        CommandResult{
            2, "",
            program + ":1:1: error: the program assigns no s-op: 'x' is 5 (an int), a plain "
                      "value that is the same for every input\n    x = 5;\n    ^\nnote: an s-op "
                      "has a value at each position and is made from tokens and indices\n"});
}

TEST_CASE("inputs come from arguments, --tokens and --inputs, in that order") {
  const TempFolder folder;
  const std::string program = folder.Write("hist.rasp", kHistogram);
  const std::string lines = folder.Write("in.jsonl", "\"zz\"\n\n[\"a\", \"bc\"]\r\n[1, 1.0, true]");
  const CommandResult result = Raspc({"eval", program, "--json", "--inputs", lines, "x", "--tokens",
                                      "[\"y\", \"y\"]", "--tokens=[\"[a]\"]"});
  CHECK(result.out ==
        "{\"input\": \"x\", \"output\": [1]}\n"
        "{\"input\": [\"y\", \"y\"], \"output\": [2, 2]}\n"
        "{\"input\": [\"[a]\"], \"output\": [1]}\n"
        "{\"input\": \"zz\", \"output\": [2, 2]}\n"
        "{\"input\": [\"a\", \"bc\"], \"output\": [1, 1]}\n"
        "{\"input\": [1, 1.0, true], \"output\": [1, 1, 1]}\n");
  CHECK(result.status == 0);
  CHECK(Raspc({"eval", program, "--json", "--inputs", "-"}, "\"pp\"\n").out ==
        "{\"input\": \"pp\", \"output\": [2, 2]}\n");
}

TEST_CASE("an input may look like anything") {
  const TempFolder folder;
  const std::string program = folder.Write("len.rasp", "n = indices;\n");
  for (const std::string input : {"[a,b]", "run", "eval", "{}", "-", "%%", " ", "\"q\"", "++"}) {
    CAPTURE(input);
    CHECK(Raspc({"eval", program, input}).status == 0);
  }
  CHECK(Raspc({"eval", program, "--json", "--", "--json"}).out ==
        "{\"input\": \"--json\", \"output\": [0, 1, 2, 3, 4, 5]}\n");
  CHECK(Raspc({"eval", program, "--json", "äß𝄞"}).out ==
        "{\"input\": \"äß𝄞\", \"output\": [0, 1, 2]}\n");
}

TEST_CASE("without an input the running example is the input") {
  const TempFolder folder;
  CHECK(Raspc({"eval", folder.Write("a.rasp", kHistogram)}).out ==
        "hist(\"hello\") = [1, 1, 2, 2, 1]\n");
  CHECK(Raspc({"eval", folder.Write("b.rasp", "#@ example: [1, 2]\nx = tokens_int + 1;\n")}).out ==
        "x([1, 2]) = [2, 3]\n");
}

TEST_CASE("a statement that fails on the example is accepted if it succeeds on the first input") {
  const TempFolder folder;
  const std::string program = folder.Write("n.rasp", "x = tokens_int + 1;\n");
  CHECK(Raspc({"eval", program, "--tokens", "[1, 2]"}).out == "x([1, 2]) = [2, 3]\n");
  CHECK(Raspc({"eval", program}).status == 2);
  CHECK(Raspc({"eval", program, "ab"}).status == 2);
}

TEST_CASE("an input that fails does not keep the others from being evaluated") {
  const TempFolder folder;
  const std::string program = folder.Write("inv.rasp", "x = 6 / tokens_int;\n");
  const CommandResult result =
      Raspc({"eval", program, "--json", "12", "10", "3", "--tokens", "[broken"});
  CHECK(result.status == 2);
  const std::vector<nlohmann::json> objects = JsonLines(result.out);
  REQUIRE(objects.size() == 4);
  CHECK(objects[0] == nlohmann::json({{"input", "12"}, {"output", {6.0, 3.0}}}));
  CHECK(objects[1]["input"] == "10");
  CHECK(objects[1]["error"].is_string());
  CHECK(objects[2] == nlohmann::json({{"input", "3"}, {"output", nlohmann::json::array({2.0})}}));
  CHECK(objects[3]["input"] == "[broken");
  CHECK(objects[3]["error"].get<std::string>().starts_with("--tokens:1:"));
}

TEST_CASE("causal evaluation hides later positions") {
  const TempFolder folder;
  const std::string program = folder.Write("hist.rasp", kHistogram);
  CHECK(Raspc({"eval", program, "aaa", "--causal"}).out == "hist(\"aaa\") = [1, 2, 3]\n");
}

TEST_CASE("appended and padding tokens are evaluated after the input") {
  const TempFolder folder;
  const std::string program = folder.Write("tok.rasp", "x = tokens;\n");
  CHECK(Raspc({"eval", program, "ab", "--append", "#", "--pad", "[\"_\", \"n^2-2\"]"}).out ==
        "x(\"ab\") = [\"a\", \"b\", \"#\", \"_\", \"_\"]\n"
        "  positions: input 0-1, appended 2, padding 3-4\n");
}

TEST_CASE("generation gives the output on the framed input, then the generated tokens") {
  const TempFolder folder;
  const std::string program = folder.Write("next.rasp",
                                           "#@ generate: next\n#@ stop: [\"c\"]\n"
                                           "next = \"c\" if length > 3 else \"b\";\n"
                                           "other = length;\n");
  CHECK(Raspc({"eval", program, "aa", "--json"}).out ==
        "{\"input\": \"aa\", \"output\": [\"b\", \"b\"], \"generated\": [\"b\", \"b\", \"c\"], "
        "\"stopped\": true}\n");
  CHECK(Raspc({"eval", program, "aa", "--json", "--max-steps", "2"}).out ==
        "{\"input\": \"aa\", \"output\": [\"b\", \"b\"], \"generated\": [\"b\", \"b\"], "
        "\"stopped\": false}\n");
  // Another s-op of the program is evaluated causally too.
  CHECK(Raspc({"eval", program, "aa", "--json", "--sop", "other"}).out ==
        "{\"input\": \"aa\", \"output\": [1, 2]}\n");
}

TEST_CASE("what the program prints itself goes to standard error") {
  const TempFolder folder;
  const std::string program = folder.Write("show.rasp", "x = indices;\ndraw(x);\nx(\"ab\");\n");
  const CommandResult result = Raspc({"eval", program, "abc", "--json"});
  CHECK(result.out == "{\"input\": \"abc\", \"output\": [0, 1, 2]}\n");
  CHECK_FALSE(result.err.empty());
  CHECK(result.status == 0);
}

}  // namespace
}  // namespace raspc
