// Finds where one top-level statement ends and the next begins, before anything is parsed.
//
// Each statement is then parsed separately, so that an error in one cannot affect the next, memory
// is bounded by the longest statement, and the parser never sees brackets nested beyond the limit.
// A statement ends with `;` outside the blocks of functions and loops, whatever other brackets are
// open (none can hold a `;`), with the `}` of an outermost block, or, for `set example` and its
// like, with its line. Another statement may follow on the line after a `;` before which all
// brackets were closed.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/read_tokens.h"
#include "compiler/syntax/token.h"

namespace raspc {

// The words of a statement, in order, without the kEnd.
struct StatementTokens {
  std::vector<Token> tokens;
  std::vector<int> block_depth;  // number of blocks open before each word; [tokens.size()]
  bool has_open_block = false;   // the text ended inside a block
  bool is_last = false;          // nothing follows it
  std::optional<std::size_t> too_deep;  // the word that opens a bracket beyond the nesting limit
  bool is_too_long = false;             // `tokens` holds only the first max_statement_tokens

  // Just after the last word.
  int end_line() const { return tokens.back().end_line; }
  int end_column() const { return tokens.back().end_column; }
};

class StatementSplitter {
 public:
  // The reader must outlive the splitter.
  StatementSplitter(TokenReader& reader, const ParseLimits& limits);

  // The words of the next statement, faulty or not; nothing at the end of the text. The rest of a
  // statement's last line belongs to it unless it ended with a `;` and was well formed up to there:
  // what follows a mistake, such as the `;` of a loop in C's style, would not be understood alone.
  std::optional<StatementTokens> Next();

  // Returns the words from `from` on to the input: they will start the next statement.
  void PutBack(const StatementTokens& statement, std::size_t from);

 private:
  // Open constructs: `(`, `[`, `{` of a dict, an `if` waiting for its `else`, or `B` for a block.
  struct Open {
    std::vector<char> kinds;
    int num_blocks = 0;
  };

  const Token& Peek();
  Token Take();
  // Keeps `open` up to date; true if the word ends an outermost block or a statement outside one.
  static bool Track(const Token& token, std::optional<TokenKind> previous, Open& open);
  static void PopTo(char kind, Open& open);
  static bool EndsWithLine(const StatementTokens& statement, const Open& open);
  void Append(const Token& token, const Open& open, StatementTokens& statement) const;

  TokenReader& reader_;
  ParseLimits limits_;
  std::deque<Token> put_back_;
};

// Whether the word at `at` starts its line and could begin a statement: where to continue after an
// error.
bool LooksLikeStatementStart(const std::vector<Token>& tokens, std::size_t at);

}  // namespace raspc
