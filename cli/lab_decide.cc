// raspc lab decide: whether words are in the language that a model recognises.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "cli/run_inputs.h"
#include "base/escape.h"
#include "runtime/run/verdict.h"

namespace raspc {

int LabDecideCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab decide", "MODEL [INPUT...]",
      "Runs a recogniser and prints whether it accepts. An INPUT is text, one symbol per "
      "character; \"\" is the empty word.",
      "raspc lab decide ab.safetensors abab abba \"\"");
  InputReader inputs(line);
  std::optional<std::string> engine_name;
  AddEngineOption(line, engine_name, "Engine", "default: the fastest for the words; all agree");
  bool json = false;
  line.JsonFlag(json, "Print one JSON object per input");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  std::variant<ModelToRun, int> opened = OpenModel(line, inputs, engine_name);
  if (const int* status = std::get_if<int>(&opened)) return *status;
  const Model& model = std::get<ModelToRun>(opened).model;
  const std::string& path = line.positionals()[0];
  if (const std::string problem = CheckRecogniser(model); !problem.empty()) {
    return Fail(fmt::format("'{}' is not a recogniser: {}; 'raspc run' prints what it computes",
                            EscapeText(path), EscapeText(problem)));
  }
  const auto record = [&](InputItem& item, const ModelOutput& output) -> std::string {
    const std::optional<bool> accepts = VerdictOf(model, output);
    if (!accepts) {
      item.errors.Error(ErrorKind::kInput, {}, "the model stopped without accepting or rejecting");
      return "";
    }
    return json ? fmt::format("{{\"input\": {}, \"accept\": {}}}\n", item.json, *accepts)
                : fmt::format("{}: {}\n", item.json, *accepts ? "accepted" : "rejected");
  };
  return RunInputs(model, *MakeEngine(std::get<ModelToRun>(opened)), inputs, record);
}

}  // namespace raspc
