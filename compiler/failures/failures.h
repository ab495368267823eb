// Finds the expressions on which the interpreter itself may fail: a missing key, a division by
// zero, strings that are averaged.
//
// A model promises nothing on inputs where the interpreter fails, so whoever compiles such a
// program should be warned, with an example:
//
//     inverse.rasp:3:7: warning: x fails on some inputs; the model's output on them is undefined
//         x = 2 / tokens_int;
//               ^
//     note: for example on [0]: '/' cannot divide 2 by zero, at position 0 of the input [0]
//
// Domains list more values than occur, so possible failures are checked twice: rules about all
// inputs (compiler/facts/facts.h) exclude what they can, and then the interpreter tries inputs
// (compiler/failures/search_failing_input.h). What no rule excludes and no input shows is reported
// as something that may fail, unless all inputs were tried.
//
// Needs: a simplified graph and its domains. Gives: the expressions, in the order in which the
// source computes them.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/domains/domains.h"
#include "compiler/failures/search_failing_input.h"
#include "compiler/graph/dataflow_graph.h"

namespace raspc {

struct FailureReport {
  std::vector<FallibleExpression> expressions;
  std::int64_t num_tried = 0;  // inputs, in the search for one that fails
};

// The expressions that `output` depends on and that may fail on some input of the space although
// their operands do not. Expressions at one place of the source (in a loop, or in one call of the
// standard library) count as one. Deterministic, and bounded in time whatever the program.
FailureReport FindFailures(const DataflowGraph& graph, const Domains& domains, NodeId output,
                          const InputSpace& inputs);

// The selectors by one of the predicates in `partial` that fail on some input, or may: whether they
// do is searched for. `graph` has these selectors, so it is as it was built.
FailureReport FindFailures(const DataflowGraph& graph, NodeId output,
                           const std::set<const HostFunction*>& partial, const InputSpace& inputs);

// One warning (kValue) per expression.
void ReportFailures(const DataflowGraph& graph, const FailureReport& report, Diagnostics& diag);

}  // namespace raspc
