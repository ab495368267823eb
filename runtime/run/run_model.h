// Runs a model on inputs as a user sees it: tokens in, decoded values out.
//
// Checks each input against the model (vocabulary, alphabet, lengths), frames it with the appended
// and padding tokens, runs an engine in batches, generates where the model says so, and decodes the
// readouts.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/diagnostics.h"
#include "base/input_frame.h"
#include "runtime/engine/engine.h"

namespace raspc {

struct ModelOutput {
  std::vector<Atom> values;  // [framed length]: the output at each position before generation
  std::optional<Generated> generated;  // for models that generate
  // Why this input has no output; the rest is then empty. kInput: it does not fit the model, or its
  // generation leaves the vocabulary or the context. kLimit: memory. kInternal: a readout is NaN.
  std::optional<Diagnostic> error;
};

// The value a readout row decodes to; if two are equally close, or equally large, the first one. A
// row with a NaN or an infinity decodes to nothing.
std::optional<Atom> Decode(const OutputDecoding& decoding, std::span<const double> readout);

// One output per input, in order; inputs are checked one by one. `engine` belongs to `model`.
std::vector<ModelOutput> RunModel(const Model& model, const Engine& engine,
                                  std::span<const std::vector<Atom>> inputs);

// Throws bad_alloc if one of the outputs is missing for lack of memory: for callers that do not
// accept this as a result.
void ThrowIfOutOfMemory(std::span<const ModelOutput> outputs);

}  // namespace raspc
