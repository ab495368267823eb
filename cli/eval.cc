// raspc eval: interprets a program on its inputs.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "compiler/interpret/interpret.h"
#include "compiler/program.h"

namespace raspc {
namespace {

// What an input evaluates to, printed. False if the input has no value.
class Evaluation {
 public:
  Evaluation(const LoadedProgram& program, bool json)
      : program_(program),
        json_(json),
        frame_(program.Frame()),
        generation_(program.Generation()) {}

  bool PrintOne(InputItem item) {
    Diagnostics& diag = item.errors;
    if (!diag.HasErrors()) Evaluate(item, diag);
    Report(diag);
    if (diag.HasErrors() && json_) Print(ErrorRecordJson(item.json, OneLine(diag)));
    return !diag.HasErrors();
  }

 private:
  void Evaluate(const InputItem& item, Diagnostics& diag) {
    const std::optional<std::vector<Atom>> framed = frame_.Apply(item.tokens);
    if (!framed) {
      diag.Error(ErrorKind::kInput, {},
                 fmt::format("the padding has an impossible length for an input of {} tokens",
                             item.tokens.size()));
      return;
    }
    Interpreter interpreter(program_.traced.graph, *framed, program_.IsCausal());
    const NodeValue* value = interpreter.Evaluate(program_.output, diag);
    if (value == nullptr) return;
    std::optional<Generated> generated;
    if (generation_) {
      generated = Generate(program_.traced.graph, program_.output, *framed, *generation_, diag);
      if (!generated) return;
    }
    if (const auto* rows = std::get_if<SelectorRows>(value)) {
      Print(json_ ? RecordJson(item.json, SelectorJson(*rows), generated)
                  : fmt::format("{}({}) =\n{}", program_.output_name, item.json,
                                SelectorPicture(*rows, *framed)));
      return;
    }
    const auto& values = std::get<SOpValues>(*value);
    Print(json_ ? RecordJson(item.json, ToJson(values), generated)
                : RecordText(program_.output_name, item.json, values, generated));
  }

  const LoadedProgram& program_;
  bool json_;
  InputFrame frame_;
  std::optional<GenerationRule> generation_;
};

}  // namespace

int EvalCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "eval", "PROGRAM [INPUT...]",
      "Interprets a program. An INPUT is text, one token per character; without any, the "
      "program's running example is the input.",
      "raspc eval programs/histogram.rasp hello");
  InputReader inputs(line);
  ProgramOptions options(line, ProgramOptions::Scope::kEvaluate);
  bool json = false;
  line.Flag("--json", json, "Print one JSON object per input and nothing else");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("which program?");
  if (const auto status = line.Reads(line.positionals()[0], "the program")) return *status;

  Diagnostics diag;
  LoadOptions load;
  load.overrides = options.Read(diag);
  load.try_out = true;
  load.allow_selector = true;
  load.print = [](std::string_view text) { ReportLine(text); };
  std::optional<InputItem> item;
  if (!diag.HasErrors() && inputs.Open(line, 1, diag)) item = inputs.Next(diag);
  if (diag.HasErrors()) return Report(diag), kFault;

  if (item) load.first_input = item->tokens;
  const std::optional<LoadedProgram> program = LoadProgram(line.positionals()[0], load, diag);
  Report(diag);
  if (!program) return kFault;
  if (const auto status = line.ReadsLoaded(program->traced.loaded_files)) return *status;
  if (!item && inputs.IsGiven()) return Fail("there is no input in what --inputs names");
  if (!item) {
    item.emplace();
    item->tokens = program->traced.example;
    item->json = InputJson(item->tokens);
  }

  Evaluation evaluation(*program, json);
  int status = kSuccess;
  for (diag.Clear(); item && !OutputFailed(); item = inputs.Next(diag)) {
    if (!evaluation.PrintOne(*std::move(item))) status = kFault;
  }
  Report(diag);
  return FinishOutput(diag.HasErrors() ? kFault : status);
}

}  // namespace raspc
