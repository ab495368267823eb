// Interventions: what a model computes where some s-ops are set to values by hand.
//
// Setting what the stream carries at a position, whatever would compute it, shows what depends on
// it
// ("do" in Pearl's calculus; patching of activations in the study of trained networks).
#pragma once

#include <string_view>
#include <vector>

#include "base/atom.h"
#include "base/diagnostics.h"
#include "runtime/engine/reference/reference_engine.h"
#include "runtime/model/model.h"

namespace raspc {

// Adds what sets `variable` to a value at a program position (the first token's is 0). A variable
// is an s-op of model.value_codes, which is set in all directions that carry it to one of its
// values, or the label of a direction, which is set to a number. Reports kInput: no such variable,
// position or value.
void AddClamps(const Model& model, std::string_view variable, std::int64_t position,
               const Atom& value, std::vector<Clamp>& clamps, Diagnostics& diag);

}  // namespace raspc
