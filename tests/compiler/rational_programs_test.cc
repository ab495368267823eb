// Programs that float arithmetic refuses because only rounding decides a tie: in rational
// arithmetic they compile, and agree with the interpreter.
#include <catch2/catch.hpp>
#include <string>

#include "compiler/compile.h"
#include "compiler/load/load_program.h"
#include "compiler/verify/verify.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

struct Row {
  const char* vocab;
  int exhaustive_length;  // ten tokens have many inputs
  const char* statements;
};

constexpr Row kRows[] = {
    {"[0.1, 0.2, 0.3, 0.7]", 5, "x = tokens_float > average(tokens_float);"},
    {"[0.1, 0.2, 0.3, 0.7]", 5,
     "up = select(indices, indices, <=);\nv = aggregate(up, tokens_float);\n"
     "x = v if v != tokens_float else indices;"},
    {"\"abc\"", 5,
     "fa = count(tokens, \"a\") / length;\nfb = count(tokens, \"b\") / length;\n"
     "x = fa - fb > 0.2;"},
    {"\"abc\"", 5,
     "f = selector_width(select(tokens, tokens, ==)) / length;\nx = average(f) > 0.5;"},
    {"\"0123456789\"", 4,
     "x = average(indices * tokens_int) > average(indices) * average(tokens_int);"},
    {"\"0123456789\"", 4, "m = average(tokens_int);\nx = average((tokens_int - m) ^ 2) > 4;"},
    {"\"0123456789\"", 4,
     "up = select(indices, indices, <=);\n"
     "x = aggregate(up, tokens_int) / (average(tokens_int) + 1) > 0.5;"},
};

std::string TextOf(const Row& row) {
  return std::string("#@ vocab: ") + row.vocab + "\n#@ max_length: 64\n" + row.statements + "\n";
}

std::optional<LoadedProgram> Load(const std::string& text, ArithmeticKind arithmetic,
                                  Diagnostics& diag) {
  LoadOptions options;
  options.overrides.arithmetic = arithmetic;
  return LoadProgram(std::make_shared<const SourceText>("test.rasp", text), options, diag);
}

// The divisors are means with too many values to list.
constexpr Row kQuotients[] = {
    {"\"0123456789\"", 4,
     "up = select(indices, indices, <=);\n"
     "x = aggregate(up, tokens_int) / (average(tokens_int) + 1) > 0.5;"},
    {"\"012\"", 4,
     "up = select(indices, indices, <=);\nm = aggregate(up, tokens_int);\n"
     "x = 3 / (-1 - average(tokens_int)) <= tokens_int / (-m - 2);"},
    {"\"012\"", 4, "m = average(tokens_int);\nx = tokens_int / m == 2;"},
};

void CheckInRational(const Row& row, std::int64_t max_domain, bool may_fail) {
  INFO(TextOf(row));
  Diagnostics diag;
  auto program = Load(TextOf(row), ArithmeticKind::kRational, diag);
  REQUIRE(program);
  program->settings.max_domain = max_domain;
  const auto model = Compile(*program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  CHECK(model->arithmetic == ArithmeticKind::kRational);
  VerifyPlan plan;
  plan.exhaustive_length = kIsFastBuild ? row.exhaustive_length : 3;
  plan.random_count = kIsFastBuild ? 300 : 20;
  const auto report = Verify(*program, *model, plan, diag);
  REQUIRE(report);
  CHECK(report->differing == 0);
  CHECK(report->compared > 0);
  if (!may_fail) CHECK(report->skipped == 0);
}

TEST_CASE("quotients by numbers without a list are compared in rational arithmetic") {
  for (const Row& row : kQuotients) CheckInRational(row, 64, true);
}

TEST_CASE("programs with ties that only rounding decides compile in rational arithmetic") {
  for (const Row& row : kRows) CheckInRational(row, 65536, false);
}

TEST_CASE("in float arithmetic they are refused, and the refusal names the way out") {
  for (const Row& row : kRows) {
    INFO(TextOf(row));
    Diagnostics diag;
    const auto program = Load(TextOf(row), ArithmeticKind::kFloat, diag);
    REQUIRE(program);
    REQUIRE_FALSE(Compile(*program, diag));
    INFO(Render(diag));
    CHECK(Render(diag).find("--arithmetic rational") != std::string::npos);
  }
}

// Values that no fraction describes, and too many to list.
TEST_CASE("a refusal that rational arithmetic would not prevent does not name it") {
  const std::string text =
      "#@ vocab: [0.12345, 1.5, 2.25]\n#@ max_length: 64\n"
      "x = average(tokens_float ^ tokens_float) > 2;\n";
  Diagnostics diag;
  const auto program = Load(text, ArithmeticKind::kFloat, diag);
  REQUIRE(program);
  REQUIRE_FALSE(Compile(*program, diag));
  INFO(Render(diag));
  CHECK(Render(diag).find("--arithmetic") == std::string::npos);
}

}  // namespace
}  // namespace raspc
