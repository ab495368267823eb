// The evaluation of a graph's nodes on one sequence, which may grow while it goes on.
//
// Values are computed node by node, all positions at once. Selectors are not written out: what
// needs their rows has them made, once for each class of queries with equal rows (row_maker.h).
// When a token is appended (causal evaluation only: there, earlier positions never change), a node
// that is asked for again computes its new positions and nothing else; and the row of a class only
// grows, so that what it adds up to is kept and continued.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/interpret/compared_columns.h"
#include "compiler/interpret/interpret.h"
#include "compiler/interpret/row_maker.h"
#include "compiler/interpret/summed_column.h"

namespace raspc {

// Keeps a reference to the graph, which may grow. Not thread-safe.
class Evaluation {
 public:
  Evaluation(const DataflowGraph& graph, std::vector<Atom> input, bool causal,
             std::uint64_t max_bytes);

  // Computes a node at every position there is; false after reporting why it has no value. A node
  // that has failed reports the same error again.
  bool Ensure(NodeId id, Diagnostics& diag);

  // An s-op's values, or a selector's rows in bytes, once EnsureRows has succeeded. The reference
  // is good until a token is appended or the input replaced.
  const NodeValue& Value(NodeId id) const { return StateOf(id).value; }
  // Fills in the rows of a selector in Value; false after reporting kLimit.
  bool EnsureRows(NodeId id, Diagnostics& diag);

  // Requires causal evaluation. From here on, ask only for the node that was asked for before:
  // others lack the rows of earlier positions.
  void Append(Atom token);

  // Begins anew with another input. What depends on the number of positions alone is kept if that
  // is the same.
  void Restart(std::vector<Atom> input);

 private:
  // What a class of queries has selected so far.
  struct Tally {
    int num_seen = 0;  // keys
    int count = 0;     // of them selected
    int first = -1;    // of those
    RunningSum sum;    // of the values there, if any are added up
  };

  // Only the members that a node's kind needs are used.
  struct NodeState {
    NodeValue value;          // an s-op's values; a selector's rows only after EnsureRows
    int num_done = 0;         // positions
    bool has_number = false;  // an int or float is among the values
    bool has_rows = false;    // `value` holds a selector's rows
    std::optional<Diagnostic> failure;
    std::uint64_t bytes = 0;  // accounted for

    std::unique_ptr<ComparedColumns> compared;  // a select's
    std::unique_ptr<RowMaker> maker;            // a selector's
    // A selector whose formula is long: its rows, from the first position not done before, so that
    // what uses it has a short one.
    std::unique_ptr<BitRows> stored;
    std::vector<Tally> tallies;  // by class: of what counts or adds up selected values
    SummedColumn column;         // an s-op's values, where they are added up
  };

  static std::size_t Index(NodeId id) { return static_cast<std::size_t>(id.value); }
  NodeState& StateOf(NodeId id) { return *state_[Index(id)]; }
  const NodeState& StateOf(NodeId id) const { return *state_[Index(id)]; }
  int seq_len() const { return static_cast<int>(input_.size()); }
  const SOpValues& SOp(NodeId id) const { return std::get<SOpValues>(StateOf(id).value); }
  RowMaker& Maker(NodeId id) { return *StateOf(id).maker; }

  bool IsDone(NodeId id) const { return StateOf(id).num_done == seq_len(); }
  void EnsureFirst(NodeId id);
  void EnsureAgain(NodeId id);
  // Whether an operand has failed; then the node fails in the same way.
  bool TakeFailure(NodeId id);
  void Clear(NodeState& state);

  // Computes one node whose operands are done.
  void Compute(NodeId id);
  void ComputeSelector(NodeId id);
  void ComputeSOp(NodeId id);
  std::unique_ptr<RowMaker> MakeRowMaker(NodeId id);
  bool Store(NodeId id);

  // Each appends the values of the positions not done; false after Fail.
  bool Fill(NodeId id, const TokensNode& node, SOpValues& values);
  bool Fill(NodeId id, const IndicesNode& node, SOpValues& values);
  bool Fill(NodeId id, const ConstantNode& node, SOpValues& values);
  bool Fill(NodeId id, const MapNode& node, SOpValues& values);
  bool Fill(NodeId id, const AggregateNode& node, SOpValues& values);
  bool Fill(NodeId id, const WidthNode& node, SOpValues& values);
  bool Fill(NodeId id, const SumNode& node, SOpValues& values);

  // Appends make(tally) for each position not done, a value or an error, where the tally is of its
  // row, and of the values of `addends` there if it is valid. Queries of one class are done
  // together, unless causality tells their rows apart. False after Fail.
  template <class Make>
  bool FillByRow(NodeId id, NodeId selector, NodeId addends, SOpValues& values, Make make);
  // Goes on to count, and add up, what row q selects.
  void Continue(RowMaker& maker, int q, NodeId addends, Tally& tally);

  OpResult AggregateOf(const AggregateNode& node, const Tally& tally) const;
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
  std::vector<std::unique_ptr<NodeState>> state_;  // by node id
  bool has_failures_ = false;

  // After Append or Restart: the nodes that each node asked for needs, in order, so that they need
  // not be looked for each time.
  bool is_again_ = false;
  std::unordered_map<std::int32_t, std::vector<NodeId>> orders_;
  std::vector<char> is_positional_;  // by node id: depends on the number of positions alone
};

// The input as a message shows it: "abc" where each token is one character, else a JSON array; long
// inputs are cut.
std::string InputText(const std::vector<Atom>& input);

}  // namespace raspc
