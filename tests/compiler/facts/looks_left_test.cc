// Programs whose selectors are known to look left are the same under a causal mask, and no
// comparison of positions that looks left is missed.
#include "compiler/facts/looks_left.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "compiler/interpret/interpret.h"
#include "compiler/verify/verify.h"
#include "compiler/domains/infer_domains.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

// The name of the selector that may look right, or nothing.
std::string MayLookRight(const Case& program) {
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  const CompileScope scope{*program.settings.vocab, *program.settings.max_length, 65536, false};
  Diagnostics diag;
  const Domains domains = InferDomains(simplified.graph, scope, diag);
  const auto selector = WhatMayLookRight(simplified.graph, domains);
  return selector ? simplified.graph.Describe(*selector) : "";
}

std::string ValuesOn(const Case& program, const std::vector<Atom>& input, bool causal) {
  Diagnostics diag;
  Interpreter interpreter(program.graph, input, causal);
  const NodeValue* value = interpreter.Evaluate(program.output, diag);
  return value != nullptr ? ToJson(std::get<SOpValues>(*value)) : "failed";
}

bool IsSameCausally(const Case& program, std::int64_t most) {
  bool is_same = true;
  ForEachInput(*program.settings.vocab, 1, most, [&](const std::vector<Atom>& input) {
    is_same = ValuesOn(program, input, false) == ValuesOn(program, input, true);
    return is_same;
  });
  return is_same;
}

struct LeftRow {
  std::string program, may_look_right;
};

TEST_CASE("a selector that may look right is found and named as the program names it") {
  const auto row = GENERATE(values<LeftRow>({
      {"x = selector_width(select(indices, indices, <=));", ""},
      {"x = aggregate(select(indices, indices - 1, ==), tokens, \"\");", ""},
      {"up = select(indices, indices, <=);\n"
       "x = aggregate(up and select(tokens, \"a\", ==), indices);",
       ""},
      {"x = aggregate(not select(indices, indices, >), indices);", ""},
      {"x = selector_width(not select(indices, indices, >) or select(indices, 0, ==));", ""},
      {"x = aggregate(select(indices, 0, ==), tokens);", ""},
      {"x = aggregate(select(indices, round(indices / 2), ==), tokens);", ""},
      {"n = selector_width(select(tokens, \"a\", ==) and select(indices, indices, <));\n"
       "x = aggregate(select(indices, n, <), indices);",
       ""},
      {"x = tokens if indices > 2 else \"b\";", ""},
      {"same = select(tokens, tokens, ==); x = selector_width(same);", "same"},
      {"x = selector_width(select(tokens, tokens, ==));", "select(tokens, tokens, ==)"},
      {"x = aggregate(select(indices, 1, ==), tokens, \"\");", "select(indices, 1, ==)"},
      {"next = select(indices, indices + 1, ==); x = aggregate(next, tokens, \"\");", "next"},
      {"half = select(indices, indices * 2, <=); x = aggregate(half, indices);", "half"},
      {"x = indices / length;", "length"},
      {"x = aggregate(full_s, indices);", "x"},
      // What the output does not need does not count.
      {"y = selector_width(select(tokens, tokens, ==)); x = indices;", ""},
  }));
  INFO(row.program);
  const Case program = TextCase(row.program, "ab", 6);
  CHECK(MayLookRight(program) == row.may_look_right);
  if (row.may_look_right.empty()) CHECK(IsSameCausally(program, 6));
}

TEST_CASE("of comparisons of positions exactly those that look left are known to") {
  constexpr std::int64_t kLength = 5;
  const std::vector<std::string> sides = {"indices",     "indices + 1", "indices - 2",    "2",
                                          "0 - indices", "2 * indices", "indices % 3",    "0",
                                          "indices / 2", "4 - indices", "round(indices / 2)"};
  int num_left = 0, num_programs = 0;
  for (const std::string& key : sides) {
    for (const std::string& query : sides) {
      for (const char* op : {"==", "!=", "<", "<=", ">", ">="}) {
        const Case program =
            TextCase(fmt::format("s = select({}, {}, {});\nx = aggregate(s, indices, -1);", key,
                                 query, op),
                     "a", kLength);
        bool looks_left = true;
        Interpreter interpreter(program.graph, CodePoints("aaaaa"), false);
        Diagnostics diag;
        const auto& aggregate = std::get<AggregateNode>(program.graph[program.output].kind);
        const auto& rows = std::get<SelectorRows>(*interpreter.Evaluate(aggregate.selector, diag));
        for (int q = 0; q < kLength; ++q) {
          for (int k = q + 1; k < kLength; ++k) looks_left = looks_left && !rows.At(q, k);
        }
        INFO(program.name);
        CHECK(MayLookRight(program).empty() == looks_left);
        num_left += looks_left;
        ++num_programs;
      }
    }
  }
  CHECK(num_programs == 726);
  CHECK(num_left > 50);
  CHECK(num_left < 600);
}

TEST_CASE("every program whose selectors look left is the same causally") {
  int num_left = 0;
  for (const Case& program : ProgramCases(6)) {
    if (program.IsCausal() || !MayLookRight(program).empty()) continue;
    INFO(program.name);
    ++num_left;
    RandomInputs random(*program.settings.vocab, 6, 1);
    for (int i = 0; i < 40; ++i) {
      const std::vector<Atom> input = random.Next();
      CHECK(ValuesOn(program, input, false) == ValuesOn(program, input, true));
    }
  }
  CHECK(num_left > 0);
}

TEST_CASE("a program that looks left compiles for a decoder and is exact as it is evaluated") {
  Case program = TextCase(
      "before = select(indices, indices, <);\n"
      "n = selector_width(before and select(tokens, tokens, ==));\n"
      "x = n + aggregate(select(indices, indices - 1, ==), indices, 7);",
      "ab", 5);
  program.settings.target = Target::kDecoder;
  Diagnostics diag;
  const auto model = Compile(program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  CHECK(model->target == Target::kDecoder);
  CHECK(model->causal);
  LoadedProgram loaded;
  loaded.traced.graph = program.graph;
  loaded.output = program.output;
  loaded.evaluation = program.Evaluation();
  CHECK_FALSE(loaded.evaluation.causal);
  VerifyPlan plan;
  plan.exhaustive_length = 5;
  const auto report = Verify(loaded, *model, plan, diag);
  REQUIRE(report);
  CHECK(report->compared == 62);
  CHECK(report->differing == 0);
}

TEST_CASE("a program that may look right is refused for a decoder, and the selector is named") {
  Case program = TextCase("same = select(tokens, tokens, ==);\nx = selector_width(same);", "ab", 5);
  program.settings.target = Target::kDecoder;
  Diagnostics diag;
  CHECK_FALSE(Compile(program, diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].kind == ErrorKind::kInput);
  CHECK(diag.all()[0].location.line == 1);
  CHECK(diag.all()[0].message ==
        "a decoder is causal, but `same` may select a later position; add --causal, or choose "
        "--target encoder");
  program.settings.causal = true;
  Diagnostics causal;
  CHECK(Compile(program, causal));
}

}  // namespace
}  // namespace raspc
