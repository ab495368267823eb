// The trees of programs that are in the grammar: precedence, every kind of node, free white space,
// directives.
#include <catch2/catch.hpp>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/print_tree.h"

namespace raspc {
namespace {

SyntaxTree MustParse(std::string text) {
  Diagnostics diag;
  SyntaxTree tree = Parse(std::make_shared<const SourceText>("t.rasp", std::move(text)), {}, diag);
  INFO(Render(diag));
  CHECK_FALSE(diag.HasErrors());
  CHECK(tree.failed_statements.empty());
  return tree;
}

std::string TextOf(std::string program) { return ToText(MustParse(std::move(program))); }

// The tree of one expression.
std::string TreeOf(const std::string& expression) {
  const std::string text = TextOf(expression + ";");
  REQUIRE(text.starts_with("(do "));
  return text.substr(4, text.size() - 6);
}

struct Row {
  const char* program;
  const char* tree;
};

TEST_CASE("several statements may stand on one line") {
  const SyntaxTree tree = MustParse(
      "x = 1; y = 2;   z = x;# three\nfor a in l { b = a; c = b; }\ny; x = 3; show example\nz;");
  REQUIRE(tree.statements.size() == 8);
  for (int i = 0; i < 8; ++i) CHECK(tree.statements[static_cast<std::size_t>(i)]->number == i);
  CHECK(tree.statements[1]->location.line == 1);
  CHECK(tree.statements[1]->location.column == 8);
  CHECK(ToText(tree) == TextOf("x = 1;\ny = 2;\nz = x;\nfor a in l { b = a; c = b; }\ny;\nx = 3;\n"
                               "show example\nz;"));
}

TEST_CASE("operators bind as tightly as the language says, and to the left") {
  const Row rows[] = {
      // 1 and 2: suffixes before signs
      {"-x[0]", "(- (index x 0))"},
      {"not f(x)", "(not (call f x))"},
      {"-f(x)[1](y)", "(- (call (index (call f x) 1) y))"},
      {"- + not x", "(- (+ (not x)))"},
      // 2 and 3: signs before powers
      {"-2 ^ 2", "(^ (- 2) 2)"},
      {"2 ^ -2", "(^ 2 (- 2))"},
      {"not a == b", "(== (not a) b)"},
      {"2 * not a == b", "(== (* 2 (not a)) b)"},
      {"2 ^ 3 ^ 2", "(^ (^ 2 3) 2)"},
      // 3 and 4
      {"2 * 3 ^ 2", "(* 2 (^ 3 2))"},
      {"2 ^ 3 * 2", "(* (^ 2 3) 2)"},
      {"8 / 4 * 2", "(* (/ 8 4) 2)"},
      // 4 and 5: % binds more loosely than * and /
      {"5 % 4 * 3", "(% 5 (* 4 3))"},
      {"5 * 4 % 3", "(% (* 5 4) 3)"},
      {"7 % 4 % 2", "(% (% 7 4) 2)"},
      // 5 and 6
      {"5 + 7 % 4", "(+ 5 (% 7 4))"},
      {"5 % 7 - 4", "(- (% 5 7) 4)"},
      {"1 - 2 + 3", "(+ (- 1 2) 3)"},
      // 6 and 7
      {"a + 1 < b - 1", "(< (+ a 1) (- b 1))"},
      {"1 < 2 < 3", "(< (< 1 2) 3)"},
      {"a == b != c >= d", "(>= (!= (== a b) c) d)"},
      {"a <= b > c", "(> (<= a b) c)"},
      // 7 and 8
      {"a == 1 and b == 2", "(and (== a 1) (== b 2))"},
      {"a or b and c", "(and (or a b) c)"},
      {"a and b or c", "(or (and a b) c)"},
      // 8 and 9
      {"a and b if c or d else e and f", "(if (or c d) (and a b) (and e f))"},
      {"1 if a else 2 if b else 3", "(if b (if a 1 2) 3)"},
      {"1 if 2 if c else 3 else 4", "(if (if c 2 3) 1 4)"},
      {"1 if x in l else 2", "(if (in x l) 1 2)"},
      // 9 and 10
      {"a and x in l", "(in (and a x) l)"},
      {"x in l and a", "(in x (and l a))"},
      {"not x in l", "(in (not x) l)"},
      {"x in l in m", "(in (in x l) m)"},
      {"x in a if c else b", "(in x (if c a b))"},
      {"1 if c else x in l", "(in (if c 1 x) l)"},
      // parentheses overrule all of it
      {"(a + b) * c", "(* (+ a b) c)"},
      {"2 ^ (3 ^ 2)", "(^ 2 (^ 3 2))"},
      {"not (x in l)", "(not (in x l))"},
      {"((((x))))", "x"},
      // many levels at once
      {"a in b if c or d == e + f % g * h ^ -i[0] else j",
       "(in a (if (or c (== d (+ e (% f (* g (^ h (- (index i 0)))))))) b j))"},
  };
  for (const Row& row : rows) {
    INFO(row.program);
    CHECK(TreeOf(row.program) == row.tree);
  }
}

TEST_CASE("every kind of expression has its tree") {
  const Row rows[] = {
      {"7", "7"},
      {"007", "7"},
      {"1.50", "1.5"},
      {"00.5", "0.5"},
      {"9223372036854775807", "9223372036854775807"},
      {"0.00000000000000000000000000000000000000000000000001", "1e-50"},
      {"\"a # \\\"", "\"a # \\\\\""},
      {"\"\"", "\"\""},
      {"\"é😀\"", "\"é😀\""},
      {"True", "True"},
      {"_x1", "_x1"},
      {"[]", "(list)"},
      {"[1, x, [2]]", "(list 1 x (list 2))"},
      {"{}", "(dict)"},
      {"{\"a\": 1, b: c + 1}", "(dict (\"a\" 1) (b (+ c 1)))"},
      {"[x + 1 for x in l]", "(list-for (x) l (+ x 1))"},
      {"[a for a, b in zip(l, m)]", "(list-for (a b) (zip l m) a)"},
      {"{k: v for k, v in l}", "(dict-for (k v) l k v)"},
      {"f()", "(call f)"},
      {"f(1, 2, 3)", "(call f 1 2 3)"},
      {"[1, 2][i]", "(index (list 1 2) i)"},
      {"{1: 2}[x]", "(index (dict (1 2)) x)"},
      {"d[\"k\"][0]", "(index (index d \"k\") 0)"},
      {"(x)[0]", "(index x 0)"},
      {"l[(i)]", "(index l i)"},
      {"(f + g)(x)", "(call (+ f g) x)"},
      {"range(3)", "(range 3)"},
      {"range(1, 2, 3)", "(range 1 2 3)"},
      {"zip(a, b)", "(zip a b)"},
      {"len(a)", "(len a)"},
      {"round(x / 2)", "(round (/ x 2))"},
      {"indicator(x > 2)", "(indicator (> x 2))"},
      {"round (x)[0]", "(index (round x) 0)"},
      {"select(k, q, ==)", "(select k q ==)"},
      {"select(k, q, !=)", "(select k q !=)"},
      {"select(k, q + 1, <)", "(select k (+ q 1) <)"},
      {"select(k, q, <=)", "(select k q <=)"},
      {"select(k, q, >)", "(select k q >)"},
      {"select(k, q, >=)", "(select k q >=)"},
      {"aggregate(s, v)", "(aggregate s v)"},
      {"aggregate(s, v, \"-\")", "(aggregate s v \"-\")"},
      // words with their bracket may stand apart from it
      {"select (k, q, ==)", "(select k q ==)"},
      {"aggregate\n (s, v)", "(aggregate s v)"},
      {"range\t(3)", "(range 3)"},
      {"zip  (a)", "(zip a)"},
      {"len (a)", "(len a)"},
      // without it they are names
      {"select + aggregate + range + zip + len", "(+ (+ (+ (+ select aggregate) range) zip) len)"},
      {"length(len)", "(call length len)"},
      {"full + seq + display", "(+ (+ full seq) display)"},
      {"format - is_off", "(- format is_off)"},
      {"s - op", "(- s op)"},
  };
  for (const Row& row : rows) {
    INFO(row.program);
    CHECK(TreeOf(row.program) == row.tree);
  }
}

TEST_CASE("every kind of statement has its tree") {
  const Row rows[] = {
      {"x = 1;", "(= x 1)\n"},
      {"l = 1, 2;", "(= l 1 2)\n"},
      {"a, b = c;", "(= (a b) c)\n"},
      {"a, b = 1, 2;", "(= (a b) 1 2)\n"},
      {"select = tokens;", "(= select tokens)\n"},
      {"x(\"abc\");", "(do (call x \"abc\"))\n"},
      {"def f() { return 1; }", "(def f ()\n  (return 1))\n"},
      {"def f(x, y) {\n  z = x;\n  return z, y;\n}", "(def f (x y)\n  (= z x)\n  (return z y))\n"},
      {"for x in [1, 2] { y = x; f(x); }", "(for (x) (list 1 2)\n  (= y x)\n  (do (call f x)))\n"},
      {"for a, b in d { draw(a); }", "(for (a b) d\n  (draw a))\n"},
      {"for k in {1: 2} { y = k; }", "(for (k) (dict (1 2))\n  (= y k))\n"},
      {"def f(l) { for x in l { def g(y) { return y; } h = {}; } return l; }",
       "(def f (l)\n  (for (x) l\n    (def g (y)\n      (return y))\n    (= h (dict)))\n"
       "  (return l))\n"},
      {"load \"dir/name\";", "(load \"dir/name\")\n"},
      {"draw(select(tokens, tokens, ==), \"ab\");", "(draw (select tokens tokens ==) \"ab\")\n"},
      {"set example \"abc\"", "(set-example both \"abc\")\n"},
      {"set s-op example [1,\n 2]\nx = 1;", "(set-example s-op (list 1 2))\n(= x 1)\n"},
      {"set selector example [\"a\"] + [\"b\"]",
       "(set-example selector (+ (list \"a\") (list \"b\")))\n"},
      {"set\nexample\n\"a\"\n", "(set-example both \"a\")\n"},
      {"show example\nshow s-op example\nshow selector example",
       "(show-example both)\n(show-example s-op)\n(show-example selector)\n"},
      {"examples on\ns-op examples off # c\nselector examples on",
       "(examples both on)\n(examples s-op off)\n(examples selector on)\n"},
      {"full seq display on\nfull  seq\tdisplay off",
       "(full-seq-display on)\n(full-seq-display off)\n"},
      {"x = 1;\nexit\n$ anything ]] goes", "(= x 1)\n(exit)\n"},
      {"exit()\n$", "(exit)\n"},
      {"quit\n$", "(exit)\n"},
      {"quit()\n$", "(exit)\n"},
  };
  for (const Row& row : rows) {
    INFO(row.program);
    CHECK(TextOf(row.program) == row.tree);
  }
}

TEST_CASE("white space, line ends and comments are ignored") {
  const char* tree = "(def f (x)\n  (= y (select x 1 <))\n  (return y))\n(= z (call f tokens))\n";
  CHECK(TextOf("def f(x){y=select(x,1,<);return y;}\nz=f(tokens);") == tree);
  CHECK(TextOf("def f ( x )\n{ # one\n y\n=# two\nselect (\nx # )\n, 1 , < ) ; # three\n\n"
               "return y ;\n# four\n}\r\n\r\n\tz =\r\nf ( tokens ) ;   \r\n# five") == tree);
}

TEST_CASE("a text without statements is an empty program") {
  for (const char* text : {"", "\n", "# only this", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n", " \t\r\n"}) {
    CHECK(TextOf(text).empty());
  }
}

std::string PlaceOf(const SourceLocation& location) {
  return std::to_string(location.line) + ":" + std::to_string(location.column);
}

TEST_CASE("nodes know where they were read") {
  const SyntaxTree tree = MustParse("\xEF\xBB\xBFx,\n yy = \"é\" + f(1), -a if b else c;");
  const Statement& statement = *tree.statements[0];
  CHECK(PlaceOf(statement.location) == "1:1");
  const auto& assignment = std::get<Assignment>(statement.kind);
  CHECK(PlaceOf(assignment.name_locations[0]) == "1:1");
  CHECK(PlaceOf(assignment.name_locations[1]) == "2:2");
  // An operator's node stands where the operator does.
  CHECK(PlaceOf(assignment.values[0]->location) == "2:11");
  const auto& sum = std::get<BinaryExpression>(assignment.values[0]->kind);
  CHECK(PlaceOf(sum.left->location) == "2:7");
  CHECK(PlaceOf(sum.right->location) == "2:13");
  CHECK(PlaceOf(assignment.values[1]->location) == "2:22");
  const auto& ternary = std::get<TernaryExpression>(assignment.values[1]->kind);
  CHECK(PlaceOf(ternary.then_value->location) == "2:19");
  CHECK(PlaceOf(ternary.condition->location) == "2:25");
}

TEST_CASE("statements in blocks have the number of their top-level statement") {
  const SyntaxTree tree = MustParse("x = 1;\nfor i in l {\n  y = i;\n}\nz = 2;\n");
  REQUIRE(tree.statements.size() == 3);
  const auto& loop = std::get<ForLoop>(tree.statements[1]->kind);
  CHECK(loop.body[0]->number == 1);
  CHECK(PlaceOf(loop.body[0]->location) == "3:3");
  CHECK(tree.statements[2]->number == 2);
}

TEST_CASE("directives are read wherever comments are") {
  const SyntaxTree tree = MustParse(
      "#@ vocab: \"ab#\"  \n#@max_length:16\r\n# @ no: directive\n#not @: one\n"
      "x = [1, #@  output :  x: y\n 2]; #@ empty:\n");
  struct Wanted {
    const char *name, *value, *place, *value_place;
  };
  const Wanted wanted[] = {{"vocab", "\"ab#\"", "1:4", "1:11"},
                           {"max_length", "16", "2:3", "2:14"},
                           {"output", "x: y", "5:13", "5:23"},
                           {"empty", "", "6:9", "6:15"}};
  REQUIRE(tree.directives.size() == std::size(wanted));
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    CHECK(tree.directives[i].name == wanted[i].name);
    CHECK(tree.directives[i].value == wanted[i].value);
    CHECK(PlaceOf(tree.directives[i].location) == wanted[i].place);
    CHECK(PlaceOf(tree.directives[i].value_location) == wanted[i].value_place);
  }
}

TEST_CASE("operators are spelled as in the language") {
  CHECK(Spelling(UnaryOperator::kNot) == "not");
  CHECK(Spelling(BinaryOperator::kModulo) == "%");
  CHECK(Spelling(Comparison::kNotEqual) == "!=");
}

}  // namespace
}  // namespace raspc
