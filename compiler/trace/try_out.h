// Trying out: each s-op and selector is evaluated on a running example as soon as it is computed.
//
// A statement has to succeed as a whole on the running example or, failing that, on the first
// input. The argument of an application `x(input)` counts as an example for x as well: nodes that
// fail while x is being computed are kept until that input is known.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "compiler/trace/trace.h"

namespace raspc {

class TryOut {
 public:
  // Keeps a reference to the graph. With `enabled` false every question is answered with success.
  TryOut(const DataflowGraph& graph, const TraceOptions& options);

  void SetExample(std::vector<Atom> example);
  const std::vector<Atom>& example() const { return example_; }

  // A top-level statement, of the program or of a file it loads, begins and ends. What was going on
  // outside (a statement that loads a file) is kept in between.
  struct Outside {
    std::vector<NodeId> tried;
    std::optional<Diagnostic> failed_on_example;
    std::size_t num_waiting;
    std::size_t waiting_begin;
  };
  Outside BeginStatement();
  void EndStatement(Outside outside);

  // Tries a node; why it is to be rejected, or nothing.
  std::optional<Diagnostic> Try(NodeId id);

  // Failures between BeginWaiting and EndWaiting wait for the input; the innermost pair counts.
  // Judge tells why what waited is to be rejected, if it fails on `input`, too (null: there is no
  // input). A failure may cut off EndWaiting; EndStatement sees to that.
  using Waiting = std::vector<std::pair<NodeId, Diagnostic>>;
  void BeginWaiting();
  Waiting EndWaiting();
  std::optional<Diagnostic> Judge(const Waiting& waiting, const std::vector<Atom>* input) const;
  // Inside a function's body nothing waits. Returns what to give to LeaveBody.
  std::size_t EnterBody();
  void LeaveBody(std::size_t outer);

 private:
  bool SucceedsOnFirstInput(NodeId id);

  const DataflowGraph& graph_;
  bool enabled_;
  bool causal_;
  std::vector<Atom> example_;
  std::unique_ptr<Interpreter> on_example_;
  std::vector<char> known_good_;  // by node id: succeeds on the example

  bool has_first_input_;
  std::unique_ptr<Interpreter> on_first_input_;
  // Of this statement: what was tried, and why it fails on the example, if it does.
  std::vector<NodeId> tried_;
  std::optional<Diagnostic> failed_on_example_;

  std::vector<Waiting> waiting_;
  std::size_t waiting_begin_ = 0;  // those before belong to callers of the present function
};

}  // namespace raspc
