// From a recogniser's source to its model, down the one pipeline.
#pragma once

#include <optional>
#include <string>

#include "compiler/program.h"
#include "languages/recognise/recogniser.h"
#include "runtime/model/model.h"

namespace raspc {

struct CompiledRecogniser {
  LoadedProgram program;
  Model model;
};

// Reports what loading and compiling report. Settings are the program's directives, so that
// compiling a program of MakeRecogniser as a file gives the same model. What is missing there comes
// from the recogniser's fields, and a program that does not generate is compiled for `masked`.
// `file_name` is what the program is called in messages and in labels of the model.
std::optional<CompiledRecogniser> CompileRecogniser(
    const Recogniser& recogniser, Diagnostics& diag,
    const std::string& file_name = "recogniser.rasp");

}  // namespace raspc
