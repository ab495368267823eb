// Messages about beginners' mistakes: each program has one, and gets one message, complete and with
// its place. Consequences of the mistake further down are not reported.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/compiler/trace_testing.h"

namespace raspc {
namespace {

struct Mistake {
  const char* program;
  const char* said;  // `line:column error: message`; notes on their own lines
};

std::string AllSaid(const Diagnostics& diag) {
  std::string said;
  const auto add = [&](const SourceLocation& where, std::string_view label,
                       const std::string& message) {
    if (where.IsKnown()) {
      const bool is_own = where.source->name() == "test.rasp";
      said += fmt::format("{}{}:{} ", is_own ? "" : where.source->name() + ":", where.line,
                          where.column);
    }
    said += fmt::format("{}: {}\n", label, message);
  };
  for (const Diagnostic& diagnostic : diag.all()) {
    add(diagnostic.location, diagnostic.severity == Severity::kError ? "error" : "warning",
        diagnostic.message);
    for (const auto& note : diagnostic.notes) add(note.location, "note", note.message);
  }
  return said;
}

// The messages of `raspc eval`: a program that cannot be parsed is not run.
std::string SaidOf(const std::string& program) {
  const auto source = std::make_shared<const SourceText>("test.rasp", program);
  Diagnostics diag;
  const SyntaxTree tree = Parse(source, ParseLimits{}, diag);
  if (!diag.HasErrors()) Trace(tree, TraceOptions{}, diag);
  return AllSaid(diag);
}

const Mistake kMistakes[] = {
    // Statements of other languages.
    {"x = indices + 1\ny = 2;",
     "1:16 error: expected an operator, ',' or ';', found the next statement\n"},
    {"if tokens == \"a\" { x = 1; }",
     "1:1 error: there is no if statement; choose a value with x = (a if c else b);\n"},
    {"if tokens == \"a\" { x = 1; } else { x = 2; }",
     "1:1 error: there is no if statement; choose a value with x = (a if c else b);\n"},
    {"if tokens == \"a\" {\n  x = 1;\n}\nelse {\n  x = 2;\n}\ny = indices;",
     "1:1 error: there is no if statement; choose a value with x = (a if c else b);\n"},
    {"if tokens == \"a\": x = 1;",
     "1:1 error: there is no if statement; choose a value with x = (a if c else b);\n"},
    {"x = if tokens == \"a\" then 1 else 0;",
     "1:5 error: a choice begins with its value: (a if c else b)\n"},
    {"x = 1 if tokens == \"a\" else if tokens == \"b\" 2 else 3;",
     "1:24 error: there is no 'else if'; write (a if c else (b if d else e))\n"},
    {"x = 1 if tokens == \"a\" elif tokens == \"b\" 2 else 3;",
     "1:24 error: there is no 'elif' in RASP; choose a value with (a if c else b)\n"},
    {"x = 1 if tokens == \"a\" then 2;",
     "1:24 error: there is no 'then' in RASP; choose a value with (a if c else b)\n"},
    {"x = tokens == \"a\" ? 1 : 0;",
     "1:19 error: '?' is not an operator; choose a value with (a if c else b)\n"},
    {"x = 1 if tokens = \"a\" else 0;",
     "1:17 error: '=' is allowed only after the names of an assignment; equality is "
     "'=='\n"},
    {"x = 1 if tokens == \"a\";",
     "1:23 error: 'else' is missing; a choice is 'x if condition else y'\n"},
    {"x = 1 if tokens == \"a\" else 2 if tokens == \"b\" else 3;",
     "1:31 warning: this is `(1 if tokens == \"a\" else 2) if tokens == \"b\" else 3`; Python "
     "would "
     "read `1 if tokens == \"a\" else (2 if tokens == \"b\" else 3)`\n"},
    {"while (x < 3) { x = x + 1; }",
     "1:1 error: there is no 'while' in RASP; the only loop is 'for x in list { … }'\n"},
    {"for (i in range(3)) { x = i; }",
     "1:5 error: a loop is written without parentheses: for x in list { … }\n"},
    {"for i in range(3): x = i;",
     "1:18 error: expected '{', found ':'; the body of a function or loop is in braces\n"},
    {"for (int i = 0; i < 3; i++) { x = i; }",
     "1:5 error: a loop is written without parentheses: for x in list { … }\n"},
    {"def f(x): return x + 1;",
     "1:9 error: expected '{', found ':'; the body of a function or loop is in braces\n"},
    {"def f(x = 1) { return x; }", "1:9 error: parameters have no default values\n"},
    {"def f(x: int) { return x; }", "1:8 error: parameters have no types\n"},
    {"def f(x) -> int { return x; }",
     "1:10 error: '->' is not an operator; a function has no types, and no arrow\n"},
    {"def f(x) { y = x + 1; }", "1:23 error: a function ends with 'return', found '}'\n"},
    {"function f(x) { return x; }",
     "1:1 error: there is no 'function' in RASP; functions are made with 'def f(x) { return x; "
     "}'\n"},
    {"lambda x: x + 1;",
     "1:1 error: there is no 'lambda' in RASP; functions are made with 'def f(x) { return x; }'\n"},
    {"let x = indices;", "1:1 error: names have no types and are not declared; 'x = …;' assigns\n"},
    {"int x = 3;", "1:1 error: names have no types and are not declared; 'x = …;' assigns\n"},
    {"import numpy;",
     "1:1 error: there is no 'import' in RASP; 'load \"name\";' reads the file name.rasp\n"},
    {"print x;",
     "1:1 error: there is no 'print' in RASP; a statement 'x;' prints the value of x\n"},
    {"print(indices);",
     "1:1 error: there is no 'print' in RASP; a statement 'x;' prints the value of x\n"},
    {"x += 1;",
     "1:3 error: '+=' is not an operator; write the name on both sides, as in 'x = x + 1;'\n"},
    {"x = indices; x++;",
     "1:15 error: '++' is not an operator; write the name on both sides, as in 'x = x + 1;'\n"},
    {"x++;",
     "1:2 error: '++' is not an operator; write the name on both sides, as in 'x = x + 1;'\n"},
    {"// a comment\nx = indices;",
     "1:1 error: '//' is not an operator; write round((a - a % b) / b); a comment begins with "
     "'#'\n"},
    {"x = indices; // a comment",
     "1:14 error: '//' is not an operator; write round((a - a % b) / b); a comment begins with "
     "'#'\n"},
    {"/* a comment */\nx = indices;",
     "1:1 error: '/*' is not an operator; a comment begins with '#' and ends with its line\n"},
    {">> x = indices;\n     s-op: x\n         Example: x(\"hello\") = [0, 1, 2, 3, 4] (ints)\n>> y "
     "= x;",
     "1:1 error: '>>' is the prompt of an interactive session; paste only what was typed after it. "
     "The rest of the program is not read\n"},
    // Operators and literals.
    {"x = indices // 2;",
     "1:13 error: '//' is not an operator; write round((a - a % b) / b); a comment begins with "
     "'#'\n"},
    {"x = indices ** 2;", "1:13 error: '**' is not an operator; '^' raises to a power\n"},
    {"x = indices != 2 && tokens == \"a\";", "1:18 error: '&&' is not an operator; write 'and'\n"},
    {"x = tokens == \"a\" || tokens == \"b\";",
     "1:19 error: '||' is not an operator; write 'or'\n"},
    {"x = !(tokens == \"a\");", "1:5 error: '!' is not an operator; write 'not'\n"},
    {"x = indices <> 2;", "1:13 error: '<>' is not an operator; write '!='\n"},
    {"x = indices =/= 2;", "1:13 error: '=/=' is not an operator; write '!='\n"},
    {"x = indices !== 2;", "1:13 error: '!==' is not an operator; write '!='\n"},
    {"x = indices === 2;", "1:13 error: '===' is not an operator; equality is '=='\n"},
    {"x = indices ≤ 2;", "1:13 error: '≤' is not an operator; write '<='\n"},
    {"x = indices =< 2;", "1:13 error: '=<' is not an operator; write '<='\n"},
    {"x = tokens not in [\"a\", \"b\"];",
     "1:12 error: 'not in' is not an operator; write 'not (x in list)'\n"},
    {"x = tokens is \"a\";", "1:12 error: there is no 'is' in RASP; equality is '=='\n"},
    {"x = indices >= 2 and <= 4;",
     "1:22 error: a comparison has two sides, as in a >= 1 and a <= 4\n"},
    {"x = \"a\" if indices == 0 else \"b\" if indices == 1 else \"c\" if indices == 2 else \"d\";",
     "1:34 warning: this is `(\"a\" if indices == 0 else \"b\") if indices == 1 else \"c\"`; "
     "Python "
     "would read `\"a\" if indices == 0 else (\"b\" if indices == 1 else \"c\")`\n"},
    {"x = 0 < indices < 3;",
     "1:17 warning: this compares `(0 < indices)` with `3`; Python would read `0 < indices and "
     "indices < 3`\n"},
    {"x = 3 > indices + 1 >= 2 * indices == True;",
     "1:21 warning: this compares `(3 > indices + 1)` with `2 * indices`; Python would read "
     "`3 > indices + 1 and indices + 1 >= 2 * indices`\n"},
    {"x = not indices == 1;",
     "1:17 warning: this compares `(not indices)` with `1`; Python would read `not (indices == "
     "1)`\n"},
    {"x = indices == 1 or indices > 1 and indices < 3;",
     "1:33 warning: this is `(indices == 1 or indices > 1) and indices < 3`; Python would read "
     "`indices == 1 or (indices > 1 and indices < 3)`\n"},
    {"x = (indices == 1 or indices > 1) and (not indices) == (0 < indices);", ""},
    {"x = not tokens in [\"a\"];",
     "1:16 warning: this is `(not tokens) in [\"a\"]`; Python would read `not (tokens in "
     "[\"a\"])`\n"},
    {"x = indices == 1 and tokens in [\"a\"];",
     "1:29 warning: this is `(indices == 1 and tokens) in [\"a\"]`; Python would read `indices == "
     "1 "
     "and (tokens in [\"a\"])`\n"},
    {"x = true;", "1:5 error: there is no 'true' in RASP; bools are written True and False\n"},
    {"x = indices if TRUE else 0;",
     "1:16 error: there is no 'TRUE' in RASP; bools are written True and False\n"},
    {"x = None;",
     "1:5 error: there is no 'None' in RASP; write a value that stands for nothing, such as 0 or "
     "\"\"\n"},
    {"x = 'a';", "1:5 error: strings are written in straight double quotes, such as \"a\"\n"},
    {"x = f\"{tokens}\";", "1:5 error: a string has no prefix such as 'f'; '+' joins strings\n"},
    {"x = \"\"\"text\"\"\";",
     "1:5 error: there are no strings of several lines; a comment begins with '#'\n"},
    {"x = tokens.upper();",
     "1:11 error: there are no methods or attributes in RASP; '.' is allowed only inside a float, "
     "such as 1.0\n"},
    {"x = tokens[1:3];", "1:13 error: there are no slices in RASP; an index is one value\n"},
    {"x = 1e-3 * indices;",
     "1:5 error: '1e' is neither a number nor a name; numbers have digits and at most one point "
     "(no exponent), names do not start with a digit\n"},
    {"x = .5 * indices;",
     "1:5 error: a float has digits on both sides of its point, such as 1.0 or 0.5\n"},
    // Select, aggregate and the library.
    {"s = select(tokens, tokens);",
     "1:26 error: the comparison is missing: select(keys, queries, ==), or another of !=, <, <=, "
     ">, >=\n"},
    {"s = select(tokens == \"a\");",
     "1:25 error: select takes keys, queries and a comparison, such as select(tokens, tokens, "
     "==)\n"},
    {"s = select(tokens, ==, tokens);",
     "1:20 error: the comparison comes last: select(keys, queries, ==)\n"},
    {"s = select(tokens, tokens, \"==\");",
     "1:28 error: the comparison is written without quotes: select(keys, queries, ==)\n"},
    {"s = select(tokens, tokens, =);",
     "1:28 error: '=' is allowed only after the names of an assignment; equality is "
     "'=='\n"},
    {"s = select(tokens = \"a\", True, ==);",
     "1:19 error: '=' is allowed only after the names of an assignment; equality is "
     "'=='\n"},
    {"x = aggregate(tokens);",
     "1:21 error: aggregate takes a selector and values, such as aggregate(selector, tokens)\n"},
    {"x = aggregate(tokens, indices);",
     "1:15 error: aggregate takes a selector first, but this is an s-op\n"},
    {"x = aggregate(full_s, full_s);",
     "1:23 error: what aggregate takes the mean of must be an s-op or an atom, but is a "
     "selector\n"},
    {"x = selector_width(tokens);\ny = x + 1;\nz = y * 2;",
     "1:20 error: selector_width takes a selector here, but `tokens` is an s-op\n"
     "1:5 note: in the call of selector_width(sel)\n"},
    {"x = selector_width(tokens == \"a\");",
     "1:27 error: selector_width takes a selector here, but `tokens == \"a\"` is an s-op\n"
     "1:5 note: in the call of selector_width(sel)\n"},
    {"x = has_focus(indices);",
     "1:15 error: has_focus takes a selector here, but `indices` is an s-op\n"
     "1:5 note: in the call of has_focus(sel)\n"},
    {"x = shift(tokens, 1, tokens);",
     "1:22 error: shift takes an atom here, but `tokens` is an s-op\n"
     "1:5 note: in the call of shift(seq, n, filler)\n"},
    {"x = count(\"abc\", \"a\");",
     "1:11 error: count takes an s-op here, but `\"abc\"` is a string\n"
     "1:5 note: in the call of count(seq, atom)\n"},
    {"x = sort(full_s, tokens);",
     "1:10 error: sort takes an s-op here, but `full_s` is a selector\n"
     "1:5 note: in the call of sort(seq, key)\n"},
    {"x = count(tokens, 1);",
     "1:5 warning: '==' is false everywhere: values of different types are unequal, and here are "
     "`tokens` (strings) and 1 (an int); tokens_int has the tokens as ints\n"
     "<standard library>:35:57 note: inside the standard library\n"},
    {"x = count(tokens);", "1:5 error: 'count' takes 2 arguments (seq, atom), but is given 1\n"},
    {"x = full_s + 1;",
     "1:12 error: '+' cannot be applied to a selector and 1 (an int); selectors take 'and', 'or' "
     "and 'not'\n"},
    {"x = full_s and tokens;",
     "1:12 error: 'and' combines a selector only with a selector, but here are a selector and an "
     "s-op\n"},
    {"x = length(tokens);",
     "1:5 error: `length` is an s-op and not a function: it can be applied to an input, such as "
     "\"abc\", but this is an s-op\n"},
    {"x = tokens(\"abc\") + \"d\";",
     "1:5 error: tokens(\"abc\") applies an s-op or selector to an input; that is a separate "
     "statement, not a value to compute with\n"},
    {"x = len(tokens);",
     "1:5 error: len counts the elements of a list, but this is an s-op; the number of tokens is "
     "'length'\n"},
    {"x = indices[indices];",
     "1:5 error: an s-op is indexed by an int, but this is an s-op; 'load_from_location' takes an "
     "s-op\n"},
    {"x = select(tokens, tokens, ==)[0];",
     "1:5 error: only lists, strings, dicts and s-ops can be indexed, but this is a selector\n"},
    // Names and types.
    {"x = lenght + 1;\ny = x;", "1:5 error: 'lenght' is not defined; did you mean 'length'?\n"},
    {"x = sum(indices);",
     "1:5 error: there is no 'sum' in RASP; round(length * average(s)) is the sum of all values, "
     "if "
     "they are ints\n"},
    {"x = abs(indices - 2);", "1:5 error: there is no 'abs' in RASP; write (x if x > 0 else -x)\n"},
    {"x = tokns == \"a\";", "1:5 error: 'tokns' is not defined; did you mean 'tokens'?\n"},
    {"x = tokens == 1;",
     "1:12 warning: '==' is false everywhere: values of different types are unequal, and here are "
     "`tokens` (strings) and 1 (an int); tokens_int has the tokens as ints\n"},
    {"x = tokens != 1;",
     "1:12 warning: '!=' is true everywhere: values of different types are unequal, and here are "
     "`tokens` (strings) and 1 (an int); tokens_int has the tokens as ints\n"},
    {"s = select(tokens, 1, ==);",
     "1:5 warning: this selects nothing: values of different types are unequal, and here are "
     "`tokens` (strings) and 1 (an int); tokens_int has the tokens as ints\n"},
    {"x = tokens in [1, 2];",
     "1:12 warning: 'in' is false everywhere: values of different types are unequal, and here are "
     "`tokens` (strings) and a list of numbers\n"},
    {"x = indices == \"1\";",
     "1:13 warning: '==' is false everywhere: values of different types are unequal, and here are "
     "`indices` (numbers) and \"1\" (a string)\n"},
    {"x = indices + \"a\";",
     "1:13 error: '+' cannot be applied to 0 (an int) and \"a\" (a string), at position 0 of the "
     "input \"hello\"\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"x = tokens + 1;",
     "1:12 error: '+' cannot be applied to \"h\" (a string) and 1 (an int), at position 0 of the "
     "input \"hello\"\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"x = 1 / indices;",
     "1:7 error: '/' cannot divide 1 by zero, at position 0 of the input \"hello\"\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"x = tokens_int;",
     "1:5 error: tokens_int: the token \"h\" does not spell an int, at position 0 of the input "
     "\"hello\"\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"x = {\"a\": 1}[tokens];",
     "1:5 error: the dict has no key \"h\", at position 0 of the input \"hello\"\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"length = 3;",
     "1:1 error: 'length' belongs to the standard library and cannot be assigned at top level; "
     "choose another name\n"},
    {"round = 3;", "1:1 error: 'round' is a reserved word and cannot be a name\n"},
    {"l = [1, 2]; l[0] = 3;",
     "1:13 error: cannot assign to an element of 'l'; lists and dicts never change, so make a new "
     "one and give it a name\n"},
    {"l = [1, 2];\nl[0] = 3;",
     "2:1 error: cannot assign to an element of 'l'; lists and dicts never change, so make a new "
     "one and give it a name\n"},
    {"x = (1, 2);",
     "1:7 error: there are no tuples in RASP; a list is written in square brackets\n"},
    {"x = [i for i in range(5) if i > 2];",
     "1:34 error: a comprehension has no filter; this 'if' begins 'x if condition else y' and its "
     "'else' is missing\n"},
    {"load rasplib;", "1:6 error: expected a string, found 'rasplib'\n"},
    {"load \"nonexistent\";\nx = helper(tokens);",
     "1:1 error: there is no file \"nonexistent.rasp\" next to the program, in the current folder "
     "or among the installed programs\n"},
    {"set example hello\nx = indices;", "1:13 error: 'hello' is not defined\n"},
    {"def f(x) { return x + helper; }\na = f(1);\nb = f(2);",
     "1:23 error: 'helper' is not defined\n"
     "2:5 note: in the call of 'f'\n"},
    {"x = selector_width(select(tokens, tokens, ==);\ny = x;",
     "1:46 error: expected an operator, ',' or ')', found ';'\n"
     "1:19 note: '(' opened here is not closed\n"},
    {"x = indices + ;\ny = x;", "1:15 error: expected a value, found ';'\n"},
    {"x = \"abc;\ny = indices;",
     "1:5 error: this string is not closed; a string ends with '\"' on the line it starts on\n"},
    {"def f(x) {\n  if x { y = 1; }\n  else { y = 2; }\n  return y;\n}\nz = f(indices);",
     "2:3 error: there is no if statement; choose a value with x = (a if c else b);\n"},
    {"x = indices & 1;", "1:13 error: '&' is not an operator; write 'and'\n"},
    {"x = ~(tokens == \"a\");", "1:5 error: '~' is not an operator; write 'not'\n"},
    {"x := indices;", "1:3 error: ':=' is not an operator; '=' assigns\n"},
    {"x = mean(indices);",
     "1:5 error: there is no 'mean' in RASP; average(s) is the mean of all values and "
     "aggregate(selector, s) that of the selected ones\n"},
    {"x = int(tokens);",
     "1:5 error: there is no 'int' in RASP; tokens_int, tokens_float and tokens_bool read the "
     "tokens as other types, and round(…) makes ints\n"},
    {"x = any(tokens == \"a\");",
     "1:5 error: there is no 'any' in RASP; write aggregate(full_s, indicator(c)) > 0\n"},
    {"x = null;",
     "1:5 error: there is no 'null' in RASP; write a value that stands for nothing, such as 0 or "
     "\"\"\n"},
    {"x = not full_s == 1;",
     "1:16 warning: this compares `(not full_s)` with `1`; Python would read `not (full_s == "
     "1)`\n"
     "1:16 error: '==' cannot be applied to a selector and 1 (an int); selectors take 'and', 'or' "
     "and 'not'\n"},
    {"x = round(tokens);",
     "1:5 error: 'round' cannot be applied to \"h\" (a string), at position 0 of the input "
     "\"hello\"\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"x = indicator(3);", "1:5 error: indicator is for s-ops, but this is 3 (an int)\n"},
    {"x = tokens[\"a\"];",
     "1:5 error: an s-op is indexed by an int, but this is \"a\" (a string)\n"},
    {"x = [1, 2, 3][5];", "1:5 error: index 5 is out of range for a list of 3 elements\n"},
    {"a, b = 1, 2, 3;", "1:1 error: 2 names are assigned 3 values\n"},
    {"x = aggregate(full_s, tokens);",
     "1:5 error: aggregate averages 5 values of `tokens`, which holds strings, at position 0 of "
     "the input \"hello\"\n"
     "1:15 note: `full_s` selects more than one position; only numbers can be "
     "averaged\n"
     "note: every statement is tried out on the running example, \"hello\"; `set example` chooses "
     "another\n"},
    {"x = max(tokens);", "1:5 error: 'max' takes 2 arguments (a, b), but is given 1\n"},
    {"x = indices % 2 == 0 ? \"even\" : \"odd\";",
     "1:22 error: '?' is not an operator; choose a value with (a if c else b)\n"},
    {"x = selector_width(same);\nsame = select(tokens, tokens, ==);",
     "1:20 error: 'same' is not defined\n"},
    {"return 3;",
     "1:1 error: 'return' is allowed only at the end of a function, once and outside loops\n"},
    // Misspelled words of the language.
    {"x = agregate(full_s, indices);",
     "1:5 error: 'agregate' is not defined; did you mean 'aggregate'?\n"},
    {"x = selector_width(slect(tokens, tokens, ==));",
     "1:20 error: 'slect' is not defined; did you mean 'select'?\n"},
    {"x = selector_width(Select(tokens, tokens, ==));",
     "1:20 error: 'Select' is not defined; did you mean 'select'?\n"},
    {"s = max(tokens, tokens, ==);",
     "1:25 error: only select takes a comparison, as in select(keys, queries, ==)\n"},
    {"x = indices + rnage(3)[0];", "1:15 error: 'rnage' is not defined; did you mean 'range'?\n"},
    {"x = rond(indices / 2);", "1:5 error: 'rond' is not defined; did you mean 'round'?\n"},
    {"x = ROUND(indices / 2);", "1:5 error: 'ROUND' is not defined; did you mean 'round'?\n"},
    {"x = round(indices / 3, 2);", "1:22 error: round takes one value\n"},
    {"x = indices + len([1], 2);", "1:22 error: len takes one value\n"},
    {"x = indicator(tokens == \"a\", 1);", "1:28 error: indicator takes one value\n"},
    {"x = aggregate(full_s, indices, 0, 1);",
     "1:33 error: aggregate takes a selector, values and at most a default\n"},
    // A condition with a constant for a side.
    {"x = tokens == \"a\" or \"b\";",
     "1:19 warning: one side of this 'or' is \"b\", which always counts as true, and so does the "
     "whole; a comparison has two sides, as in x == 1 or x == 2\n"},
    {"x = tokens == \"a\" and \"b\";",
     "1:19 warning: one side of this 'and' is \"b\", which always counts as true; a comparison has "
     "two sides, as in x == 1 or x == 2\n"},
    {"x = indices == 1 and 0;",
     "1:18 warning: one side of this 'and' is 0, which always counts as false, and so does the "
     "whole; a comparison has two sides, as in x == 1 or x == 2\n"},
    {"x = tokens == \"a\" or False;\ny = \"a\" or tokens == \"a\" if False else 1;", ""},
    {"x = indices\n  + 1\ny = x;",
     "2:6 error: expected an operator, ',' or ';', found the next statement\n"},
};

TEST_CASE("each beginner's mistake gets one message that helps") {
  for (const Mistake& mistake : kMistakes) {
    INFO(mistake.program);
    CHECK(SaidOf(mistake.program) == mistake.said);
  }
}

}  // namespace
}  // namespace raspc
