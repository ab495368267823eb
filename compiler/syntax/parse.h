// Reads RASP source text into a syntax tree.
#pragma once

#include <cstddef>
#include <memory>

#include "compiler/syntax/syntax_tree.h"
#include "base/diagnostics.h"

namespace raspc {

struct ParseLimits {
  int max_nesting = 200;  // brackets, blocks and conditions inside each other
  int max_depth = 500;  // of an expression's tree; a chain a + b + c + … is as deep as it is long
  std::size_t max_source_bytes = 4u << 20;
  std::size_t max_statement_tokens = 200'000;  // words in one top-level statement
  int max_errors = 100;                        // then reading stops
};

// Parses a whole program. Every separate syntax error is reported (one per faulty statement,
// kSyntax; kLimit for nesting and size; invalid UTF-8 and NUL are kSyntax), and the valid
// statements are still in the tree. A UTF-8 byte order mark at the start is skipped. Never throws,
// never recurses deeper than the nesting limit allows.
SyntaxTree Parse(std::shared_ptr<const SourceText> source, const ParseLimits& limits,
                 Diagnostics& diag);

}  // namespace raspc
