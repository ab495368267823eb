// Turns a graph and its domains into heads and MLP segments over named variables.
//
// Each value that a block needs is requested as a *linear form* of variables, so that linear
// functions cost nothing and one variable serves many users. forms/forms.h has the ways to get one:
// columns of the embedding tables, sums of forms, outputs of heads, and MLP segments
// (functions/functions.h), whose input features are laid out on one number line.
//
// A selector becomes terms of penalties (selectors/selectors.h), one for each operand of its
// outermost `and`s; a term compares classes of queries with classes of keys, where positions whose
// rows (columns) are equal are one class.
#pragma once

#include <optional>

#include "base/diagnostics.h"
#include "compiler/domains/domains.h"
#include "compiler/lower/builder/blocks.h"
#include "compiler/lower/sops/lower_options.h"

namespace raspc {

struct LowerResult {
  std::optional<Blocks> blocks;
  // Where rounding leaves no margin in this arithmetic (float64 may suffice), if anywhere.
  std::optional<Diagnostic> imprecise;
  bool is_over_limit = false;  // more parameters than asked for
};

// Reports kLimit when a table or matrix would be larger than the scope's max_domain, naming the
// expression and the sizes of its operands' domains.
LowerResult Lower(const DataflowGraph& graph, const Domains& domains, NodeId output,
                  const LowerOptions& options, Diagnostics& diag);

}  // namespace raspc
