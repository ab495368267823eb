// Explains, in the language's own terms, why a statement does not parse.
#pragma once

#include <cstddef>
#include <memory>

#include "compiler/syntax/parse_statement.h"
#include "compiler/syntax/split_statements.h"
#include "base/diagnostics.h"

namespace raspc {

// Reports the misfit at `at`, which parser.FindMisfit found for the statement's words, as one
// kSyntax error. What was expected is found by trial: each kind of word is substituted for the
// misfit, to see whether the parser gets past it. False if the rest of the program is not worth
// reading: it is a pasted session, with prompts and answers.
bool ExplainMisfit(const StatementTokens& statement, std::size_t at,
                   const std::shared_ptr<const SourceText>& source, StatementParser& parser,
                   Diagnostics& diag);

}  // namespace raspc
