// Parses the words of one statement with the parser that ANTLR generates, and builds its tree.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/syntax_tree.h"
#include "compiler/syntax/token.h"

namespace raspc {

class StatementParser {
 public:
  StatementParser(std::shared_ptr<const SourceText> source, const ParseLimits& limits);
  ~StatementParser();

  // The first word that is not allowed where it is, `tokens.size()` if words are missing at the
  // end; nothing if the words are a statement. Brackets must be nested no deeper than the limit.
  // Words after the misfit take no time.
  std::optional<std::size_t> FindMisfit(std::span<const Token> tokens);

  // The tree of the words for which FindMisfit has just returned nothing. Null, after reporting,
  // for errors that the grammar cannot see: invalid targets of assignments, numbers out of range, a
  // tree that is too deep.
  std::unique_ptr<const Statement> Build(int number, Diagnostics& diag);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace raspc
