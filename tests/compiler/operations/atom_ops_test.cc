// The operators on atoms against tables of results, most of them Python's.
#include "compiler/operations/atom_ops.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace raspc {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

Atom Int(std::int64_t value) { return value; }

// The result as JSON, or "type: …", "value: …", "limit: …".
std::string Text(const OpResult& result) {
  if (const Atom* atom = std::get_if<Atom>(&result)) return ToJson(*atom);
  const auto& error = std::get<OpError>(result);
  const char* kind = error.kind == ErrorKind::kType    ? "type"
                     : error.kind == ErrorKind::kValue ? "value"
                     : error.kind == ErrorKind::kLimit ? "limit"
                                                       : "?";
  return std::string(kind) + ": " + error.message;
}

std::string Binary(const Atom& a, MapOp op, const Atom& b) {
  const std::vector<Atom> operands{a, b};
  return Text(Apply(ArithmeticKind::kFloat, op, operands));
}

std::string Unary(MapOp op, const Atom& a) {
  const std::vector<Atom> operands{a};
  return Text(Apply(ArithmeticKind::kFloat, op, operands));
}

TEST_CASE("ints that do not fit into 64 bits are an error") {
  CHECK(Binary(Int(kMax), MapOp::kAdd, Int(0)) == "9223372036854775807");
  CHECK(Binary(Int(kMax), MapOp::kAdd, Int(1)) ==
        "value: the result of 9223372036854775807 + 1 does not fit into 64 bits");
  CHECK(Binary(Int(kMin), MapOp::kSubtract, true).starts_with("value"));
  CHECK(Binary(Int(kMin), MapOp::kMultiply, Int(-1)).starts_with("value"));
  CHECK(Unary(MapOp::kNegate, Int(kMin)).starts_with("value"));
  CHECK(Unary(MapOp::kNegate, Int(kMax)) == "-9223372036854775807");
  CHECK(Binary(Int(2), MapOp::kPower, Int(62)) == "4611686018427387904");
  CHECK(Binary(Int(2), MapOp::kPower, Int(63)).starts_with("value"));
  CHECK(Binary(Int(-2), MapOp::kPower, Int(63)) == "-9223372036854775808");
  CHECK(Binary(Int(10), MapOp::kPower, Int(kMax)).starts_with("value"));
  CHECK(Binary(Int(-1), MapOp::kPower, Int(kMax)) == "-1");
  CHECK(Binary(Int(0), MapOp::kPower, Int(0)) == "1");
}

TEST_CASE("the remainder has the sign of the divisor") {
  CHECK(Binary(Int(-7), MapOp::kModulo, Int(3)) == "2");
  CHECK(Binary(Int(7), MapOp::kModulo, Int(-3)) == "-2");
  CHECK(Binary(Int(kMin), MapOp::kModulo, Int(-1)) == "0");
  CHECK(Binary(Int(kMin), MapOp::kModulo, Int(kMax)) == "9223372036854775806");
  CHECK(Binary(-7.5, MapOp::kModulo, Int(2)) == "0.5");
  CHECK(Binary(-6.0, MapOp::kModulo, Int(3)) == "0.0");
  CHECK(Binary(6.0, MapOp::kModulo, Int(-3)) == "-0.0");
  CHECK(Binary(Int(1), MapOp::kModulo, false) == "value: '%' cannot divide 1 by zero");
}

TEST_CASE("division of ints is rounded once") {
  CHECK(DivideInts(1, 3) == 1.0 / 3.0);
  // Reference values from Python.
  CHECK(DivideInts(kMax, 3) == 3.0744573456182584e+18);
  CHECK(DivideInts(9007199254740993, 1) == 9007199254740992.0);
  CHECK(DivideInts(9007199254740995, 1) == 9007199254740996.0);
  CHECK(DivideInts(kMin, -1) == 9223372036854775808.0);
  CHECK(DivideInts(kMax, kMin) == -1.0);
  CHECK(DivideInts(1, kMax) == 1.0842021724855044e-19);
  CHECK(DivideInts(kMin + 1, kMax) == -1.0);
  CHECK(DivideInts(9007199254740993, 9007199254740991) == 1.0000000000000002);
  CHECK(DivideInts(4611686018427387905, 3) == 1.5372286728091292e+18);
  CHECK(std::signbit(DivideInts(0, kMin)));
}

TEST_CASE("floats stay finite") {
  CHECK(Binary(1e308, MapOp::kMultiply, Int(10)).starts_with("value"));
  CHECK(Binary(Int(10), MapOp::kPower, 400.0).starts_with("value"));
  CHECK(Binary(1e308, MapOp::kDivide, 1e-10).starts_with("value"));
  CHECK(Binary(Int(0), MapOp::kPower, Int(-1)) ==
        "value: zero cannot be raised to the negative power -1");
  CHECK(Binary(Int(-8), MapOp::kPower, 0.5) == "type: -8 ^ 0.5 is not a real number");
  CHECK(Binary(Int(2), MapOp::kPower, Int(-2)) == "0.25");
}

TEST_CASE("round goes to the even neighbour") {
  CHECK(Unary(MapOp::kRound, 0.5) == "0");
  CHECK(Unary(MapOp::kRound, 1.5) == "2");
  CHECK(Unary(MapOp::kRound, -0.5) == "0");
  CHECK(Unary(MapOp::kRound, -1.5) == "-2");
  CHECK(Unary(MapOp::kRound, 0.49999999999999994) == "0");
  CHECK(Unary(MapOp::kRound, 4503599627370497.5) == "4503599627370498");
  CHECK(Unary(MapOp::kRound, true) == "1");
  CHECK(Unary(MapOp::kRound, 1e19).starts_with("value"));
  CHECK(Unary(MapOp::kRound, "a") == "type: 'round' cannot be applied to \"a\" (a string)");
}

TEST_CASE("numbers compare exactly whatever their types") {
  const std::int64_t big = (std::int64_t{1} << 53) + 1;
  CHECK_FALSE(EqualAtoms(big, 9007199254740992.0));
  CHECK(CompareAtoms(big, 9007199254740992.0) == std::strong_ordering::greater);
  CHECK(CompareAtoms(kMax, 9223372036854775808.0) == std::strong_ordering::less);
  CHECK(EqualAtoms(Int(kMin), -9223372036854775808.0));
  CHECK(CompareAtoms(Int(-2), -1.5) == std::strong_ordering::less);
  CHECK(CompareAtoms(-1.5, Int(-2)) == std::strong_ordering::greater);
  CHECK(EqualAtoms(true, 1.0));
  CHECK(EqualAtoms(0.0, -0.0));
  CHECK_FALSE(EqualAtoms("1", Int(1)));
  CHECK_FALSE(CompareAtoms("1", Int(1)));
  CHECK(Binary("a", MapOp::kLess, Int(1)) ==
        "type: '<' cannot order \"a\" (a string) and 1 (an int)");
  // Beyond the basic plane, where UTF-16 would order otherwise.
  CHECK(Binary("\uFFFD", MapOp::kLess, "\U0001F600") == "true");
}

TEST_CASE("strings are added and repeated within a limit") {
  CHECK(Binary("a", MapOp::kAdd, "b") == "\"ab\"");
  CHECK(Binary("ab", MapOp::kMultiply, true) == "\"ab\"");
  CHECK(Binary(Int(-3), MapOp::kMultiply, "ab") == "\"\"");
  CHECK(Binary("", MapOp::kMultiply, Int(kMax)) == "\"\"");
  CHECK(Binary("ab", MapOp::kMultiply, Int(kMax)) ==
        "limit: the string would be longer than 1000000 bytes");
  CHECK(Binary("a", MapOp::kAdd, Int(1)) ==
        "type: '+' cannot be applied to \"a\" (a string) and 1 (an int)");
  CHECK(Binary("a", MapOp::kMultiply, 1.0).starts_with("type"));
}

TEST_CASE("lists, strings and dicts are indexed as in the language") {
  MapTable list;
  list.items = {Int(5), "b", 2.5};
  const auto at = [&](const Atom& index) {
    const std::vector<Atom> operands{index};
    return Text(Apply(ArithmeticKind::kFloat, MapOp::kLookUp, operands, &list));
  };
  CHECK(at(Int(-1)) == "2.5");
  CHECK(at(true) == "\"b\"");
  CHECK(at(Int(3)) == "value: index 3 is out of range for 3 elements");
  CHECK(at(Int(-4)).starts_with("value"));
  CHECK(at(1.0).starts_with("type"));
  CHECK(at(7.0).starts_with("value"));
  CHECK(at("a").starts_with("type"));
  list.unfit = {Int(1)};
  CHECK(at(Int(1)).starts_with("type"));
  CHECK(at(Int(-2)).starts_with("type"));

  MapTable dict;  // sorted, as a graph has it
  dict.entries = {{Int(1), "one"}, {"a", Int(2)}};
  dict.unfit = {"b"};
  const auto under = [&](const Atom& key) {
    const std::vector<Atom> operands{key};
    return Text(Apply(ArithmeticKind::kFloat, MapOp::kLookUpKey, operands, &dict));
  };
  CHECK(under(1.0) == "\"one\"");
  CHECK(under("a") == "2");
  CHECK(under("c") == "value: the dict has no key \"c\"");
  CHECK(under("b").starts_with("type"));
}

TEST_CASE("tokens are read as Python reads them") {
  const auto read = [](TokenView view, const Atom& token) {
    return Text(ReadToken(ArithmeticKind::kFloat, view, token));
  };
  CHECK(read(TokenView::kInt, " +12\n") == "12");
  CHECK(read(TokenView::kInt, "-007") == "-7");
  CHECK(read(TokenView::kInt, "1_000") == "1000");
  CHECK(read(TokenView::kInt, -2.9) == "-2");
  CHECK(read(TokenView::kInt, true) == "1");
  for (const char* bad : {"", " ", "+", "1.5", "two", "1e3", "+-1", "_1", "1__0", "0x1"}) {
    CAPTURE(bad);
    CHECK(read(TokenView::kInt, bad).starts_with("value"));
  }
  CHECK(read(TokenView::kInt, "9223372036854775808") ==
        "value: the token \"9223372036854775808\" does not fit into 64 bits");
  CHECK(read(TokenView::kInt, 1e300).starts_with("value"));
  CHECK(read(TokenView::kFloat, "-.5") == "-0.5");
  CHECK(read(TokenView::kFloat, "+1e3") == "1000.0");
  CHECK(read(TokenView::kFloat, "7.") == "7.0");
  CHECK(read(TokenView::kFloat, "1e-400") == "0.0");
  for (const char* bad : {"", ".", "inf", "nan", "1e", "1e400", "e5", "+-1", "1.5.2"}) {
    CAPTURE(bad);
    CHECK(read(TokenView::kFloat, bad).starts_with("value"));
  }
  CHECK(read(TokenView::kString, 1e16) == "\"1e+16\"");
  CHECK(read(TokenView::kString, true) == "\"True\"");
  CHECK(read(TokenView::kBool, "0") == "true");
  CHECK(read(TokenView::kBool, "") == "false");
}

TEST_CASE("means are summed in order from the int 0 and divided once") {
  const auto mean = [](const std::vector<Atom>& values) {
    RunningSum sum(ArithmeticKind::kFloat);
    for (const Atom& value : values) sum.Add(value);
    return Text(sum.Mean(static_cast<std::int64_t>(values.size())));
  };
  CHECK(mean({Int(kMax), Int(kMax), Int(kMin), Int(kMin)}) == "-0.5");
  CHECK(mean({-0.0, -0.0}) == "0.0");
  CHECK(mean({1e16, 1.0, -1e16}) == "0.0");  // compensated summation would give 1/3
  CHECK(mean({true, Int(2)}) == "1.5");
  CHECK(mean({1e308, 1e308}).starts_with("value"));
}

TEST_CASE("a long string is shortened in messages between whole characters") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "é";
  const std::string shown = ShortText(text);
  CHECK(shown.size() < 100);
  CHECK(FindInvalidUtf8(shown) == std::string::npos);
}

}  // namespace
}  // namespace raspc
