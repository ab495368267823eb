#include "compiler/domains/all_inputs.h"

#include <algorithm>
#include <set>

#include "compiler/graph/dataflow_graph.h"
#include "compiler/interpret/interpret.h"
#include "compiler/interpret/trial_inputs.h"

namespace raspc {
namespace {

// Maximum number of values computed: of every node at every position of every input.
constexpr double kMaxWork = 1 << 24;

// The number of values of one s-op on all inputs together.
double NumPositions(const CompileScope& scope) {
  const auto num_tokens = static_cast<double>(scope.vocabulary.size());
  double num_inputs = 1;
  double num_positions = 0;
  for (std::int64_t length = 1; length <= scope.context_length; ++length) {
    num_inputs *= num_tokens;
    num_positions += num_inputs * static_cast<double>(length);
    if (num_positions > kMaxWork) break;
  }
  return num_positions;
}

}  // namespace

std::map<NodeId, std::vector<Atom>> ValuesOnAllInputs(const DataflowGraph& graph,
                                                      const std::vector<NodeId>& sops,
                                                      const CompileScope& scope) {
  const auto num_nodes = static_cast<double>(Reachable(graph, sops).size());
  if (sops.empty() || NumPositions(scope) * num_nodes > kMaxWork) return {};
  std::map<NodeId, std::set<Atom, decltype(&IdentityLess)>> seen;
  for (const NodeId id : sops) seen.try_emplace(id, &IdentityLess);
  ForEachInput(scope.vocabulary, 1, scope.context_length, [&](std::vector<Atom> input) {
    Interpreter interpreter(graph, std::move(input), scope.causal);
    for (auto& [id, values] : seen) {
      Diagnostics ignored;  // where an s-op fails, it has no value
      const NodeValue* value = interpreter.Evaluate(id, ignored);
      if (value == nullptr) continue;
      const auto& of_input = std::get<SOpValues>(*value);
      values.insert(of_input.begin(), of_input.end());
    }
    std::erase_if(seen, [&](const auto& entry) {
      return static_cast<std::int64_t>(entry.second.size()) > scope.max_domain;
    });
    return !seen.empty();
  });
  std::map<NodeId, std::vector<Atom>> result;
  for (const auto& [id, values] : seen) result[id] = {values.begin(), values.end()};
  return result;
}

}  // namespace raspc
