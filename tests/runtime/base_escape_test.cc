// Escapes for the terminal.
#include <catch2/catch.hpp>

#include "base/escape.h"
#include "base/json_text.h"

namespace raspc {
namespace {

TEST_CASE("control characters are escaped, and nothing else") {
  struct Case {
    std::string text, line, json;
  };
  const std::vector<Case> cases = {
      {"plain 'text' é€😀", "plain 'text' é€😀", "\"plain 'text' é€😀\""},
      {"a\"b\\c", "a\"b\\c", "\"a\\\"b\\\\c\""},
      {"\x1b[2J\x07", "\\u001b[2J\\u0007", "\"\\u001b[2J\\u0007\""},
      {"\n\t\r\b\f\x7f", "\\n\\t\\r\\b\\f\\u007f", "\"\\n\\t\\r\\b\\f\\u007f\""},
      {std::string("\0", 1), "\\u0000", "\"\\u0000\""},
      {"\u0080\u009b\u009f\u00a0", "\\u0080\\u009b\\u009f\u00a0",
       "\"\\u0080\\u009b\\u009f\u00a0\""},
      {"\u061c\u200e\u200f\u200d", "\\u061c\\u200e\\u200f\u200d",
       "\"\\u061c\\u200e\\u200f\u200d\""},
      {"\u2028\u2029\u202a\u202e\u202f", "\\u2028\\u2029\\u202a\\u202e\u202f",
       "\"\\u2028\\u2029\\u202a\\u202e\u202f\""},
      {"\u2065\u2066\u2069\u206a", "\u2065\\u2066\\u2069\u206a", "\"\u2065\\u2066\\u2069\u206a\""},
      {"a\xff\xc0\xafz\xe2\x80", "a\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD",
       "\"a\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD\""},
  };
  for (const Case& c : cases) {
    CHECK(EscapeText(c.text) == c.line);
    CHECK(QuoteJson(c.text) == c.json);
    CHECK(EscapeLines(c.json) == c.json);
  }
  CHECK(EscapeLines("a\n\tb\r\x1b\n") == "a\n\tb\\r\\u001b\n");
}

TEST_CASE("a JSON text is exactly one value") {
  using namespace std::string_literals;
  struct Case {
    std::string text, problem;
  };
  const std::vector<Case> cases = {
      {"[1, {\"a\": null}]", ""},
      {"\"\\u0000\"", ""},  // an ordinary character once it is escaped
      {"[1]\0[2]"s, "not valid JSON: byte 4 is NUL"},
      {"[1]\0"s, "not valid JSON: byte 4 is NUL"},
      {"\0"s, "not valid JSON: byte 1 is NUL"},
      {"[\"a\0b\"]"s, "not valid JSON: byte 4 is NUL"},
      {"[1] [2]", "not valid JSON: an error at line 1, column 5"},
      {"", "not valid JSON: an error at line 1, column 1"},
      {"{\n  \"ä\": 1,\n  \"äö\" 2\n}", "not valid JSON: an error at line 3, column 8"},
      {"[1e999]", "not valid JSON: a number is out of range"},
      {"[\"\xff\"]", "not valid JSON: an error at line 1, column 3"},
      {"{\"a\": {\"b\": 1, \"b\": 2}}", "the field \"b\" is repeated"},
      {"{\"\\u001b\": 1, \"\\u001b\": 2}", "the field \"\\u001b\" is repeated"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    std::string problem;
    CHECK(ParseJson(c.text, problem).has_value() == c.problem.empty());
    CHECK(problem == c.problem);
  }
}

}  // namespace
}  // namespace raspc
