// What happens inside a model on one input: the attention of every head and the residual stream
// after every layer.
#pragma once

#include <optional>
#include <vector>

#include "base/diagnostics.h"
#include "runtime/engine/engine.h"
#include "runtime/run/run_model.h"

namespace raspc {

// The maximum number of bytes of a trace's patterns and streams.
inline constexpr std::int64_t kMaxTraceBytes = std::int64_t{2} << 30;

struct ModelTrace {
  ModelOutput output;
  // The tokens of the positions after BOS: the framed input, then the generated tokens that the
  // model reads back, which are all but the last.
  std::vector<Atom> tokens;
  // By layer, in the order in which they run, and head: [seq_len, seq_len], the weight that each
  // query, a row, gives to each key; seq_len counts BOS.
  std::vector<std::vector<Matrix>> patterns;
  Matrix embeddings;              // [seq_len, d_model]: the stream before the first layer
  std::vector<Matrix> residuals;  // by layer: [seq_len, d_model], as it leaves the layer
};

// The tokens of a run (see ModelTrace::tokens), for an output of that input.
std::vector<Atom> TokensRead(const Model& model, const std::vector<Atom>& input,
                             const ModelOutput& output);

// Runs the model on an input. `engine` belongs to the model. Reports why the input has no output,
// or kLimit if the trace would be larger than kMaxTraceBytes.
std::optional<ModelTrace> TraceModel(const Model& model, const Engine& engine,
                                     const std::vector<Atom>& input, Diagnostics& diag);

}  // namespace raspc
