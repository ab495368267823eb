// Formulas: parsing, errors and their places, and the number of coordinates they need.
#include "frontends/formulas/formula.h"

#include <catch2/catch.hpp>

#include "frontends/formulas/evaluate_formula.h"
#include "frontends/formulas/formula_program.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

Sentence SentenceOf(const std::string& text) {
  Diagnostics diag;
  auto sentence = ParseFormula(text, diag);
  INFO(text << ": " << Render(diag));
  REQUIRE(sentence);
  return *std::move(sentence);
}

std::string Canonical(const std::string& text) {
  const Sentence sentence = SentenceOf(text);
  return ToText(sentence, sentence.Root());
}

// The first error, as `line:column: message`.
std::string ErrorIn(const std::string& text) {
  Diagnostics diag;
  CHECK_FALSE(ParseFormula(text, diag));
  REQUIRE_FALSE(diag.empty());
  const Diagnostic& error = diag.all().front();
  CHECK(diag.all().size() == 1);
  return std::to_string(error.location.line) + ":" + std::to_string(error.location.column) + ": " +
         error.message;
}

TEST_CASE("formulas bind as they say") {
  const auto [text, meant] = GENERATE(table<std::string, std::string>({
      {"TRUE IFF FALSE IMPLIES TRUE OR FALSE AND NOT TRUE",
       "TRUE IFF (FALSE IMPLIES (TRUE OR (FALSE AND (NOT TRUE))))"},
      {"TRUE IMPLIES TRUE IMPLIES FALSE", "TRUE IMPLIES (TRUE IMPLIES FALSE)"},
      {"TRUE IFF TRUE IFF FALSE", "(TRUE IFF TRUE) IFF FALSE"},
      {"EXISTS x. a(x) AND MAJ y. a(y) OR b(x)", "EXISTS x. a(x) AND (MAJ y. a(y) OR b(x))"},
      {"(EXISTS x. a(x)) AND NOT FORALL x. a(x)", "(EXISTS x. a(x)) AND (NOT (FORALL x. a(x)))"},
      {"EXISTS (x, y). x<y", "EXISTS x. EXISTS y. x < y"},
      {"MAJ (x,y). x != y", "MAJ x, y. x != y"},
      {"FORALL x. x + 1 - n * 2 * x % 3 <= -x",
       "FORALL x. ((x + 1) - (((n * 2) * x) % 3)) <= (0 - x)"},
      {"FORALL x. (x + 1) = n IMPLIES (a(x))", "FORALL x. ((x + 1) = n) IMPLIES a(x)"},
      {"#x. a(x) = #x, y. (a(x) AND b(y)) + 1", "#x. (a(x)) = (#x, y. (a(x) AND b(y)) + 1)"},
      {"a(first) AND b(last) AND n(0) AND 1(2)", "((a(0) AND b(n - 1)) AND n(0)) AND 1(2)"},
      {"\"(\"(0) AND \"AND\"(0) AND \"\\\"\\\\\"(0)",
       "(\"(\"(0) AND \"AND\"(0)) AND \"\\\"\\\\\"(0)"},
      {"EXISTS x. EXISTS x. BIT(x, x+1)", "EXISTS x. EXISTS x. BIT(x, x + 1)"},
      {"2 + 3 * -4 = 1 - 11 AND 7 % 4 > 2", "TRUE AND TRUE"},
      {"EXISTS x.\n  a(x)\n\tAND b(x)", "EXISTS x. a(x) AND b(x)"},
      {"EXISTS position_1. \xc3\xa4", ""},
  }));
  if (meant.empty()) {
    Diagnostics diag;
    CHECK_FALSE(ParseFormula(text, diag));
    return;
  }
  CHECK(Canonical(text) == meant);
  CHECK(Canonical(meant) == meant);
}

TEST_CASE("an invalid formula is refused at the error") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"", "1:1: expected a formula or a number, found the end"},
      {"a(0) b(0)", "1:6: expected a connective, found 'b'"},
      {"EXISTS x. ", "1:11: expected a formula or a number, found the end"},
      {"EXISTS x a(x)", "1:10: expected '.' after the variables of EXISTS, found 'a'"},
      {"EXISTS (x, y. a(x)", "1:13: expected ')' after the variables, found '.'"},
      {"EXISTS 3. a(3)", "1:8: expected a variable, found '3'"},
      {"EXISTS n. a(n)", "1:8: 'n' is reserved and cannot be a variable"},
      {"MAJ x, x. a(x)", "1:8: the variable 'x' occurs twice in one list"},
      {"EXISTS x. a(y)", "1:13: 'y' is not bound; put EXISTS y. or FORALL y. before it"},
      {"EXISTS place. a(plac)", "1:17: 'plac' is not bound; did you mean 'place'?"},
      {"(EXISTS x. a(x)) AND a(x)", "1:24: 'x' is not bound; put EXISTS x. or FORALL x. before it"},
      {"EXISTS x. a", "1:11: 'a' is not bound; if a symbol is meant, its atom is a(x)"},
      {"EXISTS x. x", "1:11: EXISTS requires a formula, but this is a number"},
      {"EXISTS x. a(x) AND x + 1", "1:22: AND joins formulas, but this is a number"},
      {"EXISTS x. NOT x", "1:15: NOT negates a formula, but this is a number"},
      {"EXISTS x. a(x) + 1 = 2", "1:11: '+' requires numbers, but this is a formula"},
      {"EXISTS x. a(x) = b(x)", "1:11: '=' compares numbers, but this is a formula"},
      {"EXISTS x. a(a(x))", "1:13: a symbol stands at a position, but this is a formula"},
      {"EXISTS x, y, z. x < y < z", "1:23: comparisons are joined by AND, as in x < y AND y < z"},
      {"EXISTS x. x == 1", "1:13: '==' is written = here"},
      {"n", "1:1: a sentence is a formula, but this is a number"},
      {"(a(0) AND b(0)", "1:1: this '(' has no ')'"},
      {"(a(0) b(0))", "1:7: expected ')' or a connective, found 'b'"},
      {"a(0))", "1:5: expected a connective, found ')'"},
      {"a(0", "1:4: expected ')' after the position, found the end"},
      {"#x. x = 1",
       "1:5: expected what is counted, a symbol's atom or a formula in parentheses, found 'x'"},
      {"EXISTS x. x % 0 = 1", "1:15: the modulus must be a number of at least 1, as in x % 2"},
      {"EXISTS x. x % x = 1", "1:15: the modulus must be a number of at least 1, as in x % 2"},
      {"EXISTS x. BIT(x) ", "1:16: expected ',' between the number and the bit, found ')'"},
      {"n = 1000001", "1:5: numbers must be from -1,000,000 to 1,000,000"},
      {"n = 99999999999999999999", "1:5: numbers must be from -1,000,000 to 1,000,000"},
      {"n = 1000 * 1001", "1:10: numbers must be from -1,000,000 to 1,000,000"},
      {"a(0) ;",
       "1:6: formulas have no \";\"; a symbol that is not a name is written in quotes, as in "
       "\";\"(x)"},
      {"n ! 1", "1:3: '!' is written NOT here"},
      {"a(0) & b(0)", "1:6: '&' is written AND here"},
      {"a(0) && b(0)", "1:6: '&&' is written AND here"},
      {"a(0) | b(0)", "1:6: '|' is written OR here"},
      {"a(0) ∨ b(0)", "1:6: '∨' is written OR here"},
      {"a(0) -> b(0)", "1:6: '->' is written IMPLIES here"},
      {"a(0) <-> b(0)", "1:6: '<->' is written IFF here"},
      {"a(0) <=> b(0)", "1:6: '<=>' is written IFF here"},
      {"!a(0)", "1:1: '!' is written NOT here"},
      {"~a(0)", "1:1: '~' is written NOT here"},
      {"∃x. a(x)", "1:1: '∃' is written EXISTS here"},
      {"EXISTS x. x ≤ 1", "1:13: '≤' is written <= here"},
      {"exists x. a(x)",
       "1:1: expected a formula or a number, found 'exists' (EXISTS is written in capitals)"},
      {"Forall x. a(x)",
       "1:1: expected a formula or a number, found 'Forall' (FORALL is written in capitals)"},
      {"a(0) and b(0)", "1:6: expected a connective, found 'and' (AND is written in capitals)"},
      {"(a(0) or b(0))",
       "1:7: expected ')' or a connective, found 'or' (OR is written in capitals)"},
      {"not a(0)", "1:1: expected a formula or a number, found 'not' (NOT is written in capitals)"},
      {"not(a(0))", "1:1: 'not' is read as a symbol here; NOT is written in capitals"},
      {"not(n = 1)", "1:1: 'not' is read as a symbol here; NOT is written in capitals"},
      {"bit(n, 0)", "1:1: 'bit' is read as a symbol here; BIT is written in capitals"},
      {"\"a(0)", "1:1: this '\"' is never closed"},
      {"\"a\\", "1:1: this '\"' is never closed"},
      {"\"\"(0)", "1:1: a symbol needs at least one character"},
      {"a(0) AND\n  OR b(0)", "2:3: expected a formula or a number, found 'OR'"},
      {"EXISTS x, y, z, u. MAJ v. x + y + z + u = v",
       "1:20: 5 variables are needed at once here; the limit is 4"},
      {"MAJ x, y, z, u, v. a(x)", "1:1: 5 variables are needed at once here; the limit is 4"},
  }));
  CHECK(ErrorIn(text) == message);
}

TEST_CASE("hostile formulas are refused, or read, in little time and stack") {
  const auto repeated = [](const std::string& piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
  };
  const auto limit_in = [](const std::string& text) {
    Diagnostics diag;
    CHECK_FALSE(ParseFormula(text, diag));
    CHECK(diag.all().front().kind == ErrorKind::kLimit);
    return FirstError(diag);
  };
  const std::string nesting = "the formula is nested more than 200 levels deep, the limit";
  CHECK(limit_in(repeated("(", 50'000)) == nesting);
  CHECK(limit_in(repeated("NOT ", 10'000) + "a(0)") == nesting);
  CHECK(limit_in("n = " + repeated("-", 10'000) + "1") == nesting);
  CHECK(limit_in(repeated("a(0) IMPLIES ", 5'000) + "a(0)") == nesting);
  CHECK(limit_in(repeated("EXISTS x. ", 5'000) + "a(x)") == nesting);
  CHECK(limit_in("n = " + repeated("#x. (n = ", 5'000)) == nesting);
  CHECK(limit_in(repeated("a(0) AND ", 5'000) + "a(0)") ==
        "the formula has more than 2000 parts, the limit");
  CHECK(limit_in(repeated(" ", 1 << 17)) == "the formula has more than 65536 bytes, the limit");
  CHECK(ErrorIn("\xff") == "0:0: the formula is not valid UTF-8");
  CHECK(ErrorIn("\xc3\xa4(0)").starts_with("1:1: formulas have no"));

  // Long ones within the limits are evaluated without problems.
  const Alphabet alphabet = SmallLetters(2);
  const Sentence chain = SentenceOf(repeated("a(0) AND ", 600) + "a(0)");
  CHECK(Holds(chain, alphabet, {0, 1}));
  const Sentence nested = SentenceOf(repeated("EXISTS x. MAJ y. ", 99) + "a(y)");
  CHECK(Holds(nested, alphabet, Word(30, 0)));
  CHECK_FALSE(Holds(nested, alphabet, {}));
}

TEST_CASE("as few coordinates are used as there are variables at once") {
  const auto [text, slots] = GENERATE(table<std::string, int>({
      {"TRUE", 0},
      {"EXISTS x. a(x)", 1},
      {"(EXISTS x. a(x)) AND EXISTS y. b(y)", 1},
      {"EXISTS x. a(x) AND EXISTS y. b(y)", 1},
      {"EXISTS x. a(x) AND EXISTS y. x < y AND EXISTS z. y < z AND b(z)", 2},
      {"EXISTS x. a(x) AND EXISTS y. x < y AND EXISTS z. y < z AND z < x AND b(z)", 3},
      {"MAJ x, y. a(x)", 2},
      {"#x, y, z. (a(x)) > 3", 3},
  }));
  CHECK(SentenceOf(text).num_slots == slots);
}

TEST_CASE("padding is needed where a quantifier relates more than a selector does") {
  const auto [text, needs_none] = GENERATE(table<std::string, bool>({
      {"EXISTS x. a(x) AND a(x * x)", true},
      {"EXISTS x. a(x) AND EXISTS y. x < y AND b(y)", true},
      {"EXISTS x, y. 2 * x + 3 < n - y AND (a(x) IFF b(y))", true},
      {"FORALL x. #y. (y < x AND a(y)) = #y. (y > x AND a(y))", true},
      {"EXISTS x, y. #z. (z < x AND a(z)) = #z. (y < z AND a(z))", true},
      {"EXISTS x, y. a(x + y)", false},
      {"EXISTS x, y. x * y = n", false},
      {"EXISTS x, y. (x + y) % 2 = 0", false},
      {"EXISTS x, y. BIT(x, y)", false},
      {"MAJ x, y. a(x) AND x < y", true},
      {"EXISTS x. #y, z. (y < z) > x", true},
      {"EXISTS x. #y, z. (y < x) > 0", false},
      {"MAJ x, y. a(x + y)", false},
      {"EXISTS x, y. #z. (x < z AND z < y) = 3", false},
  }));
  CAPTURE(text);
  CHECK(NeedsNoPads(SentenceOf(text)) == needs_none);
}

TEST_CASE("an alphabet is the symbols a formula names, or must contain them") {
  Diagnostics diag;
  const Sentence sentence = SentenceOf("EXISTS x. b(x) AND a(x) AND b(x + 1)");
  const auto alphabet = CollectAlphabet(sentence, diag);
  REQUIRE(alphabet);
  CHECK(alphabet->symbols() == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(CheckAlphabet(sentence, SmallLetters(1), diag));
  CHECK(FirstError(diag) == "the alphabet has no symbol \"b\"");
  Diagnostics of_none;
  CHECK_FALSE(CollectAlphabet(SentenceOf("n = 3"), of_none));
  CHECK(FirstError(of_none) == "the formula names no symbol; --alphabet gives its alphabet");
}

TEST_CASE("numbers too large to hold are taken as the largest") {
  const Sentence product = SentenceOf("(n * 1000000) * (n * 1000000) * (n * 1000000) * n > 5");
  CHECK(Holds(product, SmallLetters(1), {0, 0}));
  const Sentence sum = SentenceOf(
      "0 - (n * 1000000) * (n * 1000000) * (n * 1000000) * n - "
      "(n * 1000000) * (n * 1000000) * (n * 1000000) * n < 5");
  CHECK(Holds(sum, SmallLetters(1), {0, 0}));
}

}  // namespace
}  // namespace raspc
