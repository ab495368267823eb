// raspc compile: turns a program into a model file.
#include "compiler/compile.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/file_kind.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "cli/sizes.h"
#include "compiler/load/load_program.h"

namespace raspc {
int CompileCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "compile", "PROGRAM -o MODEL",
      "Compiles a program into the weights of a transformer, a safetensors file. The vocabulary "
      "and the maximum length are required, as options or as directives in the program. Prints the "
      "model's sizes and the closest decision of its certificate; 'raspc inspect MODEL "
      "--certificate' prints all of it.",
      "raspc compile programs/sort.rasp --max-length 16 -o sort.safetensors");
  std::optional<std::string> output;
  line.OutputFile("-o,--output", output, "MODEL",
                  "Model file to write (.safetensors); - is standard output, and the sizes go to "
                  "standard error");
  ProgramOptions options(line, ProgramOptions::Scope::kCompile);
  bool json = false;
  line.JsonFlag(json, "Print the sizes as one JSON object");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("missing PROGRAM");
  if (line.positionals().size() > 1) {
    return line.Misused(fmt::format(
        "unexpected argument '{}': compile takes one program and no input", line.positionals()[1]));
  }
  if (!output) return line.Misused("missing -o MODEL");
  const std::string& path = line.positionals()[0];
  if (const std::optional<int> status = line.Reads(path, "the program")) return *status;
  if (const std::string problem = ModelPathProblem(*output); !problem.empty()) {
    return line.Misused(problem);
  }

  const auto start = std::chrono::steady_clock::now();
  Diagnostics diag;
  LoadOptions load;
  load.overrides = options.Read(diag);
  load.print = [](std::string_view text) { ReportLine(text); };
  if (diag.HasErrors()) return Report(diag), kFault;
  const std::optional<LoadedProgram> program = LoadProgram(path, load, diag);
  if (program) {
    if (const auto status = line.ReadsLoaded(program->traced.loaded_files)) return *status;
  }
  std::optional<Model> model;
  if (program) model = Compile(*program, diag);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

  const bool written = model && WriteModelOutput(*output, *model, diag);
  Report(diag);
  if (!written) return kFault;
  Print(json ? SizesJson(*model, seconds.count())
             : fmt::format("{} computes {}\n{}", NameOfOutput(*output), model->name,
                           SizesText(*model, seconds.count())));
  return FinishOutput(kSuccess);
}

}  // namespace raspc
