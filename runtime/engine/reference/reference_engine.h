// The reference engine: the definition of what a model computes, as loops.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/engine/engine.h"

namespace raspc {

// A number of the residual stream that is set by hand: the direction has this value at the position
// (BOS is 0) as the stream enters the first layer and after everything that is added to it, so that
// whatever reads it reads this value. Positions beyond the end of a sequence have no effect.
struct Clamp {
  int position = 0;
  std::int64_t direction = 0;
  double value = 0;
};

// Clamps apply to every sequence and session.
std::unique_ptr<Engine> MakeReferenceEngine(const Model& model, int num_threads,
                                            std::vector<Clamp> clamps = {});

}  // namespace raspc
