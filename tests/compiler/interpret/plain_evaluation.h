// The definition of the language, written as plainly as possible: a second interpreter, against
// which the real one is checked.
//
// Selectors are matrices, entries are compared one by one, every row is added up separately, in
// order. Time and memory are O(n^2) per node.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/interpret/interpret.h"

namespace raspc {

// The value of a node on an input of at least one token. Nothing after reporting the error of the
// node that fails first in the order of the graph among those that make the value fail, with the
// kind and message that Interpreter gives.
std::optional<NodeValue> EvaluatePlainly(const DataflowGraph& graph, NodeId id,
                                         const std::vector<Atom>& input, bool causal,
                                         Diagnostics& diag);

// An s-op's values as JSON or a selector's rows as digits.
std::string ToText(const NodeValue& value);

// Empty if Interpreter and EvaluatePlainly give the same value or the same error, else both.
std::string DifferenceFromPlain(const DataflowGraph& graph, NodeId id,
                                const std::vector<Atom>& input, bool causal);
// The same with an interpreter of this graph that has just been restarted with the input.
std::string DifferenceFromPlain(Interpreter& interpreter, const DataflowGraph& graph, NodeId id,
                                const std::vector<Atom>& input, bool causal);

}  // namespace raspc
