// Sums and widths over blocks of positions, without counting.
//
// Where a comparison of positions is split by bits (selectors/order_codes.h), "equal above bit b, 0
// there in the key, 1 in the query" selects nothing or all 2^b keys of a block. A sum over it is
// 2^b times the mean, 0 if nothing is selected, and so is the number of keys in it that meet a
// condition: a channel of the block's head, and no MLP segment. Sums over one order share its
// heads.
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/lower/builder/blocks.h"
#include "compiler/lower/selectors/heads.h"
#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/form_source.h"
#include "compiler/lower/sops/meanings.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class BlockSums {
 public:
  // Keeps references.
  BlockSums(const Sops& sops, const Meanings& meanings, const Formulas& formulas, FormSource& forms,
            Heads& heads)
      : sops_(sops), meanings_(meanings), formulas_(formulas), forms_(forms), heads_(heads) {}

  // The width of a part of `node`, a width or a sum; nothing if it selects other than the keys of a
  // block, or those of them that meet one condition.
  std::optional<LinearForm> Width(NodeId node, FormulaId part);
  // The sum of `values`, listed ints, over a part of `node`; nothing if it does not select whole
  // blocks.
  std::optional<LinearForm> Sum(NodeId node, NodeId values, FormulaId part);

 private:
  std::optional<std::int64_t> BlockSize(FormulaId part) const;
  std::optional<LinearForm> Condition(FormulaId part);

  const Sops& sops_;
  const Meanings& meanings_;
  const Formulas& formulas_;
  FormSource& forms_;
  Heads& heads_;
};

}  // namespace raspc
