// From a traced program to the weights of a transformer: the sequence of the compiler's stages.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "compiler/graph/dataflow_graph.h"
#include "compiler/load/load_program.h"
#include "compiler/settings/optimizations.h"
#include "compiler/settings/specification.h"
#include "runtime/model/model.h"

namespace raspc {

// The result of each stage as text, for `inspect --stage`. A stage that was not reached is empty.
struct StageDumps {
  std::string graph, domains, lowered, layers, layout;
};

// Compiles the s-op `output`, which the specification is for. Equal input gives an equal model.
// Reports, and returns nothing, when the s-op is a selector (kInput), cannot be computed on any
// input (kType, kValue), or when a domain or block is too large (kLimit). The model is exact
// whichever optimisations run. If `stages` is given, it receives the text of each stage as it
// completes.
std::optional<Model> Compile(const DataflowGraph& graph, NodeId output,
                             const Specification& specification, Diagnostics& diag,
                             StageDumps* stages = nullptr, const Optimizations& optimizations = {});
// The same for a program's output and what its settings specify; reports what Specify does.
std::optional<Model> Compile(const LoadedProgram& program, Diagnostics& diag,
                             StageDumps* stages = nullptr, const Optimizations& optimizations = {});

}  // namespace raspc
