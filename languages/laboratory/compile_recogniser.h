// From a recogniser's source to its model, down the one pipeline.
#pragma once

#include <optional>

#include "compiler/program.h"
#include "languages/recognise/recogniser.h"
#include "runtime/model/model.h"

namespace raspc {

struct CompiledRecogniser {
  LoadedProgram program;
  Model model;
};

// Reports what loading and compiling report. A recogniser that does not generate is compiled for
// the target `masked`, in which a selector of earlier positions costs nothing.
std::optional<CompiledRecogniser> CompileRecogniser(const Recogniser& recogniser,
                                                    Diagnostics& diag);

}  // namespace raspc
