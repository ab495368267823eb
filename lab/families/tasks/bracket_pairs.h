// Which brackets of an expression belong together, and which minus signs are between operands.
#pragma once

#include "lab/families/tasks/task.h"

namespace raspc {

struct BracketPairs {
  Expr up_to;          // selects a position and those before it
  Expr opens, closes;  // whether a position is such a bracket
  Expr depth;          // how many brackets are open after it
  Expr level;          // of the pair that a bracket, or the operator in it, belongs to
  Expr number;         // of that pair among those of its level
  Expr previous;           // the token before
  Expr is_minus, is_sign;  // a minus sign between operands, or before a digit
};

BracketPairs WriteBracketPairs(RaspWriter& w);

}  // namespace raspc
