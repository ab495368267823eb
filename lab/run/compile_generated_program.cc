#include "lab/run/compile_generated_program.h"

#include <memory>

#include "compiler/compile.h"
#include "frontends/symbol_text.h"

namespace raspc {
namespace {

// Makes the model use the symbols' own names for inputs and outputs.
void NameSymbols(Model& model) {
  const auto name = [](std::vector<Atom>& atoms) {
    for (Atom& atom : atoms) atom = SymbolOf(atom);
  };
  name(model.vocabulary);
  name(model.alphabet);
  name(model.frame.append);
  if (model.frame.padding) model.frame.padding->token = SymbolOf(model.frame.padding->token);
  if (model.generation) name(model.generation->stop);
  name(model.decoding.values);
}

}  // namespace

std::optional<CompiledProgram> CompileGeneratedProgram(const GeneratedProgram& recogniser,
                                                       Diagnostics& diag,
                                                       const std::string& file_name) {
  const auto source = std::make_shared<const SourceText>(file_name, recogniser.Source());
  std::optional<LoadedProgram> program = LoadProgram(source, LoadOptions(), diag);
  if (!program) return std::nullopt;
  std::optional<Model> model = Compile(*program, diag);
  if (!model) return std::nullopt;
  NameSymbols(*model);
  return CompiledProgram{*std::move(program), *std::move(model)};
}

Atom SymbolOf(const Atom& token) {
  const auto* text = std::get_if<std::string>(&token);
  return text == nullptr ? token : Atom(TextToSymbol(*text));
}

Atom TokenOf(const Atom& symbol) {
  const auto* text = std::get_if<std::string>(&symbol);
  return text == nullptr ? symbol : Atom(SymbolToText(*text));
}

}  // namespace raspc
