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
