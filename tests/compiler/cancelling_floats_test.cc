// Programs in which floats cancel: the language rounds after every operation, so that adding a
// number and subtracting it again has an effect. The weights must give the resulting float, and so
// must anything that compares, rounds or gathers it.
#include <catch2/catch.hpp>

#include "tests/compiler/check_random_program.h"

namespace raspc {
namespace {

struct Row {
  const char* vocab;
  int max_length;
  const char* statements;  // of which x is compiled
};

constexpr Row kRows[] = {
    {R"(["a", "b"])", 4, "n = count(tokens, \"a\");\nx = (n + 0.1) - n;"},
    {"[0.3, 3.75]", 3, "x = (indices + tokens_float) - tokens_float;"},
    {"[1e16, 1.5]", 4, "x = (indices + tokens_float) - tokens_float;"},
    {"[1e16, 1.5]", 4, "x = round((indices + tokens_float) - tokens_float);"},
    {"[0.3]", 3, "b = 1000000000000000 * indices;\nx = (tokens_float + b) - b == 0.3;"},
    {R"(["a", "b"])", 4,
     "n = indices * 1000000000000000;\nh = 0.3 if tokens == \"a\" else 0.7;\n"
     "x = round(((h + n) - n) * 100);"},
    {"[1, 2, 5]", 4, "y = (tokens_float + length) / 7 - 3;\nx = (y + 0.3 - y) < 0.3;"},
    {"[1, 2, 5]", 4, "y = (tokens_float + length) / 7 - 3;\nx = y - (y - 0.1) == 0.1;"},
    {"[1, 2, 5]", 4, "y = (tokens_float + length) / 7 - 3;\nx = 1 if y + 0.1 - y > 0.1 else 0;"},
};

// Of all that may be selected one huge number is left; where nothing is, a small one, which a
// weight made of both would lose.
TEST_CASE("a mean that is one huge number or a small one is right or refused") {
  const CheckOutcome outcome = CheckProgram(
      "#@ vocab: [0.0, 0.1]\n#@ max_length: 4\n#@ output: x\n"
      "s = select(1 / (indices + 1) - tokens_float, 1 / (indices + 1), ==);\n"
      "x = aggregate(s, 4611686018427387904 - (3.3 - length), 0.1);\n",
      {}, 4);
  INFO(outcome.fault << ": " << outcome.detail);
  CHECK(outcome.kind == CheckOutcome::Kind::kRefused);
}

// Not even a sum of weights may overflow where the numbers do not.
TEST_CASE("numbers up to the largest float do not drown the small ones") {
  const std::string huge = "9" + std::string(307, '0') + ".0";
  const std::string text = "#@ vocab: [1.0, 0.1]\n#@ max_length: 4\n#@ output: x\nv = [" + huge +
                           ", 3, 1" + std::string(307, '0') +
                           ".0][indices % 3];\nx = min(tokens_float, v);\n";
  INFO(text);
  const CheckOutcome outcome = CheckProgram(text, {}, 4);
  INFO(outcome.fault << ": " << outcome.detail);
  CHECK(outcome.kind == CheckOutcome::Kind::kAgrees);
  CHECK(outcome.compared > 0);
}

TEST_CASE("floats that cancel are the language's floats") {
  for (const Row& row : kRows) {
    const std::string text = std::string("#@ vocab: ") + row.vocab +
                             "\n#@ max_length: " + std::to_string(row.max_length) +
                             "\n#@ output: x\n" + row.statements + "\n";
    INFO(text);
    const CheckOutcome outcome = CheckProgram(text, {}, row.max_length);
    INFO(outcome.fault << ": " << outcome.detail);
    CHECK(outcome.kind == CheckOutcome::Kind::kAgrees);
    CHECK(outcome.compared > 0);
  }
}

}  // namespace
}  // namespace raspc
