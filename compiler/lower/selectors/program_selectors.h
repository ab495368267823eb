// The selectors of the program: their formulas, and the names that formulas have from them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "compiler/lower/selectors/positions.h"
#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// Names quote at most this many bytes of a selector, unless they need more to be unique.
inline constexpr std::size_t kLongestSelector = 60;

class ProgramSelectors {
 public:
  // Keeps references.
  ProgramSelectors(const Sops& sops, const Meanings& meanings, Formulas& formulas,
                   const Positions& positions)
      : sops_(sops), meanings_(meanings), formulas_(formulas), positions_(positions) {}

  // The formula of a selector, without what the mask of every head implies.
  FormulaId FormulaOf(NodeId selector);

  // A selector of the program by its name or expression; what was made of several in theirs, cut
  // off after about `max_bytes`.
  std::string NameOf(FormulaId id, std::size_t max_bytes) const;
  // The line of the program where it is written, 0 if unknown.
  int LineOf(FormulaId id) const;
  // 1/(1 + width) of what a formula selects.
  VariableMeaning ShareMeaning(FormulaId id) const;
  // The width of what a formula selects: all of `node`, a width or a sum, or a part of it.
  VariableMeaning WidthMeaning(NodeId node, FormulaId id);

 private:
  FormulaId WithoutImplied(FormulaId id);
  Meanings::RowValues WidthsOf(FormulaId id) const;

  const Sops& sops_;
  const Meanings& meanings_;
  Formulas& formulas_;
  const Positions& positions_;
  std::map<NodeId, FormulaId> of_selector_;
  std::map<FormulaId, NodeId> selectors_;  // the first with each formula
};

}  // namespace raspc
