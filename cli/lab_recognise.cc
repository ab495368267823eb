// raspc lab recognise: a language becomes a RASP program, and that a transformer.
#include <fmt/format.h>

#include <chrono>

#include "cli/commands.h"
#include "cli/lab.h"
#include "cli/output.h"
#include "cli/sizes.h"
#include "languages/json_object.h"
#include "languages/laboratory/compile_recogniser.h"
#include "languages/problems/registry.h"
#include "runtime/base/escape.h"
#include "runtime/base/input_frame.h"

namespace raspc {
namespace {

constexpr std::int64_t kMostLength = 100'000;
constexpr std::int64_t kMostRows = 100'000'000;
constexpr int kMostRounds = 30;

std::string FiguresJson(const std::string& name, const std::string& mechanism,
                        const Recogniser& recogniser, const Model& model, double seconds) {
  JsonObject json;
  json.Add("language", name);
  json.Add("by", mechanism);
  json.Add("construction", recogniser.construction);
  json.Add("reason", recogniser.reason);
  json.Add("promise", recogniser.promise);
  json.Add("program_depth", recogniser.depth);
  json.Raw("table_rows", fmt::format("{}", recogniser.num_rows));
  Diagnostics diag;  // of a polynomial of our own
  const auto count = Polynomial::Parse(recogniser.num_pads, {}, diag);
  json.Raw("pads", fmt::format("{}", count->At(model.max_length).value_or(0)));
  json.Add("pads_for_n", recogniser.num_pads);
  const std::string head = json.Text();
  return head.substr(0, head.size() - 1) + ", " + SizesMembers(model, seconds) + "}\n";
}

// `verb` is what the model does to the problem of that name.
std::string FiguresText(const std::string& name, std::string_view verb,
                        const std::string& mechanism, const std::string& path,
                        const Recogniser& recogniser, const Model& model, double seconds) {
  std::string text = fmt::format("{} {} {}\n", EscapeText(path), verb, EscapeText(name));
  text += FigureTable({
      {"by", mechanism},
      {"construction", recogniser.construction},
      {"because", recogniser.reason},
      {"depth", recogniser.promise},
      {"rows of tables", fmt::format("{}", recogniser.num_rows)},
      {"padding tokens", recogniser.num_pads},
  });
  return text + SizesText(model, seconds);
}

}  // namespace

int LabRecogniseCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "lab recognise", "LANGUAGE -o MODEL",
      "Builds a transformer that recognises a language or solves a task: writes a RASP program and "
      "compiles "
      "it. The verdict is read at an end mark behind the word, so that the empty word has one too; "
      "raspc lab decide MODEL asks for it.",
      "raspc lab recognise 'regex:(ab)*' --by direct --max-length 64 -o ab.safetensors");
  std::optional<std::string> by, output, emit;
  std::optional<std::int64_t> max_length, rounds, max_rows;
  RecogniserOptions defaults;
  line.Text("--by", by, "MECHANISM",
            "direct: constant depth (default); depth: depth that grows with the logarithm of the "
            "length; cot: a chain of thought, one token per step; pad: padding tokens behind the "
            "word (none where constant depth is enough without)");
  line.Integer("--max-length", max_length, 1, kMostLength, "N",
               fmt::format("The most symbols of a word ({})", defaults.max_length));
  line.OutputFile("-o,--output", output, "MODEL",
                  "The file to write; - is standard output, and the figures go to standard error");
  line.OutputFile("--emit-rasp", emit, "FILE",
                  "Write the RASP program to a file too; - as with -o");
  line.Integer("--rounds", rounds, 1, kMostRounds, "K",
               "With --by depth: as many rounds, though words of more than 2^K symbols need more");
  line.Integer("--max-rows", max_rows, 1, kMostRows, "N",
               fmt::format("Refuse programs with more rows of tables ({})", defaults.max_rows));
  LanguageOptions language_options(line);
  bool json = false;
  line.Flag("--json", json, "Print the figures as one JSON object");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("which language?");
  if (line.positionals().size() > 1) {
    return line.Misused(
        fmt::format("lab recognise takes one language, but there is '{}'", line.positionals()[1]));
  }
  if (!output) return line.Misused("which file is the model to go to? Name it with -o");
  const std::string mechanism_name = by.value_or("direct");
  const std::optional<Mechanism> mechanism = ReadMechanism(mechanism_name);
  if (!mechanism) {
    return line.Misused(fmt::format("there is no mechanism '{}'; there are direct, depth, cot, pad",
                                    mechanism_name));
  }
  if (rounds && *mechanism != Mechanism::kDepth) {
    return line.Misused("--rounds makes no sense without --by depth");
  }

  if (IsFileOfLanguage(line.positionals()[0])) {
    if (const auto read = line.Reads(line.positionals()[0], "the file")) return *read;
  }

  const auto start = std::chrono::steady_clock::now();
  Diagnostics diag;
  language_options.Read(diag);
  RecogniserOptions options;
  options.mechanism = *mechanism;
  options.max_length = max_length.value_or(defaults.max_length);
  if (rounds) options.num_rounds = static_cast<int>(*rounds);
  options.max_rows = max_rows.value_or(defaults.max_rows);
  options.limits = language_options.limits();
  std::optional<Problem> problem;
  if (!diag.HasErrors()) {
    problem = ReadProblem(line.positionals()[0], language_options.alphabet(), options.limits, diag);
  }
  std::optional<Recogniser> recogniser;
  if (problem) recogniser = problem->make_program(options, diag);
  bool written = recogniser && (!emit || WriteTextOutput(*emit, recogniser->program, diag));
  std::optional<CompiledRecogniser> compiled;
  if (written) compiled = CompileRecogniser(*recogniser, diag, emit.value_or("recogniser.rasp"));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  written = compiled && WriteModelOutput(*output, compiled->model, diag);
  Report(diag);
  if (!written) return kFault;
  const std::string_view verb = problem->kind == ProblemKind::kLanguage ? "recognises" : "solves";
  Print(json ? FiguresJson(problem->name, mechanism_name, *recogniser, compiled->model,
                           seconds.count())
             : FiguresText(problem->name, verb, mechanism_name, *output, *recogniser,
                           compiled->model, seconds.count()));
  return FinishOutput(kSuccess);
}

}  // namespace raspc
