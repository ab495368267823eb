// The evaluation of a graph's nodes on one sequence, which may grow meanwhile.
//
// Values are computed node by node, all positions at once. Selectors are not materialised:
// their rows are computed on demand, once per class of queries with equal rows (row_maker.h). When
// a token is appended (in causal evaluation, where earlier positions never change), a node that is
// requested again computes only its new positions; and the row of a class only grows, so that its
// totals are kept and continued.
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

  // Computes a node at every position; false after reporting why it has no value. A node that has
  // failed reports the same error again.
  bool Ensure(NodeId id, Diagnostics& diag);

  // An s-op's values, or a selector's rows in bytes, once EnsureRows has succeeded. The reference
  // is good until a token is appended or the input replaced.
  const NodeValue& Value(NodeId id) const { return StateOf(id).value; }
  // Fills in the rows of a selector in Value; false after reporting kLimit.
  bool EnsureRows(NodeId id, Diagnostics& diag);

  // Requires causal evaluation. From here on, only the node requested before may be requested:
  // others lack the rows of earlier positions.
  void Append(Atom token);

  // Starts over with another input. Nodes that depend only on the number of positions are kept if
  // that is the same.
  void Restart(std::vector<Atom> input);

 private:
  // What a class of queries has selected so far.
  struct Tally {
    int num_seen = 0;  // keys
    int count = 0;     // selected ones
    int first = -1;    // the first selected
    RunningSum sum;    // of the values at selected keys, if they are added up

    explicit Tally(ArithmeticKind arithmetic) : sum(arithmetic) {}
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
    // For a selector with a long formula: its rows, from the first new position on, so that its
    // users have a short formula.
    std::unique_ptr<BitRows> stored;
    std::vector<Tally> tallies;  // by class, of nodes that count or add up selected values
    SummedColumn column;         // an s-op's values, if they are added up
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
  // Whether an operand has failed; then the node fails with the same error.
  bool TakeFailure(NodeId id);
  void Clear(NodeState& state);

  // Computes one node whose operands are done.
  void Compute(NodeId id);
  void ComputeSelector(NodeId id);
  void ComputeSOp(NodeId id);
  std::unique_ptr<RowMaker> MakeRowMaker(NodeId id);
  bool Store(NodeId id);
  bool StorePredicate(NodeId id, const HostSelectNode& node);

  // Each appends the values of the new positions; false after Fail.
  bool Fill(NodeId id, const TokensNode& node, SOpValues& values);
  bool Fill(NodeId id, const IndicesNode& node, SOpValues& values);
  bool Fill(NodeId id, const ConstantNode& node, SOpValues& values);
  bool Fill(NodeId id, const MapNode& node, SOpValues& values);
  bool Fill(NodeId id, const AggregateNode& node, SOpValues& values);
  bool Fill(NodeId id, const WidthNode& node, SOpValues& values);
  bool Fill(NodeId id, const SumNode& node, SOpValues& values);

  // Appends make(tally), a value or an error, for each new position, where the tally is that of its
  // row, including the values of `addends` if that is valid. Queries of one class are processed
  // together, unless causality makes their rows differ. False after Fail.
  template <class Make>
  bool FillByRow(NodeId id, NodeId selector, NodeId addends, SOpValues& values, Make make);
  // Continues counting, and adding up, what row q selects.
  void Continue(RowMaker& maker, int q, NodeId addends, Tally& tally);

  bool FillFromMixed(NodeId id, const AggregateNode& node, SOpValues& values);
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

  // After Append or Restart: the nodes that each requested node needs, in order, so that they need
  // not be found again each time.
  bool is_again_ = false;
  std::unordered_map<std::int32_t, std::vector<NodeId>> orders_;
  std::vector<char> is_positional_;  // by node id: depends only on the number of positions
};

// The input as a message shows it: "abc" where each token is one character, else a JSON array; long
// inputs are truncated.
std::string InputText(const std::vector<Atom>& input);
// All of it as JSON, to be given again: a string if each token is one character, else an array.
std::string InputJson(const std::vector<Atom>& tokens);

}  // namespace raspc
