// Programs that nobody means: too deep, too long, not text at all, or broken at random. The parser
// must answer quickly, with a clear message, and without using up the stack or the memory.
#include <catch2/catch.hpp>
#include <random>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/print_tree.h"

namespace raspc {
namespace {

struct Outcome {
  SyntaxTree tree;
  Diagnostics diag;
};

Outcome Read(std::string text, const ParseLimits& limits = {}) {
  Outcome outcome;
  outcome.tree =
      Parse(std::make_shared<const SourceText>("t", std::move(text)), limits, outcome.diag);
  return outcome;
}

std::string Repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("what is nested too deep is refused where it goes too deep, and reading goes on") {
  struct Row {
    const char *before, *repeated, *after;
    int line, column;
    const char* message;
  };
  const char* nested = "brackets, blocks and conditions are nested more than 200 deep here";
  const char* deep =
      "this expression is more than 500 operators and brackets deep; give parts of it their own "
      "names";
  const Row rows[] = {
      {"x = ", "(", ";", 1, 205, nested},         {"x = ", "[", ";", 1, 205, nested},
      {"x = ", "{", ";", 1, 205, nested},         {"x = ", "f(", ";", 1, 406, nested},
      {"x = ", "select (", ";", 1, 1605, nested}, {"x = ", "1 if ", "1;", 1, 1007, nested},
      {"x = ", "-", "1;", 1, 99505, deep},        {"x = ", "not ", "1;", 1, 398005, deep},
      {"x = 1", " + 1", ";", 1, 2003, deep},      {"x = 1", "^1", ";", 1, 1004, deep},
      {"x = l", "[0]", ";", 1, 5, deep},          {"x = f", "()", ";", 1, 5, deep},
  };
  ParseLimits limits;
  limits.max_statement_tokens = 1'000'000;
  for (const Row& row : rows) {
    INFO(row.repeated);
    const Outcome outcome =
        Read(row.before + Repeat(row.repeated, 100'000) + row.after + "\ny = 2;\n", limits);
    REQUIRE(outcome.diag.all().size() == 1);
    const Diagnostic& error = outcome.diag.all()[0];
    CHECK(error.kind == ErrorKind::kLimit);
    CHECK(error.message == row.message);
    CHECK(error.location.line == row.line);
    CHECK(error.location.column == row.column);
    CHECK(outcome.tree.failed_statements == std::vector<int>{0});
    CHECK(ToText(outcome.tree) == "(= y 2)\n");
  }
}

TEST_CASE("blocks nested too deep are refused") {
  const Outcome outcome = Read(Repeat("for x in l {", 1000) + "y = 1;" + Repeat("}", 1000));
  REQUIRE(outcome.diag.all().size() == 1);
  CHECK(outcome.diag.all()[0].kind == ErrorKind::kLimit);
  CHECK(outcome.diag.all()[0].message ==
        "brackets, blocks and conditions are nested more than 200 deep here");
}

TEST_CASE("what is just within the limits parses") {
  CHECK(Read("x = " + Repeat("(", 200) + "1" + Repeat(")", 200) + ";").diag.empty());
  CHECK_FALSE(Read("x = " + Repeat("(", 201) + "1" + Repeat(")", 201) + ";").diag.empty());
  CHECK(Read("x = 1" + Repeat(" + 1", 499) + ";").diag.empty());
  CHECK_FALSE(Read("x = 1" + Repeat(" + 1", 500) + ";").diag.empty());
  CHECK(Read("x = " + Repeat("[", 200) + Repeat("]", 200) + ";").diag.empty());
  CHECK(Read(Repeat("for x in l {", 199) + "y = [1];" + Repeat("}", 199)).diag.empty());
}

TEST_CASE("numbers beyond 64 bits are refused at their place") {
  struct Row {
    const char* program;
    int line, column;
    const char* message;
  };
  const char* int_message = "this int is too large; ints are 64-bit, at most 9223372036854775807";
  const std::string large_float = "x = " + Repeat("9", 400) + ".0;";
  const Row rows[] = {
      {"x = 9223372036854775808;", 1, 5, int_message},
      {"x = 1;\ny = [-9223372036854775808];", 2, 7, int_message},
      {"def f(x) {\n  return x + 99999999999999999999999999;\n}", 2, 14, int_message},
      {large_float.c_str(), 1, 5, "this float is too large; floats are 64-bit"},
  };
  for (const Row& row : rows) {
    const Outcome outcome = Read(row.program);
    REQUIRE(outcome.diag.all().size() == 1);
    CHECK(outcome.diag.all()[0].kind == ErrorKind::kLimit);
    CHECK(outcome.diag.all()[0].message == row.message);
    CHECK(outcome.diag.all()[0].location.line == row.line);
    CHECK(outcome.diag.all()[0].location.column == row.column);
    CHECK(outcome.tree.failed_statements.size() == 1);
  }
  CHECK(Read("x = 9223372036854775807;").diag.empty());
  CHECK(ToText(Read("x = 0." + Repeat("0", 400) + "1;").tree) == "(= x 0.0)\n");
}

TEST_CASE("a long list is no deep tree") {
  const Outcome outcome = Read("x = [" + Repeat("1, ", 50'000) + "1];");
  CHECK(outcome.diag.empty());
  const auto& assignment = std::get<Assignment>(outcome.tree.statements.at(0)->kind);
  CHECK(std::get<ListExpression>(assignment.values[0]->kind).items.size() == 50'001);
}

TEST_CASE("deep trees are destroyed without recursion") {
  auto chain = std::make_unique<const Expression>(SourceLocation{}, NameExpression{"x"});
  for (int i = 0; i < 1'000'000; ++i) {
    chain = std::make_unique<const Expression>(
        SourceLocation{}, UnaryExpression{UnaryOperator::kNegate, std::move(chain)});
  }
  chain.reset();
  SUCCEED();
}

TEST_CASE("a statement, a program and a list of errors have a largest size") {
  ParseLimits limits;
  limits.max_statement_tokens = 10;
  Outcome outcome = Read("y = 1;\nx = [1, 2, 3, 4, 5, 6];\nz = 2;\n", limits);
  REQUIRE(outcome.diag.all().size() == 1);
  CHECK(Render(outcome.diag) ==
        "t:2:1: error: this statement has more than 10 words; is a ';' or '}' missing?\n"
        "    x = [1, 2, 3, 4, 5, 6];\n    ^\n");
  CHECK(outcome.diag.all()[0].kind == ErrorKind::kLimit);
  CHECK(ToText(outcome.tree) == "(= y 1)\n(= z 2)\n");

  limits = {};
  limits.max_source_bytes = 10;
  outcome = Read("x = 1;     #", limits);
  CHECK(Render(outcome.diag) == "t: error: the program has 12 bytes; the limit is 10\n");
  CHECK(outcome.tree.statements.empty());

  outcome = Read(Repeat(";\n", 1'000'000));
  CHECK(outcome.diag.all().size() == 101);
  CHECK(outcome.diag.all().back().kind == ErrorKind::kLimit);
  CHECK(outcome.diag.all().back().message ==
        "100 faulty statements; the rest of the program is not read");

  outcome = Read(Repeat("#@\n", 1000));
  CHECK(outcome.diag.all().size() == 20);
}

TEST_CASE("statements without semicolons do not add up to one another") {
  const Outcome outcome = Read(Repeat("x = 1\n", 50'000));
  CHECK(outcome.diag.all().size() == 101);
  CHECK(outcome.diag.all()[0].message ==
        "expected an operator, ',' or ';', found the next statement");
}

TEST_CASE("what is not UTF-8 or holds NUL is refused at its first bad byte") {
  struct Row {
    std::string text;
    const char* rendered_first_line;
  };
  const Row rows[] = {
      {"x = 1;\ny = \"é\xFF\";",
       "t:2:7: error: the program is not valid UTF-8: byte 0xFF is not allowed here"},
      {"# caf\xE9\n",
       "t:1:6: error: the program is not valid UTF-8: byte 0xE9 is not allowed here"},
      {"\xEF\xBB", "t:1:1: error: the program is not valid UTF-8: byte 0xEF is not allowed here"},
      {"\xEF\xBB\xBF\xC0\xAF",
       "t:1:1: error: the program is not valid UTF-8: byte 0xC0 is not allowed here"},
      {std::string("x = 1;\n\0", 8),
       "t:2:1: error: the program holds a NUL byte; is this a RASP program?"},
      {std::string("\0\xFF", 2),
       "t:1:1: error: the program holds a NUL byte; is this a RASP program?"},
  };
  for (const Row& row : rows) {
    const Outcome outcome = Read(row.text);
    REQUIRE(outcome.diag.all().size() == 1);
    CHECK(outcome.diag.all()[0].kind == ErrorKind::kSyntax);
    const std::string rendered = Render(outcome.diag);
    CHECK(rendered.substr(0, rendered.find('\n')) == row.rendered_first_line);
    CHECK(outcome.tree.statements.empty());
  }
}

TEST_CASE("a byte order mark elsewhere than at the start belongs to no word") {
  const Outcome outcome = Read(
      "x = \xEF\xBB\xBF"
      "1;");
  REQUIRE(outcome.diag.all().size() == 1);
  CHECK(outcome.diag.all()[0].location.column == 5);
}

TEST_CASE("random bytes of every kind are answered in time") {
  std::mt19937 random(7);
  const auto text_of = [&](std::string_view alphabet, int size) {
    std::string text;
    for (int i = 0; i < size; ++i) {
      text += alphabet.empty() ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    }
    return text;
  };
  const int size = 1 << 20;
  CHECK(Read(text_of("", size)).diag.HasErrors());
  CHECK(Read(text_of("abcxyz0189 \n\t;=+-*/^%()[]{}<>!,.:\"#$'", size)).diag.HasErrors());
  CHECK(Read(text_of(" \n;xy12=()[]{}+\"#", size)).diag.HasErrors());
  CHECK(Read(text_of("()[]{};", size)).diag.HasErrors());
  CHECK(Read(text_of("x=1;\n", size)).diag.HasErrors());
}

// Words that make near-programs.
const char* const kWords[] = {"def ",
                              "f",
                              "(",
                              "x",
                              ")",
                              "{",
                              "}",
                              "return ",
                              ";",
                              "for ",
                              " in ",
                              "[",
                              "]",
                              ",",
                              ":",
                              "=",
                              "==",
                              "!=",
                              "+",
                              "-",
                              "not ",
                              " if ",
                              " else ",
                              "1",
                              "2.5",
                              "\"a\"",
                              "select(",
                              "aggregate(",
                              "\n",
                              "round(",
                              "set example ",
                              "show example",
                              "exit",
                              "load ",
                              "draw(",
                              "#@ a: b\n",
                              "# c\n",
                              " and ",
                              "$",
                              "examples on",
                              "s-op ",
                              "zip(",
                              "len("};

TEST_CASE("random near-programs are parsed or explained, at places inside the text") {
  std::mt19937 random(11);
  for (int run = 0; run < 3000; ++run) {
    std::string text;
    const int length = 1 + static_cast<int>(random() % 60);
    for (int i = 0; i < length; ++i) text += kWords[random() % std::size(kWords)];
    INFO(text);
    const Outcome outcome = Read(text);
    CHECK(outcome.diag.HasErrors() == !outcome.tree.failed_statements.empty());
    for (const Diagnostic& error : outcome.diag.all()) {
      CHECK(error.kind == ErrorKind::kSyntax);
      CHECK(error.location.IsKnown());
      const auto line = outcome.tree.source->Line(error.location.line);
      CHECK(static_cast<std::size_t>(error.location.column) <= line.size() + 1);
    }
  }
}

}  // namespace
}  // namespace raspc
