// From a traced program to the blocks of a model: simplified, with its domains inferred, and
// lowered.
//
// There are several ways to lower some programs, and which is best depends on the length and on
// what is shared: numbers with or without a list, a selector as a whole or in parts. The usual way
// is tried first. Where that fails, or the model would be large, the other ways that apply are
// tried too, and the smallest model wins.
#pragma once

#include <cstdint>
#include <optional>

#include "base/diagnostics.h"
#include "compiler/domains/domains.h"
#include "compiler/lower/builder/blocks.h"
#include "compiler/settings/optimizations.h"
#include "compiler/settings/specification.h"
#include "compiler/simplify/simplify.h"

namespace raspc {

struct InferredProgram {
  SimplifiedGraph simplified;
  Domains domains;
};

struct LoweredProgram {
  InferredProgram program;  // what was lowered
  // The program as it is written, where a rewritten one was lowered: that one may have values where
  // this one fails.
  std::optional<InferredProgram> written;
  std::optional<Blocks> blocks;
  Diagnostics diag;  // why there are no blocks, or warnings
};

// Reports what InferDomains and Lower report; where the certificate does not allow float32 and the
// specification may be widened, lowers for float64, with a warning.
LoweredProgram LowerProgram(const DataflowGraph& traced, NodeId output,
                            const Specification& specification, const Optimizations& optimizations);

// What domains are inferred for.
CompileScope ScopeFor(const Specification& specification, const Optimizations& optimizations);

// About how many parameters a model of these blocks has.
std::int64_t NumParameters(const Blocks& blocks, const Specification& specification);

}  // namespace raspc
