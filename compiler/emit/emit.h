// Writes scheduled blocks into weight matrices.
//
// BOS needs care, since the heads and MLP segments know nothing of it: every query and key
// dimension is made 0 at BOS, a head's values at BOS are what its channels specify, every neuron is
// off there, and a query at BOS attends only to BOS. So at BOS every variable has exactly the value
// of its `at_bos`.
#pragma once

#include "compiler/allocate/allocate.h"
#include "compiler/lower/builder/blocks.h"
#include "compiler/schedule/schedule.h"
#include "runtime/model/model.h"

namespace raspc {

// The weights, the readout and its decoding, the labels and the certificate's entries; the rest
// (vocabulary, lengths, target) is taken from `settings`, whose vocabulary and context
// length must be those that the blocks were lowered for.
// `share_neurons`: neurons of one layer with equal inputs are merged.
Model Emit(const Blocks& blocks, const Schedule& schedule, const ResidualLayout& layout,
           Model settings, bool share_neurons = true);

}  // namespace raspc
