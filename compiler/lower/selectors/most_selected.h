// How many keys a formula can select in one row: fewer than there are positions where its keys are
// told apart by their positions. The width of such a part takes fewer neurons.
#pragma once

#include <cstdint>

#include "compiler/lower/selectors/selector_formula.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

// An upper bound, from the clauses of an `and`, or one clause, that compare a function of the key's
// position for equality, or for order at one bit: the keys of a row agree in it, or in its bits
// from that one on. The context length where there is no such clause. Takes one pass over the
// positions for each clause.
std::int64_t MostSelected(const Sops& sops, const Formulas& formulas, FormulaId id);

}  // namespace raspc
