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
  // Keeps a reference to the graph. With `enabled` false everything succeeds.
  TryOut(const DataflowGraph& graph, const TraceOptions& options);

  void SetExample(std::vector<Atom> example);
  const std::vector<Atom>& example() const { return example_; }

  // A top-level statement, of the program or of a file it loads, begins and ends. The state of an
  // enclosing statement (one that loads a file) is kept in between.
  struct Outside {
    std::vector<NodeId> tried;
    std::optional<Diagnostic> failed_on_example;
    std::size_t num_waiting;
    std::size_t waiting_begin;
  };
  Outside BeginStatement();
  void EndStatement(Outside outside);

  // Tries a node; returns why it must be rejected, or nothing. Where the statement fails on the
  // first input too, that is what is reported: it is the user's.
  std::optional<Diagnostic> Try(NodeId id);

  // Failures between BeginWaiting and EndWaiting wait for the input; the innermost pair counts.
  // Judge returns why the waiting nodes must be rejected, if they fail on `input` too (null: there
  // is no input). A failure may skip EndWaiting; EndStatement handles that.
  using Waiting = std::vector<std::pair<NodeId, Diagnostic>>;
  void BeginWaiting();
  Waiting EndWaiting();
  std::optional<Diagnostic> Judge(const Waiting& waiting, const std::vector<Atom>* input) const;
  // Inside a function's body nothing waits. Returns the argument for LeaveBody.
  std::size_t EnterBody();
  void LeaveBody(std::size_t outer);

 private:
  // Why the node fails on the first input too; if there is none, on the example.
  std::optional<Diagnostic> FailureOnFirstInput(NodeId id);

  const DataflowGraph& graph_;
  bool enabled_;
  bool causal_;
  std::vector<Atom> example_;
  std::unique_ptr<Interpreter> on_example_;
  std::vector<char> known_good_;  // by node id: succeeds on the example

  bool has_first_input_;
  std::unique_ptr<Interpreter> on_first_input_;
  // For this statement: the nodes tried, and why one fails on the example, if it does.
  std::vector<NodeId> tried_;
  std::optional<Diagnostic> failed_on_example_;

  std::vector<Waiting> waiting_;
  std::size_t waiting_begin_ = 0;  // earlier ones belong to callers of the current function
};

}  // namespace raspc
