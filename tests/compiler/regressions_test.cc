// Programs that once compiled to wrong weights, mostly found and shrunk by random_programs_test.cc.
// Each is compared with the interpreter in the same way.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/compiler/check_random_program.h"

namespace raspc {
namespace {

struct Regression {
  const char* about;
  const char* vocab;
  int max_length;
  const char* sop;  // the expression to compile
  const char* directives = "";
  std::int64_t max_domain = 65536;
};

constexpr Regression kRegressions[] = {
    // An aggregate whose default, single values and means are equal numbers of different types.
    {"the int 0 by default, 0.0 as a mean", R"(["d"])", 2, "aggregate(full_s, 0.0)"},
    {"the int 0 by default, 0.0 alone", "[1.0]", 1,
     "aggregate(select(indices, length, >=), indices / 2)"},
    {"a mean that is also the default", R"(["a", 1])", 3,
     "aggregate(select(tokens, tokens, ==), indices, 1.5)"},
    {"a mean that is also a single value", "[true]", 2, "aggregate(full_s, average(0.5), -1)"},
    {"a mean that is also a single value, added to", R"(["a", "b"])", 2,
     "indices + sort(1 ^ indices, tokens_asis)", "#@ causal: true\n", 3000},
    {"a bool by default", R"(["a", "b"])", 4,
     "aggregate(select(tokens, \"b\", ==), indices, True)"},
    {"bools, ints and means", R"(["a", "b"])", 3,
     "aggregate(select(tokens, tokens, ==), shift(tokens == \"a\", 1, 1))"},
    // This took forever.
    {"a width over an `or` of one selector twice", R"(["a", "b"])", 5,
     "selector_width((select(tokens, \"a\", ==) and (select(indices, indices, >) or "
     "select(tokens, tokens, >=))) or (select(tokens, \"a\", ==) and (select(indices, indices, >) "
     "or select(tokens, tokens, >=))))"},
    {"a width over an `or` of `and`s of `or`s", R"(["a", "b"])", 5,
     "selector_width((select(tokens, \"a\", ==) and (select(indices, indices, >) or "
     "select(tokens, tokens, >=))) or (select(tokens, \"b\", ==) and (select(indices, indices, >=) "
     "or select(tokens, tokens, !=))) or (select(tokens, tokens, <) and (select(indices, 1, ==) or "
     "select(2, indices, >=))))"},
    // Strings together with numbers.
    {"means with a string by default", "[1, 2]", 4,
     "aggregate(select(tokens, 2, ==), indices, \"none\")"},
    {"means of unlisted floats with a string by default", "[0.1, 0.7]", 3,
     "aggregate(select(tokens_float, 0.1, ==), tokens_float * 0.3, \"none\")"},
    {"numbers that can be averaged beside strings that cannot", R"(["b"])", 2,
     "aggregate(full_s, aggregate(select(indices, aggregate(select(indices, indices - 2, ==), 0, 3)"
     ", ==), tokens), \"a\")"},
    {"a function of means and strings", R"(["b", 1])", 3,
     "aggregate(select(tokens_asis, 1, ==), indices, \"b\") == tokens_asis"},
    // Sums.
    {"a running balance", "[1, -1]", 8,
     "round((indices + 1) * aggregate(select(indices, indices, <=), tokens_int))"},
    {"a running sum of running sums", "[2, 3, -7]", 5,
     "round((indices + 1) * aggregate(select(indices, indices, <=), round((indices + 1) * "
     "aggregate(select(indices, indices, <=), tokens_int))))"},
    {"a sum over an `or`, causally", "[0, 5, 6]", 5,
     "round(selector_width(select(tokens, tokens, ==) or select(tokens, tokens, <)) * "
     "aggregate(select(tokens, tokens, ==) or select(tokens, tokens, <), tokens_int))",
     "#@ causal: true\n"},
    {"the value of a binary number", R"(["0", "1"])", 8,
     "round(length * aggregate(full_s, indicator(tokens == \"1\") * 2 ^ (length - 1 - indices)))"},
    {"a sum of multiples, compared with the position", "[0, 10, 30]", 6,
     "round(length * aggregate(full_s, tokens_int)) / 10 > indices"},
    // Values that are known only from all inputs.
    {"a remainder of means of means", R"(["a", "b"])", 7,
     "aggregate(select(tokens, tokens, ==), aggregate(select(indices, indices, <=), indicator("
     "tokens == \"a\"))) % 0.5"},
    {"a comparison of means of floats", "[0.1, 0.7, -0.3]", 5,
     "aggregate(select(indices, indices, >=), tokens_float) > 0.15"},
    {"a selector of means of floats, causally", "[0.1, 0.7]", 6,
     "aggregate(select(average(tokens_float), 0.45, <), indices, 9)", "#@ causal: true\n"},
    {"a lookup of a product that cannot be listed itself", "[0.1, 0.7]", 4,
     "(aggregate(select(indices, indices, >=), tokens_float) * length)[1] > 1", "", 30},
    // Products.
    {"a variance, of more squares than may be listed", "[-20, 3, 10, 30]", 32,
     "average((tokens_int - average(tokens_int)) * (tokens_int - average(tokens_int)))"},
    {"a product of means of floats", "[0.1, 0.7, -3.3]", 6,
     "average(tokens_float) * aggregate(select(indices, indices, <=), tokens_float) - 1"},
    {"a product of means and lone ints", "[5, 11]", 5,
     "aggregate(select(tokens, 5, ==), indices * 7) * aggregate(select(tokens, 11, ==), indices)",
     "", 20},
    {"a product of counts, compared with the position", R"(["a", "b"])", 6,
     "selector_width(select(tokens, \"a\", ==)) * selector_width(select(tokens, tokens, ==)) > "
     "indices * indices",
     "", 40},
    {"squares and cubes of means of floats", "[0.1, 0.7, -3.3]", 6,
     "average(tokens_float) ^ 3 - average(tokens_float) ^ 2"},
    {"a power of means and lone ints", "[1, 2]", 4,
     "aggregate(select(tokens, 1, ==), tokens_int - indices) ^ 4", "", 12},
    {"a product of ints with a string by default", "[5, 11]", 4,
     "aggregate(select(tokens, 5, ==), tokens_int * length, \"none\")", "", 7},
    {"ints beyond the doubles", R"(["a"])", 6, "aggregate(full_s, (2 ^ 53 + indices) * 3)"},
    // Equal values.
    {"the smallest value, however often", "[4, 1, 7]", 5,
     "aggregate(select(selector_width(select(tokens_int, tokens_int, <)), 0, ==), tokens_int)"},
    {"the value of rank 0, causally", "[4, 1, 7]", 4,
     "aggregate(select(selector_width(select(tokens_int, tokens_int, <)), 0, ==), tokens_int)",
     "#@ causal: true\n"},
    {"a function of equal tokens", "[4, 1, 7]", 5,
     "aggregate(select(tokens_int % 3, 1, ==) and select(tokens, tokens, ==), tokens_int ^ 2)"},
    // The codes of a matching are in no order.
    {"a lookup at a position that is looked up", R"(["d"])", 6,
     "aggregate(select(indices, shift(indices - 3, 0, 2), ==), indices)"},
    {"a lookup at a number with gaps", R"(["a", "b"])", 6,
     "aggregate(select(indices, 2 * selector_width(select(tokens, \"a\", ==)) - 1, ==), indices, "
     "9)"},
    {"a lookup at the last count", R"(["a", "b"])", 7,
     "aggregate(select(indices, selector_width(select(tokens, \"a\", ==)), ==), tokens, \"-\")"},
    // This crashed.
    {"operands that have more values together than may be listed", R"(["b", "c"])", 6,
     "\"a\" if (indices if mark_last_instance(tokens_asis, \"b\") else (contains(tokens_asis, "
     "\"c\") + (indices <= 4))) == selector_width(select({0: \"a\", 1: \"c\"}[(indices if "
     "mark_last_instance(tokens_asis, \"b\") else (contains(tokens_asis, \"c\") + (indices <= 4))) "
     "% 2], tokens_asis, >=)) else \"b\"",
     "", 3000},
    // Maps whose table is larger than --max-domain.
    {"a comparison of means with positions", R"(["a", "b"])", 6,
     "indices > aggregate(select(tokens, \"a\", ==), indices)", "", 100},
};

TEST_CASE("programs that were once compiled wrong are right") {
  std::int64_t num_compared = 0;
  for (const Regression& row : kRegressions) {
    INFO(row.about);
    const std::string text = std::string("#@ vocab: ") + row.vocab +
                             "\n#@ max_length: " + std::to_string(row.max_length) +
                             "\n#@ output: x\n" + row.directives + "x = " + row.sop + ";\n";
    INFO(text);
    ProgramSettings options;
    options.max_domain = row.max_domain;
    const CheckOutcome outcome = CheckProgram(text, options);
    INFO(outcome.fault << ": " << outcome.detail);
    CHECK(outcome.kind == CheckOutcome::Kind::kAgrees);
    CHECK(outcome.compared > 0);
    num_compared += outcome.compared;
  }
  std::cout << "regressions: " << std::size(kRegressions) << ", inputs compared: " << num_compared
            << "\n";
}

}  // namespace
}  // namespace raspc
