// Writes scheduled blocks into weight matrices.
//
// BOS needs care, since the heads and MLP pieces know nothing of it: every query and key dimension
// is made 0 at BOS, a head's values at BOS are what its channels say, every neuron is off there,
// and a query at BOS attends to BOS alone. So all variables have at BOS exactly the value that
// their `at_bos` says.
#pragma once

#include "compiler/allocate/allocate.h"
#include "compiler/lower/blocks.h"
#include "compiler/schedule/schedule.h"
#include "runtime/model/model.h"

namespace raspc {

// The weights, the readout and its decoding, the labels and the certificate's entries; what else a
// model says (vocabulary, lengths, target) is taken from `settings`, whose vocabulary and context
// length must be those that the blocks were lowered for.
// `share_neurons`: those of one layer with equal inputs are one.
Model Emit(const Blocks& blocks, const Schedule& schedule, const ResidualLayout& layout,
           Model settings, bool share_neurons = true);

}  // namespace raspc
