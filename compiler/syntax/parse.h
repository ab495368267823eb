// Reads RASP source text into a syntax tree.
#pragma once

#include <memory>

#include "compiler/syntax/syntax_tree.h"
#include "runtime/base/diagnostics.h"

namespace raspc {

struct ParseLimits {
  int max_nesting = 200;  // brackets, operators and blocks inside each other
  std::size_t max_source_bytes = 16u << 20;
};

// Parses a whole program. Every syntax error that can be told apart is reported (one per faulty
// statement, kSyntax; kLimit for nesting and size; invalid UTF-8 and NUL are kSyntax), and the
// statements that are sound are in the tree all the same. A UTF-8 byte order mark at the start is
// skipped. Never throws, never recurses deeper than the nesting limit allows.
SyntaxTree Parse(std::shared_ptr<const SourceText> source, const ParseLimits& limits,
                 Diagnostics& diag);

}  // namespace raspc
