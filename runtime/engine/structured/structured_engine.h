// The structured engine: the same softmax and the same MLPs, rearranged to exploit the structure of
// the weights.
//
// It finds this structure in the weights and the architecture when the engine is made (head_plan.h,
// piecewise_linear.h) and in the keys of a sequence while it runs (key_index.h); everything else is
// computed in full. Numbers are doubles whatever the model's type.
//
// A sequence of n tokens costs about n log n where heads have structure. Memory is O(d_model +
// value dimensions of a layer + dimensions of its largest head) per token, and for the indices of
// one head at a time some 100 bytes per key.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"

namespace raspc {

std::unique_ptr<Engine> MakeStructuredEngine(const Model& model, int num_threads);

// What the engine found in the weights.
struct StructureReport {
  struct HeadEntry {
    std::string label;
    std::string kind;       // "token classes", "offsets", "search" or "dense"
    std::string structure;  // the same as a sentence, with numbers
  };
  struct LayerEntry {
    std::vector<HeadEntry> heads;
    int num_functions = 0;         // piecewise-linear functions of one number
    int neurons_in_functions = 0;  // hidden neurons that these replace
    int neurons = 0;               // hidden neurons computed one by one
  };
  std::vector<LayerEntry> layers;
};
StructureReport ReportStructure(const Model& model);

}  // namespace raspc
