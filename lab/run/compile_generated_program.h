// From a recogniser's source to its model, down the one pipeline.
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

// Reports what loading and compiling report. The settings are the program's directives, so that
// compiling the program as a file gives the same model, except that a symbol which RASP cannot
// write (symbol_text.h) has its own name in this one and another in that. `file_name` is what the
// program is called in messages and in labels of the model.
std::optional<CompiledProgram> CompileGeneratedProgram(
    const GeneratedProgram& recogniser, Diagnostics& diag,
    const std::string& file_name = "recogniser.rasp");

// A token of the program as the model has it, and back.
Atom SymbolOf(const Atom& token);
Atom TokenOf(const Atom& symbol);

}  // namespace raspc
