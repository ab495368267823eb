// Atoms: identity, order, text.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>

#include "base/atom.h"

namespace raspc {
namespace {

Atom Int(std::int64_t value) { return value; }
Atom Text(const char* text) { return std::string(text); }

TEST_CASE("a bool is a number, a string is not") {
  CHECK(IsNumber(Atom(true)));
  CHECK(IsNumber(Atom(0.5)));
  CHECK_FALSE(IsNumber(Text("1")));
  CHECK(NumberOf(Atom(true)) == 1.0);
  CHECK(NumberOf(Int(-3)) == -3.0);
  CHECK(NumberOf(Int((std::int64_t{1} << 53) + 1)) == 9007199254740992.0);
}

TEST_CASE("atoms of different type or sign of zero are not identical") {
  const std::vector<Atom> distinct = {Int(0),    Int(1),      Atom(-1.0), Atom(-0.0), Atom(0.0),
                                      Atom(1.0), Atom(false), Atom(true), Text(""),   Text("1")};
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    for (std::size_t j = 0; j < distinct.size(); ++j) {
      INFO(ToJson(distinct[i]) << " and " << ToJson(distinct[j]));
      CHECK(Identical(distinct[i], distinct[j]) == (i == j));
      CHECK(IdentityLess(distinct[i], distinct[j]) == (i < j));  // they are in ascending order
      if (i == j) CHECK(IdentityHash()(distinct[i]) == IdentityHash()(distinct[j]));
    }
  }
}

TEST_CASE("types have names") {
  CHECK(TypeName(TypeOf(Int(1))) == "int");
  CHECK(TypeName(TypeOf(Atom(1.0))) == "float");
  CHECK(TypeName(TypeOf(Atom(true))) == "bool");
  CHECK(TypeName(TypeOf(Text(""))) == "string");
}

TEST_CASE("JSON floats stay floats and read back to the same bits") {
  struct Row {
    double value;
    const char* json;
    const char* python;
  };
  const Row rows[] = {
      {1.0, "1.0", "1.0"},
      {-0.0, "-0.0", "-0.0"},
      {0.1, "0.1", "0.1"},
      {1e15, "1e+15", "1000000000000000.0"},
      {1e16, "1e+16", "1e+16"},
      {123456789012345680.0, "123456789012345680.0", "1.2345678901234568e+17"},
      {1e-4, "1e-04", "0.0001"},
      {1e-5, "1e-05", "1e-05"},
      {1.5e-7, "1.5e-07", "1.5e-07"},
      {2.0 / 3, "0.6666666666666666", "0.6666666666666666"},
      {-1234.5, "-1234.5", "-1234.5"},
      {1e100, "1e+100", "1e+100"},
      {5e-324, "5e-324", "5e-324"},
      {std::numeric_limits<double>::max(), "1.7976931348623157e+308", "1.7976931348623157e+308"},
  };
  for (const Row& row : rows) {
    CHECK(ToJson(Atom(row.value)) == row.json);
    CHECK(PythonFloat(row.value) == row.python);
    CHECK(std::strtod(ToJson(Atom(row.value)).c_str(), nullptr) == row.value);
  }
}

TEST_CASE("atoms are written as JSON and as Python writes them") {
  const std::vector<Atom> atoms = {Int(1), Atom(1.0), Atom(true), Text("a\"b")};
  CHECK(ToJson(atoms) == "[1, 1.0, true, \"a\\\"b\"]");
  CHECK(ToJson(std::vector<Atom>{}) == "[]");
  CHECK(PythonStr(Atom(true)) == "True");
  CHECK(PythonStr(Atom(false)) == "False");
  CHECK(PythonStr(Int(-7)) == "-7");
  CHECK(PythonStr(Text("x y")) == "x y");
  CHECK(ToJson(Int(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
}

TEST_CASE("JSON strings escape what JSON must, and hold only valid UTF-8") {
  CHECK(QuoteJson("") == "\"\"");
  CHECK(QuoteJson("\\ \n\t\r\b\f") == "\"\\\\ \\n\\t\\r\\b\\f\"");
  CHECK(QuoteJson(std::string("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\\u007f\"");
  CHECK(QuoteJson("é€😀") == "\"é€😀\"");
  CHECK(QuoteJson("a\xFF\xC3z") == "\"a\uFFFD\uFFFDz\"");
}

TEST_CASE("text splits into code points") {
  const auto points = CodePoints("aé€😀");
  REQUIRE(points.size() == 4);
  CHECK(std::get<std::string>(points[1]) == "é");
  CHECK(std::get<std::string>(points[3]) == "😀");
  CHECK(CodePoints("").empty());
}

TEST_CASE("the first byte that is not UTF-8 is found") {
  struct Row {
    std::string text;
    std::size_t offset;
  };
  const std::size_t none = std::string_view::npos;
  const Row rows[] = {
      {"", none},
      {"aé€😀", none},
      {"\xF4\x8F\xBF\xBF", none},  // U+10FFFF
      {"a\x80", 1},                // a continuation on its own
      {"ab\xC3", 2},               // cut short
      {"\xC0\x80", 0},             // overlong
      {"\xE0\x9F\xBF", 0},         // overlong
      {"\xF0\x8F\xBF\xBF", 0},     // overlong
      {"x\xED\xA0\x80", 1},        // a surrogate
      {"\xF4\x90\x80\x80", 0},     // above U+10FFFF
      {"\xFF", 0},
      {"é\xE2\x82", 2},
  };
  for (const Row& row : rows) {
    INFO(QuoteJson(row.text));
    CHECK(FindInvalidUtf8(row.text) == row.offset);
  }
}

}  // namespace
}  // namespace raspc
