// The words of a formula.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/diagnostics.h"

namespace raspc {

struct FormulaToken {
  enum class Kind { kName, kNumber, kQuoted, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // of kQuoted without the quotes; of kEnd empty
  int line = 1, column = 1;

  bool Is(Kind of_kind, std::string_view of_text) const {
    return kind == of_kind && text == of_text;
  }
  // As a message names it.
  std::string Shown() const;
};

// The last token is kEnd. Reports kSyntax: text that is not UTF-8, a character that no formula has,
// a quote that is not closed.
std::optional<std::vector<FormulaToken>> ReadFormulaTokens(
    const std::shared_ptr<const SourceText>& source, Diagnostics& diag);

}  // namespace raspc
