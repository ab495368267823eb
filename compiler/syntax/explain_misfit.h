// Says, in the words of the language, why a statement is not in the grammar.
#pragma once

#include <cstddef>
#include <memory>

#include "compiler/syntax/parse_statement.h"
#include "compiler/syntax/split_statements.h"
#include "base/diagnostics.h"

namespace raspc {

// Reports the misfit at `at`, which parser.FindMisfit found for the statement's words, as one
// kSyntax error. What was expected is found by trying: each kind of word is put in place of the
// misfit, to see whether the parser gets past it. False if the rest of the program is not worth
// reading: it is a session, prompts and answers included.
bool ExplainMisfit(const StatementTokens& statement, std::size_t at,
                   const std::shared_ptr<const SourceText>& source, StatementParser& parser,
                   Diagnostics& diag);

}  // namespace raspc
