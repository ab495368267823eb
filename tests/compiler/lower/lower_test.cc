// Lowered blocks, evaluated separately in (nearly) exact arithmetic: they compute the program, and
// no engine ever differs from that by more than the bounds.
#include "runtime/run/make_engine.h"
#include "compiler/lower/lower.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "compiler/domains/infer_domains.h"
#include "compiler/interpret/interpret.h"
#include "runtime/engine/engine.h"
#include "runtime/run/run_model.h"
#include "tests/compiler/backend_testing.h"
#include "tests/compiler/ideal_run.h"

namespace raspc {
namespace {

std::vector<std::vector<Atom>> SomeInputs(const Case& program, int count) {
  std::vector<std::vector<Atom>> inputs;
  const auto alphabet = program.settings.alphabet.value_or(*program.settings.vocab);
  std::mt19937_64 random(5);
  for (int i = 0; i < count; ++i) {
    std::vector<Atom> word(1 + random() % static_cast<std::uint64_t>(*program.settings.max_length));
    // Few distinct tokens make long rows, many make empty ones.
    const std::size_t num_tokens = 1 + random() % alphabet.size();
    for (Atom& token : word) token = alphabet[random() % num_tokens];
    inputs.push_back(Framed(program, word));
  }
  return inputs;
}

// Programs whose numbers are harder than those of programs/.
const char* const kHardPrograms[] = {
    "x = aggregate(select(indices, indices, <=), indices) * 0.1 + 0.7;",
    "m = aggregate(select(tokens, tokens, ==), indices / 4, 0.1);\nx = m > 1;",
    "m = aggregate(select(indices, indices, <), indices, 0.3) + 0.7;\n"
    "x = aggregate(select(indices, indices - 1, ==), m, 0.1);",
    "w = selector_width(select(tokens, tokens, ==)) + 3;\n"
    "x = aggregate(select(indices, indices, <), w, 0.1);",
    "a = selector_width(select(tokens, \"a\", ==));\nb = selector_width(select(tokens, \"b\", "
    "==));\n"
    "x = (a - b) * (a + b) > 3;",
    "a = aggregate(full_s, indicator(tokens == \"a\"));\n"
    "b = aggregate(select(indices, indices, <=), indicator(tokens == \"b\"));\nx = a == b;",
    "h = selector_width(select(tokens, tokens, ==));\n"
    "x = aggregate(select(h, h, <) and select(tokens, tokens, !=), h * 7, 1000);",
    "r = round(aggregate(select(tokens, tokens, ==), indices) * 10);\n"
    "x = aggregate(select(r, r, ==), tokens == \"a\", 0) if length > 2 else indices;",
    "x = aggregate(full_s, aggregate(select(indices, indices, <=), indices) * 1.5);",
    "a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\nx = a * a - a;",
    "d = indices - 40 * aggregate(select(tokens, tokens, ==), indices / 3);\n"
    "x = aggregate(select(indices, indices, <=), d * d);",
    "a = aggregate(select(tokens, tokens, ==), indices / 3);\n"
    "b = aggregate(select(indices, indices, <=), indicator(tokens == \"a\") * 0.7) - 3;\n"
    "x = 100 * a * b;",
    "a = aggregate(select(tokens, \"a\", ==), indices * 0.1 + 1);\nx = (a / 3) * (a / -7) ^ 3;",
};

std::vector<Case> AllCases() {
  std::vector<Case> cases = ProgramCases(8);
  for (const char* text : kHardPrograms) cases.push_back(TextCase(text, "abc", 8));
  return cases;
}

// The output as a further s-op would see it; nothing if the program fails.
std::optional<SOpValues> Interpreted(const Case& program, const std::vector<Atom>& input) {
  Diagnostics ignored;
  Interpreter interpreter(program.graph, input, program.IsCausal());
  const NodeValue* value = interpreter.Evaluate(program.output, ignored);
  if (value == nullptr) return std::nullopt;
  return std::get<SOpValues>(*value);
}

TEST_CASE("in exact arithmetic the blocks compute the program") {
  int num_compared = 0;
  for (const Case& program : AllCases()) {
    INFO(program.name);
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    INFO(Render(diag));
    REQUIRE(stages);
    for (const auto& input : SomeInputs(program, kIsFastBuild ? 40 : 5)) {
      const auto wanted = Interpreted(program, input);
      if (!wanted) continue;
      const IdealRun run(*stages, input);
      REQUIRE(run.problem() == "");
      for (std::size_t p = 0; p < input.size(); ++p) {
        std::vector<double> readout;
        for (const LinearForm& form : stages->blocks.readouts) {
          readout.push_back(static_cast<double>(run.ValueOf(p + 1, form)));
        }
        const auto got = Decode(stages->blocks.decoding, readout);
        INFO(ToJson(input) << " at " << p << ": wanted " << ToJson((*wanted)[p]));
        REQUIRE(got);
        INFO("got " << ToJson(*got));
        REQUIRE(IsRight(stages->blocks.decoding, (*wanted)[p], *got));
        ++num_compared;
      }
    }
  }
  std::cout << "lowering: " << num_compared << " values compared\n";
}

TEST_CASE("no direction is further from its ideal value than its bound, on any engine") {
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    for (Case program : AllCases()) {
      program.settings.dtype = dtype;
      Diagnostics diag;
      const auto stages = RunStages(program, diag);
      if (!stages) continue;  // refused in this type
      ErrorsSeen errors(*stages);
      for (const EngineKind kind : kAllEngines) {
        const auto engine = MakeEngine(kind, stages->model, 1);
        for (const auto& input : SomeInputs(program, kIsFastBuild ? 8 : 2)) {
          if (!Interpreted(program, input)) continue;
          INFO(program.name << " in " << NameOf(dtype) << " on " << NameOf(kind) << ", input "
                            << ToJson(input));
          errors.Add(IdealRun(*stages, input), RunOn(*engine, stages->model, input));
          INFO(errors.problem());
          REQUIRE(errors.problem().empty());
        }
      }
    }
  }
}

TEST_CASE("every decision that was taken has a margin") {
  for (const Case& program : AllCases()) {
    INFO(program.name);
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    REQUIRE(stages);
    CHECK_FALSE(stages->blocks.margins.empty());
    for (const auto& entry : stages->blocks.margins) {
      INFO(entry.label << ": error " << entry.error_bound << ", margin " << entry.margin);
      CHECK(std::isfinite(entry.error_bound));
      CHECK(entry.error_bound >= 0);
      CHECK(entry.error_bound <= entry.margin);
      CHECK_FALSE(entry.label.empty());
    }
  }
}

// --- What is refused.

struct Lowered {
  LowerResult result;
  Diagnostics diag;
};

Lowered LowerText(const char* text, const LowerOptions& options, std::int64_t max_domain = 65536) {
  const Case program = TextCase(text, "ab", 8);
  INFO(text << Render(program.diag));
  REQUIRE_FALSE(program.diag.HasErrors());
  const auto [graph, output] = Simplify(program.graph, program.output);
  CompileScope scope;
  scope.vocabulary = *program.settings.vocab;
  scope.context_length = *program.settings.max_length;
  scope.max_domain = max_domain;
  Lowered lowered;
  const Domains domains = InferDomains(graph, scope, lowered.diag);
  REQUIRE_FALSE(lowered.diag.HasErrors());
  lowered.result = Lower(graph, domains, output, options, lowered.diag);
  return lowered;
}

TEST_CASE(
    "a remainder of numbers that cannot be listed is refused, with the sizes of its operands") {
  const auto [result, diag] = LowerText(
      "a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\nx = a % 0.3;", LowerOptions{});
  CHECK_FALSE(result.blocks);
  CHECK_FALSE(result.imprecise);
  REQUIRE(diag.all().size() == 1);
  const Diagnostic& diagnostic = diag.all()[0];
  CHECK(diagnostic.kind == ErrorKind::kLimit);
  CHECK(diagnostic.message ==
        "`x` takes the remainder of a number with more than 65536 possible values (--max-domain), "
        "and rounding error could change the result");
  CHECK(diagnostic.location.line == 2);
  REQUIRE(diagnostic.notes.size() == 3);
  CHECK(diagnostic.notes[0].message == "`a` has more values than can be listed");
  CHECK(diagnostic.notes[1].message ==
        "`a` cannot be listed: it can be the mean of up to 8 numbers, each one of 8 floats");
  CHECK(diagnostic.notes[1].location.line == 1);
  CHECK_THAT(diagnostic.notes[2].message, Catch::StartsWith("what helps: "));
}

TEST_CASE("users of a refused number do not hide which one it is") {
  const auto [result, diag] = LowerText(
      "a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\nb = a % 0.3;\nx = length * b;",
      LowerOptions{});
  CHECK_FALSE(result.blocks);
  REQUIRE(diag.all().size() == 1);
  CHECK_THAT(diag.all()[0].message, Catch::StartsWith("`b` takes the remainder "));
}

TEST_CASE("a product of numbers that may be too large is refused in either type") {
  const char* program =
      "m = aggregate(select(tokens, \"a\", ==), indices * 10.1);\nfor i in range(12) { m = m * m; "
      "}\nx = m;";
  for (const DType dtype : {DType::kFloat32, DType::kFloat64}) {
    LowerOptions options;
    options.dtype = dtype;
    const auto [result, diag] = LowerText(program, options);
    CHECK_FALSE(result.blocks);
    REQUIRE(result.imprecise);
    CHECK_THAT(result.imprecise->message,
               Catch::Contains("is a product of numbers that may be too large in float"));
    CHECK(result.imprecise->location.line == 2);
  }
}

TEST_CASE("a division by numbers that cannot be listed is refused") {
  const auto [result, diag] =
      LowerText("a = aggregate(select(tokens, \"a\", ==), indices * 0.1 + 1);\nx = indices / a;",
                LowerOptions{});
  CHECK_FALSE(result.blocks);
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].message ==
        "`x` has more values than can be listed, and is not a sum or product of others; the limit "
        "is 65536 (--max-domain)");
}

TEST_CASE("a selector of numbers that cannot be listed is refused") {
  const auto [result, diag] = LowerText(
      "a = aggregate(select(tokens, \"a\", ==), indices * 0.1);\nx = aggregate(select(a, a, ==), "
      "indices);",
      LowerOptions{});
  CHECK_FALSE(result.blocks);
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].message ==
        "`select(a, a, ==)` compares `a`, which has more values than can be listed; the limit is "
        "65536 (--max-domain)");
}

TEST_CASE("values that float32 cannot distinguish are left to float64") {
  const char* program = "x = aggregate(select(tokens, \"a\", ==), indices * 0.1);";
  LowerOptions options;
  options.dtype = DType::kFloat32;
  const auto narrow = LowerText(program, options);
  CHECK_FALSE(narrow.result.blocks);
  REQUIRE(narrow.result.imprecise);
  CHECK(narrow.result.imprecise->kind == ErrorKind::kLimit);
  CHECK(narrow.result.imprecise->message.find("`x` is a number known only to within") == 0);
  CHECK(narrow.result.imprecise->message.find("float32") != std::string::npos);
  CHECK_FALSE(narrow.diag.HasErrors());
  options.dtype = DType::kFloat64;
  CHECK(LowerText(program, options).result.blocks);
}

TEST_CASE("selectors that compare nothing that can be defined together do no harm") {
  // tokens_int is defined for "1" only, the dict for "a" only: no position has both.
  Case program = TextCase(
      "d = {\"a\": 1}[tokens];\nt = tokens_int;\n"
      "s = select(t, t, ==) or select(d, d, <);\nx = aggregate(s, indices);",
      "a1", 4);
  REQUIRE_FALSE(program.diag.HasErrors());
  Diagnostics diag;
  const auto model = Compile(program, diag);
  CHECK((model.has_value() || diag.HasErrors()));
}

// --- Forms and blocks.

TEST_CASE("sums of forms add weights and drop those that cancel") {
  const LinearForm a{{{VariableId{0}, 1.0}, {VariableId{2}, 2.0}}, 5};
  const LinearForm b{{{VariableId{1}, 3.0}, {VariableId{2}, -2.0}}, -1};
  const LinearForm sum = Sum(a, b);
  CHECK(sum == LinearForm{{{VariableId{0}, 1.0}, {VariableId{1}, 3.0}}, 4});
  CHECK(Sum(a, Scaled(a, -1)) == LinearForm{});
  CHECK(Scaled(a, 0).IsConstant());
  CHECK(Scaled(a, 2).constant == 10);
}

TEST_CASE("blocks that the readout does not need are dropped, and nothing else") {
  Blocks blocks;
  blocks.arithmetic = ArithmeticOf(DType::kFloat32);
  for (const char* label : {"used", "unused", "head", "dead head", "piece"}) {
    blocks.variables.emplace_back();
    blocks.variables.back().label = label;
  }
  HeadBlock head;
  head.channels.push_back({LinearForm::Of(VariableId{0}), 1, VariableId{2}});
  head.channels.push_back({LinearForm::Of(VariableId{1}), 1, VariableId{3}});
  blocks.heads.push_back(head);
  MlpBlock mlp;
  mlp.neurons.push_back(LinearForm::Of(VariableId{2}));
  mlp.outputs.push_back({VariableId{4}, 0, {{0, 1.0}}});
  blocks.mlps.push_back(mlp);
  blocks.readouts.push_back(LinearForm::Of(VariableId{4}));
  // The certificate says nothing about decisions that the model does not contain.
  for (const std::int32_t decided : {3, 4}) blocks.margins.push_back({{}, VariableId{decided}, {}});
  blocks.margins.push_back({{"scores", 0, 1}, {}, 0});
  blocks.margins.push_back({{"output", 0, 1}, {}, {}});

  const Blocks pruned = WithoutDeadBlocks(blocks);
  REQUIRE(pruned.variables.size() == 3);
  CHECK(pruned.variables[1].label == "head");
  REQUIRE(pruned.heads.size() == 1);
  REQUIRE(pruned.heads[0].channels.size() == 1);
  CHECK(pruned.heads[0].channels[0].value == LinearForm::Of(VariableId{0}));
  CHECK(pruned.heads[0].channels[0].output == VariableId{1});
  CHECK(pruned.mlps.size() == 1);
  CHECK(pruned.readouts[0] == LinearForm::Of(VariableId{2}));
  REQUIRE(pruned.margins.size() == 3);
  CHECK(pruned.margins[0].variable == VariableId{2});
  CHECK(pruned.margins[1].label == "scores");
  CHECK(pruned.margins[2].label == "output");

  blocks.readouts[0] = LinearForm::Constant(3);
  const Blocks nothing = WithoutDeadBlocks(blocks);
  CHECK(nothing.variables.empty());
  CHECK(nothing.heads.empty());
  CHECK(nothing.mlps.empty());
  REQUIRE(nothing.margins.size() == 1);
  CHECK(nothing.margins[0].label == "output");
}

// --- Sizes that should not grow again.

struct SizeRow {
  const char* program;
  int num_heads, num_pieces, num_layers;
};

TEST_CASE("an order that a causal mask implies costs nothing") {
  for (const char* order : {"select(indices, indices, <=)", "select(indices, indices + 1, <)",
                            "select(-1 * indices, 0 - indices, >=)", "select(0, indices, <=)",
                            "(select(indices, indices, <=) or select(tokens, \"b\", ==))"}) {
    const std::string text =
        std::string("x = selector_width(select(tokens, \"a\", ==) and ") + order + ");";
    Case program = TextCase(text, "ab", 64);
    program.settings.causal = true;
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    INFO(text << Render(diag));
    REQUIRE(stages);
    INFO(ToText(stages->blocks));
    CHECK(stages->blocks.heads.size() == 1);
    CHECK(stages->blocks.heads[0].terms.size() == 1);
  }
  // One that it does not imply is not left out.
  Case program = TextCase(
      "x = selector_width(select(tokens, \"a\", ==) and select(indices, indices, <));", "ab", 64);
  program.settings.causal = true;
  Diagnostics diag;
  const auto stages = RunStages(program, diag);
  REQUIRE(stages);
  CHECK(stages->blocks.heads.size() > 1);
}

TEST_CASE("cheap programs stay cheap") {
  const SizeRow row = GENERATE(
      SizeRow{"x = indices * 2 + 1;", 0, 0, 0}, SizeRow{"x = tokens == \"a\";", 0, 0, 0},
      // One head each: a gather of anything, a mean, whether a row is empty.
      SizeRow{"x = aggregate(select(indices, indices - 1, ==), tokens, \"-\");", 1, 0, 1},
      SizeRow{"x = aggregate(select(indices, indices - 1, ==), tokens, \"-\") == \"a\";", 1, 0, 1},
      SizeRow{"x = has_focus(select(tokens, tokens, !=));", 1, 1, 1},
      // Every query finds its key, so the length need not be squared; and a width that is
      // compared with the position not even be a number.
      SizeRow{"x = aggregate(select(indices, length - 1 - indices, ==), tokens);", 2, 1, 2},
      SizeRow{"w = selector_width(select(tokens, tokens, ==));\n"
              "x = aggregate(select(indices + 1, w, ==), tokens);",
              2, 0, 2},
      // The value at the last marked position: both counts, with their squares, and a gather.
      SizeRow{"m = select(tokens, \"a\", ==);\n"
              "n = selector_width(select(indices, indices, <=) and m);\n"
              "b = selector_width(select(indices, indices, <) and m);\n"
              "x = aggregate(select(n, b, ==) and m and select(indices, indices, <), indices, -1);",
              3, 4, 2},
      // A function of a function of a count is one MLP segment, however its values are renamed in
      // between.
      SizeRow{"w = selector_width(select(tokens, tokens, ==)) % 3;\n"
              "s = [\"p\", \"q\", \"r\"][w];\nt = s + \"-\";\n"
              "x = {\"p-\": 1, \"q-\": 2, \"r-\": 0}[t];",
              1, 1, 1},
      // A width is a head and an MLP segment; a function of it is also one segment.
      SizeRow{"x = selector_width(select(tokens, tokens, ==));", 1, 1, 1},
      SizeRow{"x = selector_width(select(tokens, tokens, ==)) % 2;", 1, 1, 1},
      // Two means over one selector are two channels of one head, and a comparison of sums one
      // step.
      SizeRow{"a = aggregate(full_s, indicator(tokens == \"a\"));\n"
              "b = aggregate(full_s, indicator(indices == 0));\nx = a > b;",
              1, 1, 1});
  const Case program = TextCase(row.program, "ab", 8);
  Diagnostics diag;
  const auto stages = RunStages(program, diag);
  INFO(row.program << Render(diag));
  REQUIRE(stages);
  INFO(ToText(stages->blocks));
  CHECK(static_cast<int>(stages->blocks.heads.size()) == row.num_heads);
  CHECK(static_cast<int>(stages->blocks.mlps.size()) == row.num_pieces);
  CHECK(stages->schedule.num_layers == row.num_layers);
}

}  // namespace
}  // namespace raspc
