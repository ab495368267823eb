// From a traced program to the weights of a transformer: the sequence of the compiler's stages.
#pragma once

#include <optional>
#include <string>

#include "compiler/graph/dataflow_graph.h"
#include "compiler/settings/optimizations.h"
#include "compiler/settings/settings.h"
#include "base/diagnostics.h"
#include "runtime/model/model.h"

namespace raspc {

// The result of each stage as text, for `inspect --stage`. A stage that was not reached is empty.
struct StageDumps {
  std::string graph, domains, lowered, layers, layout;
};

// Compiles the s-op `output` for the settings' vocabulary, maximum length and target. Equal input
// gives an equal model. Reports, and returns nothing, when a needed setting is missing (kInput),
// when the s-op cannot be computed on any input (kType, kValue), or when a domain or block is too
// large (kLimit). `settings.generate` makes a model that generates; the caller passes its s-op as
// `output`. The model is exact whichever optimisations run. If `stages` is given, it receives the
// text of each stage as it completes.
std::optional<Model> Compile(const DataflowGraph& graph, NodeId output,
                             const ProgramSettings& settings, Diagnostics& diag,
                             StageDumps* stages = nullptr, const Optimizations& optimizations = {});

}  // namespace raspc
