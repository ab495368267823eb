#include "frontends/formulas/formula_lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "base/atom.h"

namespace raspc {
namespace {

bool IsDigit(std::string_view c) { return c.size() == 1 && c[0] >= '0' && c[0] <= '9'; }
bool IsNameCharacter(std::string_view c) {
  return IsDigit(c) || c == "_" ||
         (c.size() == 1 && ((c[0] >= 'a' && c[0] <= 'z') || (c[0] >= 'A' && c[0] <= 'Z')));
}
bool IsSpace(std::string_view c) { return c == " " || c == "\t" || c == "\n" || c == "\r"; }
bool IsSign(std::string_view c) {
  return c.size() == 1 && std::string_view("().,#+-*%<>=!").find(c) != std::string_view::npos;
}

// Signs of other notations, and their replacement here; of two with a common prefix the longer
// first.
struct ForeignSign {
  std::string_view sign, written;
};
constexpr ForeignSign kForeignSigns[] = {
    {"<->", "IFF"},    {"<=>", "IFF"},   {"↔", "IFF"},     {"⇔", "IFF"},  {"->", "IMPLIES"},
    {"=>", "IMPLIES"}, {"→", "IMPLIES"}, {"⇒", "IMPLIES"}, {"&&", "AND"}, {"&", "AND"},
    {"∧", "AND"},      {"||", "OR"},     {"|", "OR"},      {"∨", "OR"},   {"~", "NOT"},
    {"¬", "NOT"},      {"∃", "EXISTS"},  {"∀", "FORALL"},  {"==", "="},   {"≠", "!="},
    {"<>", "!="},      {"≤", "<="},      {"≥", ">="},      {"⊤", "TRUE"}, {"⊥", "FALSE"}};

class Lexer {
 public:
  Lexer(const std::shared_ptr<const SourceText>& source, Diagnostics& diag)
      : source_(source), diag_(diag) {}

  std::optional<std::vector<FormulaToken>> Read() {
    if (FindInvalidUtf8(source_->text()) != std::string::npos) {
      diag_.Error(ErrorKind::kSyntax, {}, "the formula is not valid UTF-8");
      return std::nullopt;
    }
    for (Atom& atom : CodePoints(source_->text())) chars_.push_back(std::get<std::string>(atom));
    for (;;) {
      while (IsSpace(Next())) Take();
      FormulaToken token{FormulaToken::Kind::kEnd, "", line_, column_};
      if (at_ == chars_.size()) {
        tokens_.push_back(token);
        return std::move(tokens_);
      }
      if (!ReadToken(token)) return std::nullopt;
      tokens_.push_back(std::move(token));
    }
  }

 private:
  // The next character; empty at the end.
  std::string_view Next() const { return at_ < chars_.size() ? chars_[at_] : std::string_view(); }

  std::string Take() {
    column_ = Next() == "\n" ? 1 : column_ + 1;
    line_ += Next() == "\n" ? 1 : 0;
    return chars_[at_++];
  }

  bool Fail(const FormulaToken& at, const std::string& message) {
    diag_.Error(ErrorKind::kSyntax, {source_, at.line, at.column}, message);
    return false;
  }

  bool ReadToken(FormulaToken& token) {
    if (IsNameCharacter(Next())) {
      token.kind = FormulaToken::Kind::kNumber;
      while (IsNameCharacter(Next())) {
        if (!IsDigit(Next())) token.kind = FormulaToken::Kind::kName;
        token.text += Take();
      }
      return true;
    }
    if (Next() == "\"") return ReadQuoted(token);
    if (const ForeignSign* foreign = ForeignSignHere()) {
      return Fail(token, fmt::format("'{}' is written {} here", foreign->sign, foreign->written));
    }
    if (!IsSign(Next())) {
      return Fail(token,
                  fmt::format("formulas have no {}; a symbol that is not a name is written in "
                              "quotes, as in \"{}\"(x)",
                              QuoteJson(Next()), Next()));
    }
    token.kind = FormulaToken::Kind::kSign;
    token.text = Take();
    const bool may_go_on = token.text == "<" || token.text == ">" || token.text == "!";
    if (may_go_on && Next() == "=") token.text += Take();
    if (token.text == "!") return Fail(token, "'!' is written NOT here");
    return true;
  }

  // The sign of another notation that comes next, if one does.
  const ForeignSign* ForeignSignHere() const {
    std::string ahead;
    for (std::size_t i = at_; i < std::min(at_ + 3, chars_.size()); ++i) ahead += chars_[i];
    const auto found =
        std::find_if(std::begin(kForeignSigns), std::end(kForeignSigns),
                     [&](const ForeignSign& foreign) { return ahead.starts_with(foreign.sign); });
    return found == std::end(kForeignSigns) ? nullptr : found;
  }

  // A backslash makes the next character part of the symbol.
  bool ReadQuoted(FormulaToken& token) {
    token.kind = FormulaToken::Kind::kQuoted;
    Take();
    while (Next() != "\"") {
      if (Next() == "\\") Take();
      if (Next().empty()) return Fail(token, "this '\"' is never closed");
      token.text += Take();
    }
    Take();
    if (token.text.empty()) return Fail(token, "a symbol needs at least one character");
    return true;
  }

  std::shared_ptr<const SourceText> source_;
  Diagnostics& diag_;
  std::vector<std::string> chars_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1;
  std::vector<FormulaToken> tokens_;
};

}  // namespace

std::string FormulaToken::Shown() const {
  if (kind == Kind::kEnd) return "the end";
  if (kind == Kind::kQuoted) return QuoteJson(text);
  const std::string_view word = WordMeant();
  return fmt::format("'{}'{}", text,
                     word.empty() ? "" : fmt::format(" ({} is written in capitals)", word));
}

std::string_view FormulaToken::WordMeant() const {
  if (kind != Kind::kName) return {};
  const auto is_meant = [&](std::string_view word) {
    return word != text &&
           std::equal(word.begin(), word.end(), text.begin(), text.end(), [](char a, char b) {
             return a == std::toupper(static_cast<unsigned char>(b));
           });
  };
  const auto found = std::find_if(kWordsOfFormulas.begin(), kWordsOfFormulas.end(), is_meant);
  return found == kWordsOfFormulas.end() ? std::string_view() : *found;
}

std::optional<std::vector<FormulaToken>> ReadFormulaTokens(
    const std::shared_ptr<const SourceText>& source, Diagnostics& diag) {
  return Lexer(source, diag).Read();
}

}  // namespace raspc
