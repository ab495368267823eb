// Syntax trees as text: one s-expression per statement, for `inspect` and for tests.
//
//     hist = selector_width(select(tokens, tokens, ==));
//     (= hist (call selector_width (select tokens tokens ==)))
#pragma once

#include <string>

#include "compiler/syntax/syntax_tree.h"

namespace raspc {

std::string ToText(const Expression& expression);

// The statements in order, one per line; the statements of a block indented below its head.
std::string ToText(const SyntaxTree& tree);

}  // namespace raspc
