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
    ReportFor(InputMember(item.json), diag);
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
    ResultNotes notes;
    if (!generation_) notes.positions = PositionsOf(frame_, item.tokens.size(), framed->size());
    if (generation_) {
      notes.generated =
          Generate(program_.traced.graph, program_.output, *framed, *generation_, diag);
      if (!notes.generated) return;
    }
    if (const auto* rows = std::get_if<SelectorRows>(value)) {
      Print(json_ ? SelectorRecordJson(item.json, *rows, notes)
                  : fmt::format("{}({}) =\n{}", program_.output_name, item.json,
                                SelectorPicture(*rows, *framed)));
      return;
    }
    const auto& values = std::get<SOpValues>(*value);
    Print(json_ ? RecordJson(item.json, values, notes)
                : RecordText(program_.output_name, item.json, values, notes));
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
      "Interprets a program. An INPUT is text, one token per character (default: the program's "
      "example).",
      "raspc eval programs/histogram.rasp hello");
  InputReader inputs(line);
  ProgramOptions options(line, ProgramOptions::Scope::kEvaluate);
  bool json = false;
  line.JsonFlag(json, "Print one JSON object per input");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("missing PROGRAM");

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
  if (!item && inputs.IsGiven()) return Fail("no inputs in the file of --inputs");
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
