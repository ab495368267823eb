// Searches for inputs on which expressions fail, with the interpreter.
//
// Short inputs first, all of them as long as they last; then one input of each length, because much
// that fails depends on the length alone; then random ones. The effort is counted in values
// computed, not in seconds, so that the same program always gets the same answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "base/atom.h"
#include "base/input_frame.h"

namespace raspc {

// The inputs that a program is compiled for.
struct InputSpace {
  std::vector<Atom> alphabet;
  std::int64_t max_length = 0;  // of an input, before it is framed
  InputFrame frame;
  bool causal = false;
  std::optional<GenerationRule> generation;
};

struct FailingInput {
  std::vector<Atom> input;
  std::string error;  // what the interpreter says
};

// Nodes from one place in the source of which at least one may fail.
struct FallibleExpression {
  std::vector<NodeId> nodes;  // rising
  std::optional<FailingInput> example;
};

// What was tried.
struct SearchResult {
  std::int64_t num_tried = 0;
  bool tried_all = false;      // every input there is
  bool tried_lengths = false;  // every length there is, so every case of what reads no tokens
};

// Fills in examples for as many expressions as it finds.
SearchResult SearchFailures(const DataflowGraph& graph, NodeId output, const InputSpace& inputs,
                            std::vector<FallibleExpression>& expressions);

}  // namespace raspc
