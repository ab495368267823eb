// Builds a dataflow graph without RASP source, for front ends that are programs themselves.
//
//     Diagnostics diag;
//     GraphBuilder build(diag);
//     const NodeId same = build.Select(build.Tokens(), build.Tokens(), Comparison::kEqual);
//     const NodeId hist = build.SelectorWidth(same);
//
// MakeProgram (compiler/load/load_program.h) makes of the graph what LoadProgram makes of a file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/graph/dataflow_graph.h"
#include "compiler/operations/host_function.h"

namespace raspc {

// Each function adds a node, or finds the equal one there is, and returns its id. What cannot be
// added is reported as kInput or kType: an id of no node, a selector where an s-op is required or
// the reverse, a wrong number of operands, more than `max_nodes` nodes. Then the id is not valid,
// and nothing further is reported about nodes that use it.
class GraphBuilder {
 public:
  // Keeps a reference to `diag`.
  explicit GraphBuilder(Diagnostics& diag, ValueRules rules = ValueRules::kRasp,
                        ArithmeticKind arithmetic = ArithmeticKind::kFloat);

  NodeId Tokens(TokenView view = TokenView::kAsIs);
  NodeId Indices();
  NodeId Constant(Atom value);
  // The number of positions, where the program is not causal; else of those up to the position.
  NodeId Length();

  // Operations with a table or a function have builders of their own.
  NodeId Map(MapOp op, std::vector<NodeId> operands);
  // 1 to kMaxOperands operands.
  NodeId Map(std::shared_ptr<const HostFunction> function, std::vector<NodeId> operands);

  NodeId Select(NodeId keys, NodeId queries, Comparison op);
  // Entry (q, k) = predicate(keys[k], queries[q]).
  NodeId Select(NodeId keys, NodeId queries, std::shared_ptr<const HostFunction> predicate);
  // Every position, or no position.
  NodeId SelectAll();
  NodeId SelectNone();
  NodeId And(NodeId a, NodeId b);
  NodeId Or(NodeId a, NodeId b);
  NodeId Not(NodeId selector);

  // The one selected value, the mean of several, or the default.
  NodeId Aggregate(NodeId selector, NodeId values, Atom default_value);
  // The number of selected positions.
  NodeId SelectorWidth(NodeId selector);

  // Where nodes added from now on come from: what messages about them point at. Nodes of one place
  // count as one expression in warnings.
  void At(SourceLocation location) { location_ = std::move(location); }

  // Names a node that has no name yet, and says what messages call it otherwise.
  void Name(NodeId id, std::string name);

  const DataflowGraph& graph() const { return graph_; }

 private:
  NodeId Add(NodeKind kind);
  NodeId Fail(ErrorKind kind, std::string message);
  // Whether nodes with these operands can be added; reports why not.
  bool AreSOps(const std::vector<NodeId>& ids);
  bool AreSelectors(const std::vector<NodeId>& ids);
  bool AreOfKind(const std::vector<NodeId>& ids, bool selectors);

  Diagnostics& diag_;
  DataflowGraph graph_;
  SourceLocation location_;
};

}  // namespace raspc
