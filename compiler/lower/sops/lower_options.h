// What a model is lowered for.
#pragma once

#include <cstdint>
#include <limits>

#include "compiler/settings/optimizations.h"
#include "runtime/model/model.h"

namespace raspc {

struct LowerOptions {
  DType dtype = DType::kFloat32;
  bool causal = false;              // keys after the query are never selected
  HeadMask mask = HeadMask::kNone;  // of every head, at least
  bool relative_positions =
      false;  // heads may have their own masks, and biases by relative position
  // Lowering ends without blocks once these have more parameters, dead ones included.
  std::int64_t max_parameters = std::numeric_limits<std::int64_t>::max();
  Optimizations optimizations;
};

}  // namespace raspc
