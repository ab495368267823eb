// Programs that compare, round, choose between and select on numbers that are too many to list:
// means, their sums, differences, products and quotients.
#include <catch2/catch.hpp>
#include <string>

#include "tests/compiler/backend_testing.h"
#include "tests/compiler/check_random_program.h"

namespace raspc {
namespace {

struct Row {
  const char* vocab;
  const char* statements;     // of which x is compiled
  bool can_be_causal = true;  // not where m differs from position to position
};

constexpr const char* kDigits = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
constexpr const char* kAbc = R"(["a", "b", "c"])";

// Beyond what lists hold, except in slow builds.
constexpr int kLength = kIsFastBuild ? 64 : 16;

const Row kRows[] = {
    {R"(["a", "|"])", "x = round(aggregate(select(tokens, \"|\", ==), indices));"},
    {R"(["a", "|"])", "x = aggregate(select(tokens, \"|\", ==), indices) > indices;"},
    {R"(["a", "|"])",
     "m = aggregate(select(tokens, \"|\", ==), indices);\n"
     "x = selector_width(select(indices, m, <));"},
    {R"(["a", "|"])",
     "m = aggregate(select(tokens, \"|\", ==), indices);\n"
     "x = aggregate(select(indices, m, ==), tokens, \"\");"},
    {kAbc,
     "x = aggregate(select(tokens, \"a\", ==), indices) > "
     "aggregate(select(tokens, \"b\", ==), indices);"},
    {R"(["a", "b", "c", "d"])",
     "a = aggregate(select(tokens, \"a\", ==), indices);\n"
     "b = aggregate(select(tokens, \"b\", ==), indices);\n"
     "x = a if indices == 2 else b;"},
    {R"(["a", "b"])",
     "m = aggregate(select(tokens, \"a\", ==), indices, 50);\n"
     "x = aggregate(select(1, 1, ==), m) == 3;",
     false},
    {kAbc,
     "m = aggregate(select(tokens, \"a\", ==), indices, 50);\n"
     "first = selector_width(select(indices, indices, >) and select(m, m, ==)) == 0;\n"
     "x = aggregate(select(first, True, ==), m) == 3;",
     false},
    {kAbc,
     "a = count(tokens, \"a\");\nb = count(tokens, \"b\");\nc = count(tokens, \"c\");\n"
     "x = a if indices % 3 == 0 else (b if indices % 3 == 1 else c);"},
    {R"(["a", "b"])",
     "a = count(tokens, \"a\");\nb = count(tokens, \"b\");\nx = (a if a > b else b) / length;"},
    {R"(["a", "b", "c", "$"])",
     "d = aggregate(select(tokens, \"$\", ==), indices);\n"
     "near = select(indices, d, <=) and select(indices, indices, ==);\n"
     "back = select(indices, d, <) and select(indices, d * 2 - indices, ==);\n"
     "x = aggregate(near or back, tokens, \"\");"},
    {"[1, 2, 3, 7]", "x = tokens_int > average(tokens_int);"},
    {kDigits, "x = round(average(tokens_int));"},
    {R"v(["(", ")"])v",
     "up = select(indices, indices, <=);\n"
     "a = aggregate(up, indicator(tokens == \"(\")) - aggregate(up, indicator(tokens == \")\"));\n"
     "x = a < 0;"},
    {"[0.1, 0.2, 0.3, 0.7]", "m = average(tokens_float);\nx = m if length > 2 else 0;"},
    {kDigits, "x = average((indices + 1) * tokens_int) / average(indices + 1) > 4.5;"},
    {kDigits,
     "o = aggregate(select(indices, indices + 1, ==), tokens_int, 0);\n"
     "x = round(average(o * tokens_int) * length);"},
    {kAbc,
     "x = count(tokens, \"a\") / length > count(tokens, \"b\") / (count(tokens, \"c\") + 1);"},
};

CheckOutcome Check(const Row& row, int max_length, const std::string& directives) {
  return CheckProgram("#@ vocab: " + std::string(row.vocab) +
                          "\n#@ max_length: " + std::to_string(max_length) + "\n#@ output: x\n" +
                          directives + row.statements + "\n",
                      {}, kIsFastBuild ? 3 : 2);
}

TEST_CASE("numbers that cannot be listed are compared, rounded, chosen and selected on") {
  for (const Row& row : kRows) {
    for (const char* directives :
         {"", "#@ target: masked\n", "#@ causal: true\n#@ target: decoder\n"}) {
      if (!row.can_be_causal && std::string(directives).find("causal") != std::string::npos) {
        continue;
      }
      INFO(row.statements << "\n" << directives);
      const CheckOutcome outcome = Check(row, kLength, directives);
      INFO(outcome.fault << ": " << outcome.detail);
      CHECK(outcome.kind == CheckOutcome::Kind::kAgrees);
      CHECK(outcome.compared > 0);
    }
  }
}

// Gathered from one part of the selector or the other, every row would have a value.
TEST_CASE("a program that is lowered in parts still warns where it fails itself") {
  const CheckOutcome outcome =
      Check({R"(["a", "b"])",
             "s = select(indices, length - 1 - indices, ==) or select(indices, indices, ==);\n"
             "x = aggregate(s, tokens);"},
            kLength, "");
  INFO(outcome.fault << ": " << outcome.detail);
  CHECK(outcome.kind == CheckOutcome::Kind::kAgrees);
  CHECK(outcome.skipped > 0);
  CHECK(outcome.shown == 1);
}

TEST_CASE("a tie that the rounding of floats decides is refused") {
  for (const Row& row : {Row{"[0.1, 0.2, 0.3, 0.7]", "x = tokens_float > average(tokens_float);"},
                         Row{kDigits,
                             "x = average(indices * tokens_int) > average(indices) * "
                             "average(tokens_int);"}}) {
    INFO(row.statements);
    CHECK(Check(row, 64, "").kind == CheckOutcome::Kind::kRefused);
  }
}

}  // namespace
}  // namespace raspc
