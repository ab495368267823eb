// The engines measured by the speed benchmarks.
#pragma once

#include "runtime/engine/engine.h"

namespace raspc {

inline constexpr EngineKind kBenchEngines[] = {EngineKind::kReference, EngineKind::kDense,
                                               EngineKind::kStructured};

}  // namespace raspc
