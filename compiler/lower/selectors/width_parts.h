// Widths as sums of widths that heads can count.
//
// A head scores an `and` of clauses. The width of an `or` is a sum of widths of `and`s,
//
//     width(a or b) = width(a) + width(b) - width(a and b),
//
// unless one score dimension suffices for the `or`, and just the sum of the two where they exclude
// each other; the width of a comparison of order between many
// values is the sum of its widths bit by bit (order_codes.h).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "compiler/lower/selectors/positions.h"
#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

struct WidthPart {
  double sign;  // 1 or -1
  FormulaId formula;
};

class WidthParts {
 public:
  // Keeps references.
  WidthParts(const Sops& sops, Formulas& formulas, const Positions& positions)
      : sops_(sops), formulas_(formulas), positions_(positions) {}

  // The parts whose widths add up to that of a formula.
  const std::vector<WidthPart>& Of(FormulaId formula);
  // Whether among them are comparisons of order at one bit.
  bool HasOrderByBits(FormulaId formula);

 private:
  void Expand(FormulaId id, double sign, std::vector<WidthPart>& parts);
  std::optional<FormulaId> Distributed(FormulaId id);
  void SplitOrder(FormulaId id, double sign, std::vector<WidthPart>& parts);
  std::size_t NumAlternatives(FormulaId id, bool even_exclusive) const;
  bool AddsUpAlternatives(FormulaId id) const;
  std::vector<std::vector<FormulaId>> ExclusiveGroups(FormulaId id) const;
  FormulaId AnyOf(std::vector<FormulaId> parts);
  bool IsMatrix(FormulaId id) const;
  bool IsOneTerm(FormulaId id) const;
  bool IsNeverSelected(FormulaId id) const;
  bool IsWorthSplitting(FormulaId comparison) const;

  const Sops& sops_;
  Formulas& formulas_;
  const Positions& positions_;
  std::map<FormulaId, std::vector<WidthPart>> known_;
};

}  // namespace raspc
