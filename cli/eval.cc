// raspc eval: interprets a program on its inputs.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "compiler/interpret/evaluation.h"
#include "compiler/interpret/interpret.h"
#include "compiler/interpret/selector_picture.h"
#include "compiler/load/load_program.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

struct NamedOutput {
  std::string name;
  NodeId id;
};

// What each --sop after the first names, after the program's output.
std::optional<std::vector<NamedOutput>> FindOutputs(const LoadedProgram& program,
                                                    const std::vector<std::string>& sops,
                                                    Diagnostics& diag) {
  std::vector<NamedOutput> outputs{{program.output_name, program.output}};
  for (std::size_t i = 1; i < sops.size(); ++i) {
    if (std::count(sops.begin(), sops.begin() + static_cast<std::ptrdiff_t>(i), sops[i]) > 0) {
      continue;  // a name given twice is one output
    }
    const std::optional<NodeId> id = program.traced.Find(sops[i], diag);
    if (id) outputs.push_back({sops[i], *id});
  }
  if (diag.HasErrors()) return std::nullopt;
  return outputs;
}

// The input that the example begins with: statements are tried out on all positions of a run, and
// so a program's example can go on with the tokens that are appended and generated. All of it if it
// does not.
std::vector<Atom> InputOfExample(const LoadedProgram& program) {
  const std::vector<Atom>& example = program.traced.example;
  const auto begins = [&](const std::vector<Atom>& framed) {
    return framed.size() <= example.size() &&
           (program.evaluation.generation || framed.size() == example.size()) &&
           std::equal(framed.begin(), framed.end(), example.begin(), Identical);
  };
  for (std::size_t size = 0; size < example.size(); ++size) {
    std::vector<Atom> input(example.begin(), example.begin() + static_cast<std::ptrdiff_t>(size));
    const auto framed = program.evaluation.frame.Apply(input);
    if (framed && framed->size() > size && begins(*framed)) return input;
  }
  return example;
}

// Prints the values of an input. False if the input has no value.
class InputEvaluation {
 public:
  // `is_given`: the inputs are the user's, not the program's example.
  InputEvaluation(const LoadedProgram& program, std::vector<NamedOutput> outputs, bool is_given,
                  bool json)
      : program_(program),
        outputs_(std::move(outputs)),
        is_given_(is_given),
        json_(json),
        frame_(program.evaluation.frame),
        generation_(program.evaluation.generation) {
    const auto& vocabulary = program.settings.vocab;
    if (vocabulary) vocabulary_.emplace(vocabulary->begin(), vocabulary->end());
  }

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
                 fmt::format("the padding count is negative or too large for an input of {} tokens",
                             item.tokens.size()));
      return;
    }
    if (is_given_) WarnOfModel(item, diag);
    Interpreter interpreter(program_.traced.graph, *framed, program_.evaluation.causal);
    std::vector<const NodeValue*> values;
    for (const NamedOutput& output : outputs_) {
      values.push_back(interpreter.Evaluate(output.id, diag));
      if (values.back() == nullptr) return;
    }
    ResultNotes notes;
    if (!generation_) notes.positions = PositionsOf(frame_, item.tokens.size(), framed->size());
    if (generation_) {
      notes.generated =
          Generate(program_.traced.graph, program_.output, *framed, *generation_, diag,
                   program_.evaluation.causal, vocabulary_ ? &*vocabulary_ : nullptr);
      if (!notes.generated) return;
    }
    if (json_) {
      Print(OutputsRecord(item, values, notes));
      return;
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      // Generated tokens belong to the generating s-op, which is then the only one.
      if (const auto* rows = std::get_if<SelectorRows>(values[i])) {
        Print(fmt::format("{}({}) =\n{}", outputs_[i].name, item.json,
                          SelectorPicture(*rows, *framed)));
      } else {
        Print(RecordText(outputs_[i].name, item.json, std::get<SOpValues>(*values[i]), notes));
      }
    }
  }

  // For one output its values, for several an object with the values by name.
  std::string OutputsRecord(const InputItem& item, const std::vector<const NodeValue*>& values,
                            const ResultNotes& notes) const {
    if (values.size() == 1) {
      const auto* rows = std::get_if<SelectorRows>(values[0]);
      return rows ? RecordJson(item.json, SelectorJson(*rows), notes)
                  : RecordJson(item.json, std::get<SOpValues>(*values[0]), notes);
    }
    std::string json;
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const auto* rows = std::get_if<SelectorRows>(values[i]);
      json += fmt::format("{}{}: {}", i == 0 ? "" : ", ", QuoteJson(outputs_[i].name),
                          rows ? SelectorJson(*rows) : ToJson(std::get<SOpValues>(*values[i])));
    }
    return RecordJson(item.json, "{" + json + "}", notes);
  }

  // The language takes any input; a model only those of the vocabulary, up to its length.
  void WarnOfModel(const InputItem& item, Diagnostics& diag) const {
    const ProgramSettings& settings = program_.settings;
    const auto max_length = settings.max_length;
    if (max_length && item.tokens.size() > static_cast<std::size_t>(*max_length)) {
      diag.Warning(ErrorKind::kInput, {},
                   fmt::format("the input has {} tokens, more than the program's maximum length "
                               "{}; a compiled model would reject it",
                               item.tokens.size(), *max_length));
    }
    const bool has_alphabet = settings.alphabet.has_value();
    const auto& known = has_alphabet ? settings.alphabet : settings.vocab;
    if (!known) return;
    for (const Atom& token : item.tokens) {
      const bool is_known = std::any_of(known->begin(), known->end(),
                                        [&](const Atom& other) { return Identical(other, token); });
      if (is_known) continue;
      Diagnostic& warning = diag.Warning(
          ErrorKind::kInput, {},
          fmt::format("the token {} of the input {} is not in the program's {}; a compiled "
                      "model would reject it",
                      ShortText(token), item.json, has_alphabet ? "alphabet" : "vocabulary"));
      if (const std::string hint = HintOfTokens(item, *known); !hint.empty()) {
        warning.Note({}, hint);
      }
      return;
    }
  }

  const LoadedProgram& program_;
  std::vector<NamedOutput> outputs_;
  bool is_given_;
  bool json_;
  InputFrame frame_;
  std::optional<GenerationRule> generation_;
  std::optional<AtomSet> vocabulary_;  // if the program has one
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
  if (!item && inputs.IsGiven()) return Fail("no inputs in the file of --inputs");
  if (!item) {
    item.emplace();
    item->tokens = InputOfExample(*program);
    item->json = InputJson(item->tokens);
  }

  diag.Clear();
  std::optional<std::vector<NamedOutput>> outputs = FindOutputs(*program, options.sops(), diag);
  if (!outputs) return Report(diag), kFault;
  InputEvaluation evaluation(*program, *std::move(outputs), inputs.IsGiven(), json);
  int status = kSuccess;
  for (; item && !OutputFailed(); item = inputs.Next(diag)) {
    if (!evaluation.PrintOne(*std::move(item))) status = kFault;
  }
  Report(diag);
  return FinishOutput(diag.HasErrors() ? kFault : status);
}

}  // namespace raspc
