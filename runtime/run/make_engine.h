// The engines by kind, and the fastest for the batch at hand.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/model/model.h"

namespace raspc {

// `num_threads` is the maximum number of threads of a call of Run; 0 means as many as the machine
// runs at once. Small amounts of work stay on the calling thread.
std::unique_ptr<Engine> MakeEngine(EngineKind kind, const Model& model, int num_threads = 0);

// The engine to use where none is asked for. Each call of Run goes to the engine that EngineChoice
// names, and sessions to `structured`. So what a sequence decodes to depends only on the model and
// the sequence, as with any engine, but the last bits of its readouts may depend on the batch.
std::unique_ptr<Engine> MakeFastestEngine(const Model& model, int num_threads = 0);

// Which engine is the fastest for a batch: `structured`, or `dense` for many short sequences, which
// it runs one in each vector lane.
//
// The time of `dense` grows with the weights and with the length, that of `structured` with the
// heads. So `dense` is chosen where it has few multiplications for each head, for batches in which
// most tokens can be in lanes, if the model's certificate says that both decode to the same.
class EngineChoice {
 public:
  // Reads every weight once.
  explicit EngineChoice(const Model& model);

  EngineKind For(std::span<const std::vector<int>> sequences) const;

 private:
  bool decodes_alike_;
  std::int64_t num_heads_;
  std::int64_t weights_ = 0;  // multiplications for a token, and for each key it may attend to
  std::int64_t per_key_ = 0;
};

}  // namespace raspc
