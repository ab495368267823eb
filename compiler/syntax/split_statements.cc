// Statement boundaries from brackets, semicolons and line ends.
#include "compiler/syntax/split_statements.h"

namespace raspc {
namespace {

// After the `;` of a statement, these are a slip in it rather than another statement.
bool CannotBeginStatement(TokenKind kind) {
  return kind == TokenKind::kSemicolon || kind == TokenKind::kRightBrace ||
         kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket;
}

// Whether a statement that begins with this word ends with the `}` of its block.
bool HasBlock(TokenKind kind) { return kind == TokenKind::kDef || kind == TokenKind::kFor; }

}  // namespace

StatementSplitter::StatementSplitter(TokenReader& reader, const ParseLimits& limits)
    : reader_(reader), limits_(limits) {}

const Token& StatementSplitter::Peek() {
  if (put_back_.empty()) put_back_.push_back(reader_.Next());
  return put_back_.front();
}

Token StatementSplitter::Take() {
  const Token token = Peek();
  put_back_.pop_front();
  return token;
}

void StatementSplitter::PopTo(char kind, Open& open) {
  while (!open.kinds.empty() && open.kinds.back() != kind && open.kinds.back() != 'B') {
    open.kinds.pop_back();
  }
  if (!open.kinds.empty() && open.kinds.back() == kind) open.kinds.pop_back();
}

bool StatementSplitter::Track(const Token& token, std::optional<TokenKind> previous, Open& open) {
  switch (token.kind) {
    case TokenKind::kLeftBracket:
      open.kinds.push_back('[');
      return false;
    case TokenKind::kIf:
      open.kinds.push_back('?');
      return false;
    case TokenKind::kElse:
      if (!open.kinds.empty() && open.kinds.back() == '?') open.kinds.pop_back();
      return false;
    case TokenKind::kLeftBrace: {
      // Two values are never adjacent, so a brace after a value opens a block.
      const bool is_block = previous && EndsOperand(*previous);
      open.kinds.push_back(is_block ? 'B' : '{');
      open.num_blocks += is_block ? 1 : 0;
      return false;
    }
    case TokenKind::kRightParen:
      PopTo('(', open);
      return false;
    case TokenKind::kRightBracket:
      PopTo('[', open);
      return false;
    case TokenKind::kRightBrace: {
      while (!open.kinds.empty() && open.kinds.back() != '{' && open.kinds.back() != 'B') {
        open.kinds.pop_back();
      }
      if (open.kinds.empty()) return !previous;  // a `}` on its own is a (faulty) statement
      const bool is_block = open.kinds.back() == 'B';
      open.kinds.pop_back();
      open.num_blocks -= is_block ? 1 : 0;
      return is_block && open.num_blocks == 0;
    }
    case TokenKind::kSemicolon:
      while (!open.kinds.empty() && open.kinds.back() != 'B') open.kinds.pop_back();
      return open.num_blocks == 0;
    default:
      if (OpensParenthesis(token.kind)) open.kinds.push_back('(');
      return false;
  }
}

// `set example` and its like end with their line once they may: not inside brackets, nor after a
// word that something must follow.
bool StatementSplitter::EndsWithLine(const StatementTokens& statement, const Open& open) {
  const std::vector<Token>& tokens = statement.tokens;
  if (!BeginsRequest(tokens.front().kind) || !open.kinds.empty()) return false;
  switch (tokens.back().kind) {
    case TokenKind::kOn:
    case TokenKind::kOff:
    case TokenKind::kExit:
      return true;
    case TokenKind::kExample:
      return tokens.front().kind == TokenKind::kShow;
    default:
      return EndsOperand(tokens.back().kind);
  }
}

void StatementSplitter::Append(const Token& token, const Open& open,
                               StatementTokens& statement) const {
  if (statement.tokens.size() >= limits_.max_statement_tokens) {
    statement.is_too_long = true;
    return;
  }
  if (!statement.too_deep && open.kinds.size() > static_cast<std::size_t>(limits_.max_nesting)) {
    statement.too_deep = statement.tokens.size();
  }
  statement.tokens.push_back(token);
}

std::optional<StatementTokens> StatementSplitter::Next() {
  StatementTokens statement;
  Open open;
  std::optional<TokenKind> previous;
  bool has_ended = false, has_block_else = false, has_closed_block = false;
  // The last word is a `;`, before which all brackets were closed; so were they at each before.
  bool is_whole = false, is_well_formed = true;
  int last_line = 0;
  while (Peek().kind != TokenKind::kEnd) {
    const bool is_on_new_line = Peek().line > last_line;
    if (previous && is_on_new_line && (has_ended || EndsWithLine(statement, open))) break;
    if (is_whole && !CannotBeginStatement(Peek().kind)) break;
    const Token token = Take();
    const int depth = open.num_blocks;
    const bool is_closed = open.kinds.empty();
    const bool ends = Track(token, has_block_else ? TokenKind::kRightParen : previous, open);
    // The `else` of an if statement, which RASP lacks, comes after a block and before another.
    has_block_else = token.kind == TokenKind::kElse && (!previous || has_closed_block);
    has_closed_block = open.num_blocks < depth;
    Append(token, open, statement);
    if (!statement.is_too_long) statement.block_depth.push_back(depth);
    has_ended = ends;
    const bool ends_by_semicolon = ends && token.kind == TokenKind::kSemicolon;
    if (ends_by_semicolon && (!is_closed || HasBlock(statement.tokens[0].kind))) {
      is_well_formed = false;
    }
    is_whole = ends_by_semicolon && is_well_formed;
    previous = token.kind;
    last_line = token.end_line;
  }
  if (statement.tokens.empty()) return std::nullopt;
  statement.has_open_block = open.num_blocks > 0;
  statement.is_last = Peek().kind == TokenKind::kEnd;
  return statement;
}

void StatementSplitter::PutBack(const StatementTokens& statement, std::size_t from) {
  put_back_.insert(put_back_.begin(), statement.tokens.begin() + static_cast<std::ptrdiff_t>(from),
                   statement.tokens.end());
}

bool LooksLikeStatementStart(const std::vector<Token>& tokens, std::size_t at) {
  if (at > 0 && tokens[at - 1].end_line == tokens[at].line) return false;
  const TokenKind kind = tokens[at].kind;
  if (kind == TokenKind::kDef || kind == TokenKind::kFor || kind == TokenKind::kLoad ||
      kind == TokenKind::kDraw || kind == TokenKind::kReturn || BeginsRequest(kind)) {
    return true;
  }
  // `a = …` and `a, b = …`
  while (at + 1 < tokens.size() && tokens[at].kind == TokenKind::kName) {
    if (tokens[at + 1].kind == TokenKind::kAssign) return true;
    if (tokens[at + 1].kind != TokenKind::kComma) return false;
    at += 2;
  }
  return false;
}

}  // namespace raspc
