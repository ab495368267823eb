// Expressions built in C++ are printed as the RASP that they mean.
#include <catch2/catch.hpp>

#include "frontends/rasp_writer.h"

namespace raspc {
namespace {

TEST_CASE("an expression built in C++ is printed as RASP") {
  const Expr x = Var("x"), y = Var("y"), s = Var("s");
  const std::pair<Expr, const char*> rows[] = {
      {7, "7"},
      {-7, "-7"},
      {std::int64_t{1} << 40, "1099511627776"},
      {true, "True"},
      {"a b", "\"a b\""},
      {std::string("\""), "\"\uFF02\""},
      {std::string_view("$"), "\"$\""},
      {Tokens(), "tokens"},
      {Indices() - 1, "indices - 1"},
      {0 - x, "0 - x"},
      {x * (y + 1) % 3, "x * (y + 1) % 3"},
      {x % (y * 3), "x % (y * 3)"},
      {x / Power(2, y), "x / 2 ^ y"},
      {Compare(x, Comparison::kNotEqual, y), "x != y"},
      {Compare(x, Comparison::kGreaterEqual, y), "x >= y"},
      {And(x, y, s), "x and y and s"},
      {Or(And(x, y), And(Not(x), Not(y))), "(x and y) or (not x and not y)"},
      {Not(x == y), "not (x == y)"},
      {AllOf({x, y, s}), "x and y and s"},
      {AnyOf({x}), "x"},
      {SumOf({x, 2 * y, 1}), "x + 2 * y + 1"},
      {SumOf({}), "0"},
      {If(x > 0, If(y, 1, 2), 3), "(1 if y else 2) if x > 0 else 3"},
      {In(x + " " + y, TextsOf({"a b"})), "(x + \" \" + y) in [\"a b\"]"},
      {ListOf({1, x})[y], "[1, x][y]"},
      {DictOf({{"a", 1}, {2, "b"}})[Tokens()], "{\"a\": 1, 2: \"b\"}[tokens]"},
      {ListFor(x + 1, "x", Range(3)), "[x + 1 for x in range(3)]"},
      {DictFor(x, y[x], "x", Range(1, Len(y))), "{x: y[x] for x in range(1, len(y))}"},
      {Indicator(x == 1), "indicator(x == 1)"},
      {Round(x), "round(x)"},
      {Select(x, y, Comparison::kLess), "select(x, y, <)"},
      {SelectWhere(x), "select(x, True, ==)"},
      {Aggregate(s, x), "aggregate(s, x)"},
      {ValueAt(x, Tokens(), "$"), "aggregate(select(indices, x, ==), tokens, \"$\")"},
      {SelectorWidth(SelectBefore()), "selector_width(select(indices, indices, <))"},
      {HasFocus(And(SelectUpToHere(), Not(SelectAfter()))),
       "has_focus(select(indices, indices, <=) and not select(indices, indices, >))"},
      {Call("f", {}), "f()"},
  };
  for (const auto& [expression, text] : rows) CHECK(ToSource(expression) == text);
}

TEST_CASE("a writer prints statements one after the other, and counts table rows") {
  RaspWriter w;
  w.Directive("output", "y");
  w.Comment("Two tables.");
  const Expr x = w.AssignByTable("x", {{"a", "b"}, {"c", "d"}}, Tokens());
  const Expr table = w.Table("t", {{"b", "1"}});
  w.Blank();
  w.Define("f", {"a", "b"}, [&]() -> std::vector<Expr> {
    const Expr sum = w.Assign("sum", Var("a") + Var("b"));
    return {sum, Var("a")};
  });
  w.For({"i", "j"}, ListOf({ListOf({1, 2})}), [&] {
    w.For({"k"}, Range(2), [&] {
      w.Comment("Inside.");
      w.Assign(std::vector<std::string>{"y", "z"}, Call("f", {Var("i"), Var("k")}));
    });
  });
  RaspWriter rest;
  rest.Assign("y", table[x]);
  rest.CountRows(4);
  w.Append(rest);
  CHECK(w.text() ==
        "#@ output: y\n"
        "# Two tables.\n"
        "x = {\"a\": \"b\", \"c\": \"d\"}[tokens];\n"
        "t = {\"b\": \"1\"};\n"
        "\n"
        "def f(a, b) {\n"
        "  sum = a + b;\n"
        "  return sum, a;\n"
        "}\n"
        "for i, j in [[1, 2]] {\n"
        "  for k in range(2) {\n"
        "    # Inside.\n"
        "    y, z = f(i, k);\n"
        "  }\n"
        "}\n"
        "y = t[x];\n");
  CHECK(w.num_rows() == 7);
  CHECK(w.largest_table() == 2);
}

}  // namespace
}  // namespace raspc
