// The dense engine: all tokens of a batch through one product after another, in the model's dtype.
//
// Memory for a sequence of n tokens is O(n (d_model + queries, keys and values of a layer)).
#pragma once

#include <memory>

#include "runtime/engine/engine.h"

namespace raspc {

std::unique_ptr<Engine> MakeDenseEngine(const Model& model, int num_threads);

}  // namespace raspc
