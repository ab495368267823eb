#include "compiler/simplify/rewritten_graph.h"

#include <array>
#include <utility>

namespace raspc {

NodeId RewrittenGraph::Copy(NodeId old_id) {
  return Replace(old_id,
                 old_.WithOperands(old_id, [this](NodeId operand) { return NewIdOf(operand); }));
}

NodeId RewrittenGraph::Replace(NodeId old_id, NodeKind kind) {
  const NodeId id = new_.Add(std::move(kind), old_[old_id].location);
  new_.Use(id, old_[old_id].use);
  if (!old_[old_id].name.empty()) new_.Name(id, old_[old_id].name);
  if (new_[id].text.empty()) new_.Write(id, old_[old_id].text);
  return new_ids_[old_id.value] = id;
}

void RewrittenGraph::Forward(NodeId old_id, NodeId new_id) {
  if (!old_[old_id].name.empty()) new_.Name(new_id, old_[old_id].name);
  new_ids_[old_id.value] = new_id;
}

NodeId RewrittenGraph::AddHelper(NodeId origin, NodeKind kind, std::string text) {
  const NodeId id = new_.Add(std::move(kind), old_[origin].location);
  new_.Use(id, old_[origin].use);
  if (new_[id].text.empty()) new_.Write(id, text.empty() ? old_.Describe(origin) : text);
  return id;
}

SimplifiedGraph RewrittenGraph::Finish(NodeId old_output) && {
  const std::array<NodeId, 1> roots{NewIdOf(old_output)};
  RewrittenGraph pruned(new_);
  for (const NodeId id : Reachable(new_, roots)) pruned.Copy(id);
  const NodeId output = pruned.NewIdOf(roots[0]);
  return {std::move(pruned.new_), output};
}

}  // namespace raspc
