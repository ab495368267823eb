// Finds the expressions on which the interpreter itself may fail: a missing key, a division by
// zero, strings that are averaged.
//
// A model promises nothing on inputs where the interpreter fails, so whoever compiles such a
// program should hear of it, with an input to look at:
//
//     inverse.rasp:3:7: warning: x fails on some inputs, on which the model promises nothing
//         x = 2 / tokens_int;
//               ^
//     note: for example on [0]: '/' cannot divide 2 by zero, at position 0 of the input [0]
//
// Domains list more values than occur, so what they say may fail is looked into twice: rules about
// all inputs (compiler/facts/facts.h) rule out what they can, and then the interpreter tries
// inputs (compiler/failures/search_failing_input.h). What no rule settles and no input shows is reported as
// something that may fail, unless all inputs were tried.
//
// Needs: a simplified graph and its domains. Gives: the expressions, in the order of the source's
// computation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/domains/domains.h"
#include "compiler/graph/dataflow_graph.h"
#include "compiler/failures/search_failing_input.h"
#include "base/diagnostics.h"

namespace raspc {

struct FailureReport {
  std::vector<FallibleExpression> expressions;
  std::int64_t num_tried = 0;  // inputs, in search of one that fails
};

// The expressions that `output` depends on and that may fail on some input of the space, however
// little else fails there. Expressions at one place of the source (in a loop, or in one call of the
// standard library) are one. Deterministic, and bounded in time whatever the program.
FailureReport FindFailures(const DataflowGraph& graph, const Domains& domains, NodeId output,
                          const InputSpace& inputs);

// One warning (kValue) for each expression.
void ReportFailures(const DataflowGraph& graph, const FailureReport& report, Diagnostics& diag);

}  // namespace raspc
