// Syntax trees as RASP source, which parses to the same trees.
//
// Parentheses stand where the tree requires them, and where Python would read an expression without
// them in another way: `(a and b) or c`, `x if c else (y if d else z)`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/syntax_tree.h"

namespace raspc {

// The maximum length of a line in bytes, unless a single word is longer.
inline constexpr std::size_t kMaxSourceColumns = 100;

// The expression on one line.
std::string ToSource(const Expression& expression);

// The statement as lines that end in line breaks, indented by `indent` columns; long ones are
// broken between words, where RASP allows it. Blocks are indented by two columns more.
std::string ToSource(const Statement& statement, std::size_t indent = 0);

// The statements in order. Comments and directives are not part of it.
std::string ToSource(const SyntaxTree& tree);

// The first line of a loop, `for a, b in iterable {`, and of a definition, `def f(a, b) {`, for
// blocks that are written statement by statement.
std::string LoopHead(const std::vector<std::string>& names, const Expression& iterable,
                     std::size_t indent);
std::string DefinitionHead(std::string_view name, const std::vector<std::string>& parameters,
                           std::size_t indent);
// The last two lines of a definition: `return a, b;` and the bracket.
std::string DefinitionEnd(const std::vector<ExpressionPtr>& results, std::size_t indent);

// The pieces in lines of at most kMaxSourceColumns with spaces between them: `first` before the
// first line, directly before the first piece, and `next` before all others.
std::string BreakLines(std::string_view first, std::string_view next,
                       const std::vector<std::string>& pieces);

}  // namespace raspc
