// Runs a model on inputs as a user means it: tokens in, decoded values out.
//
// Checks each input against the model (vocabulary, alphabet, lengths), frames it with the appended
// and padding tokens, runs an engine in batches, generates where the model says so, and decodes the
// readouts.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/base/diagnostics.h"
#include "runtime/base/input_frame.h"
#include "runtime/engine/engine.h"

namespace raspc {

struct ModelOutput {
  std::vector<Atom> values;  // [framed length]: the output at each position before generation
  std::optional<Generated> generated;  // for models that generate
  std::optional<Diagnostic> error;  // kInput: why this input has no output; then the rest is empty
};

// The value a readout row decodes to. A NaN decodes to nothing.
std::optional<Atom> Decode(const OutputDecoding& decoding, std::span<const double> readout);

// One output per input, in order; inputs are judged one by one.
std::vector<ModelOutput> RunModel(const Model& model, const Engine& engine,
                                  std::span<const std::vector<Atom>> inputs);

}  // namespace raspc
