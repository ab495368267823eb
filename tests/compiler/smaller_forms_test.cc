// The constructions that make kinds of programs small: each is exact at lengths where it is used,
// in every architecture, and the models are as small as they should be.
#include <catch2/catch.hpp>
#include <string>

#include "tests/compiler/backend_testing.h"
#include "tests/compiler/check_random_program.h"

namespace raspc {
namespace {

struct Row {
  const char* vocab;
  const char* statements;
  std::int64_t most_parameters;  // of an encoder for 64 tokens
};

constexpr const char* kDigits = R"("0123456789")";

const Row kRows[] = {
    // Sums modulo a constant: negative numbers, products, nested remainders, choices.
    {kDigits, "x = round(length * average((indices + 1) * (tokens_int - 5))) % 11;", 60'000},
    {kDigits,
     "s = round(length * average(tokens_int * 20));\n"
     "x = (3 * s - 7 * indices * s + 100) % 13 == 0;",
     60'000},
    {kDigits,
     "up = select(indices, indices, <=);\n"
     "s = round((indices + 1) * aggregate(up, 50 * tokens_int));\n"
     "x = (s if tokens_int > 3 else 2 * s) % 7;",
     60'000},
    // Orders on pairs, with either sign, of three terms, and not quite an order.
    {R"("abc")",
     "n = selector_width(select(tokens, tokens, ==));\nkey = 100 * n - indices;\n"
     "x = selector_width(select(key, key, >=));",
     140'000},
    {R"("abc")",
     "n = selector_width(select(tokens, tokens, ==));\nkey = indices - n * 70 + 3;\n"
     "x = aggregate(select(key, key, ==), indices);",
     100'000},
    {R"("012")",
     "n = selector_width(select(tokens, tokens, ==));\n"
     "key = 1000 * n + 100 * tokens_int - indices;\nx = selector_width(select(key, key, <));",
     140'000},
    {R"("012")", "key = 10 * tokens_int + indices;\nx = selector_width(select(key, key, <));",
     200'000},
    // Whether a row is empty: by the extreme, in parts, and beside other conditions.
    {R"("abc")",
     "n = selector_width(select(tokens, tokens, ==));\n"
     "a = has_focus(select(n, n, >));\nb = has_focus(select(n, n - 1, <=));\n"
     "x = \"both\" if a and b else (\"above\" if a else (\"below\" if b else \"none\"));",
     20'000},
    {kDigits, "x = selector_width(select(tokens_int, 2 * tokens_int - 3, >)) == 0;", 20'000},
    {R"("ab")",
     "n = selector_width(select(tokens, tokens, ==) and select(indices, indices, <));\n"
     "x = 0 < selector_width(select(n, n, >) and select(indices, indices, <));",
     350'000},
    {R"("ab")", "x = has_focus(select(tokens, tokens, !=) and select(indices, indices, >));",
     20'000},
    // Counts and sums over blocks of positions, some of which select nothing.
    {R"("ab")",
     "late = select(indices, indices - 5, <=);\n"
     "x = selector_width(late and select(tokens, \"a\", ==));",
     20'000},
    {R"("ab")",
     "late = select(indices, indices, >);\n"
     "x = selector_width(late and select(tokens, \"a\", ==));",
     40'000},
    {kDigits,
     "far = select(2 * indices, indices, <);\n"
     "n = selector_width(far);\nx = round(n * aggregate(far, tokens_int * tokens_int));",
     100'000},
    // Remainders by the length.
    {R"("abc")",
     "n = count(tokens, \"a\");\nx = aggregate(select(indices, (indices - n) % length, ==), "
     "tokens);",
     40'000},
    {R"("abc")",
     "n = count(tokens, \"a\");\nm = count(tokens, \"b\");\n"
     "x = aggregate(select(indices, (indices + n - m + 1) % length, ==), tokens);",
     60'000},
    {R"("abc")", "n = count(tokens, \"a\");\nx = (n + length) % (length + 1);", 40'000},
};

CheckOutcome Check(const Row& row, int max_length, const std::string& directives) {
  return CheckProgram("#@ vocab: " + std::string(row.vocab) +
                          "\n#@ max_length: " + std::to_string(max_length) + "\n#@ output: x\n" +
                          directives + row.statements + "\n",
                      {}, 2);
}

TEST_CASE("forms that need no lists are exact") {
  for (const Row& row : kRows) {
    for (const char* directives : {"", "#@ target: masked\n", "#@ causal: true\n"}) {
      INFO(row.statements << "\n" << directives);
      const CheckOutcome outcome = Check(row, kIsFastBuild ? 41 : 18, directives);
      INFO(outcome.fault << ": " << outcome.detail);
      CHECK(outcome.kind == CheckOutcome::Kind::kAgrees);
      CHECK(outcome.compared > 0);
    }
  }
}

std::optional<Model> CompileRow(const Row& row, std::int64_t max_length, Diagnostics& diag) {
  LoadOptions options;
  options.overrides.max_length = max_length;
  options.overrides.target = Target::kEncoder;
  const auto source = std::make_shared<const SourceText>(
      "row.rasp", "#@ vocab: " + std::string(row.vocab) + "\n#@ output: x\n" + row.statements);
  const auto loaded = LoadProgram(source, options, diag);
  if (!loaded) return std::nullopt;
  return Compile(*loaded, diag);
}

TEST_CASE("forms that need no lists are small") {
  if (!kIsFastBuild) return;
  for (const Row& row : kRows) {
    INFO(row.statements);
    Diagnostics diag;
    const auto model = CompileRow(row, 64, diag);
    INFO(Render(diag));
    REQUIRE(model);
    CHECK(SizesOf(*model).parameters <= row.most_parameters);
  }
}

TEST_CASE("the width of a model for an order on counts hardly grows with the length") {
  const std::string path = std::string(RASPC_SOURCE_DIR) + "/programs/most_frequent.rasp";
  const std::int64_t longest = kIsFastBuild ? 512 : 64;
  LoadOptions options;
  options.overrides.max_length = longest;
  Diagnostics diag;
  const auto program = LoadProgram(path, options, diag);
  REQUIRE(program);
  const auto model = Compile(*program, diag);
  REQUIRE(model);
  CHECK(SizesOf(*model).d_model <= 40);
  CHECK(SizesOf(*model).parameters <= 200 * longest);
}

}  // namespace
}  // namespace raspc
