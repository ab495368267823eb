// raspc verify: compiles a program, runs the model and compares it with the interpreter.
#include "compiler/verify/verify.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/escape.h"
#include "base/files.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "compiler/compile.h"
#include "compiler/interpret/evaluation.h"
#include "compiler/load/load_program.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxGivenInputs = 1'000'000;  // all of them are kept

struct VerifyArguments {
  std::optional<std::string> engine;
  std::optional<std::int64_t> exhaustive, random, seed;
  bool json = false;

  explicit VerifyArguments(CommandLine& line) {
    AddEngineOption(line, engine, "Engine to compare", "default: all");
    line.Integer("--exhaustive", exhaustive, 1, kMaxInputLength, "L",
                 "Compare every input up to length L");
    line.Integer("--random", random, 1, kMaxVerifiedInputs, "K", "Compare K random inputs");
    line.Integer("--seed", seed, 0, INT64_MAX, "S", "Seed of the random inputs", "default 1");
    line.JsonFlag(json, "Print the result as one JSON object");
  }
};

// Reads the given inputs into the plan; false if one cannot be read, after reporting it. The others
// are still compared.
bool CollectInputs(InputReader& inputs, VerifyPlan& plan, Diagnostics& diag) {
  bool all_well = true;
  while (std::optional<InputItem> item = inputs.Next(diag)) {
    ReportFor(InputMember(item->json), item->errors);
    if (item->errors.HasErrors()) {
      all_well = false;
    } else if (plan.inputs.size() == kMaxGivenInputs) {
      diag.Error(ErrorKind::kLimit, {},
                 fmt::format("more than {} inputs; compare them in parts", kMaxGivenInputs));
      break;
    } else {
      plan.inputs.push_back(std::move(item->tokens));
    }
  }
  return all_well && !diag.HasErrors();
}

// Keeps only the inputs that the model accepts; false if there are others, after reporting them.
bool FilterInputs(const Model& model, VerifyPlan& plan) {
  const auto is_refused = [&](const std::vector<Atom>& input) {
    Diagnostics diag;
    CheckInput(input, model, diag);
    if (diag.HasErrors()) ReportFor(InputMember(InputJson(input)), diag);
    return diag.HasErrors();
  };
  return std::erase_if(plan.inputs, is_refused) == 0;
}

// The command that reruns this comparison.
std::string Rerun(const CommandLine& line, const Difference& difference) {
  return fmt::format("raspc verify {}{} --engine {} --tokens {}", ShellQuote(line.positionals()[0]),
                     line.Rebuild({"--tokens", "--inputs", "--exhaustive", "--random", "--seed",
                                   "--engine", "--json"}),
                     NameOf(difference.engine), ShellQuote(ToJson(difference.input)));
}

std::string EngineNames(const VerifyPlan& plan) {
  std::string names;
  for (std::size_t i = 0; i < plan.engines.size(); ++i) {
    if (i > 0) names += i + 1 == plan.engines.size() ? " and " : ", ";
    names += NameOf(plan.engines[i]);
  }
  return names;
}

std::string ReportText(const CommandLine& line, const LoadedProgram& program, const Model& model,
                       const VerifyPlan& plan, const VerifyReport& report) {
  std::string text = fmt::format(
      "{}: {}: compared {} input{} in {} on {}: {}\n",
      EscapeText(NameOfInput(line.positionals()[0])), program.output_name, report.compared,
      report.compared == 1 ? "" : "s", NameOf(model.dtype), EngineNames(plan),
      report.compared == 0    ? "nothing to compare"
      : report.differing == 0 ? "no difference"
                              : fmt::format("{} difference{}", report.differing, report.differing == 1 ? "" : "s"));
  if (plan.random_count > 0) {
    text += fmt::format("  {} of the inputs random, with seed {}\n", plan.random_count, plan.seed);
  }
  if (report.skipped > 0) {
    text += fmt::format("  skipped {} more, on which the interpreter fails", report.skipped);
    if (report.first_skip) text += fmt::format(" ({})", report.first_skip->message);
    text += '\n';
  }
  for (const Difference& difference : report.differences) {
    text += fmt::format("{}  # expected {}; the model {}{}\n", Rerun(line, difference),
                        difference.wanted, difference.got.starts_with("failed") ? "" : "gave ",
                        difference.got);
  }
  const auto shown = static_cast<std::int64_t>(report.differences.size());
  if (report.differing > shown) text += fmt::format("and {} more\n", report.differing - shown);
  return text;
}

std::string ReportJson(const CommandLine& line, const Model& model, const VerifyPlan& plan,
                       const VerifyReport& report) {
  std::string engines, differences;
  for (const EngineKind kind : plan.engines) {
    engines += (engines.empty() ? "" : ", ") + QuoteJson(NameOf(kind));
  }
  for (const Difference& difference : report.differences) {
    differences += fmt::format(
        "{}{{\"program\": {}, \"input\": {}, \"engine\": {}, \"wanted\": {}, \"got\": {}, "
        "\"rerun\": "
        "{}}}",
        differences.empty() ? "" : ", ", QuoteJson(line.positionals()[0]), ToJson(difference.input),
        QuoteJson(NameOf(difference.engine)), QuoteJson(difference.wanted),
        QuoteJson(difference.got), QuoteJson(Rerun(line, difference)));
  }
  return fmt::format(
      "{{\"compared\": {}, \"skipped\": {}, \"differing\": {}, \"engines\": [{}], \"dtype\": "
      "\"{}\", "
      "\"seed\": {}, \"differences\": [{}]}}\n",
      report.compared, report.skipped, report.differing, engines, NameOf(model.dtype),
      plan.random_count > 0 ? fmt::format("{}", plan.seed) : "null", differences);
}

// The plan, except for inputs given one by one.
VerifyPlan MakePlan(const VerifyArguments& arguments) {
  VerifyPlan plan;
  plan.exhaustive_length = arguments.exhaustive.value_or(0);
  plan.random_count = arguments.random.value_or(0);
  plan.seed = static_cast<std::uint64_t>(arguments.seed.value_or(1));
  if (arguments.engine) plan.engines = {*EngineNamed(*arguments.engine)};
  return plan;
}

}  // namespace

int VerifyCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "verify", "PROGRAM [INPUT...]",
      "Compiles a program, runs the model on the given inputs and on those of --exhaustive and "
      "--random, and compares with the interpreter. Exit status 1 if there is a difference, 2 if nothing "
      "could be compared.",
      "raspc verify programs/sort.rasp --max-length 16 --exhaustive 4 --random 2000");
  InputReader inputs(line);
  VerifyArguments arguments(line);
  ProgramOptions options(line, ProgramOptions::Scope::kCompile);
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("missing PROGRAM");
  if (const auto status = line.Reads(line.positionals()[0], "the program")) return *status;
  if (arguments.seed && !arguments.random) {
    return line.Misused("--seed requires --random");
  }

  Diagnostics diag;
  LoadOptions load;
  load.overrides = options.Read(diag);
  load.print = [](std::string_view text) { ReportLine(text); };
  VerifyPlan plan = MakePlan(arguments);
  if (diag.HasErrors() || !inputs.Open(line, 1, diag)) return Report(diag), kFault;
  if (!inputs.IsGiven() && !arguments.exhaustive && !arguments.random) {
    return line.Misused("no inputs: pass INPUT..., --exhaustive L or --random K");
  }
  bool inputs_well = CollectInputs(inputs, plan, diag);
  std::optional<LoadedProgram> program;
  if (!diag.HasErrors()) program = LoadProgram(line.positionals()[0], load, diag);
  if (program) {
    if (const auto status = line.ReadsLoaded(program->traced.loaded_files)) return *status;
  }
  std::optional<Model> model;
  if (program) model = Compile(*program, diag);
  if (model) inputs_well &= FilterInputs(*model, plan);
  const bool any_inputs = !plan.inputs.empty() || arguments.exhaustive || arguments.random;
  std::optional<VerifyReport> report;
  if (model && any_inputs) report = Verify(*program, *model, plan, diag);
  Report(diag);
  if (model && !any_inputs && inputs_well) return Fail("no inputs in the file of --inputs");
  if (!report) return kFault;

  Print(arguments.json ? ReportJson(line, *model, plan, *report)
                       : ReportText(line, *program, *model, plan, *report));
  if (!inputs_well) return FinishOutput(kFault);
  if (report->compared == 0) {
    return Fail(report->skipped == 0
                    ? "nothing was compared: there are no inputs of the given lengths"
                    : "nothing was compared: the interpreter fails on every input");
  }
  return FinishOutput(report->differing > 0 ? kDifference : kSuccess);
}

}  // namespace raspc
