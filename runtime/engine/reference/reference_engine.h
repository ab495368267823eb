// The reference engine: the definition of what a model computes, as loops.
#pragma once

#include <memory>

#include "runtime/engine/engine.h"

namespace raspc {

std::unique_ptr<Engine> MakeReferenceEngine(const Model& model, int num_threads);

}  // namespace raspc
