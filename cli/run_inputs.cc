#include "cli/run_inputs.h"

#include <optional>
#include <vector>

#include "cli/commands.h"
#include "cli/file_kind.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "runtime/run/make_engine.h"

namespace raspc {
namespace {

// Number of inputs run together. Larger batches gain nothing and delay the first result.
constexpr std::size_t kBatchInputs = 256;
constexpr std::size_t kBatchTokens = 1 << 15;

// The error of an input, and what may have been meant if its tokens are unknown.
Diagnostic WithHint(Diagnostic error, const InputItem& item, const Model& model) {
  const std::string hint =
      error.kind == ErrorKind::kInput ? HintOfTokens(item, model.alphabet) : "";
  if (!hint.empty()) error.Note({}, hint);
  return error;
}

// Runs a batch and prints its results in order; false if an input failed.
bool RunBatch(const Model& model, const Engine& engine, std::vector<InputItem>& items,
              const RecordWriter& record) {
  std::vector<std::vector<Atom>> inputs;
  for (const InputItem& item : items) {
    if (!item.errors.HasErrors()) inputs.push_back(item.tokens);
  }
  std::vector<ModelOutput> outputs = RunModel(model, engine, inputs);
  bool all_well = true;
  std::size_t next = 0;
  for (InputItem& item : items) {
    const ModelOutput* output = item.errors.HasErrors() ? nullptr : &outputs[next++];
    if (output != nullptr && output->error) item.errors.Add(WithHint(*output->error, item, model));
    std::string text;
    if (!item.errors.HasErrors()) text = record(item, *output);
    if (item.errors.HasErrors()) {
      all_well = false;
      ReportFor(InputMember(item.json), item.errors);
    } else {
      Print(text);
    }
  }
  items.clear();
  return all_well;
}

}  // namespace

std::variant<ModelToRun, int> OpenModel(CommandLine& line, InputReader& inputs,
                                        const std::optional<std::string>& engine_name) {
  if (line.positionals().empty()) return line.Misused("missing MODEL");
  if (const auto status = line.Reads(line.positionals()[0], "the model")) return *status;
  Diagnostics diag;
  const std::optional<EngineKind> engine = EngineNamed(engine_name.value_or(""));
  if (!inputs.Open(line, 1, diag)) return Report(diag), kFault;
  if (!inputs.IsGiven()) return line.Misused("no inputs: pass INPUT..., --tokens or --inputs");
  std::optional<Model> model = ReadModel(line.positionals()[0], diag);
  Report(diag);
  if (!model) return kFault;
  return ModelToRun{*std::move(model), engine};
}

std::unique_ptr<Engine> MakeEngine(const ModelToRun& opened) {
  return opened.engine ? MakeEngine(*opened.engine, opened.model)
                       : MakeFastestEngine(opened.model);
}

int RunInputs(const Model& model, const Engine& engine, InputReader& inputs,
              const RecordWriter& record) {
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
    all_well &= RunBatch(model, engine, batch, record);
    num_tokens = 0;
    if (at_end) break;
  }
  Report(diag);
  if (!any && !diag.HasErrors()) return Fail("no inputs in the file of --inputs");
  return FinishOutput(all_well && !diag.HasErrors() ? kSuccess : kFault);
}

}  // namespace raspc
