// Trees printed as source parse to the same trees, without a warning that they read differently in
// Python.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/print_source.h"
#include "compiler/syntax/print_tree.h"

namespace raspc {
namespace {

SyntaxTree Parsed(const std::string& text, Diagnostics& diag) {
  return Parse(std::make_shared<const SourceText>("t.rasp", text), {}, diag);
}

std::string PrintedAgain(const std::string& text) {
  Diagnostics diag;
  const SyntaxTree tree = Parsed(text, diag);
  REQUIRE_FALSE(diag.HasErrors());
  return ToSource(tree);
}

// Checks a program, and returns whether it was one.
bool CheckRoundTrip(const std::string& program) {
  Diagnostics diag;
  const SyntaxTree tree = Parsed(program, diag);
  if (diag.HasErrors()) return false;
  const std::string printed = ToSource(tree);
  INFO(program << "\nis printed as\n" << printed);
  Diagnostics again;
  const SyntaxTree reread = Parsed(printed, again);
  CHECK(Render(again).empty());
  CHECK(ToText(reread) == ToText(tree));
  CHECK(ToSource(reread) == printed);
  return true;
}

TEST_CASE("an expression is printed with the parentheses that it needs and no others") {
  const char* const rows[][2] = {
      {"x = (((a)));", "x = a;\n"},
      {"x = (a + b) * c;", "x = (a + b) * c;\n"},
      {"x = (a * b) + c;", "x = a * b + c;\n"},
      {"x = a - (b - c);", "x = a - (b - c);\n"},
      {"x = (a - b) - c;", "x = a - b - c;\n"},
      {"x = a % b * c;", "x = a % (b * c);\n"},
      {"x = (a % b) * c;", "x = (a % b) * c;\n"},
      {"x = a * b % c;", "x = a * b % c;\n"},
      {"x = 2 ^ i;", "x = 2 ^ i;\n"},
      {"x = 2 ^ 3 ^ 4;", "x = (2 ^ 3) ^ 4;\n"},
      {"x = -2 ^ 2;", "x = (-2) ^ 2;\n"},
      {"x = 2 ^ -2;", "x = 2 ^ -2;\n"},
      {"x = -(2 ^ 2);", "x = -(2 ^ 2);\n"},
      {"x = - - y;", "x = --y;\n"},
      {"x = not a == b;", "x = (not a) == b;\n"},
      {"x = not (a == b);", "x = not (a == b);\n"},
      {"x = not a and not b;", "x = not a and not b;\n"},
      {"x = a == (not b);", "x = a == (not b);\n"},
      {"x = a and b or c;", "x = (a and b) or c;\n"},
      {"x = a and (b and c);", "x = a and (b and c);\n"},
      {"x = a < b == c;", "x = (a < b) == c;\n"},
      {"x = a in b;", "x = a in b;\n"},
      {"x = a and b in c;", "x = (a and b) in c;\n"},
      {"x = a and (b in c);", "x = a and (b in c);\n"},
      {"x = a + b in c;", "x = (a + b) in c;\n"},
      {"x = a if b else c if d else e;", "x = (a if b else c) if d else e;\n"},
      {"x = a if b else (c if d else e);", "x = a if b else (c if d else e);\n"},
      {"x = a if b in c else d;", "x = a if b in c else d;\n"},
      {"x = (a if b else c) + 1;", "x = (a if b else c) + 1;\n"},
      {"x = (f)(y)[0];", "x = f(y)[0];\n"},
      {"x = (a + b)[0];", "x = (a + b)[0];\n"},
      {"x = [1, 2.50, \"a b\"];", "x = [1, 2.5, \"a b\"];\n"},
      {"x = 0.0000001 + 10000000000000000000000.0;",
       "x = 0.0000001 + 10000000000000000000000.0;\n"},
      {"x = {\"a\":1,\"b\":2}[tokens];", "x = {\"a\": 1, \"b\": 2}[tokens];\n"},
      {"x = [i for i in range(3)];", "x = [i for i in range(3)];\n"},
      {"x = {i: j for i, j in zip(a, b)};", "x = {i: j for i, j in zip(a, b)};\n"},
      {"x = aggregate( select(a, b, <= ), c);", "x = aggregate(select(a, b, <=), c);\n"},
      {"x = aggregate(s, round(c), len(d));", "x = aggregate(s, round(c), len(d));\n"},
      {"a, b = f(indicator(x));", "a, b = f(indicator(x));\n"},
      {"a = 1, 2;", "a = 1, 2;\n"},
  };
  for (const auto& row : rows) {
    INFO(row[0]);
    CHECK(PrintedAgain(row[0]) == row[1]);
    CHECK(CheckRoundTrip(row[0]));
  }
}

TEST_CASE("every kind of statement is printed as it is written") {
  const std::string program =
      "load \"p\";\n"
      "def f(a, b) {\n"
      "  c = a + b;\n"
      "  for i, j in zip(a, b) {\n"
      "    c = c + i;\n"
      "  }\n"
      "  return c, a;\n"
      "}\n"
      "f(1, 2);\n"
      "draw(x, \"ab\");\n"
      "set example \"ab\"\n"
      "set s-op example [1, 2]\n"
      "show selector example\n"
      "s-op examples off\n"
      "examples on\n"
      "full seq display on\n"
      "exit\n";
  CHECK(PrintedAgain(program) == program);
  CHECK(CheckRoundTrip(program));
}

TEST_CASE("long lines are broken between words, and a table stays with its key") {
  std::string table = "t = {", sum = "  s = a";
  for (int i = 0; i < 40; ++i) {
    table += fmt::format("{}\"key {}\": {}", i == 0 ? "" : ", ", i, i);
    sum += fmt::format(" + summand_{}", i);
  }
  const std::string printed =
      PrintedAgain(table + "}[a + \" \" + b];\nfor i in range(2) {\n" + sum + ";\n}\n");
  std::size_t longest = 0, start = 0;
  while (start < printed.size()) {
    const std::size_t end = printed.find('\n', start);
    longest = std::max(longest, end - start);
    start = end + 1;
  }
  CHECK(longest <= kMaxSourceColumns);
  CHECK(longest > kMaxSourceColumns - 20);
  CHECK(printed.find("\"key 39\": 39}[a + \" \" + b];\n") != std::string::npos);
  CHECK(printed.find("\n  s = a + summand_0") != std::string::npos);
  CHECK(printed.find("\n      ") != std::string::npos);
  CHECK(CheckRoundTrip(printed));
}

TEST_CASE("all programs at hand are printed as source of the same trees") {
  int num_programs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RASPC_SOURCE_DIR "/programs")) {
    if (entry.path().extension() != ".rasp") continue;
    std::ifstream file(entry.path());
    num_programs += CheckRoundTrip({std::istreambuf_iterator<char>(file), {}});
  }
  CHECK(num_programs >= 20);
  for (const char* name : {"language", "random"}) {
    std::ifstream file(fmt::format(RASPC_SOURCE_DIR "/tests/data/conformance/{}.jsonl", name));
    for (std::string line; std::getline(file, line);) {
      const nlohmann::json test = nlohmann::json::parse(line);
      if (test.contains("program")) num_programs += CheckRoundTrip(test["program"]);
    }
  }
  CHECK(num_programs >= 1000);
}

TEST_CASE("a tree that shares parts with another outlives it") {
  const auto leaf = std::make_shared<const Expression>(SourceLocation{}, NameExpression{"x"});
  ExpressionPtr kept;
  {
    const auto sum = std::make_shared<const Expression>(
        SourceLocation{}, BinaryExpression{BinaryOperator::kAdd, leaf, leaf});
    kept = std::make_shared<const Expression>(
        SourceLocation{}, BinaryExpression{BinaryOperator::kMultiply, sum, sum});
  }
  CHECK(ToSource(*kept) == "(x + x) * (x + x)");
  CHECK(leaf.use_count() == 3);
  kept.reset();
  CHECK(leaf.use_count() == 1);
}

}  // namespace
}  // namespace raspc
