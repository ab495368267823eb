// The words of a RASP program, as used by the splitter, the parser and the messages.
#pragma once

#include <string_view>

#include "base/diagnostics.h"

namespace raspc {

// The kinds of words, named and numbered as the tokens of grammar/Rasp.g4.
enum class TokenKind {
  kDef = 1,
  kReturn,
  kFor,
  kIn,
  kIf,
  kElse,
  kAnd,
  kOr,
  kNot,
  kRound,
  kIndicator,
  kLoad,
  kDraw,
  kSet,
  kShow,
  kExample,
  kExamples,
  kSelector,
  kSOp,
  kOn,
  kOff,
  kExit,
  kFullDisplay,
  kSelect,  // with its bracket, as are the next four
  kAggregate,
  kRange,
  kZip,
  kLen,
  kName,
  kInteger,
  kFloat,
  kString,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kComma,
  kColon,
  kSemicolon,
  kAssign,
  kPower,
  kTimes,
  kDivide,
  kModulo,
  kPlus,
  kMinus,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kComment,
  kSpace,
  kOpenString,  // a string without a second quote on its line
  kStray,       // a character that is not part of a word
  kEnd,         // of the text
};

// A word and its place. The text is a view of the source, which must outlive it.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  int line = 0;
  int column = 0;
  int end_line = 0;  // of the place just after the word
  int end_column = 0;
};

// Whether a value may end with this word, so that an operator or a `;` may follow.
inline bool EndsOperand(TokenKind kind) {
  switch (kind) {
    case TokenKind::kName:
    case TokenKind::kInteger:
    case TokenKind::kFloat:
    case TokenKind::kString:
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
    case TokenKind::kRightBrace:
      return true;
    default:
      return false;
  }
}

// `(` or a word that includes it.
inline bool OpensParenthesis(TokenKind kind) {
  return kind == TokenKind::kLeftParen || (kind >= TokenKind::kSelect && kind <= TokenKind::kLen);
}

// Whether a statement to the interpreter begins with this word: `set example …` and its like, which
// take no semicolon.
inline bool BeginsRequest(TokenKind kind) {
  return (kind >= TokenKind::kSet && kind <= TokenKind::kFullDisplay) &&
         kind != TokenKind::kExample && kind != TokenKind::kOn && kind != TokenKind::kOff;
}

inline bool IsComparison(TokenKind kind) {
  return kind >= TokenKind::kEqual && kind <= TokenKind::kGreaterEqual;
}

// A word of letters that cannot be a name.
inline bool IsKeyword(TokenKind kind) {
  return kind >= TokenKind::kDef && kind <= TokenKind::kExit;
}

}  // namespace raspc
