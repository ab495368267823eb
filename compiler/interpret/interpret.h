// Evaluates a dataflow graph on an input; this defines what a program means.
//
// This is the reference that every model is compared with, so it follows the definition of the
// language literally (values in order, one node at a time) and shares no code with the compiler's
// stages.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "base/atom.h"
#include "base/diagnostics.h"
#include "base/input_frame.h"

namespace raspc {

using SOpValues = std::vector<Atom>;  // [seq_len]; in rational arithmetic, floats may be fractions

// A Boolean matrix, row = query position, column = key position.
struct SelectorRows {
  int seq_len = 0;
  std::vector<std::uint8_t> entries;  // [seq_len, seq_len], row-major, 0 or 1
  bool At(int q, int k) const { return entries[static_cast<std::size_t>(q) * seq_len + k] != 0; }
};

using NodeValue = std::variant<SOpValues, SelectorRows>;

// Default limit on the memory of all values of one evaluation, in bytes.
inline constexpr std::uint64_t kMaxEvaluationBytes = std::uint64_t{1} << 30;

// Evaluates nodes of one graph on one input at a time, each at most once. The graph may grow while
// the evaluator lives. Keeps references to the graph; not thread-safe.
class Interpreter {
 public:
  // With `causal`, every selector is restricted to keys at or before the query. Exceeding
  // `max_bytes` is kLimit.
  Interpreter(const DataflowGraph& graph, std::vector<Atom> input, bool causal,
              std::uint64_t max_bytes = kMaxEvaluationBytes);
  ~Interpreter();

  // Starts over with another input. Cheaper than a new interpreter: memory is reused, and nodes
  // that depend only on the number of tokens are kept if that is the same.
  void Restart(std::vector<Atom> input);

  // The value of a node, or null after reporting why it has none (kType or kValue at the position
  // of the node that fails; kLimit for lack of memory; an empty input is kInput). The pointer is
  // valid until Restart.
  const NodeValue* Evaluate(NodeId id, Diagnostics& diag);
  // Whether a node has a value; reports why not. Cheaper than Evaluate for a selector, whose matrix
  // is not materialised.
  bool CanEvaluate(NodeId id, Diagnostics& diag);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "ints", "floats", "bools", "strings": the common type of an s-op's values. A list that mixes
// ints and floats is floats, one that mixes bools and ints is ints.
std::string_view TypeOfValues(const SOpValues& values);

// Generates with the s-op `next` on a framed input: evaluates, appends the value at the last
// position, a fraction as the nearest double, and repeats. Nothing after reporting an error; with a
// `vocabulary`, as a model has one, it is an error (kInput at the position of `next`) to go on from a
// token that is not in it. A step costs at most one evaluation, and causally much less, since values
// at earlier positions stay.
std::optional<Generated> Generate(const DataflowGraph& graph, NodeId next,
                                  const std::vector<Atom>& framed_input, const GenerationRule& rule,
                                  Diagnostics& diag, bool causal = true,
                                  const AtomSet* vocabulary = nullptr);

}  // namespace raspc
