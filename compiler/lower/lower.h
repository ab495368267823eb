// Turns a graph and its domains into heads and MLP segments over named variables.
//
// Each value that a block needs is requested as a *linear form* of variables, so that linear
// functions cost nothing and one variable serves many users. compiler/lower/lower_forms.cc has the
// ways to get one: columns of the embedding tables, sums of forms, outputs of heads, and MLP
// segments (compiler/lower/builder/mlp_piece.h), whose input features are laid out on one number line.
//
// A selector becomes terms of penalties (compiler/lower/builder/blocks.h), one for each operand of its
// outermost `and`s; a term compares classes of queries with classes of keys, where positions whose
// rows (columns) are equal are one class.
#pragma once

#include <optional>

#include "compiler/domains/domains.h"
#include "compiler/lower/builder/blocks.h"
#include "compiler/settings/optimizations.h"
#include "base/diagnostics.h"

namespace raspc {

struct LowerOptions {
  DType dtype = DType::kFloat32;
  bool causal = false;              // keys after the query are never selected
  HeadMask mask = HeadMask::kNone;  // of every head, at least
  bool relative_positions =
      false;  // heads may have their own masks, and biases by relative position
  Optimizations optimizations;
};

struct LowerResult {
  std::optional<Blocks> blocks;
  // Where rounding leaves no margin in this arithmetic (float64 may suffice), if anywhere.
  std::optional<Diagnostic> imprecise;
};

// Reports kLimit when a table or matrix would be larger than the scope's max_domain, naming the
// expression and the sizes of its operands' domains.
LowerResult Lower(const DataflowGraph& graph, const Domains& domains, NodeId output,
                  const LowerOptions& options, Diagnostics& diag);

}  // namespace raspc
