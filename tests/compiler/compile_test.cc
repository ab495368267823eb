// Compile as a whole: what it requires, what it refuses and how, and that equal input gives equal
// bytes. agreement_test.cc and compile_conformance_test.cc test that models are right.
#include "runtime/run/make_engine.h"
#include "compiler/compile.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "compiler/interpret/trial_inputs.h"
#include "runtime/run/run_model.h"
#include "runtime/model/model_file.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

const char* const kHistogram = "hist = selector_width(select(tokens, tokens, ==));";

Atom Text(const char* text) { return Atom(std::string(text)); }

Padding PadWith(const char* token, const char* count) {
  Diagnostics diag;
  return {Text(token), *Polynomial::Parse(count, {}, diag)};
}

// --- Settings.

struct SettingRow {
  std::string what;
  std::function<void(ProgramSettings&)> change;
  std::vector<std::string> messages;
};

TEST_CASE("settings that are missing or do not fit are reported, all that can be at once") {
  const auto row = GENERATE(values<SettingRow>({
      {"no vocabulary",
       [](ProgramSettings& s) { s.vocab.reset(); },
       {"no vocabulary: give --vocab, or a directive such as #@ vocab: \"abc\""}},
      {"an empty vocabulary",
       [](ProgramSettings& s) { s.vocab = std::vector<Atom>{}; },
       {"no vocabulary: give --vocab, or a directive such as #@ vocab: \"abc\""}},
      {"no maximum length",
       [](ProgramSettings& s) { s.max_length.reset(); },
       {"no maximum length: give --max-length, or a directive such as #@ max_length: 16"}},
      {"neither",
       [](ProgramSettings& s) {
         s.vocab.reset();
         s.max_length.reset();
       },
       {"no vocabulary: give --vocab, or a directive such as #@ vocab: \"abc\"",
        "no maximum length: give --max-length, or a directive such as #@ max_length: 16"}},
      {"length 0",
       [](ProgramSettings& s) { s.max_length = 0; },
       {"max_length requires an integer from 1 to 4194304, not '0'"}},
      {"an endless length",
       [](ProgramSettings& s) { s.max_length = std::int64_t{1} << 62; },
       {"max_length requires an integer from 1 to 4194304, not '4611686018427387904'"}},
      {"an alphabet outside the vocabulary",
       [](ProgramSettings& s) {
         s.alphabet = {Text("a"), Text("z")};
       },
       {"alphabet token \"z\" is not in the vocabulary"}},
      {"an appended token of another type",
       [](ProgramSettings& s) { s.append = {Atom(1.0)}; },
       {"appended token 1.0 is not in the vocabulary"}},
      {"a padding token outside the vocabulary",
       [](ProgramSettings& s) { s.pad = PadWith("_", "n"); },
       {"padding token \"_\" is not in the vocabulary"}},
      {"a stop token outside the vocabulary",
       [](ProgramSettings& s) {
         s.generate = "hist";
         s.stop = {Text("!")};
       },
       {"stop token \"!\" is not in the vocabulary"}},
      {"two of them",
       [](ProgramSettings& s) {
         s.append = {Text("#")};
         s.alphabet = {Text("z")};
       },
       {"alphabet token \"z\" is not in the vocabulary",
        "appended token \"#\" is not in the vocabulary"}},
      {"padding that is negative",
       [](ProgramSettings& s) { s.pad = PadWith("a", "2 - n"); },
       {"the padding count, -n+2, is negative or too large for 3 input tokens"}},
      {"a token twice",
       [](ProgramSettings& s) {
         s.vocab = {Text("a"), Text("b"), Text("a")};
       },
       {"the vocabulary has the token \"a\" twice"}},
      {"an empty alphabet",
       [](ProgramSettings& s) { s.alphabet = std::vector<Atom>{}; },
       {"the alphabet is empty"}},
  }));
  Case program = TextCase(kHistogram, "ab", 8);
  row.change(program.settings);
  Diagnostics diag;
  StageDumps texts;
  CHECK_FALSE(Compile(program, diag, &texts));
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : diag.all()) {
    messages.push_back(diagnostic.message);
    CHECK(diagnostic.kind == ErrorKind::kInput);
    CHECK(diagnostic.severity == Severity::kError);
  }
  INFO(row.what);
  CHECK(messages == row.messages);
  CHECK(texts.graph.empty());
}

TEST_CASE("a context that is too long is a limit, whatever makes it so") {
  Case program = TextCase(kHistogram, "ab", 2000);
  program.settings.pad = PadWith("a", "n^2 + n^2");
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].kind == ErrorKind::kInput);  // more than a frame may hold

  Case generating = TextCase(kHistogram, "ab", 8);
  generating.settings.generate = "hist";
  generating.settings.max_steps = std::int64_t{1} << 40;
  Diagnostics of_generating;
  CHECK_FALSE(Compile(generating, of_generating));
  REQUIRE(of_generating.all().size() == 1);
  CHECK(of_generating.all()[0].kind == ErrorKind::kLimit);
  CHECK(of_generating.all()[0].message ==
        "a context of 1099511627784 positions is more than 4194304");
}

TEST_CASE("a selector cannot be compiled") {
  const Case program = TextCase("same = select(tokens, tokens, ==);", "ab", 8);
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].kind == ErrorKind::kInput);
  CHECK(diag.all()[0].message == "`same` is a selector; only an s-op can be compiled");
  CHECK(diag.all()[0].location.line == 1);
}

TEST_CASE("an s-op that fails on every input is an error at its place") {
  const Case program = TextCase("x = 1;\ny = tokens + 1;", "ab", 8);
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].kind == ErrorKind::kValue);
  CHECK(diag.all()[0].message == "`y` fails on every input over this vocabulary");
  CHECK(diag.all()[0].location.line == 2);
}

TEST_CASE("a mean of an s-op that fails on every input is an error too") {
  // The rows of full_s are never empty, so that the mean has no value either.
  Case program = TextCase("x = \"a\" if average(indices % 0) >= 0.1 else \"b\";", "c", 2);
  REQUIRE_FALSE(program.diag.HasErrors());
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK_THAT(diag.all()[0].message, Catch::EndsWith("fails on every input over this vocabulary"));
}

TEST_CASE("s-ops that the output does not need cause no errors") {
  const Case program = TextCase("y = tokens + 1;\nx = indices;", "ab", 8);
  Diagnostics diag;
  CHECK(Compile(program, diag));
  CHECK(diag.empty());
}

TEST_CASE("a domain that is too large names the expression and the sizes of its operands") {
  Case program = TextCase(
      "w = selector_width(select(tokens, tokens, ==));\n"
      "v = selector_width(select(tokens, \"a\", ==));\n"
      "x = w * v % 5;",
      "ab", 16);
  program.settings.max_domain = 50;
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  const Diagnostic& diagnostic = diag.all()[0];
  CHECK(diagnostic.kind == ErrorKind::kLimit);
  CHECK(diagnostic.location.line == 3);
  const std::string text = Render(diagnostic);
  INFO(text);
  CHECK(text.find("more than 50 possible values (--max-domain)") != std::string::npos);
  program.settings.max_domain.reset();
  Diagnostics of_default;
  CHECK(Compile(program, of_default));
  INFO(Render(of_default));
  CHECK_FALSE(of_default.HasErrors());
}

TEST_CASE("a value that depends on the order of its terms through rounding is refused") {
  // 0.1 + 0.2 + 0.2 - 4 is -3.5 in some orders, and close to it in others.
  const char* text = "x = average(tokens_float) == -0.5;";
  Case program = TextCase(text, "", 7);
  program.settings.vocab = std::vector<Atom>{0.1, 0.2, -1.0};
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  CHECK(diag.HasErrors());
  // Shorter inputs come nowhere near it.
  program.settings.max_length = 4;
  Diagnostics of_shorter;
  CHECK(Compile(program, of_shorter));
  INFO(Render(of_shorter));
  CHECK_FALSE(of_shorter.HasErrors());
}

TEST_CASE("numbers beyond float32 are compiled for float64, with a warning") {
  const std::string zeros(46, '0');
  for (const std::string& factor : {"0." + zeros + "1", "1" + zeros + ".0"}) {
    const std::string text = "x = selector_width(select(tokens, tokens, ==)) * " + factor + ";";
    Case program = TextCase(text, "ab", 4);
    INFO(text);
    Diagnostics diag;
    const auto model = Compile(program, diag);
    REQUIRE(model);
    CHECK(model->dtype == DType::kFloat64);
    REQUIRE(diag.all().size() == 1);
    CHECK(diag.all()[0].severity == Severity::kWarning);
    CHECK(diag.all()[0].message.find("compiling for float64") != std::string::npos);
    const std::vector<std::vector<Atom>> inputs{CodePoints("aab")};
    Diagnostics ignored;
    Interpreter interpreter(program.graph, inputs[0], false);
    const auto& wanted = std::get<SOpValues>(*interpreter.Evaluate(program.output, ignored));
    for (const EngineKind kind : kAllEngines) {
      const auto outputs = RunModel(*model, *MakeEngine(kind, *model), inputs);
      CHECK(ToJson(outputs[0].values) == ToJson(wanted));
    }
    program.settings.dtype = DType::kFloat32;
    Diagnostics of_narrow;
    CHECK_FALSE(Compile(program, of_narrow));
    CHECK(of_narrow.HasErrors());
  }
}

// --- Results.

TEST_CASE("a model records what it was compiled for") {
  Case program = TextCase("next = \"a\" if indices % 2 == 0 else \"b\";", "ab#_", 5);
  program.settings.alphabet = {Text("a"), Text("b")};
  program.settings.append = {Text("#")};
  program.settings.pad = PadWith("_", "n+1");
  program.settings.generate = "next";
  program.settings.stop = {Text("b")};
  program.settings.max_steps = 7;
  Diagnostics diag;
  const auto model = Compile(program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  CHECK(model->name == "next");
  CHECK(model->target == Target::kDecoder);
  CHECK(model->causal);
  CHECK(model->max_length == 5);
  CHECK(model->context_length == 5 + 1 + 6 + 7);
  CHECK(model->alphabet.size() == 2);
  REQUIRE(model->generation);
  CHECK(model->generation->max_steps == 7);
  CHECK(model->certificate.exact_to_length == 5);
  CHECK_FALSE(CheckModel(*model).has_value());
}

TEST_CASE("a program may be evaluated causally for an encoder") {
  Case program = TextCase(kHistogram, "ab", 6);
  program.settings.causal = true;
  program.settings.target = Target::kEncoder;
  Diagnostics diag;
  const auto model = Compile(program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  CHECK(model->target == Target::kEncoder);
  CHECK_FALSE(CheckModel(*model).has_value());
  const std::vector<std::vector<Atom>> inputs{CodePoints("aabab")};
  const auto outputs = RunModel(*model, *MakeEngine(EngineKind::kDense, *model), inputs);
  CHECK(ToJson(outputs[0].values) == "[1, 2, 1, 3, 2]");
}

TEST_CASE("an encoder generates by running on the whole sequence at each step") {
  Case program = TextCase(
      "larger = selector_width(select(tokens, tokens, >));\n"
      "next = \"a\" if larger == 0 else (\"b\" if larger == 1 else \"c\");",
      "abc", 4);
  program.settings.generate = "next";
  program.settings.stop = {Text("c")};
  program.settings.max_steps = 5;
  program.settings.target = Target::kEncoder;
  Diagnostics diag;
  const auto model = Compile(program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  CHECK(model->target == Target::kEncoder);
  CHECK_FALSE(model->causal);
  CHECK_FALSE(CheckModel(*model).has_value());
  int num_stopped = 0;
  ForEachInput(CodePoints("abc"), 1, 4, [&](const std::vector<Atom>& input) {
    const auto wanted = Generate(program.graph, program.output, input, *model->generation, diag,
                                 /*causal=*/false);
    REQUIRE(wanted);
    num_stopped += wanted->stopped;
    const std::vector<std::vector<Atom>> inputs{input};
    for (const EngineKind kind : kAllEngines) {
      const auto outputs = RunModel(*model, *MakeEngine(kind, *model), inputs);
      REQUIRE(outputs[0].generated);
      CHECK(ToJson(outputs[0].generated->tokens) == ToJson(wanted->tokens));
      CHECK(outputs[0].generated->stopped == wanted->stopped);
      // What was generated is as if the whole sequence were an input each time.
      std::vector<Atom> sequence = input;
      for (const Atom& token : wanted->tokens) {
        Interpreter interpreter(program.graph, sequence, /*causal=*/false);
        const auto& values = std::get<SOpValues>(*interpreter.Evaluate(program.output, diag));
        CHECK(Identical(values.back(), token));
        sequence.push_back(token);
      }
    }
    return true;
  });
  CHECK(num_stopped > 10);
}

TEST_CASE("equal input gives byte-equal models, and every model passes its check") {
  for (const Case& program : ProgramCases(8)) {
    INFO(program.name);
    Diagnostics diag;
    const auto first = Compile(program, diag);
    const auto second = Compile(program, diag);
    INFO(Render(diag));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(SerializeModel(*first) == SerializeModel(*second));
    const auto problem = CheckModel(*first);
    INFO(problem.value_or(""));
    CHECK_FALSE(problem.has_value());
  }
}

TEST_CASE("each stage leaves a text") {
  const Case program = TextCase(kHistogram, "ab", 8);
  Diagnostics diag;
  StageDumps texts;
  REQUIRE(Compile(program, diag, &texts));
  CHECK(texts.graph.find("width(%1)") != std::string::npos);
  CHECK(texts.domains.find("hist: 9 values") != std::string::npos);
  CHECK(texts.lowered.find("mlp hist") != std::string::npos);
  CHECK(texts.layers.find("layer 0\n") == 0);
  CHECK(texts.layout.find("   1 BOS\n") != std::string::npos);
}

TEST_CASE("a stage that is not reached leaves none") {
  const Case program = TextCase("y = tokens + 1;", "ab", 8);
  Diagnostics diag;
  StageDumps texts;
  CHECK_FALSE(Compile(program, diag, &texts));
  CHECK_FALSE(texts.graph.empty());
  CHECK_FALSE(texts.domains.empty());
  CHECK(texts.lowered.empty());
  CHECK(texts.layers.empty());
  CHECK(texts.layout.empty());
}

// --- Sizes at the ends of the range.

TEST_CASE("one token and one position are enough") {
  for (const char* text : {"x = tokens;", "x = indices;", "x = length;", kHistogram,
                           "x = aggregate(select(indices, indices, <), tokens, \"-\");",
                           "x = aggregate(full_s, indices) + 1;"}) {
    Case program = TextCase(text, "a", 1);
    INFO(text);
    Diagnostics diag;
    const auto model = Compile(program, diag);
    INFO(Render(diag));
    REQUIRE(model);
    const std::vector<std::vector<Atom>> inputs{CodePoints("a")};
    Interpreter interpreter(program.graph, inputs[0], false);
    const auto& wanted = std::get<SOpValues>(*interpreter.Evaluate(program.output, diag));
    const auto outputs = RunModel(*model, *MakeEngine(EngineKind::kDense, *model), inputs);
    CHECK(ToJson(outputs[0].values) == ToJson(wanted));
  }
}

TEST_CASE("lengths that no model could serve are refused before they take memory") {
  for (const char* text :
       {kHistogram, "x = length;", "x = aggregate(select(tokens, tokens, ==), tokens == \"a\");",
        "x = aggregate(select(indices, indices, <), indices);",
        "x = aggregate(select(indices, indices - 1, ==), tokens);",
        "x = aggregate(select(indices, length - 1 - indices, ==), tokens);"}) {
    Case program = TextCase(text, "ab", 60000);
    INFO(text << Render(program.diag));
    REQUIRE(program.output.IsValid());
    program.settings.causal = true;
    program.settings.target = Target::kEncoder;
    Diagnostics diag;
    CHECK_FALSE(Compile(program, diag));
    REQUIRE_FALSE(diag.empty());
    CHECK(diag.all().back().kind == ErrorKind::kLimit);
  }
}

TEST_CASE("selectors that use others again and again take no time for each use") {
  const std::string doubled =
      "for i in range(60) { s = s and (s or select(indices, indices - i, >=)); }\n";
  const std::string exclusive =
      "for i in range(60) {\n  c = select(indices, indices % (i + 2), ==);\n"
      "  s = (s and not c) or (not s and c);\n}\n";
  const std::string repeated =
      "for i in range(60) { s = s and (s and select(indices, i + 2, !=)); }\n";
  for (const std::string& loop : {doubled, exclusive, repeated}) {
    for (const char* output : {"aggregate(s, indices)", "selector_width(s)"}) {
      Case program =
          TextCase("s = select(tokens, tokens, <=);\n" + loop + "x = " + output + ";\n", "ab", 6);
      INFO(loop << output << Render(program.diag));
      REQUIRE_FALSE(program.diag.HasErrors());
      Diagnostics diag;
      const auto model = Compile(program, diag);
      INFO(Render(diag));
      REQUIRE(model);
      const auto engine = MakeEngine(EngineKind::kReference, *model);
      ForEachWord(*program.settings.vocab, 6, 40, [&](const std::vector<Atom>& word) {
        Interpreter interpreter(program.graph, word, false);
        const NodeValue* wanted = interpreter.Evaluate(program.output, diag);
        REQUIRE(wanted != nullptr);
        const std::vector<ModelOutput> got = RunModel(*model, *engine, {{word}});
        REQUIRE(ToJson(got[0].values) == ToJson(std::get<SOpValues>(*wanted)));
      });
    }
  }
}

TEST_CASE("a selector as long as the tracer allows neither crashes nor hangs") {
  Case program = TextCase(
      "s = select(indices, indices, <=);\n"
      "for i in range(5000) { s = (s and select(indices, i, !=)) or select(tokens, indices, ==); "
      "}\n"
      "x = aggregate(s, indices);\n",
      "ab", 4);
  INFO(Render(program.diag));
  REQUIRE_FALSE(program.diag.HasErrors());
  Diagnostics diag;
  CHECK(Compile(program, diag));
  INFO(Render(diag));
}

TEST_CASE("a model of too many parameters is refused") {
  // Hiding later keys takes a score dimension per position in each of many heads.
  std::string text =
      "def has(a) { return aggregate(select(tokens, a, ==), tokens, \"-\") == a; }\n";
  text += "x = has(\"a\")";
  for (const char token : std::string("bcdefghij")) text += fmt::format(" or has(\"{}\")", token);
  Case program = TextCase(text + ";\n", "abcdefghij", 2048);
  INFO(text << Render(program.diag));
  REQUIRE_FALSE(program.diag.HasErrors());
  program.settings.causal = true;
  program.settings.target = Target::kEncoder;
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].kind == ErrorKind::kLimit);
  INFO(diag.all()[0].message);
  CHECK(diag.all()[0].message.find("the model would have about ") == 0);
}

}  // namespace
}  // namespace raspc
