// From a recogniser's source to its model, through the usual pipeline.
#pragma once

#include <optional>
#include <string>

#include "compiler/load/load_program.h"
#include "frontends/generated_program.h"
#include "runtime/model/model.h"

namespace raspc {

struct CompiledProgram {
  LoadedProgram program;
  Model model;
};

// Reports the errors of loading and compiling. The settings are the program's directives, so that
// compiling the program as a file gives the same model, except that a symbol that RASP cannot write
// (symbol_text.h) keeps its own name here. `file_name` is the program's name in messages and in
// labels of the model.
std::optional<CompiledProgram> CompileGeneratedProgram(
    const GeneratedProgram& recogniser, Diagnostics& diag,
    const std::string& file_name = "recogniser.rasp");

// The model's name for a token of the program, and back.
Atom SymbolOf(const Atom& token);
Atom TokenOf(const Atom& symbol);

}  // namespace raspc
