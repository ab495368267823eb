// The values of s-ops on every possible input, where inputs are few.
//
// Some numbers can only be found by computing them: the mean of floats is rounded in the order of
// its terms. Where vocabulary and length are so small that every input can be tried, the values are
// simply collected.
#pragma once

#include <map>
#include <vector>

#include "compiler/domains/infer_domains.h"

namespace raspc {

// For each of the given s-ops with at most `scope.max_domain` values: all values it has at any
// position of any sequence over the vocabulary of up to `scope.context_length` tokens. Nothing if
// there are more sequences than can be tried in about a second.
std::map<NodeId, std::vector<Atom>> ValuesOnAllInputs(const DataflowGraph& graph,
                                                      const std::vector<NodeId>& sops,
                                                      const CompileScope& scope);

}  // namespace raspc
