// The evaluation of a graph's nodes on one sequence, which may grow while it goes on.
//
// Values are computed node by node, all positions at once. When a token is appended (causal
// evaluation only: there, earlier positions never change), a node that is asked for again computes
// its new positions and nothing else, so that a step of generation costs one row per selector.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "compiler/interpret/bit_rows.h"
#include "compiler/interpret/interpret.h"

namespace raspc {

// Keeps a reference to the graph, which may grow. Not thread-safe.
class Evaluation {
 public:
  Evaluation(const DataflowGraph& graph, std::vector<Atom> input, bool causal,
             std::uint64_t max_bytes);

  // Computes a node at every position there is; false after reporting why it has no value. A node
  // that has failed reports the same error again.
  bool Ensure(NodeId id, Diagnostics& diag);

  // An s-op's values, or a selector's rows in bytes, once Ensure has succeeded. The reference is
  // good until a token is appended. Rows are those of every position: nothing was appended.
  const NodeValue& Value(NodeId id) const { return state_[Index(id)].value; }
  // Fills in the rows of a selector in Value; false after reporting kLimit.
  bool EnsureRows(NodeId id, Diagnostics& diag);

  // Requires causal evaluation. From here on, ask only for the node that was asked for before:
  // others lack the rows of earlier positions.
  void Append(Atom token);

 private:
  struct NodeState {
    NodeValue value;          // an s-op's values; a selector's rows only after EnsureRows
    BitRows rows;             // a selector's, from the first position not done before
    int num_done = 0;         // positions
    bool has_number = false;  // an int or float is among the values
    bool has_rows = false;    // `value` holds a selector's rows
    std::optional<Diagnostic> failure;
  };

  static std::size_t Index(NodeId id) { return static_cast<std::size_t>(id.value); }
  int seq_len() const { return static_cast<int>(input_.size()); }
  const SOpValues& SOp(NodeId id) const { return std::get<SOpValues>(state_[Index(id)].value); }
  const BitRows& Rows(NodeId id) const { return state_[Index(id)].rows; }

  bool IsDone(NodeId id) const { return state_[Index(id)].num_done == seq_len(); }
  // Computes one node whose operands are done.
  void Compute(NodeId id);
  void ComputeSelector(NodeId id);
  void ComputeSOp(NodeId id);

  // Each appends the values of the positions not done; false after Fail.
  bool Fill(NodeId id, const TokensNode& node, SOpValues& values);
  bool Fill(NodeId id, const IndicesNode& node, SOpValues& values);
  bool Fill(NodeId id, const ConstantNode& node, SOpValues& values);
  bool Fill(NodeId id, const MapNode& node, SOpValues& values);
  bool Fill(NodeId id, const AggregateNode& node, SOpValues& values);
  bool Fill(NodeId id, const WidthNode& node, SOpValues& values);
  bool Fill(NodeId id, const SumNode& node, SOpValues& values);
  // The rows of the positions not done; nothing after Fail.
  std::optional<BitRows> RowsOf(NodeId id, const SelectNode& node, int from);
  std::optional<BitRows> RowsOf(NodeId id, const SelectorLogicNode& node, int from);

  bool CanAverage(NodeId id, const AggregateNode& node, int position, int count);
  bool CheckTypes(NodeId id, int from);
  // Accounts for memory; false after Fail.
  bool Reserve(NodeId id, std::uint64_t bytes);
  bool Fail(NodeId id, ErrorKind kind, std::string message);
  bool FailAt(NodeId id, ErrorKind kind, const std::string& message, int position);

  const DataflowGraph& graph_;
  std::vector<Atom> input_;
  bool causal_;
  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::deque<NodeState> state_;  // by node id; a deque, so that references stay good as it grows
};

// The input as a message shows it: "abc" where each token is one character, else a JSON array; long
// inputs are cut.
std::string InputText(const std::vector<Atom>& input);

}  // namespace raspc
