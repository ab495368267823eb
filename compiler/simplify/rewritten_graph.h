// A graph while it is copied into a new one, node by node, with some of them replaced.
#pragma once

#include <string>
#include <unordered_map>

#include "compiler/simplify/simplify.h"

namespace raspc {

class RewrittenGraph {
 public:
  // Keeps a reference.
  explicit RewrittenGraph(const DataflowGraph& old)
      : old_(old), new_(old.arithmetic(), old.rules()) {}

  // Requires that the node has been copied or replaced.
  NodeId NewIdOf(NodeId old_id) const { return new_ids_.at(old_id.value); }

  // Each node must be given once, after its operands. `kind` has operands in the new graph; the new
  // node keeps the place, name and text of the old one.
  NodeId Copy(NodeId old_id);
  NodeId Replace(NodeId old_id, NodeKind kind);
  // The value of a node is that of another, in the new graph, which gets its name if it has none.
  void Forward(NodeId old_id, NodeId new_id);
  // A node that only helps to compute `origin`, whose place it gets, and whose text, if there is no
  // other.
  NodeId AddHelper(NodeId origin, NodeKind kind, std::string text = "");

  // The new graph, without what the output does not need.
  SimplifiedGraph Finish(NodeId old_output) &&;

  const DataflowGraph& graph() const { return new_; }

 private:
  const DataflowGraph& old_;
  DataflowGraph new_;
  std::unordered_map<std::int32_t, NodeId> new_ids_;
};

}  // namespace raspc
