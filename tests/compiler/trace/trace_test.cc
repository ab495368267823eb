// Tracing beyond the conformance cases: the resulting graph, messages, limits, loading, what a
// program prints.
#include "compiler/trace/trace.h"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/compiler/trace_testing.h"

namespace raspc {
namespace {

using Messages = std::vector<std::string>;

// The first message of a program without its position.
std::string FirstError(const std::string& text, const TraceOptions& options = {}) {
  const auto traced = TraceText(text, options);
  return traced->diag.empty() ? "accepted" : traced->diag.all().front().message;
}

TEST_CASE("names hold their last values, in the order of their assignment") {
  const auto traced = TraceText(
      "a = indices;\nb = a + 1;\na = b + 1;\ns = select(a, b, ==);\nk = 3;\nf = max;\n"
      "l = [1];\nt = \"x\";\n");
  REQUIRE(traced->diag.empty());
  std::vector<std::string> names;
  for (const auto& [name, id] : traced->program.names) names.push_back(name);
  CHECK(names == std::vector<std::string>{"b", "a", "s"});
  CHECK(traced->program.Last() == traced->program.names[1].second);  // s is a selector

  Diagnostics diag;
  CHECK(traced->program.Find("length", diag));
  CHECK(traced->program.Find("tokens", diag));
  CHECK(diag.empty());
  CHECK_FALSE(traced->program.Find("k", diag));
  CHECK_FALSE(traced->program.Find("f", diag));
  CHECK_FALSE(traced->program.Find("t", diag));
  CHECK_FALSE(traced->program.Find("lenght", diag));
  REQUIRE(diag.all().size() == 4);
  CHECK(diag.all()[0].message == "'k' is a number, not an s-op or selector");
  CHECK(diag.all()[1].message == "'f' is a function, not an s-op or selector");
  CHECK(diag.all()[2].message == "'t' is a string, not an s-op or selector");
  CHECK(diag.all()[3].message ==
        "the program has no s-op or selector named 'lenght'; did you mean 'length'?");
  CHECK(diag.all()[3].kind == ErrorKind::kUndefined);
}

TEST_CASE("the same computation is the same node, however it is written") {
  const auto traced = TraceText(
      "def inc(x) { return x + 1; }\na = indices + 1;\nb = inc(indices);\n"
      "c = [indices + k for k in range(2)][1];\nl = tokens[-1];\n"
      "m = aggregate(select(indices, length - 1, ==), tokens);\nn = tokens[0];\n"
      "o = load_from_location(tokens, 0);\np = \"a\" in tokens;\nq = contains(tokens, \"a\");\n");
  REQUIRE(traced->diag.empty());
  Diagnostics diag;
  const auto node = [&](const char* name) { return traced->program.Find(name, diag)->value; };
  CHECK(node("a") == node("b"));
  CHECK(node("a") == node("c"));
  CHECK(node("n") == node("o"));
  CHECK(node("p") == node("q"));
}

TEST_CASE("the library's counts trace to the idioms that the compiler knows") {
  const auto traced = TraceText("s = select(tokens, \"a\", ==);\nw = selector_width(s);\n");
  Diagnostics diag;
  const auto text = [&](const char* name) {
    const DataflowGraph& graph = traced->program.graph;
    const std::array roots{*traced->program.Find(name, diag)};
    std::string lines;
    for (const NodeId id : Reachable(graph, roots)) {
      const std::string line = NodeText(graph, id);
      lines += line.substr(0, line.find("    #")) + "\n";
    }
    return lines;
  };
  CHECK(text("length") ==
        "%0 = indices\n%6 = constant 1\n%7 = select(%6, %6, ==)\n%8 = constant 0\n"
        "%9 = map %0 == %8\n%10 = map indicator(%9)\n%11 = aggregate(%7, %10)\n"
        "%12 = map %6 / %11\n%13 = map round(%12)\n");
  CHECK(text("w") ==
        "%0 = indices\n%1 = tokens_str\n%6 = constant 1\n%8 = constant 0\n%9 = map %0 == %8\n"
        "%10 = map indicator(%9)\n%14 = select(%0, %8, ==)\n%15 = constant \"a\"\n"
        "%16 = select(%1, %15, ==)\n%17 = selector %16 or %14\n%18 = aggregate(%17, %10)\n"
        "%19 = map %6 / %18\n%20 = map %19 - %6\n%21 = selector %16 and %14\n"
        "%22 = aggregate(%21, %6, 0)\n%23 = map %20 + %22\n%24 = map round(%23)\n");
}

TEST_CASE("messages say what was found, where, and what may have been meant") {
  const auto traced = TraceText(
      "x = tokns;\n"
      "y = 1 + \"a\";\n"
      "length = 3;\n"
      "def f(a, b) { return a; }\n"
      "z = f(1);\n"
      "w = aggregate(tokens, indices);\n"
      "a, b = 1, 2, 3;\n"
      "v = full_s + 1;\n"
      "u = len(tokens);\n"
      "t = indices[tokens];\n"
      "for i in 3 { s = i; }\n"
      "r = {\"a\": 1}[\"b\"];\n"
      "q = 3(4);\n"
      "p = indices(\"ab\") + 1;\n");
  CHECK(
      traced->Messages() ==
      Messages{
          "1:5: 'tokns' is not defined; did you mean 'tokens'?",
          "2:7: '+' cannot be applied to 1 (an int) and \"a\" (a string)",
          "3:1: 'length' belongs to the standard library and cannot be assigned at top level; "
          "choose another name",
          "5:5: 'f' takes 2 arguments (a, b), but is given 1",
          "6:15: aggregate takes a selector first, but this is an s-op",
          "7:1: 2 names are assigned 3 values",
          "8:12: '+' cannot be applied to a selector and 1 (an int); selectors take 'and', 'or' "
          "and 'not'",
          "9:5: len counts the elements of a list, but this is an s-op; the number of tokens is "
          "'length'",
          "10:5: an s-op is indexed by an int, but this is an s-op; 'load_from_location' takes an "
          "s-op",
          "11:10: a loop runs over a list or dict, but this is 3 (an int)",
          "12:5: the dict has no key \"b\"",
          "13:5: only functions, s-ops and selectors can be called, but this is 3 (an int)",
          "14:5: indices(\"ab\") applies an s-op or selector to an input; that is a separate "
          "statement, not a value to compute with",
      });
  CHECK(traced->program.failed_statements ==
        std::vector<int>{0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
}

TEST_CASE("an error inside functions names the calls that led there") {
  const auto traced = TraceText(
      "def inner(x) { return x + \"a\"; }\ndef outer(x) {\n  return inner(x);\n}\n"
      "y = outer(indices);\nz = sort(indices, full_s);\n");
  REQUIRE(traced->diag.all().size() == 2);
  const Diagnostic& own = traced->diag.all()[0];
  CHECK(own.location.line == 1);
  REQUIRE(own.notes.size() == 3);
  CHECK(own.notes[1].location.line == 3);
  CHECK(own.notes[1].message == "in the call of 'inner'");
  CHECK(own.notes[2].location.line == 5);
  // A failure inside the library is reported at the call in the user's own text.
  const Diagnostic& library = traced->diag.all()[1];
  CHECK(library.location.source->name() == "test.rasp");
  CHECK(library.location.line == 6);
  CHECK(library.message == "sort takes an s-op or an atom here, but `full_s` is a selector");
  REQUIRE(library.notes.size() == 1);
  CHECK(library.notes[0].message == "in the call of sort(seq, key)");
}

TEST_CASE("a statement that fails has no effect at all") {
  const auto traced = TraceText(
      "x = 1;\ny = 2;\n"
      "for i in [1, 0] { x = x + 10 % i; z = i; }\n"
      "y, indices = 5, 6;\n"
      "a = x + indices;\nb = y + indices;\nc = z;\n");
  CHECK(traced->program.failed_statements == std::vector<int>{2, 3, 6});
  CHECK(EvaluateText(*traced, "a", CodePoints("ab")) == "[1, 2]");
  CHECK(EvaluateText(*traced, "b", CodePoints("ab")) == "[2, 3]");
}

TEST_CASE("statements are tried out on the example, or else on the first input") {
  CHECK(FirstError("x = tokens_int;").starts_with("tokens_int: the token \"h\" does not spell"));
  TraceOptions options;
  options.first_input = {std::int64_t{1}, std::int64_t{2}};
  CHECK(FirstError("x = tokens_int;\ny = x + 1;", options) == "accepted");
  // The whole statement must succeed on one of them: here each half fails on one.
  CHECK(FirstError("x = [tokens_int, 1 / (length - 2)];", options) != "accepted");
  // What fails on the first input is the user's.
  CHECK(FirstError("x = tokens_int + \"a\";", options).starts_with("'+' cannot be applied to 1"));
  options.try_out = false;
  CHECK(FirstError("x = 1 / indices;", options) == "accepted");
  options.try_out = true;
  options.example = {std::int64_t{7}};
  options.example_is_fixed = true;
  CHECK(FirstError("set example \"abc\"\nx = tokens_int;", options) == "accepted");
}

TEST_CASE("an applied s-op need only work on its input") {
  CHECK(FirstError("(tokens_int + 1)([1, 2]);") == "accepted");
  CHECK(FirstError("draw(tokens_int + 1, [1, 2]);") == "accepted");
  CHECK(FirstError("(tokens_int + 1)(\"ab\");").starts_with("tokens_int: the token \"a\""));
  CHECK(FirstError("x = tokens_int + 1;").starts_with("tokens_int"));
  CHECK(FirstError("indices(\"\");") == "the input is empty: a program needs at least one token");
  CHECK(FirstError("indices(3);") ==
        "the input must be a string or a list of tokens, but is 3 (an "
        "int)");
}

TEST_CASE("programs that do not end are stopped") {
  CHECK(FirstError("def f(n) { return f(n + 1); }\nx = f(0);") ==
        "calls are nested more than 200 deep; does 'f' call itself without end?");
  CHECK(FirstError("def f(n) { return f(n) + f(n) if n > 0 else 1; }\nx = f(1);")
            .starts_with("calls are nested"));
  TraceOptions few;
  few.limits.max_steps = 100'000;
  // Bounded depth, but 2^60 calls.
  CHECK(FirstError("def f(n) { return f(n - 1) + f(n - 1) if n > 0 else 1; }\nx = f(60);", few) ==
        "the program takes more than 100000 steps; does a loop or a function run for too long? "
        "The rest of the program is not run");
  CHECK(FirstError("for i in range(1000) { for j in range(1000) { x = 1; } }", few)
            .starts_with("the program takes more than"));
  CHECK(FirstError("x = range(10000000000);") ==
        "a list or dict may hold at most 10000000 elements");
  CHECK(FirstError("x = range(0 - 9000000000000000000, 9000000000000000000, 1);")
            .starts_with("a list or dict"));
  CHECK(FirstError("l = [1];\nfor i in range(64) { l = l + l; }", few).starts_with("the program"));
  CHECK(FirstError("s = \"ab\";\nfor i in range(64) { s = s + s; }") ==
        "the string would be longer than 1000000 bytes");
  CHECK(FirstError("l = [];\nfor i in range(1000) { l = [l]; }") ==
        "lists and dicts may be nested at most 200 deep");
  CHECK(FirstError("d = {};\nfor i in range(1000) { d = {1: d}; }") ==
        "lists and dicts may be nested at most 200 deep");
  CHECK(FirstError("x = indices;\nfor i in range(300000) { x = x + i; }") ==
        "the program computes more than 200000 different s-ops and selectors");
}

TEST_CASE("sharing cannot make a small program expensive") {
  const std::string doubled =
      "l = [1];\nm = [1];\nfor i in range(100) { l = [l, l]; m = [m, m]; }\n";
  CHECK(FirstError(doubled + "x = l == m;") == "this alone would take more than 10000000 steps");
  CHECK(FirstError(doubled + "x = l < m;") == "this alone would take more than 10000000 steps");
  CHECK(FirstError("s = \"ab\" * 500000;\nl = [s] * 5000000;").starts_with("this alone"));
  CHECK(FirstError(doubled + "l;") == "accepted");  // printed in part
}

TEST_CASE("nested calls and brackets up to the limits fit the stack") {
  std::string nested = "f(n - 1)";
  for (int i = 0; i < 150; ++i) nested = "[" + nested + "][0]";
  const std::string program =
      "def f(n) { return " + nested + " if n > 0 else 0; }\nx = f(190) + indices;";
  CHECK(ValueOfX(program, CodePoints("ab")) == "[0, 1]");
}

TEST_CASE("long chains of closures are released without recursion") {
  CHECK(FirstError("def id(x) { return x; }\ndef wrap(g) { def h(x) { return g(x); } return h; }\n"
                   "for i in range(300000) { id = wrap(id); }") == "accepted");
}

TEST_CASE("thousands of failing statements end the run") {
  std::string program;
  for (int i = 0; i < 3000; ++i) program += "x = 1 + \"a\";\n";
  const auto traced = TraceText(program);
  CHECK(traced->diag.all().size() == 1000);
  CHECK(traced->diag.all().back().notes.back().message ==
        "1000 statements have failed; the rest of the program is not run");
}

TEST_CASE("an element that is not an atom is an error only where it is accessed") {
  const std::string program = "x = [1, [2], 3][tokens_int];";
  CHECK(ValueOfX("set example [0, 2]\n" + program, {std::int64_t{2}}) == "[3]");
  CHECK(ValueOfX("set example [0, 2]\n" + program, {std::int64_t{-2}})
            .starts_with("the element at -2 is not an int, float, bool or string"));
  CHECK(ValueOfX("x = {\"a\": 1, \"b\": [2]}[tokens];\n", CodePoints("a")).starts_with("rejected"));
  CHECK(ValueOfX("set example \"a\"\nx = {\"a\": 1, \"b\": [2]}[tokens];", CodePoints("aa")) ==
        "[1, 1]");
}

TEST_CASE("an s-op never equals a list, a dict or a function") {
  CHECK(ValueOfX("x = indices == [1];", CodePoints("ab")) == "[false, false]");
  CHECK(ValueOfX("x = {} == tokens;", CodePoints("ab")) == "[false, false]");
  CHECK(ValueOfX("x = indices != max;", CodePoints("ab")) == "[true, true]");
  CHECK(ValueOfX("x = indices != 1;", CodePoints("ab")) == "[true, false]");
}

TEST_CASE("lists, dicts and functions compare by value, functions by identity") {
  CHECK(ValueOfX("x = indicator(indices == ([1, [2]] == [1.0, [2]]));", CodePoints("ab")) ==
        "[0, 1]");
  CHECK(ValueOfX("x = 0 * indices + ({1: 2, 3: 4} == {3: 4, 1: 2});", CodePoints("a")) == "[1]");
  CHECK(ValueOfX("x = 0 * indices + ([1, 2] < [1, 3]) + 2 * ([2] < [1, 9]);", CodePoints("a")) ==
        "[1]");
  CHECK(ValueOfX("x = 0 * indices + (max == max) + 2 * (max == min);", CodePoints("a")) == "[1]");
  CHECK(FirstError("x = [1] < [\"a\"];") ==
        "'<' cannot be applied to a list of 1 value and a list of 1 value");
}

TEST_CASE("without the library its names are available, and indexing from the end still works") {
  TraceOptions options;
  options.load_standard_library = false;
  const auto traced = TraceText("length = tokens[-1];\nmax = length + \"!\";", options);
  REQUIRE(traced->diag.empty());
  CHECK(EvaluateText(*traced, "max", CodePoints("ab")) == R"(["b!", "b!"])");
}

// ---- What a program prints.

TEST_CASE("expression statements, show and draw print what the program asks for") {
  const auto traced = TraceText(
      "x = indices * 2;\nx;\nx(\"ab\");\n3 + 4;\n[1, \"a\", x];\n"
      "s = select(indices, indices, <);\ns(\"abc\");\nshow example\nset example \"hi\"\n"
      "show s-op example\ns-op examples off\nx;\nfull seq display on\nx([10, 2]);\n"
      "for i in [1] { x; }\nmax;\n");
  REQUIRE(traced->diag.empty());
  CHECK(traced->printed == Messages{
                               "x(\"hello\") = [0, 2, 4, 6, 8] (ints)",
                               "x(\"ab\") = [0, 2] (ints)",
                               "= 7",
                               "= [1, \"a\", x]",
                               "s(\"abc\") =",
                               "      a b c",
                               "  a | . . .",
                               "  b | 1 . .",
                               "  c | 1 1 .",
                               "s-op example: \"hello\"",
                               "selector example: \"hello\"",
                               "s-op example: \"hi\"",
                               "s-op: x",
                               "x([10, 2]) =",
                               "  input:  10  2",
                               "  output:  0  2   (ints)",
                               "= max(a, b)",
                           });
}

TEST_CASE("draw shows every step on the way") {
  const auto traced = TraceText("set example \"ab\"\nx = tokens == \"a\";\ndraw(x);\n");
  REQUIRE(traced->diag.empty());
  CHECK(traced->printed == Messages{
                               "x(\"ab\"), step by step:",
                               "  tokens  =  [\"a\", \"b\"] (strings)",
                               "  x: tokens == \"a\"  =  [true, false] (bools)",
                           });
}

TEST_CASE("draw shows what the library computes as one step") {
  const auto traced = TraceText(
      "def twice(s) { return 2 * s; }\n"
      "n = twice(selector_width(select(tokens, tokens, ==))) + 1;\ndraw(n, \"aab\");\n");
  REQUIRE(traced->diag.empty());
  CHECK(traced->printed ==
        Messages{
            "n(\"aab\"), step by step:",
            "  tokens  =  [\"a\", \"a\", \"b\"] (strings)",
            "  select(tokens, tokens, ==)",
            "      a a b",
            "  a | 1 1 .",
            "  a | 1 1 .",
            "  b | . . 1",
            "  selector_width(select(tokens, tokens, ==…  =  [2, 2, 1] (ints)",
            "  twice(selector_width(select(tokens, toke…  =  [4, 4, 2] (ints)",
            "  n: twice(selector_width(select(tokens, toke…  =  [5, 5, 3] (ints)",
        });
}

TEST_CASE("an s-op without a name is called by its source text") {
  const auto traced = TraceText(
      "def f(s) {\n  t = s + \"!\";\n  return t + s;\n}\n"
      "f(tokens)(\"no\");\n(indices  # a comment\n +   1)(\"no\");\n"
      "s-op examples off\n\"a\" in tokens;\n");
  CHECK(traced->printed == Messages{
                               "f(tokens)(\"no\") = [\"n!n\", \"o!o\"] (strings)",
                               "(indices + 1)(\"no\") = [1, 2] (ints)",
                               "s-op: \"a\" in tokens",
                           });
}

// ---- Loading.

// A new folder with files, removed at the end.
struct File {
  std::string name, text;
};

class Folder {
 public:
  explicit Folder(const std::vector<File>& files) {
    std::string pattern = (std::filesystem::temp_directory_path() / "raspc-trace-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
    for (const auto& [name, text] : files) std::ofstream(path_ / name) << text;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string PathOf(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<TracedText> TraceFile(const std::string& path, const std::string& text,
                                      const TraceOptions& options = {}) {
  auto traced = std::make_unique<TracedText>();
  const auto source = std::make_shared<const SourceText>(path, text);
  const SyntaxTree tree = Parse(source, ParseLimits{}, traced->diag);
  traced->program = Trace(tree, options, traced->diag);
  return traced;
}

TEST_CASE(
    "load looks beside the loading file, then in the load folders, then at what is built in") {
  const Folder beside(std::vector<File>{{"a.rasp", "v = 1;\n"}});
  const Folder further({{"a.rasp", "v = 2;\n"}, {"b.rasp", "w = 3;\n"}});
  TraceOptions options;
  options.load_folders = {further.PathOf("")};
  const auto traced = TraceFile(beside.PathOf("main.rasp"),
                                "load \"a\";\nload \"b\";\nx = indices + 10 * v + w;\n", options);
  CHECK(traced->Messages().empty());
  CHECK(EvaluateText(*traced, "x", CodePoints("ab")) == "[13, 14]");
  CHECK(FirstError("load \"histogram\";") == "accepted");
  CHECK(
      FirstError("load \"histogra\";") ==
      "there is no file \"histogra.rasp\" next to the program, in the current folder or among the "
      "installed programs; did you mean 'histogram'?");
}

TEST_CASE("files that load each other, or cannot be read, are errors and no endless loop") {
  const Folder folder({{"a.rasp", "load \"b\";\n"}, {"b.rasp", "load \"a\";\n"}});
  const auto traced = TraceFile(folder.PathOf("main.rasp"), "load \"a\";\n");
  REQUIRE(traced->diag.all().size() == 1);
  CHECK(traced->diag.all()[0].kind == ErrorKind::kLoad);
  CHECK(traced->diag.all()[0].message ==
        "'" + folder.PathOf("a.rasp") + "' loads itself: '" + folder.PathOf("a.rasp") +
            "' loads '" + folder.PathOf("b.rasp") + "' loads '" + folder.PathOf("a.rasp") + "'");
  const auto itself = TraceFile(folder.PathOf("a.rasp"), "load \"a\";\n");
  REQUIRE(itself->diag.all().size() == 1);
  CHECK(itself->diag.all()[0].message == "'" + folder.PathOf("a.rasp") + "' loads itself");

  std::filesystem::create_directory(folder.PathOf("d.rasp"));
  const auto directory = TraceFile(folder.PathOf("main.rasp"), "load \"d\";\n");
  REQUIRE(directory->diag.all().size() == 1);
  CHECK(directory->diag.all()[0].kind == ErrorKind::kLoad);
}

TEST_CASE("errors in a loaded file are reported there, and the rest of it is run") {
  const Folder folder(std::vector<File>{
      {"lib.rasp", "a = 1;\nb = nothing;\nmax = 2;\nc = (;\nd = 4;\nindices(\"ab\");\n"}});
  const auto traced =
      TraceFile(folder.PathOf("main.rasp"), "load \"lib\";\nx = a + d + indices;\n");
  REQUIRE(traced->diag.all().size() == 3);
  for (const Diagnostic& error : traced->diag.all()) {
    CHECK(error.location.source->name() == folder.PathOf("lib.rasp"));
  }
  CHECK(EvaluateText(*traced, "x", CodePoints("a")) == "[5]");
}

TEST_CASE("load inside a function assigns its locals") {
  const Folder folder(
      std::vector<File>{{"lib.rasp", "v = 41;\n_p = 1;\ndef g(x) { return x + v + _p; }\n"}});
  const auto traced =
      TraceFile(folder.PathOf("main.rasp"),
                "def f(x) {\n  load \"lib\";\n  return g(x) + v;\n}\nx = f(indices);\ny = v;\n");
  CHECK(traced->program.failed_statements == std::vector<int>{2});
  CHECK(EvaluateText(*traced, "x", CodePoints("a")) == "[83]");
}

}  // namespace
}  // namespace raspc
