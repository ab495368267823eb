// raspc run: runs the weights of a model on its inputs.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "cli/run_inputs.h"
#include "runtime/engine/run_model.h"

namespace raspc {

int RunCommand(const std::vector<std::string>& args) {
  CommandLine line("run", "MODEL [INPUT...]",
                   "Runs the weights of a model file. An INPUT is text, one token per character.",
                   "raspc run sort.safetensors headache dad");
  InputReader inputs(line);
  std::optional<std::string> engine_name;
  AddEngineOption(
      line, engine_name,
      "structured: uses the structure of the weights, fastest (default); dense: all products, in "
      "the model's own type; reference: plain loops in float64");
  std::optional<std::int64_t> max_steps;
  line.Integer("--max-steps", max_steps, 0, 1'000'000'000, "N",
               "Generate fewer tokens than the model has room for");
  bool json = false;
  line.Flag("--json", json, "Print one JSON object per input and nothing else");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  std::variant<ModelToRun, int> opened = OpenModel(line, inputs, engine_name);
  if (const int* status = std::get_if<int>(&opened)) return *status;
  Model& model = std::get<ModelToRun>(opened).model;
  const std::string& path = line.positionals()[0];
  if (max_steps && !model.generation) {
    return line.Misused(
        fmt::format("--max-steps makes no sense here: '{}' does not generate", path));
  }
  if (max_steps && *max_steps > model.generation->max_steps) {
    return line.Misused(fmt::format("--max-steps is {}, but the model has room for {} tokens only",
                                    *max_steps, model.generation->max_steps));
  }
  if (max_steps) model.generation->max_steps = *max_steps;
  const auto record = [&](const InputItem& item, const ModelOutput& output) {
    return json ? RecordJson(item.json, ToJson(output.values), output.generated)
                : RecordText(model.name, item.json, output.values, output.generated);
  };
  return RunInputs(model, *MakeEngine(std::get<ModelToRun>(opened).engine, model), inputs, json,
                   record);
}

}  // namespace raspc
