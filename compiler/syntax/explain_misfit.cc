// Messages for syntax errors: what was expected, what was found, and what was probably meant.
//
// There are three sources. Advice on words and operators of other languages (`x += 1;`, `print
// x;`) is in compiler/syntax/other_languages.cc. Other well-known slips (`x = 1e5;`, `'a'`, an if
// statement) have their own messages, in FindSlip. Everything else is "expected …, found …", from
// what the parser would have accepted.
#include "compiler/syntax/explain_misfit.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "compiler/syntax/other_languages.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxProbedWords = 5000;  // beyond this, only what was found is reported
// Without the bracket of `select(` and its like.
std::string_view WordOf(const Token& token) {
  const std::size_t end = token.text.find_first_of(" \t\r\n(");
  return end == 0 || end == std::string_view::npos ? token.text : token.text.substr(0, end);
}

bool IsBracketWord(TokenKind kind) { return kind >= TokenKind::kSelect && kind <= TokenKind::kLen; }

// One diagnosis: the words, the misfit, and what the parser would accept there.
class Explainer {
 public:
  // `text` is the source that the words are views of.
  Explainer(const StatementTokens& statement, std::string_view text, std::size_t at,
            StatementParser& parser)
      : statement_(statement),
        tokens_(statement.tokens),
        text_(text),
        at_(at),
        slip_at_(at),
        parser_(parser) {}

  // A message for a common slip, or nothing. The slip may have begun a word before the misfit.
  std::optional<std::string> FindSlip();
  std::size_t slip_at() const { return slip_at_; }
  // Whether the statement begins with the prompt of a pasted session.
  bool IsAfterPrompt() const { return TextFrom(0).starts_with(">>"); }
  // "expected ',' or ')', found ';'"
  std::string ExpectedAndFound();
  // Whether what is missing belongs right after the previous word, not at the misfit.
  bool BelongsAfterPrevious();
  // The bracket that is open at the misfit and should have been closed there, if any.
  const Token* UnclosedBracket();

 private:
  TokenKind KindAt(std::size_t i) const {
    return i < tokens_.size() ? tokens_[i].kind : TokenKind::kEnd;
  }
  TokenKind Found() const { return KindAt(at_); }
  TokenKind Previous() const { return at_ > 0 ? KindAt(at_ - 1) : TokenKind::kEnd; }
  // Whether no blank is between the words `i - 1` and `i`.
  bool IsGlued(std::size_t i) const {
    return i > 0 && i < tokens_.size() && tokens_[i - 1].end_line == tokens_[i].line &&
           tokens_[i - 1].end_column == tokens_[i].column;
  }
  bool Accepts(TokenKind kind);
  // The text of the program from a word on.
  std::string_view TextFrom(std::size_t i) const {
    return text_.substr(static_cast<std::size_t>(tokens_[i].text.data() - text_.data()));
  }
  // A message about a word before the misfit.
  std::string From(std::size_t i, std::string message) {
    slip_at_ = i;
    return message;
  }
  std::string FromPrevious(std::string message) { return From(at_ - 1, std::move(message)); }
  std::size_t StatementStart() const;
  int NumCommasSince(std::size_t open) const;
  std::string DescribeFound() const;
  void ExpectStatementOrValue(std::vector<std::string>& expected);
  std::vector<std::string> Expected();
  std::optional<std::size_t> InnermostOpen() const;
  bool IsInComprehension() const;

  std::optional<std::string> ForeignOperator();
  std::optional<std::string> ForeignWord();
  std::optional<std::string> StringSlip();
  std::optional<std::string> StrayCharacter() const;
  std::optional<std::string> NumberSlip();
  std::optional<std::string> OperatorSlip();
  std::optional<std::string> IfSlip();
  std::optional<std::string> KeywordSlip();
  std::optional<std::string> BlockSlip();
  std::optional<std::string> BracketSlip();
  std::optional<std::string> ArgumentSlip();
  std::optional<std::string> ArgumentCountSlip(std::size_t open, int num_commas);
  std::optional<std::string> EndSlip();

  const StatementTokens& statement_;
  const std::vector<Token>& tokens_;
  std::string_view text_;
  std::size_t at_;
  std::size_t slip_at_;
  StatementParser& parser_;
};

bool Explainer::Accepts(TokenKind kind) {
  if (at_ > kMaxProbedWords) return false;
  std::vector<Token> probe(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(at_));
  if (kind != TokenKind::kEnd) {
    probe.emplace_back();
    probe.back().kind = kind;
  }
  const auto misfit = parser_.FindMisfit(probe);
  return !misfit || *misfit > at_;
}

std::string Explainer::DescribeFound() const {
  if (at_ < tokens_.size()) {
    const Token& token = tokens_[at_];
    if (token.kind == TokenKind::kString) return Shortened(token.text);
    return fmt::format("'{}'", Shortened(WordOf(token)));
  }
  if (statement_.is_last) return "the end of the file";
  return BeginsRequest(tokens_[0].kind) ? "the end of the line" : "the next statement";
}

// ------------------------------------------------------------------------------- what is expected

void Explainer::ExpectStatementOrValue(std::vector<std::string>& expected) {
  if (Accepts(TokenKind::kDef)) {
    expected.push_back("a statement");
  } else if (Accepts(TokenKind::kInteger)) {
    expected.push_back("a value");
  } else if (Accepts(TokenKind::kName)) {
    expected.push_back("a name");
  } else if (Accepts(TokenKind::kString)) {
    expected.push_back("a string");
  }
}

std::vector<std::string> Explainer::Expected() {
  std::vector<std::string> expected;
  ExpectStatementOrValue(expected);
  const bool takes_operator = Accepts(TokenKind::kTimes);
  if (takes_operator) {
    expected.push_back("an operator");
  } else if (expected.empty() && Accepts(TokenKind::kEqual)) {
    expected.push_back("a comparison (==, !=, <, <=, >, >=)");
  }
  const auto expect = [&](TokenKind kind, std::string_view text) {
    if (Accepts(kind)) expected.push_back(fmt::format("'{}'", text));
  };
  if (expected.empty()) {
    expect(TokenKind::kLeftParen, "(");
    expect(TokenKind::kIn, "in");
    expect(TokenKind::kExample, "example");
    expect(TokenKind::kExamples, "examples");
    expect(TokenKind::kOn, "on");
    expect(TokenKind::kOff, "off");
  }
  expect(TokenKind::kReturn, "return");
  expect(TokenKind::kElse, "else");
  expect(TokenKind::kColon, ":");
  expect(TokenKind::kComma, ",");
  if (takes_operator || Previous() == TokenKind::kName) expect(TokenKind::kAssign, "=");
  if (EndsOperand(Previous())) expect(TokenKind::kLeftBrace, "{");
  expect(TokenKind::kRightParen, ")");
  expect(TokenKind::kRightBracket, "]");
  expect(TokenKind::kRightBrace, "}");
  expect(TokenKind::kSemicolon, ";");
  return expected;
}

std::string Explainer::ExpectedAndFound() {
  const std::vector<std::string> expected = Expected();
  if (expected.empty()) return fmt::format("{} is not allowed here", DescribeFound());
  std::string list = expected[0];
  for (std::size_t i = 1; i < expected.size(); ++i) {
    list += (i + 1 == expected.size() ? " or " : ", ") + expected[i];
  }
  return fmt::format("expected {}, found {}", list, DescribeFound());
}

bool Explainer::BelongsAfterPrevious() {
  if (at_ == 0) return false;
  if (at_ == tokens_.size()) return true;
  return tokens_[at_].line > tokens_[at_ - 1].end_line && Accepts(TokenKind::kSemicolon);
}

std::optional<std::size_t> Explainer::InnermostOpen() const {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < at_ && i < tokens_.size(); ++i) {
    const TokenKind kind = tokens_[i].kind;
    const bool opens =
        OpensParenthesis(kind) || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
    const bool closes = kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket ||
                        kind == TokenKind::kRightBrace;
    // Up to the misfit the brackets match, or the misfit would be earlier.
    if (opens) open.push_back(i);
    if (closes && !open.empty()) open.pop_back();
  }
  if (open.empty()) return std::nullopt;
  return open.back();
}

const Token* Explainer::UnclosedBracket() {
  const TokenKind found = Found();
  const bool is_closed_here = found == TokenKind::kSemicolon || found == TokenKind::kEnd ||
                              found == TokenKind::kRightParen ||
                              found == TokenKind::kRightBracket ||
                              found == TokenKind::kRightBrace || BelongsAfterPrevious();
  const auto open = InnermostOpen();
  if (!is_closed_here || !open || *open + 1 == at_) return nullptr;
  if (tokens_[*open].kind == TokenKind::kLeftBracket) {
    return Accepts(TokenKind::kRightBracket) ? &tokens_[*open] : nullptr;
  }
  if (tokens_[*open].kind == TokenKind::kLeftBrace) {
    return found != TokenKind::kRightBrace && Accepts(TokenKind::kRightBrace) ? &tokens_[*open]
                                                                              : nullptr;
  }
  return Accepts(TokenKind::kRightParen) ? &tokens_[*open] : nullptr;
}

// ------------------------------------------------------------------------------------------ slips

std::optional<std::string> Explainer::FindSlip() {
  if (IsAfterPrompt()) {
    return From(0,
                "'>>' is the prompt of an interactive session; paste only what was typed after it. "
                "The rest of the program is not read");
  }
  if (auto slip = ForeignOperator()) return slip;
  if (auto slip = IfSlip()) return slip;
  if (auto slip = ForeignWord()) return slip;
  if (auto slip = StringSlip()) return slip;
  if (auto slip = StrayCharacter()) return slip;
  if (auto slip = NumberSlip()) return slip;
  if (auto slip = OperatorSlip()) return slip;
  if (auto slip = KeywordSlip()) return slip;
  if (auto slip = BlockSlip()) return slip;
  if (auto slip = ArgumentSlip()) return slip;
  if (auto slip = BracketSlip()) return slip;
  return EndSlip();
}

// An operator that the misfit is a part of, or follows where it ends a statement (`x++;`).
std::optional<std::string> Explainer::ForeignOperator() {
  constexpr std::size_t kMaxWords = 3;  // of an operator
  for (std::size_t start = at_ - std::min(at_, kMaxWords - 1); start <= at_; ++start) {
    if (start == tokens_.size()) break;
    const std::string_view text = ForeignOperatorAt(TextFrom(start));
    const char* const end = text.data() + text.size();
    const bool has_misfit = at_ < tokens_.size() && tokens_[at_].text.data() < end;
    const bool is_update = text == "++" || text == "--";
    const bool is_before = is_update && at_ > 0 &&
                           tokens_[at_ - 1].text.data() + tokens_[at_ - 1].text.size() == end &&
                           (Found() == TokenKind::kSemicolon || Found() == TokenKind::kEnd);
    if (!text.empty() && (has_misfit || is_before)) return From(start, *AdviceOn(text));
  }
  return std::nullopt;
}

// Where the statement that has the misfit begins, inside blocks too.
std::size_t Explainer::StatementStart() const {
  std::size_t start = std::min(at_, tokens_.size() - 1);
  while (start > 0) {
    const TokenKind before = tokens_[start - 1].kind;
    if (before == TokenKind::kSemicolon || before == TokenKind::kLeftBrace ||
        before == TokenKind::kRightBrace) {
      break;
    }
    --start;
  }
  return start;
}

// A word of another language at the misfit, before it, or at the statement's start.
std::optional<std::string> Explainer::ForeignWord() {
  const std::size_t start = StatementStart();
  for (const std::size_t i : {at_, at_ - std::min<std::size_t>(at_, 1), start}) {
    if (KindAt(i) != TokenKind::kName) continue;
    // A name that could be the user's own is treated as one, unless another word follows as in
    // `print x`.
    const bool is_command = i == start && i + 1 == at_ && !BelongsAfterPrevious();
    if (IsOnlyAName(tokens_[i].text) && !is_command) continue;
    const bool is_declared =
        i == start && KindAt(i + 1) == TokenKind::kName && KindAt(i + 2) == TokenKind::kAssign;
    const std::optional<std::string> advice = AdviceOn(tokens_[i].text);
    if (advice && !is_declared) return From(i, *advice);
  }
  if (at_ == start + 1 && KindAt(start) == TokenKind::kName && Found() == TokenKind::kName &&
      KindAt(at_ + 1) == TokenKind::kAssign && tokens_[at_].line == tokens_[start].line) {
    return From(start, "names have no types and are not declared; 'x = …;' assigns");
  }
  return std::nullopt;
}

std::optional<std::string> Explainer::StringSlip() {
  if (Found() == TokenKind::kOpenString) {
    return "this string is not closed; a string ends with '\"' on the line it starts on";
  }
  if (Found() != TokenKind::kString) return std::nullopt;
  if (Previous() == TokenKind::kName && IsGlued(at_)) {
    return FromPrevious(fmt::format("a string has no prefix such as '{}'; '+' joins strings",
                                    tokens_[at_ - 1].text));
  }
  if (Previous() != TokenKind::kString) return std::nullopt;
  if (IsGlued(at_) && tokens_[at_ - 1].text == "\"\"") {
    return FromPrevious("there are no strings of several lines; a comment begins with '#'");
  }
  return "two strings side by side; '+' joins them";
}

std::optional<std::string> Explainer::IfSlip() {
  if (Found() != TokenKind::kIf) return std::nullopt;
  if (Accepts(TokenKind::kDef)) {
    return "there is no if statement; choose a value with x = (a if c else b);";
  }
  if (!Accepts(TokenKind::kInteger)) return std::nullopt;
  if (Previous() == TokenKind::kElse) {
    return FromPrevious("there is no 'else if'; write (a if c else (b if d else e))");
  }
  return "a choice begins with its value: (a if c else b)";
}

std::optional<std::string> Explainer::StrayCharacter() const {
  if (Found() != TokenKind::kStray) return std::nullopt;
  const std::string_view text = tokens_[at_].text;
  if (text == "'" || text == "\u2018" || text == "\u2019" || text == "\u201C" || text == "\u201D" ||
      text == "`") {
    return "strings are written in straight double quotes, such as \"a\"";
  }
  if (text == ".") {
    const bool is_in_number = (at_ > 0 && IsGlued(at_) && Previous() == TokenKind::kInteger) ||
                              (IsGlued(at_ + 1) && KindAt(at_ + 1) == TokenKind::kInteger);
    return is_in_number
               ? "a float has digits on both sides of its point, such as 1.0 or 0.5"
               : "there are no methods or attributes in RASP; '.' is allowed only inside a "
                 "float, such as 1.0";
  }
  const auto byte = static_cast<unsigned char>(text[0]);
  if (byte < 0x20 || byte == 0x7F) {
    return fmt::format("the control character U+{:04X} has no meaning in RASP", byte);
  }
  if (byte >= 0x80) {
    return fmt::format(
        "'{}' has no meaning outside strings and comments; names have ASCII letters, "
        "digits and '_'",
        text);
  }
  return fmt::format("the character '{}' has no meaning in RASP", text);
}

std::optional<std::string> Explainer::NumberSlip() {
  if (!IsGlued(at_)) return std::nullopt;
  const TokenKind previous = Previous();
  const bool is_after_number = previous == TokenKind::kInteger || previous == TokenKind::kFloat;
  if (!is_after_number || (Found() != TokenKind::kName && !IsKeyword(Found()))) {
    return std::nullopt;
  }
  return FromPrevious(fmt::format(
      "'{}{}' is neither a number nor a name; numbers have digits and at most one point (no "
      "exponent), names do not start with a digit",
      Shortened(tokens_[at_ - 1].text), Shortened(WordOf(tokens_[at_]))));
}

std::optional<std::string> Explainer::OperatorSlip() {
  const TokenKind found = Found(), previous = Previous();
  if (IsComparison(found) && (previous == TokenKind::kAnd || previous == TokenKind::kOr)) {
    return fmt::format("a comparison has two sides, as in a >= 1 {} a <= 4", tokens_[at_ - 1].text);
  }
  if (found == TokenKind::kAssign && IsComparison(previous)) {
    return "'=' cannot follow a comparison; equality is '=='";
  }
  if (found == TokenKind::kAssign && Accepts(TokenKind::kEqual)) {
    return "'=' is allowed only after the names of an assignment; equality is '=='";
  }
  return std::nullopt;
}

std::optional<std::string> Explainer::KeywordSlip() {
  const TokenKind found = Found(), previous = Previous();
  if (found == TokenKind::kReturn && !BelongsAfterPrevious()) {
    return "'return' is allowed only at the end of a function, once and outside loops";
  }
  if (found == TokenKind::kSOp) {
    return "'s-op' is one word in RASP; to subtract, write blanks around '-'";
  }
  if (found == TokenKind::kNot && KindAt(at_ + 1) == TokenKind::kIn) {
    return "'not in' is not an operator; write 'not (x in list)'";
  }
  if (at_ < tokens_.size() && statement_.block_depth[at_] > 0 && BeginsRequest(found) &&
      Accepts(TokenKind::kDef)) {
    return fmt::format("'{}' is allowed only at top level, outside functions and loops",
                       tokens_[at_].text);
  }
  if (found == TokenKind::kElse) return "'else' without 'if'; a choice is 'x if condition else y'";
  // A keyword where a name is meant: before '=', or where only a name would do.
  if (found == TokenKind::kAssign && IsKeyword(previous)) {
    return FromPrevious(
        fmt::format("'{}' is a reserved word and cannot be a name", tokens_[at_ - 1].text));
  }
  if (IsBracketWord(found) && Accepts(TokenKind::kName)) {
    return fmt::format("'{}' followed by a bracket is a reserved word and cannot be a name",
                       WordOf(tokens_[at_]));
  }
  if (IsKeyword(found) && Accepts(TokenKind::kName)) {
    return fmt::format("'{}' is a reserved word and can be neither a value nor a name",
                       tokens_[at_].text);
  }
  return std::nullopt;
}

std::optional<std::string> Explainer::BlockSlip() {
  const TokenKind found = Found(), previous = Previous();
  if (found == TokenKind::kRightBrace && at_ == 0) return "there is no '{' for this '}' to close";
  if (found == TokenKind::kRightBrace && Accepts(TokenKind::kReturn)) {
    return "a function ends with 'return', found '}'";
  }
  if (found == TokenKind::kRightBrace && previous == TokenKind::kLeftBrace &&
      Accepts(TokenKind::kDef)) {
    return "a loop needs at least one statement between '{' and '}'";
  }
  if (found == TokenKind::kColon && Accepts(TokenKind::kLeftBrace) &&
      (KindAt(0) == TokenKind::kDef || KindAt(0) == TokenKind::kFor)) {
    return "expected '{', found ':'; the body of a function or loop is in braces";
  }
  if (previous == TokenKind::kSemicolon && found != TokenKind::kEnd &&
      Accepts(TokenKind::kRightBrace) && !Accepts(TokenKind::kDef)) {
    return fmt::format("expected '}}', found {}; nothing follows the 'return' of a function",
                       DescribeFound());
  }
  return std::nullopt;
}

int Explainer::NumCommasSince(std::size_t open) const {
  int depth = 0, commas = 0;
  for (std::size_t i = open + 1; i < at_; ++i) {
    const TokenKind kind = tokens_[i].kind;
    if (OpensParenthesis(kind) || kind == TokenKind::kLeftBracket ||
        kind == TokenKind::kLeftBrace) {
      ++depth;
    }
    if (kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket ||
        kind == TokenKind::kRightBrace) {
      --depth;
    }
    commas += depth == 0 && kind == TokenKind::kComma ? 1 : 0;
  }
  return commas;
}

// Too many arguments of one of the language's own words.
std::optional<std::string> Explainer::ArgumentCountSlip(std::size_t open, int num_commas) {
  if (Found() != TokenKind::kComma || !EndsOperand(Previous())) return std::nullopt;
  const TokenKind word =
      KindAt(open) == TokenKind::kLeftParen && open > 0 ? KindAt(open - 1) : KindAt(open);
  if (word == TokenKind::kRound || word == TokenKind::kIndicator || word == TokenKind::kLen) {
    const std::size_t at = KindAt(open) == TokenKind::kLeftParen ? open - 1 : open;
    return fmt::format("{} takes one value", WordOf(tokens_[at]));
  }
  if (word == TokenKind::kAggregate && num_commas == 2) {
    return "aggregate takes a selector, values and at most a default";
  }
  return std::nullopt;
}

// What is wrong between the parentheses of a call, of a definition, or of a word such as select.
std::optional<std::string> Explainer::ArgumentSlip() {
  const TokenKind found = Found();
  if (found == TokenKind::kLeftParen && Previous() == TokenKind::kFor) {
    return "a loop is written without parentheses: for x in list { … }";
  }
  const auto open = InnermostOpen();
  if (!open) return std::nullopt;
  const TokenKind opener = tokens_[*open].kind;
  const int num_commas = NumCommasSince(*open);
  if (opener == TokenKind::kSelect) {
    if (found == TokenKind::kRightParen && EndsOperand(Previous()) && num_commas < 2) {
      return num_commas == 1
                 ? "the comparison is missing: select(keys, queries, ==), or another of !=, <, <=, "
                   ">, >="
                 : "select takes keys, queries and a comparison, such as select(tokens, tokens, "
                   "==)";
    }
    if (IsComparison(found) && Previous() == TokenKind::kComma && num_commas < 2) {
      return "the comparison comes last: select(keys, queries, ==)";
    }
    if (found == TokenKind::kString && Previous() == TokenKind::kComma && num_commas == 2) {
      return "the comparison is written without quotes: select(keys, queries, ==)";
    }
  }
  if (opener == TokenKind::kAggregate && found == TokenKind::kRightParen && num_commas == 0 &&
      EndsOperand(Previous())) {
    return "aggregate takes a selector and values, such as aggregate(selector, tokens)";
  }
  if (auto slip = ArgumentCountSlip(*open, num_commas)) return slip;
  if (opener != TokenKind::kLeftParen || *open == 0 || !EndsOperand(KindAt(*open - 1))) {
    return std::nullopt;
  }
  if (IsComparison(found) && Previous() == TokenKind::kComma &&
      KindAt(at_ + 1) == TokenKind::kRightParen && KindAt(*open - 1) == TokenKind::kName) {
    const std::string_view name = tokens_[*open - 1].text;
    if (ClosestWord(name, {}) != "select") {
      return "only select takes a comparison, as in select(keys, queries, ==)";
    }
    return From(*open - 1, fmt::format("'{}' is not defined; did you mean 'select'?", name));
  }
  const bool is_definition = *open > 1 && KindAt(*open - 2) == TokenKind::kDef;
  if (is_definition && found == TokenKind::kAssign) return "parameters have no default values";
  if (is_definition && found == TokenKind::kColon) return "parameters have no types";
  if (found == TokenKind::kAssign && Accepts(TokenKind::kEqual)) {
    return "arguments are given in order, without names; equality is '=='";
  }
  return std::nullopt;
}

// Whether a comprehension's `for … in` is in the innermost brackets before the misfit.
bool Explainer::IsInComprehension() const {
  const auto open = InnermostOpen();
  if (!open || (tokens_[*open].kind != TokenKind::kLeftBracket &&
                tokens_[*open].kind != TokenKind::kLeftBrace)) {
    return false;
  }
  for (std::size_t i = *open; i < at_; ++i) {
    if (tokens_[i].kind == TokenKind::kFor) return true;
  }
  return false;
}

std::optional<std::string> Explainer::BracketSlip() {
  const TokenKind found = Found(), previous = Previous();
  const auto open = InnermostOpen();
  const bool is_closer = found == TokenKind::kRightParen || found == TokenKind::kRightBracket ||
                         found == TokenKind::kRightBrace;
  if (is_closer && previous == TokenKind::kComma) {
    return fmt::format("a value is missing between ',' and '{}'; there are no trailing commas",
                       tokens_[at_].text);
  }
  if (is_closer && !open)
    return fmt::format("there is no bracket for this '{}' to close", tokens_[at_].text);
  if ((is_closer || found == TokenKind::kColon) && Accepts(TokenKind::kElse)) {
    return IsInComprehension()
               ? "a comprehension has no filter; this 'if' begins 'x if condition else y' and its "
                 "'else' is missing"
               : "'else' is missing; a choice is 'x if condition else y'";
  }
  if (open && tokens_[*open].kind == TokenKind::kLeftParen && Accepts(TokenKind::kRightParen) &&
      found == TokenKind::kComma) {
    const bool is_tuple = *open == 0 || !EndsOperand(KindAt(*open - 1));
    if (is_tuple && KindAt(*open - 1) != TokenKind::kRound &&
        KindAt(*open - 1) != TokenKind::kIndicator && KindAt(*open - 1) != TokenKind::kDraw) {
      return "there are no tuples in RASP; a list is written in square brackets";
    }
  }
  if (found == TokenKind::kRightParen && previous == TokenKind::kLeftParen) {
    return "a value is missing between '(' and ')'";
  }
  if (found == TokenKind::kColon && open && tokens_[*open].kind == TokenKind::kLeftBracket) {
    return "there are no slices in RASP; an index is one value";
  }
  return std::nullopt;
}

std::optional<std::string> Explainer::EndSlip() {
  const TokenKind found = Found();
  if (found == TokenKind::kSemicolon && at_ == 0) return "there is no statement before this ';'";
  if (Accepts(TokenKind::kElse) && (found == TokenKind::kSemicolon || found == TokenKind::kEnd)) {
    return "'else' is missing; a choice is 'x if condition else y'";
  }
  if (found == TokenKind::kEnd || !Accepts(TokenKind::kEnd)) return std::nullopt;
  // The statement was complete, or could have been.
  if (BeginsRequest(tokens_[0].kind)) {
    if (found == TokenKind::kSemicolon) {
      return fmt::format("'{}' does not end with ';'", WordOf(tokens_[0]));
    }
    return std::nullopt;
  }
  if (found == TokenKind::kSemicolon) return "there is no statement before this ';'";
  if (Previous() != TokenKind::kRightBrace) return std::nullopt;
  return "a statement after a '}' starts on a new line";
}

}  // namespace

bool ExplainMisfit(const StatementTokens& statement, std::size_t at,
                   const std::shared_ptr<const SourceText>& source, StatementParser& parser,
                   Diagnostics& diag) {
  Explainer explainer(statement, source->text(), at, parser);
  const std::vector<Token>& tokens = statement.tokens;
  SourceLocation where{source, 0, 0};
  std::optional<std::string> message = explainer.FindSlip();
  if (!message) {
    message = explainer.ExpectedAndFound();
    if (explainer.BelongsAfterPrevious()) {
      where.line = tokens[at - 1].end_line;
      where.column = tokens[at - 1].end_column;
    }
  }
  if (where.line == 0) {
    const std::size_t word = explainer.slip_at();
    const bool is_at_end = word == tokens.size();
    where.line = is_at_end ? statement.end_line() : tokens[word].line;
    where.column = is_at_end ? statement.end_column() : tokens[word].column;
  }
  const Token* open = explainer.UnclosedBracket();
  Diagnostic& error = diag.Error(ErrorKind::kSyntax, where, std::move(*message));
  if (open != nullptr) {
    error.Note({source, open->line, open->column},
               fmt::format("'{}' opened here is not closed", open->text.back()));
  }
  return !explainer.IsAfterPrompt();
}

}  // namespace raspc
