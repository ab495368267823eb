// Wraps the lexer that ANTLR generates.
//
// ANTLR counts code points from 0 and works on a UTF-32 copy; here its places become bytes of the
// source, and lines and columns from 1. The only line breaks inside a token are those between
// `select` and its bracket and inside `full seq display`.
#include "compiler/syntax/read_tokens.h"

#include <ANTLRInputStream.h>
#include <RaspLexer.h>
#include <fmt/format.h>

#include <mutex>
#include <new>
#include <utility>

#include "base/text.h"

namespace raspc {
namespace {

using raspc_grammar::RaspLexer;

static_assert(static_cast<int>(TokenKind::kDef) == RaspLexer::DEF);
static_assert(static_cast<int>(TokenKind::kSOp) == RaspLexer::S_OP);
static_assert(static_cast<int>(TokenKind::kSelect) == RaspLexer::SELECT);
static_assert(static_cast<int>(TokenKind::kName) == RaspLexer::NAME);
static_assert(static_cast<int>(TokenKind::kSemicolon) == RaspLexer::SEMICOLON);
static_assert(static_cast<int>(TokenKind::kGreaterEqual) == RaspLexer::GREATER_EQUAL);
static_assert(static_cast<int>(TokenKind::kStray) == RaspLexer::STRAY);

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";
constexpr int kMaxReportedDirectives = 20;  // further ones are not reported

std::string_view Trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) - start + 1);
}

bool IsNameChar(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// ANTLR's lexers share a cache under locks that an exception leaves locked. So one thread reads at a
// time, and once memory has run out in the middle of a word no other is read: that would wait
// forever.
std::mutex reading;
bool is_in_a_word = false;

std::unique_ptr<antlr4::Token> NextWord(RaspLexer& lexer) {
  const std::lock_guard lock(reading);
  if (std::exchange(is_in_a_word, true)) throw std::bad_alloc();
  std::unique_ptr<antlr4::Token> word = lexer.nextToken();
  is_in_a_word = false;
  return word;
}

}  // namespace

struct TokenReader::State {
  State(std::shared_ptr<const SourceText> source_text, Diagnostics& diagnostics)
      : source(std::move(source_text)),
        diag(diagnostics),
        body(source->text()),
        stream(std::string(WithoutMark())),
        lexer(&stream) {
    lexer.removeErrorListeners();
  }

  std::string_view WithoutMark() {
    if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
    return body;
  }

  // The bytes of the code points [start, stop]. Tokens come in order, so the place only advances.
  std::string_view Slice(std::size_t start, std::size_t stop) {
    Advance(start);
    const std::size_t first = byte;
    Advance(stop + 1);
    return body.substr(first, byte - first);
  }
  void Advance(std::size_t to_code_point) {
    for (; code_point < to_code_point && byte < body.size(); ++code_point) {
      ++byte;
      while (byte < body.size() && !StartsCodePoint(body[byte])) ++byte;
    }
  }

  Token Convert(const antlr4::Token& word);
  void ReadComment(const Token& comment);

  std::shared_ptr<const SourceText> source;
  Diagnostics& diag;
  std::string_view body;  // without the byte order mark
  antlr4::ANTLRInputStream stream;
  RaspLexer lexer;
  std::size_t code_point = 0;  // the number in body[0, byte)
  std::size_t byte = 0;
  std::vector<Directive> directives;
  int num_faulty_directives = 0;
};

Token TokenReader::State::Convert(const antlr4::Token& word) {
  Token token;
  token.line = static_cast<int>(word.getLine());
  token.column = static_cast<int>(word.getCharPositionInLine()) + 1;
  token.end_line = token.line;
  token.end_column = token.column;
  if (word.getType() == antlr4::Token::EOF) return token;
  token.kind = static_cast<TokenKind>(word.getType());
  token.text = Slice(word.getStartIndex(), word.getStopIndex());
  for (const char c : token.text) {
    if (c == '\n') {
      ++token.end_line;
      token.end_column = 1;
    } else if (StartsCodePoint(c)) {
      ++token.end_column;
    }
  }
  return token;
}

// `#@ name: value`; any other comment is for people.
void TokenReader::State::ReadComment(const Token& comment) {
  if (!comment.text.starts_with("#@")) return;
  const std::string_view text = comment.text;
  const auto location_of = [&](std::size_t offset) {
    return SourceLocation{source, comment.line,
                          comment.column + static_cast<int>(NumCodePoints(text.substr(0, offset)))};
  };
  std::size_t at = 2;
  const auto skip_blanks = [&] { at = std::min(text.find_first_not_of(kBlanks, at), text.size()); };
  skip_blanks();
  const std::size_t name_start = at;
  while (at < text.size() && IsNameChar(text[at])) ++at;
  const std::string_view name = text.substr(name_start, at - name_start);
  skip_blanks();
  if (name.empty() || at == text.size() || text[at] != ':') {
    if (++num_faulty_directives > kMaxReportedDirectives) return;
    diag.Error(ErrorKind::kSyntax, location_of(0),
               "a comment that starts with '#@' is a directive and reads '#@ name: value', such as "
               "'#@ max_length: 16'");
    return;
  }
  ++at;
  skip_blanks();
  directives.push_back({std::string(name), std::string(Trim(text.substr(at))),
                        location_of(name_start), location_of(at)});
}

TokenReader::TokenReader(std::shared_ptr<const SourceText> source, Diagnostics& diag)
    : state_(std::make_unique<State>(std::move(source), diag)) {}

TokenReader::~TokenReader() = default;

Token TokenReader::Next() {
  while (true) {
    const auto word = NextWord(state_->lexer);
    const Token token = state_->Convert(*word);
    if (token.kind != TokenKind::kComment) return token;
    state_->ReadComment(token);
  }
}

std::vector<Directive> TokenReader::TakeDirectives() { return std::move(state_->directives); }

}  // namespace raspc
