// raspc lab recognise: turns a language into a RASP program, and that into a transformer.
#include <fmt/format.h>

#include <chrono>

#include "cli/commands.h"
#include "cli/file_kind.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "cli/sizes.h"
#include "compiler/settings/settings.h"
#include "base/json_object.h"
#include "lab/run/compile_generated_program.h"
#include "lab/registry/registry.h"
#include "base/escape.h"
#include "base/input_frame.h"
#include "base/option_value.h"

namespace raspc {
namespace {

std::string FiguresJson(const std::string& name, const std::string& mechanism,
                        const GeneratedProgram& recogniser, const Model& model, double seconds) {
  JsonObject json;
  json.Add("language", name);
  json.Add("by", mechanism);
  json.Add("construction", recogniser.construction);
  json.Add("reason", recogniser.reason);
  json.Add("promise", recogniser.Promise());
  json.Add("program_depth", recogniser.depth);
  json.Raw("table_rows", fmt::format("{}", recogniser.NumRows()));
  json.Raw("pads", fmt::format("{}", recogniser.NumPadding().At(model.max_length).value_or(0)));
  json.Add("pads_for_n", recogniser.NumPadding().Text());
  if (recogniser.right_to) json.Raw("right_to_length", fmt::format("{}", *recogniser.right_to));
  const std::string head = json.Text();
  return head.substr(0, head.size() - 1) + ", " + SizesMembers(model, seconds) + "}\n";
}

// The program is not the user's: its warnings help only whoever has it as a file.
const char* const kGenerated = "<generated program>";

// The program, if it is written to a file of its own; else a name that says what it is.
std::string NameOfProgram(const std::optional<std::string>& emit) {
  return emit && *emit != "-" ? *emit : kGenerated;
}

// Direct, but chain of thought where nothing is known of direct and there is a program by chain of
// thought, as for a machine.
Mechanism DefaultMechanism(const Problem& problem) {
  // A regular language has a theory of direct, and classifying it can take long.
  if (problem.minimal) return Mechanism::kDirect;
  const bool is_open = problem.TheoryOf(Mechanism::kDirect).expectation == Expectation::kNoClaim;
  return is_open && problem.TheoryOf(Mechanism::kCot).IsBuilt() ? Mechanism::kCot
                                                                : Mechanism::kDirect;
}

// Notes of a limit which of the command's options help: none are those of `raspc compile`.
Diagnostic WithWayOut(Diagnostic error, const Problem& problem, Mechanism mechanism) {
  if (error.severity != Severity::kError || error.kind != ErrorKind::kLimit) return error;
  // A regular language has a program by chain of thought, and classifying it can take long.
  const bool has_steps = mechanism != Mechanism::kCot &&
                         (problem.minimal || problem.TheoryOf(Mechanism::kCot).IsBuilt());
  if (error.location.source != nullptr) {
    const std::string option = " (--max-domain)";
    const std::size_t named = error.message.find(option);
    if (named != std::string::npos) error.message.erase(named, option.size());
    std::erase_if(error.notes,
                  [](const auto& note) { return note.message.find(" --") != std::string::npos; });
    error.Note({}, fmt::format("what helps: a smaller --max-length{}; or --emit-rasp FILE, and "
                               "'raspc compile FILE' with other limits",
                               has_steps ? ", --by cot" : ""));
  } else {
    error.Note({}, fmt::format("what helps: {}a larger limit: --max-rows, --max-states, "
                               "--max-monoid or --max-steps",
                               has_steps ? "--by cot, a step per token; or " : ""));
  }
  return error;
}

// What is left to say of the generated program and its model.
Diagnostics ForUser(const Diagnostics& found, const std::optional<Problem>& problem,
                    Mechanism mechanism) {
  Diagnostics shown;
  for (const Diagnostic& diagnostic : found.all()) {
    const auto& source = diagnostic.location.source;
    const bool is_unseen = source != nullptr && source->name() == kGenerated;
    if (diagnostic.severity == Severity::kWarning && is_unseen) continue;
    shown.Add(problem ? WithWayOut(diagnostic, *problem, mechanism) : diagnostic);
  }
  return shown;
}

// `verb` says what the model does with the problem of that name.
std::string FiguresText(const std::string& name, std::string_view verb,
                        const std::string& mechanism, const std::string& path,
                        const GeneratedProgram& recogniser, const Model& model, double seconds) {
  std::string text = fmt::format("{} {} {}{}\n", NameOfOutput(path), verb, EscapeText(name),
                                 recogniser.right_to
                                     ? fmt::format(", on words of up to {} symbols only",
                                                   *recogniser.right_to)
                                     : "");
  text += FigureTable({
      {"by", mechanism},
      {"construction", recogniser.construction},
      {"because", recogniser.reason},
      {"depth", recogniser.Promise()},
      {"table rows", fmt::format("{}", recogniser.NumRows())},
      {"padding tokens", recogniser.NumPadding().Text()},
  });
  return text + SizesText(model, seconds);
}

}  // namespace

int LabRecogniseCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab recognise", "LANGUAGE -o MODEL",
      "Builds a transformer that recognises a language or solves a task: generates a RASP program "
      "and compiles it. The output is read at an end marker after the word, which also covers the "
      "empty word; 'raspc lab decide MODEL' reads it.",
      "raspc lab recognise 'regex:(ab)*' --max-length 64 -o ab.safetensors");
  std::optional<std::string> by, output, emit;
  std::optional<std::int64_t> max_length, rounds, max_rows;
  const GeneratedProgramOptions defaults;
  const auto by_default = [](std::int64_t value) { return fmt::format("default {}", value); };
  line.Text("--by", by, "MECHANISM",
            "direct: constant depth (default, except for machines); log-depth: depth logarithmic "
            "in the length; cot: chain of thought, one token per step (default for machines); pad: "
            "constant depth with padding tokens (none where direct works)");
  line.Integer("--max-length", max_length, 1, kMaxInputLength, "N",
               "Maximum word length in symbols", by_default(defaults.max_length));
  line.OutputFile("-o,--output", output, "MODEL",
                  "Model file to write (.safetensors); - is standard output, and the figures go to "
                  "standard error");
  line.OutputFile("--emit-rasp", emit, "FILE", "Also write the RASP program (- as with -o)");
  line.Integer("--rounds", rounds, 1, kMaxRounds, "K",
               "With --by log-depth: number of rounds, enough for words of up to 2^K symbols");
  line.Integer("--max-rows", max_rows, 1, kMaxTableRows, "N",
               "Maximum number of table rows in the program", by_default(defaults.max_rows));
  LanguageOptions language_options(line);
  bool json = false;
  line.JsonFlag(json, "Print the figures as one JSON object");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("missing LANGUAGE");
  if (line.positionals().size() > 1) {
    return line.Misused(fmt::format("unexpected argument '{}': lab recognise takes one language",
                                    line.positionals()[1]));
  }
  if (!output) return line.Misused("missing -o MODEL");
  const std::optional<Mechanism> chosen = by ? ReadMechanism(*by) : std::nullopt;
  if (by && !chosen) return line.Misused(UnknownName("mechanism", *by, MechanismNames()));
  if (rounds && chosen != Mechanism::kLogDepth) {
    return line.Misused("--rounds requires --by log-depth");
  }

  if (IsFileOfLanguage(line.positionals()[0])) {
    if (const auto read = line.Reads(line.positionals()[0], "the file")) return *read;
  }
  if (const std::string problem = ModelPathProblem(*output); !problem.empty()) {
    return line.Misused(problem);
  }

  const auto start = std::chrono::steady_clock::now();
  Diagnostics diag;
  language_options.Read(diag);
  GeneratedProgramOptions options;
  options.max_length = max_length.value_or(defaults.max_length);
  if (rounds) options.num_rounds = static_cast<int>(*rounds);
  options.max_rows = max_rows.value_or(defaults.max_rows);
  options.limits = language_options.limits();
  std::optional<Problem> problem;
  if (!diag.HasErrors()) {
    problem = ReadProblem(line.positionals()[0], language_options.alphabet(), options.limits, diag);
  }
  std::optional<GeneratedProgram> recogniser;
  if (problem) options.mechanism = chosen.value_or(DefaultMechanism(*problem));
  const std::string mechanism_name(MechanismName(options.mechanism));
  if (problem) recogniser = problem->make_program(options, diag);
  bool written = recogniser && (!emit || WriteTextOutput(*emit, recogniser->Source(), diag));
  std::optional<CompiledProgram> compiled;
  if (written) compiled = CompileGeneratedProgram(*recogniser, diag, NameOfProgram(emit));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  written = compiled && WriteModelOutput(*output, compiled->model, diag);
  if (written && recogniser->right_to) {
    diag.Warning(ErrorKind::kInput, {},
                 fmt::format("{} rounds are too few: the model decides some words of {} symbols "
                             "wrongly",
                             *rounds, *recogniser->right_to + 1));
  }
  Report(ForUser(diag, problem, options.mechanism));
  if (!written) return kFault;
  const std::string_view verb = problem->kind == ProblemKind::kLanguage ? "recognises" : "solves";
  Print(json ? FiguresJson(problem->name, mechanism_name, *recogniser, compiled->model,
                           seconds.count())
             : FiguresText(problem->name, verb, mechanism_name, *output, *recogniser,
                           compiled->model, seconds.count()));
  return FinishOutput(kSuccess);
}

}  // namespace raspc
