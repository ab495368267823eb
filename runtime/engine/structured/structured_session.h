// Generation with structured weights: one token after another, each head with a state that
// summarises the earlier tokens.
#pragma once

#include <memory>

#include "runtime/engine/engine.h"
#include "runtime/engine/structured/structured_weights.h"

namespace raspc {

// Requires a causal model. The weights outlive the session.
std::unique_ptr<Session> MakeStructuredSession(const StructuredWeights& weights);

}  // namespace raspc
