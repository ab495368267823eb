// The parser's messages about programs that do not parse: every message in full, with its place,
// and the statements that are skipped.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/print_tree.h"

namespace raspc {
namespace {

struct Row {
  const char* program;
  const char* messages;  // `line:column message` a line; notes say so
  std::vector<int> failed_statements;
};

std::string Summary(const Diagnostics& diag) {
  std::string out;
  for (const Diagnostic& diagnostic : diag.all()) {
    CHECK(diagnostic.kind == ErrorKind::kSyntax);
    out += fmt::format("{}:{} {}\n", diagnostic.location.line, diagnostic.location.column,
                       diagnostic.message);
    for (const auto& note : diagnostic.notes) {
      out +=
          fmt::format("{}:{} note: {}\n", note.location.line, note.location.column, note.message);
    }
  }
  return out;
}

const Row kRows[] = {
    {"x = indices + ;", "1:15 expected a value, found ';'\n", {0}},
    {"x = ;", "1:5 expected a value, found ';'\n", {0}},
    {"x = 1", "1:6 expected an operator, ',' or ';', found the end of the file\n", {0}},
    {"x = 1\ny = 2;", "1:6 expected an operator, ',' or ';', found the next statement\n", {0}},
    {"x = [1, 2;\ny = 2;",
     "1:10 expected an operator, ',' or ']', found ';'\n"
     "1:5 note: '[' opened here is not closed\n",
     {0}},
    {"x = f(1, 2;",
     "1:11 expected an operator, ',' or ')', found ';'\n"
     "1:6 note: '(' opened here is not closed\n",
     {0}},
    {"x = (1 + 2;",
     "1:11 expected an operator or ')', found ';'\n"
     "1:5 note: '(' opened here is not closed\n",
     {0}},
    {"x = 1);", "1:6 there is no bracket for this ')' to close\n", {0}},
    {"x = f(1,);",
     "1:9 a value is missing between ',' and ')'; there are no trailing commas\n",
     {0}},
    {"x = [1,];",
     "1:8 a value is missing between ',' and ']'; there are no trailing commas\n",
     {0}},
    {"d = {\"a\": 1, };",
     "1:14 a value is missing between ',' and '}'; there are no trailing commas\n",
     {0}},
    {"d = {\"a\" 1};", "1:10 expected an operator or ':', found '1'\n", {0}},
    {"d = {1};", "1:7 expected an operator or ':', found '}'\n", {0}},
    {"x = (1, 2);", "1:7 there are no tuples in RASP; a list is written in square brackets\n", {0}},
    {"x = ();", "1:6 a value is missing between '(' and ')'\n", {0}},
    {"x = 1 if True;", "1:14 'else' is missing; a choice is 'x if condition else y'\n", {0}},
    {"x = [1 if a];", "1:12 'else' is missing; a choice is 'x if condition else y'\n", {0}},
    {"x = 1 else 2;", "1:7 'else' without 'if'; a choice is 'x if condition else y'\n", {0}},
    {"l = [k for k in l if k > 2];",
     "1:27 a comprehension has no filter; this 'if' begins 'x if condition else y' and its 'else' "
     "is missing\n",
     {0}},
    {"l = [k for 3 in l];", "1:12 expected a name, found '3'\n", {0}},
    {"l = [for k in l];",
     "1:6 'for' is a reserved word and can be neither a value nor a name\n",
     {0}},
    {"x = 1.;", "1:6 a float has digits on both sides of its point, such as 1.0 or 0.5\n", {0}},
    {"x = .5;", "1:5 a float has digits on both sides of its point, such as 1.0 or 0.5\n", {0}},
    {"x = 1e5;",
     "1:5 '1e5' is neither a number nor a name; numbers have digits and at most one point (no "
     "exponent), names do not start with a digit\n",
     {0}},
    {"x = 2x;",
     "1:5 '2x' is neither a number nor a name; numbers have digits and at most one point (no "
     "exponent), names do not start with a digit\n",
     {0}},
    {"x = 'a';", "1:5 strings are written in straight double quotes, such as \"a\"\n", {0}},
    {"x = “a”;", "1:5 strings are written in straight double quotes, such as \"a\"\n", {0}},
    {"x = \"abc;",
     "1:5 this string is not closed; a string ends with '\"' on the line it starts on\n",
     {0}},
    {"x = 7 // 2;",
     "1:7 '//' is not an operator; write round((a - a % b) / b); a comment begins with "
     "'#'\n",
     {0}},
    {"x = 2 ** 3;", "1:7 '**' is not an operator; '^' raises to a power\n", {0}},
    {"x += 1;",
     "1:3 '+=' is not an operator; write the name on both sides, as in 'x = x + 1;'\n",
     {0}},
    {"x = a <> b;", "1:7 '<>' is not an operator; write '!='\n", {0}},
    {"x = a && b;", "1:7 '&&' is not an operator; write 'and'\n", {0}},
    {"x = a || b;", "1:7 '||' is not an operator; write 'or'\n", {0}},
    {"x = !a;", "1:5 '!' is not an operator; write 'not'\n", {0}},
    {"x = a === b;", "1:7 '===' is not an operator; equality is '=='\n", {0}},
    {"s = select(tokens, tokens, =);",
     "1:28 '=' is allowed only after the names of an assignment; equality is '=='\n",
     {0}},
    {"s = select(tokens, tokens);",
     "1:26 the comparison is missing: select(keys, queries, ==), or another of !=, <, <=, >, >=\n",
     {0}},
    {"s = select(tokens, tokens, +);",
     "1:28 expected a comparison (==, !=, <, <=, >, >=), found '+'\n",
     {0}},
    {"x = aggregate(full_s);",
     "1:21 aggregate takes a selector and values, such as aggregate(selector, tokens)\n",
     {0}},
    {"l = zip();", "1:9 expected a value, found ')'\n", {0}},
    {"x = len();", "1:9 expected a value, found ')'\n", {0}},
    {"x = indicator indices;", "1:15 expected '(', found 'indices'\n", {0}},
    {"x = round;", "1:10 expected '(', found ';'\n", {0}},
    {"x = f(;", "1:7 expected a value or ')', found ';'\n", {0}},
    {"x = \"a\" \"b\";", "1:9 two strings side by side; '+' joins them\n", {0}},
    {"x = a b;", "1:7 expected an operator, ',' or ';', found 'b'\n", {0}},
    {"x = $;", "1:5 the character '$' has no meaning in RASP\n", {0}},
    {"x = é;",
     "1:5 'é' has no meaning outside strings and comments; names have ASCII letters, digits and "
     "'_'\n",
     {0}},
    {"x = \007;", "1:5 the control character U+0007 has no meaning in RASP\n", {0}},
    {"x = a.b;",
     "1:6 there are no methods or attributes in RASP; '.' is allowed only inside a float, such as "
     "1.0\n",
     {0}},
    {"x = a[1:2];", "1:8 there are no slices in RASP; an index is one value\n", {0}},
    {"x = a[];", "1:7 expected a value, found ']'\n", {0}},
    {";", "1:1 there is no statement before this ';'\n", {0}},
    {"x = 1;;", "1:7 there is no statement before this ';'\n", {0}},
    {"x = 1; y = ; z = 2;", "1:12 expected a value, found ';'\n", {1}},
    {"x = 1; y = [1, 2; z = 2; a = 1;\nb = 3;",
     "1:17 expected an operator, ',' or ']', found ';'\n"
     "1:12 note: '[' opened here is not closed\n",
     {1}},
    {"x = 1; def f(a): b = a; return b;",
     "1:16 expected '{', found ':'; the body of a function or loop is in braces\n",
     {1}},
    {"def f() { return 1; } y = 2;", "1:23 a statement after a '}' starts on a new line\n", {0}},
    {"}\nx = 1;", "1:1 there is no '{' for this '}' to close\n", {0}},
    {"x = 1 };", "1:7 there is no bracket for this '}' to close\n", {0}},
    {"x, y;",
     "1:2 expected an operator, '=' or ';', found ','; a statement that is one expression cannot "
     "have several\n",
     {0}},
    {"1 = x;", "1:1 cannot assign to 1; only names can be left of '='\n", {0}},
    {"l[0] = 3;",
     "1:1 cannot assign to an element of 'l'; lists and dicts never change, so make a new one and "
     "give it a name\n",
     {0}},
    {"a + b = 3;", "1:1 cannot assign to an expression; only names can be left of '='\n", {0}},
    {"(x) = 3;", "1:1 cannot assign to an expression; only names can be left of '='\n", {0}},
    {"f(x) = 3;", "1:1 cannot assign to an expression; only names can be left of '='\n", {0}},
    {"x = y = 3;",
     "1:7 '=' is allowed only after the names of an assignment; equality is '=='\n",
     {0}},
    {"if True { x = 1; }",
     "1:1 there is no if statement; choose a value with x = (a if c else b);\n",
     {0}},
    {"while x { y = 1; }",
     "1:1 there is no 'while' in RASP; the only loop is 'for x in list { … }'\n",
     {0}},
    {"x = lambda y;",
     "1:5 there is no 'lambda' in RASP; functions are made with 'def f(x) { return x; }'\n",
     {0}},
    {"import foo;",
     "1:1 there is no 'import' in RASP; 'load \"name\";' reads the file name.rasp\n",
     {0}},
    {"return 3;",
     "1:1 'return' is allowed only at the end of a function, once and outside loops\n",
     {0}},
    {"for i in [1] x = i;", "1:14 expected an operator or '{', found 'x'\n", {0}},
    {"for i in [1] { }", "1:16 a loop needs at least one statement between '{' and '}'\n", {0}},
    {"for in [1] { x = 1; }",
     "1:5 'in' is a reserved word and can be neither a value nor a name\n",
     {0}},
    {"for i [1] { x = 1; }", "1:7 expected 'in' or ',', found '['\n", {0}},
    {"for 1 in [1] { x = 1; }", "1:5 expected a name, found '1'\n", {0}},
    {"for i in [1]: x = 1;",
     "1:13 expected '{', found ':'; the body of a function or loop is in braces\n",
     {0}},
    {"def f(x) { y = x; }", "1:19 a function ends with 'return', found '}'\n", {0}},
    {"def f(x) { return x; y = 1; }",
     "1:22 expected '}', found 'y'; nothing follows the 'return' of a function\n",
     {0}},
    {"def f(x) { return; }", "1:18 expected a value, found ';'\n", {0}},
    {"def f(x) { for i in [1] { return i; } return x; }",
     "1:27 'return' is allowed only at the end of a function, once and outside loops\n",
     {0}},
    {"def f(x): return x;",
     "1:9 expected '{', found ':'; the body of a function or loop is in braces\n",
     {0}},
    {"def (x) { return x; }", "1:5 expected a name, found '('\n", {0}},
    {"def f(x y) { return x; }", "1:9 expected ',' or ')', found 'y'\n", {0}},
    {"def f(1) { return x; }", "1:7 expected a name or ')', found '1'\n", {0}},
    {"def f(x,) { return x; }",
     "1:9 a value is missing between ',' and ')'; there are no trailing commas\n",
     {0}},
    {"def f { return 1; }", "1:7 expected '(', found '{'\n", {0}},
    {"def select(x) { return x; }",
     "1:5 'select' followed by a bracket is a reserved word and cannot be a name\n",
     {0}},
    {"def round(x) { return x; }",
     "1:5 'round' is a reserved word and can be neither a value nor a name\n",
     {0}},
    {"def f(x) { set example \"a\" return x; }",
     "1:12 'set' is allowed only at top level, outside functions and loops\n",
     {0}},
    {"def f(x) { x = ; y = ); z = 1; return ]; }\ng = 1;",
     "1:16 expected a value, found ';'\n"
     "1:22 expected a value, found ')'\n"
     "1:39 expected a value, found ']'\n",
     {0}},
    {"def f(x) {\n  y = x;\n\ng = 3;\n",
     "2:9 expected a statement or 'return', found the next statement\n",
     {0}},
    {"def f(x) {\n  return x;\n\ng = 3;\n",
     "2:12 expected '}', found the next statement\n"
     "1:10 note: '{' opened here is not closed\n",
     {0}},
    {"round = 3;", "1:1 'round' is a reserved word and cannot be a name\n", {0}},
    {"on = 3;", "1:1 'on' is a reserved word and can be neither a value nor a name\n", {0}},
    {"show = tokens;", "1:1 'show' is a reserved word and cannot be a name\n", {0}},
    {"example = 3;",
     "1:1 'example' is a reserved word and can be neither a value nor a name\n",
     {0}},
    {"x = in;", "1:5 'in' is a reserved word and can be neither a value nor a name\n", {0}},
    {"x = s-op;", "1:5 's-op' is one word in RASP; to subtract, write blanks around '-'\n", {0}},
    {"exit;", "1:5 'exit' does not end with ';'\n", {0}},
    {"exit now", "1:6 expected '(', found 'now'\n", {0}},
    {"set example \"abc\";", "1:18 'set' does not end with ';'\n", {0}},
    {"set example", "1:12 expected a value, found the end of the file\n", {0}},
    {"set example\nx = 1;",
     "2:3 '=' is allowed only after the names of an assignment; equality is '=='\n",
     {0}},
    {"set x", "1:5 expected 'example', found 'x'\n", {0}},
    {"show examples", "1:6 expected 'example', found 'examples'\n", {0}},
    {"s-op x", "1:6 expected 'examples', found 'x'\n", {0}},
    {"selector examples", "1:18 expected 'on' or 'off', found the end of the file\n", {0}},
    {"examples", "1:9 expected 'on' or 'off', found the end of the file\n", {0}},
    {"examples maybe", "1:10 expected 'on' or 'off', found 'maybe'\n", {0}},
    {"full seq display", "1:17 expected 'on' or 'off', found the end of the file\n", {0}},
    {"full seq display now", "1:18 expected 'on' or 'off', found 'now'\n", {0}},
    {"load name;", "1:6 expected a string, found 'name'\n", {0}},
    {"load \"name\"", "1:12 expected ';', found the end of the file\n", {0}},
    {"draw x;", "1:6 expected '(', found 'x'\n", {0}},
    {"draw(x, y, z);", "1:10 expected an operator or ')', found ','\n", {0}},
    {"draw();", "1:6 a value is missing between '(' and ')'\n", {0}},
    {"x = 1;\n  y = 2 3;\nz = 4;", "2:9 expected an operator, ',' or ';', found '3'\n", {1}},
    {"x = a not b;", "1:7 expected an operator, ',' or ';', found 'not'\n", {0}},
    {"x = not;", "1:8 expected a value, found ';'\n", {0}},
    {"x = a and;", "1:10 expected a value, found ';'\n", {0}},
    {"x = a in;", "1:9 expected a value, found ';'\n", {0}},
    {"x = [1, 2] 3;", "1:12 expected an operator, ',' or ';', found '3'\n", {0}},
    {"a, = 3;", "1:4 expected a value, found '='\n", {0}},
    {"x = {1: 2, 3};", "1:13 expected an operator or ':', found '}'\n", {0}},
    {"x = {1: 2 for 3};", "1:15 expected a name, found '3'\n", {0}},
    {"x = {};\ny = [];\nz = [[]];\nw = [}];", "4:6 expected a value or ']', found '}'\n", {3}},
    {"x = \"é\" $;", "1:9 the character '$' has no meaning in RASP\n", {0}},
    {"x = 1;\r\ny = $;\r\n", "2:5 the character '$' has no meaning in RASP\n", {1}},
    {"\tx = $;", "1:6 the character '$' has no meaning in RASP\n", {0}},
    {"x = a not in l;", "1:7 'not in' is not an operator; write 'not (x in list)'\n", {0}},
    {"def f(x) {\n  show example\n  return x;\n}",
     "2:3 'show' is allowed only at top level, outside functions and loops\n",
     {0}},
    {"for i in [1] { exit }",
     "1:16 'exit' is allowed only at top level, outside functions and loops\n",
     {0}},
    {"def f(x) {\n  y = x\n  z = ;\n  return y;\n}",
     "2:8 expected an operator, ',' or ';', found 'z'\n"
     "3:7 expected a value, found ';'\n",
     {0}},
    {"def f(x) {\n  y = x\n  return [;\n}\ng = 1;",
     "2:8 expected an operator, ',' or ';', found 'return'\n"
     "3:11 expected a value or ']', found ';'\n",
     {0}},
    {"load \"a\nb\";",
     "1:6 this string is not closed; a string ends with '\"' on the line it starts on\n",
     {0}},
    {"x = \"\t\";\ny = \"",
     "2:5 this string is not closed; a string ends with '\"' on the line it starts on\n",
     {1}},
    {"f(x)[1](2) 3;", "1:12 expected an operator, ',', '=' or ';', found '3'\n", {0}},
    {"x = a if b else;", "1:16 expected a value, found ';'\n", {0}},
    {"x = {\"a\": 1;\ny = 2;",
     "1:12 expected an operator, ',' or '}', found ';'\n"
     "1:5 note: '{' opened here is not closed\n",
     {0}},
    {"x = select(a, b, ==;\ny = 2;",
     "1:20 expected ')', found ';'\n"
     "1:5 note: '(' opened here is not closed\n",
     {0}},
    {"x = [1,\n  2;\ny = 3;",
     "2:4 expected an operator, ',' or ']', found ';'\n"
     "1:5 note: '[' opened here is not closed\n",
     {0}},
    {"def f(x) { for i in { y = i; } return x; }",
     "1:25 '=' is allowed only after the names of an assignment; equality is '=='\n",
     {0}},
    {"x = (1;\ny = 2);\nz = 3;",
     "1:7 expected an operator or ')', found ';'\n"
     "1:5 note: '(' opened here is not closed\n"
     "2:6 there is no bracket for this ')' to close\n",
     {0, 1}},
};

TEST_CASE("every syntax error is explained where it is") {
  for (const Row& row : kRows) {
    INFO(row.program);
    Diagnostics diag;
    const SyntaxTree tree =
        Parse(std::make_shared<const SourceText>("t.rasp", row.program), {}, diag);
    CHECK(Summary(diag) == row.messages);
    CHECK(tree.failed_statements == row.failed_statements);
  }
}

TEST_CASE("a syntax error is rendered with its line, a caret and the open bracket") {
  Diagnostics diag;
  Parse(std::make_shared<const SourceText>("sum.rasp", "x = 1;\ny = f(x, 2;\n"), {}, diag);
  CHECK(Render(diag) ==
        "sum.rasp:2:11: error: expected an operator, ',' or ')', found ';'\n"
        "    y = f(x, 2;\n"
        "              ^\n"
        "sum.rasp:2:6: note: '(' opened here is not closed\n"
        "    y = f(x, 2;\n"
        "         ^\n");
}

TEST_CASE("sound statements around faulty ones are in the tree, with their numbers") {
  Diagnostics diag;
  const SyntaxTree tree =
      Parse(std::make_shared<const SourceText>("t", "a = 1;\nb = [;\n# c\nd = 2;\ne = );\nf = a;"),
            {}, diag);
  CHECK(tree.failed_statements == std::vector<int>{1, 3});
  REQUIRE(tree.statements.size() == 3);
  CHECK(tree.statements[0]->number == 0);
  CHECK(tree.statements[1]->number == 2);
  CHECK(tree.statements[2]->number == 4);
  CHECK(ToText(tree) == "(= a 1)\n(= d 2)\n(= f a)\n");
}

TEST_CASE("a malformed directive is an error, and the program is read all the same") {
  const char* message =
      "1:1 a comment that starts with '#@' is a directive and reads '#@ name: value', such as "
      "'#@ max_length: 16'\n";
  for (const char* text : {"#@ vocab \"abc\"\nx = 1;", "#@\nx = 1;", "#@ : 3\nx = 1;",
                           "#@a b: 3\nx = 1;", "#@ max-length: 3\nx = 1;"}) {
    INFO(text);
    Diagnostics diag;
    const SyntaxTree tree = Parse(std::make_shared<const SourceText>("t", text), {}, diag);
    CHECK(Summary(diag) == message);
    CHECK(tree.statements.size() == 1);
    CHECK(tree.directives.empty());
  }
}

}  // namespace
}  // namespace raspc
