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
#include "base/option_value.h"
#include "runtime/run/run_model.h"

namespace raspc {

int RunCommand(const std::vector<std::string>& args) {
  CommandLine line("run", "MODEL [INPUT...]",
                   "Runs the weights of a model. An INPUT is text, one token per character.",
                   "raspc run sort.safetensors headache dad");
  InputReader inputs(line);
  std::optional<std::string> engine_name;
  AddEngineOption(
      line, engine_name, "Engine",
      "default: the fastest for the inputs, structured or dense; dense multiplies whole "
      "matrices in the model's dtype, reference is plain loops in float64");
  std::optional<std::int64_t> max_steps;
  AddMaxStepsOption(line, max_steps, "default and maximum: what the model has room for");
  bool json = false;
  line.JsonFlag(json, "Print one JSON object per input");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  std::variant<ModelToRun, int> opened = OpenModel(line, inputs, engine_name);
  if (const int* status = std::get_if<int>(&opened)) return *status;
  Model& model = std::get<ModelToRun>(opened).model;
  const std::string& path = line.positionals()[0];
  if (max_steps && !model.generation) {
    return line.Misused(
        fmt::format("--max-steps requires a model that generates, and '{}' does not", path));
  }
  if (max_steps && *max_steps > model.generation->max_steps) {
    return line.Misused(IntegerRequired("--max-steps", 1, model.generation->max_steps,
                                        fmt::format("{}", *max_steps)));
  }
  if (max_steps) model.generation->max_steps = *max_steps;
  const auto record = [&](const InputItem& item, const ModelOutput& output) {
    ResultNotes notes{std::nullopt, output.generated};
    if (!output.generated) {
      notes.positions = PositionsOf(model.frame, item.tokens.size(), output.values.size());
    }
    return json ? RecordJson(item.json, output.values, notes)
                : RecordText(model.name, item.json, output.values, notes);
  };
  return RunInputs(model, *MakeEngine(std::get<ModelToRun>(opened)), inputs, record);
}

}  // namespace raspc
