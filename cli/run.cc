// raspc run: runs the weights of a model on its inputs.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/file_kind.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "runtime/engine/run_model.h"
#include "runtime/model/model_file.h"

namespace raspc {
namespace {

// Inputs run together. Larger batches gain nothing and keep the first result waiting.
constexpr std::size_t kBatchInputs = 256;
constexpr std::size_t kBatchTokens = 1 << 15;

// Runs a batch and prints its results in order; false if an input failed.
bool RunBatch(const Model& model, const Engine& engine, std::vector<InputItem>& items, bool json) {
  std::vector<std::vector<Atom>> inputs;
  for (const InputItem& item : items) {
    if (!item.errors.HasErrors()) inputs.push_back(item.tokens);
  }
  std::vector<ModelOutput> outputs = RunModel(model, engine, inputs);
  bool all_well = true;
  std::size_t next = 0;
  for (InputItem& item : items) {
    const ModelOutput* output = item.errors.HasErrors() ? nullptr : &outputs[next++];
    if (output != nullptr && output->error) item.errors.Add(*output->error);
    if (item.errors.HasErrors()) {
      all_well = false;
      Report(item.errors);
      if (json) Print(ErrorRecordJson(item.json, OneLine(item.errors)));
    } else {
      Print(json ? RecordJson(item.json, ToJson(output->values), output->generated)
                 : RecordText(model.name, item.json, output->values, output->generated));
    }
  }
  items.clear();
  return all_well;
}

int RunAll(const Model& model, const Engine& engine, InputReader& inputs, bool json) {
  Diagnostics diag;
  bool all_well = true, any = false;
  std::size_t num_tokens = 0;
  std::vector<InputItem> batch;
  while (!OutputFailed()) {
    std::optional<InputItem> item = inputs.Next(diag);
    if (item) {
      any = true;
      num_tokens += item->tokens.size();
      batch.push_back(*std::move(item));
      if (batch.size() < kBatchInputs && num_tokens < kBatchTokens) continue;
    }
    const bool at_end = batch.empty() || !item;
    all_well &= RunBatch(model, engine, batch, json);
    num_tokens = 0;
    if (at_end) break;
  }
  Report(diag);
  if (!any && !diag.HasErrors()) return Fail("there is no input in what --inputs names");
  return FinishOutput(all_well && !diag.HasErrors() ? kSuccess : kFault);
}

}  // namespace

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
  if (line.positionals().empty()) return line.Misused("which model?");

  Diagnostics diag;
  const std::string& path = line.positionals()[0];
  const EngineKind kind = engine_name ? ReadEngine(*engine_name, diag).value_or(EngineKind::kStructured)
                                      : EngineKind::kStructured;
  if (diag.HasErrors() || !inputs.Open(line, 1, diag)) return Report(diag), kFault;
  if (!inputs.IsGiven()) return line.Misused("which input? Give text, --tokens or --inputs");
  std::optional<Model> model = ReadModel(path, diag);
  Report(diag);
  if (!model) return kFault;
  if (max_steps && !model->generation) {
    return line.Misused(
        fmt::format("--max-steps makes no sense here: '{}' does not generate", path));
  }
  if (max_steps && *max_steps > model->generation->max_steps) {
    return line.Misused(fmt::format("--max-steps is {}, but the model has room for {} tokens only",
                                    *max_steps, model->generation->max_steps));
  }
  if (max_steps) model->generation->max_steps = *max_steps;
  return RunAll(*model, *MakeEngine(kind, *model), inputs, json);
}

}  // namespace raspc
