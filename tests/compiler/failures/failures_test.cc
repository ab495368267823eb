// Possible failures get a warning, with an input that fails if one is found; impossible ones do
// not.
#include "compiler/failures/failures.h"

#include <catch2/catch.hpp>

#include "compiler/interpret/interpret.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

// The warnings of a program as it is compiled: "line:column: message", and each note on its own
// line.
std::string WarningsOf(const Case& program) {
  Diagnostics diag;
  const bool compiles = Compile(program, diag).has_value();
  std::string text = compiles ? "" : "does not compile\n";
  for (const Diagnostic& diagnostic : diag.all()) {
    if (compiles && diagnostic.kind != ErrorKind::kValue) continue;  // on the type of floats
    text += std::to_string(diagnostic.location.line) + ":" +
            std::to_string(diagnostic.location.column) + ": " + diagnostic.message + "\n";
    for (const auto& note : diagnostic.notes) text += "  " + note.message + "\n";
  }
  return text;
}

// Of a program for some tokens, as JSON or text, and lengths up to 8.
std::string WarningsOf(const std::string& text, const std::string& vocab,
                       std::int64_t max_length = 8, bool causal = false) {
  Case program = TextCase(text, "", max_length);
  program.settings.vocab = ReadAtoms(vocab, {}, program.diag);
  program.settings.causal = causal;
  REQUIRE_FALSE(program.diag.HasErrors());
  return WarningsOf(program);
}

TEST_CASE("each way to fail is warned of once, with an input") {
  struct Row {
    std::string program, vocab, warnings;
  };
  const std::string fails = " fails on some inputs; the model's output on them is undefined\n";
  const std::vector<Row> rows = {
      {"x = 2 / tokens_int;", "[0, 1]",
       "1:7: `x`" + fails +
           "  for example on [0]: '/' cannot divide 2 by zero, at position 0 of the input [0]\n"},
      {"x = 1 + indices % tokens_int;", "[0, 1]",
       "1:17: `indices % tokens_int`" + fails +
           "  for example on [0]: '%' cannot divide 0 by zero, at position 0 of the input [0]\n"},
      {"x = tokens_int ^ -1;", "[0, 2]",
       "1:16: `x`" + fails +
           "  for example on [0]: zero cannot be raised to the negative power -1, at position 0 "
           "of the input [0]\n"},
      {"x = {\"a\": 1}[tokens];", "abc",
       "1:5: `x`" + fails +
           "  for example on \"b\": the dict has no key \"b\", at position 0 of the input "
           "\"b\"\n"},
      {"x = 1 + [1, 2, 3][indices];", "ab",
       "1:9: `[1, 2, 3][indices]`" + fails +
           "  for example on \"aaaa\": index 3 is out of range for 3 elements, "
           "at position 3 of the input \"aaaa\"\n"},
      {"x = 1 + tokens_int;", "[1, \"b\"]",
       "1:9: `tokens_int`" + fails +
           "  for example on \"b\": tokens_int: the token \"b\" does not spell an int, at "
           "position 0 of the input \"b\"\n"},
      {"x = tokens_asis;", "[1, \"b\"]",
       "1:5: `tokens_asis`" + fails +
           "  for example on [1, \"b\"]: `tokens_asis` would hold strings and other values at "
           "once: 1 at position 0 and \"b\" at position 1 of the input [1, \"b\"]\n"},
      {"x = tokens if indices == 0 else 1;", "ab",
       "1:12: `x`" + fails +
           "  for example on \"aa\": `x` would hold strings and other values at once: "
           "\"a\" at position 0 and 1 at position 1 of the input \"aa\"\n"},
      {"x = aggregate(select(tokens, \"a\", ==), tokens, \"-\");", "ab",
       "1:5: `x`" + fails +
           "  for example on \"aa\": aggregate averages 2 values of `tokens`, which "
           "holds strings, at position 0 of the input \"aa\"\n"},
      {"b = tokens == \"a\";\nx = aggregate(full_s, b);", "ab",
       "2:5: `x`" + fails +
           "  for example on \"aa\": aggregate averages 2 values of `b`, which holds "
           "bools, at position 0 of the input \"aa\"\n"},
      {"x = aggregate(select(indices, indices - 1, ==), tokens);", "ab",
       "1:5: `x`" + fails +
           "  for example on \"aa\": `x` would hold strings and other values at once: 0 "
           "at position 0 and \"a\" at position 1 of the input \"aa\"\n"},
      {"x = selector_width(select(tokens, indices, <));", "ab",
       "1:20: `select(tokens, indices, <)`" + fails +
           "  for example on \"a\": select: '<' cannot order the key \"a\" (a string) and the "
           "query 0 (an int), at position 0 of the input \"a\"\n"},
  };
  for (const Row& row : rows) {
    INFO(row.program);
    CHECK(WarningsOf(row.program, row.vocab) == row.warnings);
  }
}

TEST_CASE("an expression that only reads a failed one gets no warning") {
  const std::string warnings =
      WarningsOf("x = 2 / tokens_int;\ny = x + 1;\nz = round(y) * 2;", "[0, 1]");
  CHECK_THAT(warnings, Catch::StartsWith("1:7: `x` fails"));
  CHECK_THAT(warnings, !Catch::Contains("2:") && !Catch::Contains("3:"));
}

TEST_CASE("expressions from one place are one") {
  const std::string warnings = WarningsOf(
      "x = 0;\nfor i in range(3) {\n  x = x + 1 / (tokens_int - i);\n}\ny = x;", "[1, 2, 3, 4]");
  CHECK_THAT(warnings,
             Catch::StartsWith("3:13: `1 / (tokens_int - i)` fails") && Catch::Contains("for example on [1]"));
  CHECK(warnings.find("fails", warnings.find("fails") + 1) == std::string::npos);
}

TEST_CASE("there are no warnings where nothing can fail") {
  const std::vector<std::string> programs = {
      "x = sort(tokens, tokens);",
      "x = shift(tokens, 2, \"-\");",
      "x = aggregate(select(indices, length - 1 - indices, ==), tokens);",
      "x = load_from_location(tokens, length - 1);",
      "x = load_from_location(tokens, indices - 1 if indices > 0 else 0);",
      "x = load_from_location(tokens, indices - indices % 2);",
      "p = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and "
      "select(indices, indices, <)));\nx = load_from_location(tokens, p);",
      "x = 1 / selector_width(select(tokens, tokens, ==));",
      "x = indices / length;",
      "x = aggregate(select_next_identical(tokens), tokens, \"-\");",
      "x = aggregate(select_from_first(tokens, \"a\"), tokens, \"-\");",
      "x = aggregate(select_from_last(tokens, \"a\"), tokens, \"-\");",
      "x = aggregate(select(tokens, \"z\", ==), tokens);",
      "f = selector_width(select(tokens, tokens, ==));\n"
      "x = aggregate(select_from_first(not has_focus(select(f, f, >)), True), tokens);",
      "s = not (tokens == \"a\");\n"
      "r = selector_width(select(s, True, ==) and select(indices, indices, <));\n"
      "x = aggregate(select(r, indices, ==) and select(s, True, ==), tokens, \"~\");",
      "i = aggregate(select(tokens, tokens, ==) or select(indices, 0, ==), "
      "indicator(indices == 0));\nx = round(1 / i);",
      "x = {0: \"a\", 1: \"b\"}[aggregate(select(indices, 0, ==), 1)];",
  };
  for (const std::string& program : programs) {
    for (const std::int64_t max_length : {8, 40}) {
      INFO(program << " up to length " << max_length);
      CHECK(WarningsOf(program + "\n", "abc", max_length) == "");
    }
  }
}

TEST_CASE("the programs that come with raspc fail nowhere") {
  for (const std::int64_t max_length : {3, 16}) {
    for (const Case& program : ProgramCases(max_length)) {
      INFO(program.name);
      CHECK(WarningsOf(program) == "");
    }
  }
}

TEST_CASE("a rule of one evaluation is none of the other") {
  const std::string last = "x = aggregate(select_from_last(tokens, \"a\"), tokens, \"-\");";
  CHECK(WarningsOf(last, "ab", 40) == "");
  CHECK_THAT(WarningsOf(last, "ab", 40, true), Catch::Contains("for example on \"aa\""));
  // A query does not see the later half of the keys.
  const std::string reverse = "x = aggregate(select(indices, 5 - indices, ==), tokens);";
  CHECK_THAT(WarningsOf(reverse, "ab", 6, true), Catch::Contains("would hold strings"));
}

TEST_CASE("a failure no rule excludes is excluded if all inputs can be tried") {
  // No two positions hold the same number of tokens before them.
  const std::string program =
      "n = selector_width(select(indices, indices, <) and select(tokens, \"z\", !=));\n"
      "x = aggregate(select(n, indices, ==), tokens);";
  CHECK(WarningsOf(program, "ab", 4) == "");
  CHECK_THAT(
      WarningsOf(program, "abcdefgh", 40),
      Catch::Contains("2:5: `x` may fail on some inputs; the model's output on them would be "
                      "undefined\n  it fails on none of the "));
}

TEST_CASE("a failure that depends only on the length is excluded by one input of each length") {
  CHECK(WarningsOf("x = load_from_location(tokens, length / 2);", "abcdefgh", 40) == "");
  CHECK_THAT(WarningsOf("x = 1 / (length - 23);", "abcdefgh", 40),
             Catch::Contains("'/' cannot divide 1 by zero"));
  CHECK_THAT(WarningsOf("x = {1: 2}[1 + indicator(length == 900)];", "abcdefgh", 1024),
             Catch::Contains("it fails on none of the"));
}

TEST_CASE("an example is no longer than necessary") {
  const std::string six = "\"aaaaaa\"";
  CHECK_THAT(WarningsOf("x = 1 / (count(tokens, \"a\") - 6);", "abc", 32),
             Catch::Contains("for example on " + six + ": "));
}

TEST_CASE("inputs are framed as the model frames them") {
  Case program = TextCase("x = {\"a\": 1, \"b\": 2, \"_\": 0}[tokens];", "ab#_", 3);
  program.settings.alphabet = CodePoints("ab");
  CHECK(WarningsOf(program) == "");
  program.settings.pad = Padding{Atom("_"), *Polynomial::Parse("n", {}, program.diag)};
  CHECK(WarningsOf(program) == "");
  program.settings.append = CodePoints("#");
  CHECK_THAT(WarningsOf(program),
             Catch::Contains("for example on \"\": the dict has no key \"#\", at position 0 of "
                             "the input \"#\""));
}

TEST_CASE("generated tokens can make a program fail") {
  Case program = TextCase("x = {\"a\": \"b\", \"b\": \"c\"}[tokens];", "abc", 3);
  program.settings.alphabet = CodePoints("a");
  program.settings.generate = "x";
  program.settings.max_steps = 1;
  CHECK(WarningsOf(program) == "");
  program.settings.max_steps = 4;
  CHECK_THAT(WarningsOf(program),
             Catch::Contains("for example on \"a\": the dict has no key \"c\", at position 2 of "
                             "the input \"abc\""));
}

TEST_CASE("a generated token outside the vocabulary is warned of where it is read back") {
  Case program = TextCase("x = \"d\" if tokens == \"a\" else tokens;", "abc", 3);
  program.settings.generate = "x";
  program.settings.max_steps = 1;
  CHECK(WarningsOf(program) == "");
  program.settings.max_steps = 2;
  CHECK(WarningsOf(program) ==
        "1:9: `x` is not in the vocabulary on some inputs, and generation fails there\n"
        "  for example on [\"a\"]: `x` generated \"d\" in step 1, which is not in the "
        "vocabulary\n");
  // Before the last position any value will do.
  Case elsewhere = TextCase("x = 7 if indices == 0 and length > 1 else tokens;", "abc", 3);
  elsewhere.settings.generate = "x";
  elsewhere.settings.target = Target::kEncoder;
  CHECK(WarningsOf(elsewhere) == "");
}

TEST_CASE("s-ops that are not listed are judged by their range") {
  const std::string program =
      "m = aggregate(select(indices, indices, <=), tokens_float + indices);\nx = m * 2 - indices;";
  CHECK(WarningsOf(program, "[0.1, 0.3, 1.7]", 40) == "");
  const std::string power =
      "m = aggregate(select(indices, indices, <=), tokens_float);\nx = m ^ 3 - m ^ 2;";
  CHECK(WarningsOf(power, "[0.1, -0.3, 1.7]", 40) == "");
}

TEST_CASE("equal programs get equal warnings") {
  const std::string program =
      "s = aggregate(select_from_first(tokens in [\"a\", \"b\"], True), indices, 0);\n"
      "x = load_from_location(tokens, s);";
  const std::string warnings = WarningsOf(program, "abcdef", 16);
  CHECK_THAT(warnings, Catch::Contains("may fail"));
  CHECK(WarningsOf(program, "abcdef", 16) == warnings);
}

}  // namespace
}  // namespace raspc
