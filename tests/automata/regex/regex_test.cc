// Regular expressions: their meaning, against sets of words; errors and their places.
#include "automata/regex/regex.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

constexpr int kLength = 5;

// A language cut off at words of kLength symbols.
using Words = std::set<Word>;

Words Concatenated(const Words& first, const Words& second) {
  Words words;
  for (const Word& u : first) {
    for (const Word& v : second) {
      if (static_cast<int>(u.size() + v.size()) > kLength) continue;
      Word uv = u;
      uv.insert(uv.end(), v.begin(), v.end());
      words.insert(std::move(uv));
    }
  }
  return words;
}

struct RandomExpression {
  std::string text;
  int binding;  // 0 union, 1 intersection, 2 concatenation, 3 complement, 4 repetition, 5 operand
  Words words;
};

// A random expression together with its words. Text and words are built in parallel from the
// operators' definitions, with as few parentheses as possible.
class ExpressionWordSampler {
 public:
  explicit ExpressionWordSampler(int num_symbols) : num_symbols_(num_symbols) {
    for (const Word& word : WordsUpTo(num_symbols, kLength)) all_.insert(word);
  }

  RandomExpression Draw(std::mt19937_64& random, int depth) {
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    if (depth == 0 || below(6) == 0) return Operand(below(8), below(num_symbols_));
    const RandomExpression first = Draw(random, depth - 1);
    switch (below(7)) {
      case 0: {
        const RandomExpression second = Draw(random, depth - 1);
        Words both = first.words;
        both.insert(second.words.begin(), second.words.end());
        return {Inside(first, 0) + "|" + Inside(second, 1), 0, both};
      }
      case 1: {
        const RandomExpression second = Draw(random, depth - 1);
        Words both;
        for (const Word& w : first.words) {
          if (second.words.contains(w)) both.insert(w);
        }
        return {Inside(first, 1) + "&" + Inside(second, 2), 1, both};
      }
      case 2:
      case 3: {
        const RandomExpression second = Draw(random, depth - 1);
        return {Inside(first, 2) + Inside(second, 3), 2, Concatenated(first.words, second.words)};
      }
      case 4: {
        Words others;
        for (const Word& w : all_) {
          if (!first.words.contains(w)) others.insert(w);
        }
        return {"~" + Inside(first, 3), 3, others};
      }
      default:
        return Repeated(first, below(6), below(4), below(3));
    }
  }

 private:
  static std::string Inside(const RandomExpression& e, int binding) {
    return e.binding >= binding ? e.text : "(" + e.text + ")";
  }

  RandomExpression Operand(int kind, SymbolId a) const {
    const std::string letter(1, static_cast<char>('a' + a));
    if (kind == 0) return {"()", 5, {{}}};
    Words one, others;
    for (SymbolId b = 0; b < num_symbols_; ++b) (b == a ? one : others).insert(Word{b});
    if (kind == 1) return {"[^" + letter + "]", 5, others};
    if (kind > 2) return {letter, 5, one};
    one.insert(others.begin(), others.end());
    return {".", 5, one};
  }

  RandomExpression Repeated(const RandomExpression& e, int kind, int min, int more) const {
    const std::vector<std::string> suffixes = {
        "*",
        "+",
        "?",
        "{" + std::to_string(min) + "}",
        "{" + std::to_string(min) + ",}",
        "{" + std::to_string(min) + "," + std::to_string(min + more) + "}"};
    const int low = kind == 1 ? 1 : kind < 3 ? 0 : min;
    // kLength more factors than the minimum determine all short words.
    const int high = kind == 2 ? 1 : kind == 3 ? min : kind == 5 ? min + more : low + kLength;
    Words power = {{}}, words;
    for (int i = 0; i <= high; ++i) {
      if (i >= low) words.insert(power.begin(), power.end());
      power = Concatenated(power, e.words);
    }
    return {Inside(e, 4) + suffixes[kind], 4, words};
  }

  int num_symbols_;
  Words all_;
};

TEST_CASE("expressions accept the words their operators say") {
  std::mt19937_64 random(20250601);
  for (const int num_symbols : {1, 2, 3}) {
    ExpressionWordSampler source(num_symbols);
    const Alphabet alphabet = SmallLetters(num_symbols);
    for (int i = 0; i < 1000; ++i) {
      const RandomExpression expression = source.Draw(random, 4);
      INFO(expression.text);
      Diagnostics diag;
      const std::optional<Regex> regex = ParseRegex(expression.text, diag);
      REQUIRE(regex);
      const std::optional<Dfa> dfa = CompileRegex(*regex, alphabet, {}, diag);
      REQUIRE(dfa);
      REQUIRE(CheckDfa(*dfa).empty());
      for (const Word& word : WordsUpTo(num_symbols, kLength)) {
        if (dfa->Accepts(word) != expression.words.contains(word)) {
          FAIL("wrong about '" << ToText(alphabet, word) << "'");
        }
      }
    }
  }
}

TEST_CASE("complement binds more than concatenation and less than repetition") {
  CHECK(MinimalOf("regex:~ab") == MinimalOf("regex:(~a)b"));
  CHECK(MinimalOf("regex:~a*", "ab") == MinimalOf("regex:~(a*)", "ab"));
  CHECK(MinimalOf("regex:a|b&c", "abc") == MinimalOf("regex:a|(b&c)", "abc"));
  CHECK(MinimalOf("regex:ab&.b|c", "abc") == MinimalOf("regex:((ab)&(.b))|c", "abc"));
  CHECK(MinimalOf("regex:~~a", "ab") == MinimalOf("regex:a", "ab"));
}

TEST_CASE("classes, escapes and long names denote symbols") {
  CHECK(MinimalOf("regex:[a-c]") == MinimalOf("regex:a|b|c"));
  CHECK(MinimalOf("regex:[^b-c]", "abcd") == MinimalOf("regex:a|d", "abcd"));
  CHECK(MinimalOf("regex:[a-]", "a-") == MinimalOf("regex:a|\\-", "a-"));
  CHECK(MinimalOf("regex:\\*\\|\\\\").alphabet.symbols() ==
        std::vector<std::string>{"*", "\\", "|"});
  CHECK(MinimalOf("regex:[\\]\\^]").alphabet.symbols() == std::vector<std::string>{"]", "^"});
  CHECK(MinimalOf("regex:λ[é-ë]").alphabet.symbols() ==
        std::vector<std::string>{"é", "ê", "ë", "λ"});
  CHECK(MinimalOf("regex:\\<w0>[^\\<w0>]*", "[\"w0\", \"r\"]") ==
        MinimalOf("regex:\\<w0>\\<r>*", "[\"w0\", \"r\"]"));
  CHECK(MinimalOf("regex:a b").alphabet.symbols() == std::vector<std::string>{" ", "a", "b"});
}

TEST_CASE("errors in an expression are reported at their place") {
  struct Wrong {
    std::string text;
    int line, column;
    std::string message;
  };
  const std::vector<Wrong> cases = {
      {"", 1, 1, "the regular expression is empty; the empty word is ()"},
      {"a|", 1, 2, "there is nothing after this '|'; the empty word is written ()"},
      {"|a", 1, 1, "there is nothing before this '|'; the empty word is written ()"},
      {"(a|)b", 1, 3, "there is nothing after this '|'; the empty word is written ()"},
      {"a&&b", 1, 3, "there is nothing before this '&'; the empty word is written ()"},
      {"a~", 1, 2, "there is nothing after this '~'; the empty word is written ()"},
      {"(ab", 1, 1, "this '(' has no ')'; the symbol is written \\("},
      {"ab)", 1, 3, "a ')' without a '('; the symbol is written \\)"},
      {")", 1, 1, "a ')' without a '('; the symbol is written \\)"},
      {"*a", 1, 1, "there is nothing for this '*' to repeat; the symbol is written \\*"},
      {"(*a)", 1, 2, "there is nothing for this '*' to repeat; the symbol is written \\*"},
      {"a|+", 1, 3, "there is nothing for this '+' to repeat; the symbol is written \\+"},
      {"a{", 1, 2,
       "a '{' begins a number of repetitions, {m}, {m,} or {m,n}; the symbol is written \\{"},
      {"a{2,1}", 1, 2, "the least number of repetitions, 2, is above the greatest, 1"},
      {"a{99999999999999999999}", 1, 2, "99999999999999999999 repetitions; the maximum is 1000000"},
      {"a}", 1, 2, "a '}' without a '{'; the symbol is written \\}"},
      {"[ab", 1, 1, "this '[' has no ']'; the symbol is written \\["},
      {"a[]", 1, 2, "a class without symbols; any symbol is '.', and ~(.*) matches no word"},
      {"[b-a]", 1, 2, "the range b-a is empty, as a comes before b"},
      {"é[b-a]", 1, 3, "the range b-a is empty, as a comes before b"},
      {"a\\", 1, 2, "a backslash at the end; the symbol is written \\\\"},
      {"\\d", 1, 1,
       "\\d has no meaning; the symbol is written d, and a class of characters as [0-9]"},
      {"a\n)", 2, 1, "a ')' without a '('; the symbol is written \\)"},
      {"\\<w0", 1, 1, "\\< begins the name of a symbol, which ends with >, such as \\<w0>"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.text);
    Diagnostics diag;
    CHECK_FALSE(ParseRegex(wrong.text, diag));
    CHECK(FirstError(diag) == wrong.message);
    REQUIRE(diag.all().size() == 1);
    CHECK(diag.all()[0].location.line == wrong.line);
    CHECK(diag.all()[0].location.column == wrong.column);
  }
}

// The warnings of an expression, with their columns.
std::vector<std::pair<int, std::string>> WarningsOf(const std::string& text) {
  Diagnostics diag;
  const std::optional<Regex> regex = ParseRegex(text, diag);
  REQUIRE(regex);
  REQUIRE(CompileRegex(*regex, *CollectAlphabet(*regex, diag), {}, diag));
  std::vector<std::pair<int, std::string>> warnings;
  for (const Diagnostic& problem : diag.all()) {
    warnings.emplace_back(problem.location.column, problem.message);
  }
  return warnings;
}

TEST_CASE("characters that other notations give a meaning are symbols, with a warning") {
  const auto anchor = [](const std::string& c) {
    return "'" + c +
           "' is a symbol here, like any other; an expression always matches whole words; write "
           "\\" +
           c + " if you mean the symbol";
  };
  using Warnings = std::vector<std::pair<int, std::string>>;
  CHECK(WarningsOf("^(ab)*$") == Warnings{{1, anchor("^")}, {7, anchor("$")}});
  CHECK(WarningsOf("^a^").size() == 1);
  CHECK(WarningsOf("a|ε") ==
        Warnings{{3,
                  "'ε' is a symbol here, like any other; the empty word is written (). Where "
                  "the symbol is meant, \\ε says so"}});
  CHECK(WarningsOf("a∅").size() == 1);
  CHECK(WarningsOf("\\^a\\$[$ε][^a]").empty());
}

TEST_CASE("an empty intersection gets a warning") {
  const std::string message = "no word matches both sides of this '&', so it matches nothing";
  using Warnings = std::vector<std::pair<int, std::string>>;
  CHECK(WarningsOf("a&b") == Warnings{{2, message}});
  CHECK(WarningsOf("c|(a*b&b*a)") == Warnings{{7, message}});
  CHECK(WarningsOf("a*&(aa)*").empty());
  CHECK(WarningsOf("~(.*)a&a").empty());  // it was already empty
}

TEST_CASE("a symbol outside the alphabet is reported at its place") {
  Diagnostics diag;
  const std::optional<Regex> regex = ParseRegex("ab|c", diag);
  REQUIRE(regex);
  CHECK_FALSE(CompileRegex(*regex, SmallLetters(2), {}, diag));
  CHECK(FirstError(diag) == "'c' is not in the alphabet [\"a\", \"b\"]");
  CHECK(diag.all()[0].location.column == 4);
  diag.Clear();
  const std::optional<Regex> any = ParseRegex(".*", diag);
  CHECK_FALSE(CollectAlphabet(*any, diag));
  CHECK(FirstError(diag) == "the expression names no symbol; --alphabet gives its alphabet");
}

TEST_CASE("any text is an expression or has one error within it") {
  std::mt19937_64 random(20250602);
  const std::vector<std::string> pieces = {
      "a",   "b",     "|", "&", "~", "*", "+",  "?", "(", ")", "[",  "]", "^",    "-",  "{",   "}",
      "{2}", "{1,3}", ",", "0", "9", ".", "\\", "<", ">", "é", "\n", " ", "\x01", "()", "[^a]"};
  LanguageLimits limits;
  limits.max_states = 200;
  limits.max_nfa_states = 2000;
  int num_read = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::size_t n = 1 + random() % 12; n > 0; --n) text += pieces[random() % pieces.size()];
    INFO(text);
    Diagnostics diag;
    const std::optional<Regex> regex = ParseRegex(text, diag);
    REQUIRE(regex.has_value() != diag.HasErrors());
    if (!regex) {
      int num_errors = 0;  // not counting warnings
      for (const Diagnostic& problem : diag.all()) {
        num_errors += problem.severity == Severity::kError ? 1 : 0;
        REQUIRE(problem.location.IsKnown());
      }
      REQUIRE(num_errors == 1);
      continue;
    }
    ++num_read;
    const std::optional<Alphabet> alphabet = CollectAlphabet(*regex, diag);
    if (!alphabet) continue;
    const std::optional<Dfa> dfa = CompileRegex(*regex, *alphabet, limits, diag);
    REQUIRE(dfa.has_value() != diag.HasErrors());
    if (dfa) REQUIRE(CheckDfa(*dfa).empty());
  }
  CHECK(num_read >= 1000);
  Diagnostics diag;
  CHECK_FALSE(ParseRegex("a\xff", diag));
  CHECK(FirstError(diag) == "the regular expression is not valid UTF-8");
}

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST_CASE("nesting costs no call stack") {
  const int deep = 100000;
  CHECK(MinimalOf("regex:" + Repeated("(", deep) + "a" + Repeated(")", deep)) ==
        MinimalOf("regex:a"));
  CHECK(MinimalOf("regex:" + Repeated("(", 10000) + "a" + Repeated(")*", 10000)) ==
        MinimalOf("regex:a*"));
  CHECK(MinimalOf("regex:" + Repeated("~", 10001) + "a") == MinimalOf("regex:~a"));
  CHECK(MinimalOf("regex:" + Repeated("(a|", 10000) + "a" + Repeated(")", 10000)) ==
        MinimalOf("regex:a"));
  Diagnostics diag;
  CHECK_FALSE(ParseRegex(Repeated("(", deep), diag));
  CHECK(diag.all()[0].location.column == deep);
}

TEST_CASE("constructions that are too large are refused at the operator that needs them") {
  struct TooMuch {
    std::string text;
    int column;
    std::string message;
  };
  const std::vector<TooMuch> cases = {
      {"a{1000,100000}", 2,
       "the deterministic automaton has more than 100000 states, the limit, before it is "
       "minimised"},
      {"((a{1000}){1000}){1000}", 11,
       "the expression expands to more than 1000000 states, the limit"},
      {"b~((a|b)*a(a|b){40})", 2,
       "the deterministic automaton has more than 100000 states, the limit, before it is "
       "minimised"},
      {"(a|b)*a(a|b){1000,100000}", 1, ""},
  };
  for (const TooMuch& much : cases) {
    INFO(much.text);
    Diagnostics diag;
    const std::optional<Regex> regex = ParseRegex(much.text, diag);
    REQUIRE(regex);
    CHECK_FALSE(CompileRegex(*regex, SmallLetters(2), {}, diag));
    REQUIRE(diag.all().size() == 1);
    CHECK(diag.all()[0].kind == ErrorKind::kLimit);
    if (much.message.empty()) continue;
    CHECK(FirstError(diag) == much.message);
    CHECK(diag.all()[0].location.column == much.column);
  }
}

}  // namespace
}  // namespace raspc
