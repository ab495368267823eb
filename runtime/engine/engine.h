// Runs the weights of a model. All engines compute the same function of the same model:
//
//   reference   plain loops in float64, written for clarity; O(seq_len^2 d_model) and slow
//   dense       products of a tile of tokens at a time in the model's dtype, batched, skipping zero
//               weights and never storing the n-by-n matrix
//   structured  the same sums rearranged to exploit structure found in the weights, in float64;
//               where there is any, about O(n log n) for n tokens and O(log n) for a session's
//               next
//
// An engine keeps a reference to the model it was made for, which must outlive it and pass
// CheckModel. Run is thread-safe. The result for a sequence depends only on the model and the
// sequence: not on the rest of the batch, the number of threads or the width of the machine's
// vectors; and a session gives the same bits as Run.
//
// Memory: with F the maximum number of features of a layer (2 head_dim + value_dim, summed over its
// heads), a run of one sequence takes, in addition to its results, at most 1 MiB per thread and per
// token
//
//   dense       8 (d_model + F + 4 threads) + 32 bytes
//   structured  32 (d_model + F) + 128 bytes
//
// A run of many sequences takes that on each thread for the sequences it runs at once (a few
// hundred tokens, or as many sequences as a tile has lanes), and 64 bytes per sequence.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/engine/readouts.h"
#include "runtime/model/model.h"

namespace raspc {

enum class EngineKind { kReference, kDense, kStructured };
inline constexpr EngineKind kAllEngines[] = {EngineKind::kReference, EngineKind::kDense,
                                             EngineKind::kStructured};
std::string_view NameOf(EngineKind kind);
std::optional<EngineKind> EngineNamed(std::string_view name);

// Receives an engine's intermediate results, for tests and `inspect`, on the thread that called
// Run. Positions include BOS; layers are counted as they run (Model::layer_order).
struct Observer {
  // The pattern of one query: weights [seq_len], zero where masked.
  std::function<void(int sequence, int layer, int head, int query, std::span<const double> weights)>
      pattern;
  // The residual stream as it leaves the layer: [seq_len, d_model]; layer -1 is the embeddings.
  std::function<void(int sequence, int layer, const Matrix& residual)> residual;
};

// One sequence that grows a token at a time, with keys and values kept. Its engine must outlive it.
// Not thread-safe.
class Session {
 public:
  virtual ~Session() = default;
  // Appends a token (the session starts with BOS in place) and gives the readout at its position:
  // [readout_dim], valid until the next call. Requires room: at most context_length tokens.
  virtual const Vector& Append(int token_id) = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  // The readout at every program position of each sequence: [length, readout_dim], BOS left out.
  // Token ids must be below the vocabulary's size, lengths from 1 to context_length.
  virtual Readouts Run(std::span<const std::vector<int>> sequences,
                       const Observer* observer = nullptr) const = 0;
  // A sequence with BOS in place, or null if the model is not causal: the results at earlier
  // positions would change with every token.
  virtual std::unique_ptr<Session> StartSession() const = 0;
};

}  // namespace raspc
