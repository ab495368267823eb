// The words of a formula.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace raspc {

// The keywords of formulas, in capitals.
inline constexpr std::array<std::string_view, 11> kWordsOfFormulas = {
    "EXISTS", "FORALL", "MAJ", "NOT", "AND", "OR", "IMPLIES", "IFF", "BIT", "TRUE", "FALSE"};

struct FormulaToken {
  enum class Kind { kName, kNumber, kQuoted, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // of kQuoted without the quotes; of kEnd empty
  int line = 1, column = 1;

  bool Is(Kind of_kind, std::string_view of_text) const {
    return kind == of_kind && text == of_text;
  }
  // As shown in messages.
  std::string Shown() const;
  // If the name is a keyword except for capitals: that keyword; else empty.
  std::string_view WordMeant() const;
};

// The last token is kEnd. Reports kSyntax: text that is not UTF-8, a sign that formulas do not have
// (with the replacement, if other notations have it), an unclosed quote.
std::optional<std::vector<FormulaToken>> ReadFormulaTokens(
    const std::shared_ptr<const SourceText>& source, Diagnostics& diag);

}  // namespace raspc
