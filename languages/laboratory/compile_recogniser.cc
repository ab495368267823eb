#include "languages/laboratory/compile_recogniser.h"

#include <memory>

#include "compiler/compile.h"

namespace raspc {

std::optional<CompiledRecogniser> CompileRecogniser(const Recogniser& recogniser, Diagnostics& diag,
                                                    const std::string& file_name) {
  const auto source = std::make_shared<const SourceText>(file_name, recogniser.program);
  std::optional<LoadedProgram> program = LoadProgram(source, LoadOptions(), diag);
  if (!program) return std::nullopt;
  ProgramSettings& settings = program->settings;
  if (!settings.target && !program->IsCausal()) settings.target = Target::kMasked;
  if (!settings.max_domain) settings.max_domain = recogniser.max_domain;
  if (!settings.reduce_counts_first) settings.reduce_counts_first = recogniser.reduce_counts_first;
  std::optional<Model> model =
      Compile(program->traced.graph, program->output, program->settings, diag);
  if (!model) return std::nullopt;
  model->name = program->output_name;
  return CompiledRecogniser{*std::move(program), *std::move(model)};
}

}  // namespace raspc
