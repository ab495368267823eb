// The engines by kind.
#pragma once

#include <memory>

#include "runtime/engine/engine.h"
#include "runtime/model/model.h"

namespace raspc {

// `num_threads` is the maximum number of threads of a call of Run; 0 means as many as the machine
// runs at once. Small amounts of work stay on the calling thread.
std::unique_ptr<Engine> MakeEngine(EngineKind kind, const Model& model, int num_threads = 0);

}  // namespace raspc
