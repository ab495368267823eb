// Runs the weights of a model. All engines compute the same function of the same model:
//
//   reference   plain loops in float64, written to be read; O(seq_len^2 d_model) and slow
//   dense       blocked matrix products in the model's own type, batched, never the n-by-n matrix
//
// An engine keeps a reference to the model it was made for, which must outlive it. Run is
// thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

enum class EngineKind { kReference, kDense };
std::string_view NameOf(EngineKind kind);
std::optional<EngineKind> EngineNamed(std::string_view name);

// Called with what an engine computed on the way, for tests and `inspect`. Positions include BOS.
struct Observer {
  // The pattern of one query: weights [seq_len], zero where masked.
  std::function<void(int sequence, int layer, int head, int query, std::span<const double> weights)>
      pattern;
  // The residual stream as it leaves the layer: [seq_len, d_model]; layer -1 is the embeddings.
  std::function<void(int sequence, int layer, const Matrix& residual)> residual;
};

// One sequence that grows a token at a time, with keys and values kept. Only for causal models.
class Session {
 public:
  virtual ~Session() = default;
  // Appends a token (the session starts with BOS in place) and gives the readout at its position:
  // [readout_dim]. Requires room: at most context_length tokens.
  virtual Vector Append(int token_id) = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  // The readout at every program position of each sequence: [length, readout_dim], BOS left out.
  // Token ids must be below the vocabulary's size, lengths from 1 to context_length.
  virtual std::vector<Matrix> Run(std::span<const std::vector<int>> sequences,
                                  const Observer* observer = nullptr) const = 0;
  virtual std::unique_ptr<Session> StartSession() const = 0;
};

std::unique_ptr<Engine> MakeEngine(EngineKind kind, const Model& model);

}  // namespace raspc
