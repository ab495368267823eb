// Searches for inputs on which expressions fail, with the interpreter.
//
// First all short inputs; then one input of each length, because many failures depend only on the
// length; then random ones. The effort is counted in values computed, not in seconds, so that the
// same program always gets the same answer.
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
  std::vector<Atom> vocabulary;  // tokens that may be generated
  std::vector<Atom> alphabet;
  std::int64_t max_length = 0;  // of an input, before it is framed
  InputFrame frame;
  bool causal = false;
  std::optional<GenerationRule> generation;
};

struct FailingInput {
  std::vector<Atom> input;
  std::string error;  // the interpreter's message
};

// Nodes from one place in the source, at least one of which may fail; or the node that generates,
// which may generate what is not in the vocabulary.
struct FallibleExpression {
  std::vector<NodeId> nodes;  // ascending
  bool generates = false;
  std::optional<FailingInput> example;
};

// What was tried.
struct SearchResult {
  std::int64_t num_tried = 0;
  bool tried_all = false;  // every possible input
  bool tried_lengths =
      false;  // every possible length, so every case of expressions that read no tokens
};

// Fills in examples for as many expressions as it finds.
SearchResult SearchFailures(const DataflowGraph& graph, NodeId output, const InputSpace& inputs,
                            std::vector<FallibleExpression>& expressions);

}  // namespace raspc
