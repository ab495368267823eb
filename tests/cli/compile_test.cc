// raspc compile, run, verify and inspect: from a program to a file to its output.
#include <catch2/catch.hpp>

#include "tests/cli/json_lines.h"
#include "tests/cli/run_command.h"

namespace raspc {
namespace {

// Directives that make a program compile without options.
const char* const kReverse =
    "#@ vocab: \"abc\"\n#@ max_length: 4\n"
    "rev = aggregate(select(indices, length - indices - 1, ==), tokens);\n";

TEST_CASE("verify is no success if nothing was compared") {
  const TempFolder folder;
  const std::string program =
      folder.Write("p.rasp", "#@ vocab: [0, 1]\n#@ max_length: 3\nx = 1 / tokens_int;\n");
  const CommandResult skipped = Raspc({"verify", program, "--tokens", "[0]"});
  CHECK(skipped.status == 2);
  CHECK(Contains(skipped.out, "compared 0 inputs"));
  CHECK(Contains(skipped.err, "nothing was compared: the interpreter fails on every input"));
  CHECK(Raspc({"verify", program, "--tokens", "[1]"}).status == 0);
}

TEST_CASE("compile writes a model that run runs") {
  const TempFolder folder;
  const std::string model = folder.Path("rev.safetensors");
  const CommandResult compiled =
      Raspc({"compile", folder.Write("rev.rasp", kReverse), "-o", model, "--json"});
  REQUIRE(compiled.err == "");
  REQUIRE(compiled.status == 0);
  const nlohmann::json figures = OneJsonObject(compiled.out);
  for (const char* key :
       {"layers", "heads", "head_dim", "d_model", "d_mlp", "parameters", "nonzeros", "dtype",
        "target", "max_length", "exact_to_length", "decisions", "closest_decision", "seconds"}) {
    CAPTURE(key);
    CHECK(figures.contains(key));
  }
  for (const std::string engine : {"reference", "dense", "structured"}) {
    CHECK(Raspc({"run", model, "abc", "c", "--json", "--engine", engine}) ==
          CommandResult{0,
                        "{\"input\": \"abc\", \"output\": [\"c\", \"b\", \"a\"]}\n"
                        "{\"input\": \"c\", \"output\": [\"c\"]}\n",
                        ""});
  }
  CHECK(Raspc({"run", model, "ab"}).out == "rev(\"ab\") = [\"b\", \"a\"]\n");
}

TEST_CASE("compile sums up the certificate") {
  const TempFolder folder;
  const std::string model = folder.Path("m");
  const CommandResult text =
      Raspc({"compile", ProgramPath("histogram"), "-o", model, "--max-length", "64"});
  CHECK_THAT(text.out, Catch::Contains("  certificate   1 decision: `histogram`: error bound "));
  const CommandResult json =
      Raspc({"compile", ProgramPath("histogram"), "-o", model, "--max-length", "64", "--json"});
  const nlohmann::json figures = OneJsonObject(json.out);
  CHECK(figures["decisions"] == 1);
  CHECK(figures["closest_decision"]["label"] == "`histogram`");
  CHECK(figures["closest_decision"]["error_bound"] < 0.1);
  CHECK(figures["closest_decision"]["margin"] == 0.5);
}

TEST_CASE("equal input gives a byte-identical file") {
  const TempFolder folder;
  const std::string program = folder.Write("rev.rasp", kReverse);
  REQUIRE(Raspc({"compile", program, "-o", folder.Path("1")}).status == 0);
  REQUIRE(Raspc({"compile", program, "-o", folder.Path("2")}).status == 0);
  CHECK(ReadWhole(folder.Path("1")) == ReadWhole(folder.Path("2")));
  CHECK_FALSE(ReadWhole(folder.Path("1")).empty());
}

TEST_CASE("options override directives") {
  const TempFolder folder;
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", folder.Write("rev.rasp", kReverse), "-o", model, "--vocab", "[1, 2]",
                 "--max-length", "2", "--dtype", "float64"})
              .status == 0);
  const nlohmann::json shown = OneJsonObject(Raspc({"inspect", model, "--json"}).out);
  CHECK(shown["dtype"] == "float64");
  CHECK(shown["max_length"] == 2);
  CHECK(shown["vocabulary"] == nlohmann::json({1, 2}));
}

TEST_CASE("a program that is evaluated causally compiles to an encoder too") {
  const TempFolder folder;
  const std::string program = ProgramPath("histogram"), model = folder.Path("m");
  REQUIRE(Raspc({"compile", program, "-o", model, "--causal", "--target", "encoder"}).status == 0);
  CHECK(Raspc({"run", model, "aaba", "--json"}).out ==
        "{\"input\": \"aaba\", \"output\": [1, 2, 1, 3]}\n");
  CHECK(Raspc({"compile", ProgramPath("parity_generate"), "-o", model, "--target", "encoder"})
            .status == 0);
}

TEST_CASE("run judges inputs one by one") {
  const TempFolder folder;
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", folder.Write("rev.rasp", kReverse), "-o", model}).status == 0);
  const CommandResult result = Raspc({"run", model, "--json", "ab", "xyz", "abcab", "", "c"});
  CHECK(result.status == 2);
  const std::vector<nlohmann::json> objects = JsonLines(result.out);
  REQUIRE(objects.size() == 5);
  const char* inputs[] = {"ab", "xyz", "abcab", "", "c"};
  for (std::size_t i = 0; i < objects.size(); ++i) CHECK(objects[i]["input"] == inputs[i]);
  CHECK(objects[0]["output"] == nlohmann::json({"b", "a"}));
  for (const std::size_t i : {1, 2, 3}) CHECK(objects[i].contains("error"));
  CHECK(objects[4]["output"] == nlohmann::json::array({"c"}));
}

TEST_CASE("verify compares on all engines and says how many inputs") {
  const TempFolder folder;
  const std::string program = folder.Write("rev.rasp", kReverse);
  CHECK(Raspc({"verify", program, "--exhaustive", "3"}) ==
        CommandResult{
            0,
            program + ": rev: compared 39 inputs in float32 on reference, dense and structured: no "
                      "difference\n",
            ""});
  const CommandResult result =
      Raspc({"verify", program, "--random", "50", "--seed", "7", "--json", "abc"});
  CHECK(result.status == 0);
  CHECK(result.out ==
        "{\"compared\": 51, \"skipped\": 0, \"differing\": 0, \"engines\": [\"reference\", "
        "\"dense\", \"structured\"], \"dtype\": \"float32\", \"seed\": 7, \"differences\": []}\n");
}

TEST_CASE("verify counts inputs on which the interpreter fails separately") {
  const TempFolder folder;
  const std::string program =
      folder.Write("inv.rasp", "#@ vocab: [0, 1, 2]\n#@ max_length: 3\nx = 2 / tokens_int;\n");
  const CommandResult result = Raspc({"verify", program, "--exhaustive", "2"});
  CHECK(result.status == 0);
  // Of the 12 inputs, those without a 0: 2 + 4.
  CHECK_THAT(result.out, Catch::Contains("compared 6 inputs") && Catch::Contains("skipped 6 more"));
}

TEST_CASE("possible failures are warned about once, on standard error") {
  const TempFolder folder;
  const std::string program =
      folder.Write("inv.rasp", "#@ vocab: [0, 1, 2]\n#@ max_length: 3\nx = 2 / tokens_int;\n");
  const std::string warning =
      program +
      ":3:7: warning: `x` fails on some inputs; the model's output on them is undefined\n"
      "    x = 2 / tokens_int;\n"
      "          ^\n"
      "note: for example on [0]: '/' cannot divide 2 by zero, at position 0 of the input [0]\n";
  const CommandResult compiled = Raspc({"compile", program, "-o", folder.Path("m"), "--json"});
  CHECK(compiled.status == 0);
  CHECK(compiled.err == warning);
  CHECK(OneJsonObject(compiled.out).contains("layers"));
  const CommandResult verified = Raspc({"verify", program, "--exhaustive", "2", "--json"});
  CHECK(verified.status == 0);
  CHECK(verified.err == warning);
  const nlohmann::json comparison = OneJsonObject(verified.out);
  CHECK(comparison["compared"] == 6);
  CHECK(comparison["skipped"] == 6);
  CHECK(Raspc({"inspect", program}).err == warning);
  CHECK(Raspc({"inspect", program, "--stage", "domains"}).err == warning);
  CHECK(Raspc({"eval", program, "--tokens", "[1]"}).err == "");
}

TEST_CASE("a failure for which no input is found is reported as possible") {
  const TempFolder folder;
  const std::string program = folder.Write(
      "at.rasp",
      "#@ vocab: \"abcdef\"\n#@ max_length: 16\n"
      "at = aggregate(select_from_first(tokens in [\"a\", \"b\"], True), indices, 0);\n"
      "x = load_from_location(tokens, at);\n");
  const CommandResult compiled = Raspc({"compile", program, "-o", folder.Path("m")});
  CHECK(compiled.status == 0);
  CHECK_THAT(compiled.err,
             Catch::StartsWith(
                 program + ":4:5: warning: `x` may fail on some inputs; the model's output on them "
                           "would be undefined\n    x = load_from_location(tokens, at);\n        "
                           "^\nnote: it fails on none of the ") &&
                 Catch::EndsWith(" inputs tried\n"));
}

TEST_CASE("a domain that is too large is an error that says where it comes from") {
  const TempFolder folder;
  const std::string program = folder.Write("mean.rasp",
                                           "#@ vocab: [1, 2, 3]\n#@ max_length: 16\n"
                                           "m = aggregate(full_s, tokens_int * 0.1);\ns = "
                                           "selector_width(select(m, tokens_float, <));\n");
  const CommandResult compiled = Raspc({"compile", program, "-o", folder.Path("m")});
  CHECK(compiled.status == 2);
  CHECK(
      compiled.err ==
      program +
          ":4:20: error: `select(m, tokens_float, <)` compares `m`, which has more values than can "
          "be listed; the limit is 65536 (--max-domain)\n"
          "    s = selector_width(select(m, tokens_float, <));\n"
          "                       ^\n" +
          program +
          ":3:5: note: `m` has more values than can be listed\n"
          "    m = aggregate(full_s, tokens_int * 0.1);\n"
          "        ^\n"
          "note: `tokens_float` can have 3 values\n" +
          program +
          ":3:5: note: `m` cannot be listed: it can be the mean of up to 16 numbers, each one of 3 "
          "floats\n"
          "    m = aggregate(full_s, tokens_int * 0.1);\n"
          "        ^\n"
          "note: what helps: a smaller vocabulary or maximum length, rounding to fewer values "
          "before they are averaged or combined, or a larger --max-domain\n");
}

TEST_CASE("a refusal names ways out that apply before a larger limit") {
  const TempFolder folder;
  const auto refuse = [&](const std::string& depth, const std::vector<std::string>& more) {
    const std::string program =
        folder.Write("depth.rasp",
                     "#@ vocab: \"()\"\n#@ max_length: 24\nprev = select(indices, indices, <=);\n"
                     "open = indicator(tokens == \"(\");\nclose = indicator(tokens == \")\");\n"
                     "depth = " +
                         depth + ";\n");
    std::vector<std::string> args = {"compile", program, "-o", folder.Path("m")};
    args.insert(args.end(), more.begin(), more.end());
    return Raspc(args);
  };
  const CommandResult refused =
      refuse("round((aggregate(prev, open) - aggregate(prev, close)) * (indices + 1))", {});
  CHECK(refused.status == 2);
  CHECK(Contains(refused.err,
                 "error: `depth` rounds a number with more than 65536 possible values "
                 "(--max-domain), and rounding error could change the result\n"));
  const std::size_t joined = refused.err.find(
      "what helps: one aggregate in place of two over the same selector, `aggregate(s, x - y)` "
      "instead of `aggregate(s, x) - aggregate(s, y)`");
  const std::size_t rational = refused.err.find("what helps: --arithmetic rational");
  const std::size_t limits = refused.err.find("what helps otherwise: a smaller vocabulary");
  CHECK(joined < rational);
  CHECK(rational < limits);
  CHECK(limits != std::string::npos);
  // Both help.
  CHECK(refuse("round(aggregate(prev, open - close) * (indices + 1))", {}).status == 0);
  CHECK(refuse("round((aggregate(prev, open) - aggregate(prev, close)) * (indices + 1))",
               {"--arithmetic", "rational"})
            .status == 0);
}

TEST_CASE("a refusal for precision names exact fractions, unless they are in use") {
  const TempFolder folder;
  const std::string program = folder.Write(
      "v.rasp",
      "#@ vocab: \"01234567\"\n#@ max_length: 64\n"
      "m = aggregate(full_s, tokens_float * 0.1);\n"
      "v = (aggregate(full_s, tokens_int ^ 2) - aggregate(full_s, tokens_int) * m) * m * 1000;\n");
  const std::vector<std::string> args = {"compile", program, "-o", folder.Path("m")};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), args.begin(), args.end());
    return Raspc(more).err;
  };
  CHECK(Contains(with({}), "note: --arithmetic rational may help"));
  CHECK_FALSE(Contains(with({}), "--dtype float64"));
  CHECK(Contains(with({"--dtype", "float32"}), "note: float64 is more precise: --dtype float64\n"));
  const std::string exact = with({"--arithmetic", "rational"});
  CHECK(Contains(exact, "error: "));
  CHECK_FALSE(Contains(exact, "--arithmetic rational"));
}

TEST_CASE("inspect shows a short code of values, and quotes a token that reads as an operator") {
  const TempFolder folder;
  const auto residual = [&](const std::string& text) {
    const std::string program = folder.Write("p.rasp", text);
    REQUIRE(Raspc({"compile", program, "-o", folder.Path("m")}).status == 0);
    return Raspc({"inspect", folder.Path("m")}).out;
  };
  CHECK(Contains(residual("#@ vocab: \"abc\"\n#@ max_length: 6\n"
                          "prev = aggregate(select(indices, indices - 1, ==), tokens, \"-\");\n"),
                 "code of prev: \"-\" 0, \"a\" 1, \"b\" 2, \"c\" 3  (line 3)\n"));
  CHECK(Contains(residual("#@ vocab: \"=ab\"\n#@ max_length: 6\n"
                          "x = selector_width(select(tokens, \"=\", ==));\n"),
                 "tokens!=\"=\"\n"));
}

TEST_CASE("a model that generates agrees with the interpreter") {
  const TempFolder folder;
  const std::string program = ProgramPath("parity_generate");
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", program, "-o", model, "--max-length", "6"}).status == 0);
  const CommandResult evaluated = Raspc({"eval", program, "--json", "0110", "1"});
  for (const nlohmann::json& object : JsonLines(evaluated.out)) {
    CHECK(object["generated"].is_array());
    CHECK(object["stopped"] == true);
  }
  CHECK(Raspc({"run", model, "--json", "0110", "1"}) == evaluated);
  CHECK(Raspc({"verify", program, "--max-length", "6", "--exhaustive", "4"}).status == 0);
}

TEST_CASE("inspect shows the stages of a program, and the contents of a model") {
  const TempFolder folder;
  const std::string program = folder.Write("rev.rasp", kReverse);
  for (const std::string stage : {"graph", "domains", "lowered", "layers", "layout"}) {
    CAPTURE(stage);
    const CommandResult result = Raspc({"inspect", program, "--stage", stage});
    CHECK(result.err == "");
    CHECK(result.status == 0);
    CHECK(result.out.size() > 20);
  }
  CHECK_THAT(Raspc({"inspect", program}).out, Catch::Contains("rev") && Catch::Contains("d_model"));
  const std::string model = folder.Path("no-telling-name");
  REQUIRE(Raspc({"compile", program, "-o", model}).status == 0);
  CHECK_THAT(Raspc({"inspect", model}).out,
             Catch::Contains("layer 0") && Catch::Contains("vocabulary"));
  CHECK(Raspc({"inspect", model, "--stage", "graph"}).status == 2);
}

TEST_CASE("inspect shows the structure of a model's weights") {
  const TempFolder folder;
  const std::string model = folder.Path("model");
  REQUIRE(Raspc({"compile", ProgramPath("histogram"), "-o", model}).status == 0);
  const CommandResult text = Raspc({"inspect", model, "--structure"});
  CHECK(text.status == 0);
  CHECK_THAT(text.out, Catch::Contains("8 classes of keys by token") &&
                           Catch::Contains("15 hidden neurons as 1 piecewise-linear function"));
  const auto structure = OneJsonObject(Raspc({"inspect", model, "--structure", "--json"}).out);
  const nlohmann::json& head = structure.at("layers").at(0).at("heads").at(0);
  CHECK(head["label"].is_string());
  CHECK(head["kind"] == "token classes");
  const CommandResult program = Raspc({"inspect", ProgramPath("histogram"), "--structure"});
  CHECK(program.status == 2);
  CHECK_THAT(program.err, Catch::Contains("--structure requires a model"));
}

TEST_CASE("inspect sums the certificate up, and shows all of it on request") {
  const TempFolder folder;
  const std::string model = folder.Path("model");
  REQUIRE(Raspc({"compile", ProgramPath("dyck2"), "--max-length", "12", "-o", model}).status == 0);
  const std::string summary = Raspc({"inspect", model}).out;
  const CommandResult full = Raspc({"inspect", model, "--certificate"});
  CHECK(full.status == 0);
  const auto count = [](const std::string& text) {
    std::size_t number = 0;
    for (std::size_t at = 0; (at = text.find("bound", at)) != std::string::npos; ++at) ++number;
    return number;
  };
  const auto json = OneJsonObject(Raspc({"inspect", model, "--json"}).out);
  const auto all = OneJsonObject(Raspc({"inspect", model, "--certificate", "--json"}).out);
  CHECK(json["certificate"] == all["certificate"]);
  CHECK(count(full.out) == json["certificate"].size());
  CHECK_THAT(summary, Catch::Contains("the 5 closest:") && Catch::Contains("--certificate"));
  CHECK(json["residual_labels"].size() == json["d_model"]);
  CHECK(json["residual_lines"].size() == json["d_model"]);
  CHECK(json["neurons_in_layers"].size() == json["layers"]);
  // Groups follow one another in their layer, and name its neurons.
  std::vector<std::size_t> num_neurons(json["layers"].get<std::size_t>());
  CHECK_FALSE(json["neuron_groups"].empty());
  for (const auto& group : json["neuron_groups"]) {
    std::size_t& next = num_neurons.at(group["layer"].get<std::size_t>());
    CHECK(group["first"] == next);
    CHECK(group["line"] > 0);
    const auto& names = json["neurons_in_layers"][group["layer"].get<std::size_t>()];
    CHECK(names[next] == group["label"].get<std::string>() + " 0");
    next += group["count"].get<std::size_t>();
  }
  for (std::size_t l = 0; l < num_neurons.size(); ++l) {
    CHECK(num_neurons[l] == json["neurons_in_layers"][l].size());
  }
  CHECK_FALSE(json["value_codes"].empty());
  for (const auto& list : json["value_codes"]) {
    for (const auto& direction : list["directions"]) {
      CHECK(direction["codes"].size() == list["values"].size());
    }
  }
  CHECK(Raspc({"inspect", ProgramPath("dyck2"), "--certificate"}).status == 2);
  CHECK(Raspc({"inspect", model, "--certificate", "--structure"}).status == 2);
}

TEST_CASE("inspect shows the gain of each optimisation") {
  const std::string program = ProgramPath("sort");
  const CommandResult text = Raspc({"inspect", program, "--max-length", "12", "--gains"});
  CHECK(text.status == 0);
  CHECK_THAT(text.out, Catch::Contains("\nall optimisations "));
  CHECK_THAT(text.out, Catch::Contains("\nwithout distances "));
  const nlohmann::json gains =
      OneJsonObject(Raspc({"inspect", program, "--max-length", "12", "--gains", "--json"}).out)
          .at("gains");
  CHECK(gains.at(0)["without"].is_null());
  CHECK(gains.at(0)["sizes"]["layers"].is_number());
  CHECK(std::any_of(gains.begin(), gains.end(),
                    [](const nlohmann::json& row) { return row["without"] == "distances"; }));
  const CommandResult both = Raspc({"inspect", program, "--gains", "--stage", "layers"});
  CHECK(both.status == 2);
  CHECK(both.err.find("--stage and --gains cannot be combined") != std::string::npos);
}

TEST_CASE("a model written to standard output is alone there") {
  const TempFolder folder;
  const std::string program = folder.Write("rev.rasp", kReverse);
  const std::string model = folder.Path("m");
  REQUIRE(Raspc({"compile", program, "-o", model}).status == 0);
  CHECK(Shell("\"$RASPC\" compile \"$1\" -o /dev/stdout | cat > \"$2\"; cmp \"$2\" \"$3\"",
              {program, folder.Path("piped"), model})
            .status == 0);
}

}  // namespace
}  // namespace raspc
