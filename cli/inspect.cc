// raspc inspect: the stages of a program; for the contents of a model file see inspect_model.cc.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/escape.h"
#include "base/files.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/file_kind.h"
#include "cli/inspect_model.h"
#include "cli/output.h"
#include "cli/program_options.h"
#include "cli/sizes.h"
#include "compiler/compile.h"
#include "compiler/load/load_program.h"

namespace raspc {
namespace {

struct Stage {
  std::string name;
  std::string StageDumps::*text;
};

const std::vector<Stage>& Stages() {
  static const std::vector<Stage> all = {{"graph", &StageDumps::graph},
                                         {"domains", &StageDumps::domains},
                                         {"lowered", &StageDumps::lowered},
                                         {"layers", &StageDumps::layers},
                                         {"layout", &StageDumps::layout}};
  return all;
}

// The values of the program's names.
std::string NamesText(const LoadedProgram& program) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [name, id] : program.traced.names) {
    const SourceLocation& where = program.traced.graph[id].location;
    std::string kind = program.traced.graph.IsSelector(id) ? "selector" : "s-op";
    if (where.IsKnown()) kind += fmt::format(", from {}:{}", where.source->name(), where.line);
    rows.emplace_back(name, kind);
  }
  return FigureTable(rows);
}

std::string NamesJson(const LoadedProgram& program) {
  std::string names;
  for (const auto& [name, id] : program.traced.names) {
    names +=
        fmt::format("{}{{\"name\": {}, \"kind\": \"{}\"}}", names.empty() ? "" : ", ",
                    QuoteJson(name), program.traced.graph.IsSelector(id) ? "selector" : "s-op");
  }
  return "[" + names + "]";
}

// `, "error": ...` if there is an error.
std::string ErrorMember(const Diagnostics& diag) {
  return diag.HasErrors() ? fmt::format(", \"error\": {}", QuoteJson(OneLine(diag))) : "";
}

// Names, and the sizes of the model if the settings are sufficient to compile one.
int InspectSummary(const std::string& path, const LoadedProgram& program, bool json) {
  Diagnostics diag;
  std::optional<Model> model;
  const ProgramSettings& settings = program.settings;
  if (settings.vocab && settings.max_length && !program.traced.graph.IsSelector(program.output)) {
    model = Compile(program, diag);
    ReportBeside(diag);
  }
  const std::string& output = program.output_name;
  if (json) {
    Print(fmt::format("{{\"program\": {}, \"output\": {}, \"names\": {}, \"sizes\": {}{}}}\n",
                      QuoteJson(path), QuoteJson(output), NamesJson(program),
                      model ? "{" + SizesMembers(*model, {}) + "}" : "null", ErrorMember(diag)));
  } else {
    Print(fmt::format("{} assigns\n{}", EscapeText(NameOfInput(path)), NamesText(program)));
    if (model) Print(fmt::format("{} compiles to\n{}", output, SizesText(*model, {})));
    if (!settings.vocab || !settings.max_length) {
      Print("for the sizes of its transformer, add --vocab and --max-length\n");
    }
  }
  return FinishOutput(diag.HasErrors() ? kFault : kSuccess);
}

// The gain of each optimisation: the sizes with all of them, and with all but one.
struct Gain {
  std::string name, what;  // `what` is empty for all optimisations
  std::optional<Model> model;
};

std::vector<Gain> GainsOf(const LoadedProgram& program, Diagnostics& diag) {
  const auto compile = [&](const Optimizations& optimizations, Diagnostics& own) {
    return Compile(program, own, nullptr, optimizations);
  };
  std::vector<Gain> gains{{"all optimisations", "", compile(Optimizations{}, diag)}};
  if (!gains[0].model) return gains;
  for (const OptimizationDescription& pass : kAllOptimizations) {
    Diagnostics
        refused;  // without the optimisation the program may not compile, which is a gain too
    gains.push_back({fmt::format("without {}", pass.name), std::string(pass.what),
                     compile(Optimizations{}.Without(pass.pass), refused)});
  }
  return gains;
}

std::string GainsText(const std::vector<Gain>& gains) {
  std::string text = fmt::format("{:24}{:>8}{:>7}{:>9}{:>8}{:>12}  {}\n", "", "layers", "heads",
                                 "d_model", "d_mlp", "parameters", "type");
  for (const Gain& gain : gains) {
    text += fmt::format("{:24}", gain.name);
    if (gain.model) {
      const ModelSizes sizes = SizesOf(*gain.model);
      text += fmt::format("{:>8}{:>7}{:>9}{:>8}{:>12}  {}\n", sizes.layers, sizes.heads,
                          sizes.d_model, sizes.d_mlp, sizes.parameters, NameOf(gain.model->dtype));
    } else {
      text += "  does not compile\n";
    }
  }
  std::vector<std::pair<std::string, std::string>> rows;
  for (const OptimizationDescription& pass : kAllOptimizations)
    rows.emplace_back(pass.name, pass.what);
  return text + "\n" + FigureTable(rows);
}

std::string GainsJson(const std::vector<Gain>& gains) {
  std::string rows;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const std::string_view name = i == 0 ? "" : kAllOptimizations[i - 1].name;
    rows += fmt::format("{}{{\"without\": {}, \"sizes\": {}}}", i == 0 ? "" : ", ",
                        i == 0 ? "null" : QuoteJson(name),
                        gains[i].model ? "{" + SizesMembers(*gains[i].model, {}) + "}" : "null");
  }
  return fmt::format("{{\"gains\": [{}]}}\n", rows);
}

int InspectGains(const LoadedProgram& program, bool json) {
  Diagnostics diag;
  const std::vector<Gain> gains = GainsOf(program, diag);
  Report(diag);
  if (!gains[0].model) return kFault;
  Print(json ? GainsJson(gains) : GainsText(gains));
  return FinishOutput(kSuccess);
}

int InspectStage(const Stage& stage, const LoadedProgram& program, bool json) {
  Diagnostics diag;
  StageDumps texts;
  const bool is_selector = program.traced.graph.IsSelector(program.output);
  if (!is_selector) Compile(program, diag, &texts);
  std::string text = texts.*stage.text;
  // The graph needs no vocabulary, and a selector also has one.
  if (text.empty() && stage.name == "graph") {
    text = ToText(program.traced.graph);
    diag.Clear();
  }
  if (text.empty() && is_selector) {
    return Fail(
        fmt::format("'{}' is a selector; only --stage graph shows it", program.output_name));
  }
  if (text.empty() && diag.HasErrors()) return Report(diag), kFault;
  if (text.empty()) text = fmt::format("no {}\n", stage.name);  // a program of embeddings only
  ReportBeside(diag);
  if (json) {
    text = fmt::format("{{\"stage\": {}, \"text\": {}{}}}\n", QuoteJson(stage.name),
                       QuoteJson(text), ErrorMember(diag));
  }
  Print(text);
  return FinishOutput(diag.HasErrors() ? kFault : kSuccess);
}

}  // namespace

int InspectCommand(const std::vector<std::string>& args) {
  CommandLine line(
      "inspect", "PROGRAM|MODEL",
      "Shows the names that a program assigns and the sizes of its transformer, one stage of its "
      "compilation, or the contents of a model file.",
      "raspc inspect programs/sort.rasp --max-length 16 --stage layers");
  std::optional<std::string> stage_name;
  std::vector<std::string> stage_names;
  for (const Stage& stage : Stages()) stage_names.push_back(stage.name);
  line.Choice("--stage", stage_name, stage_names, "STAGE", "Stage of the compilation to show");
  ProgramOptions options(line, ProgramOptions::Scope::kCompile);
  bool gains = false;
  line.Flag("--gains", gains, "Show the sizes with each optimisation left out in turn");
  bool structure = false;
  line.Flag("--structure", structure,
            "Show what the structured engine finds in a model's weights, layer by layer");
  bool certificate = false;
  line.Flag("--certificate", certificate,
            "Show every error bound of a model's certificate, the closest decisions first");
  bool json = false;
  line.JsonFlag(json, "Print one JSON object");
  if (const std::optional<int> status = line.Parse(args)) return *status;
  if (line.positionals().empty()) return line.Misused("missing PROGRAM or MODEL");
  if (line.positionals().size() > 1) {
    return line.Misused(fmt::format("unexpected argument '{}': inspect takes one program or model",
                                    line.positionals()[1]));
  }

  const Stage* stage = nullptr;
  for (const Stage& candidate : Stages()) {
    if (candidate.name == stage_name) stage = &candidate;
  }
  if (stage != nullptr && gains) return line.Misused("--stage and --gains cannot be combined");
  Diagnostics diag;
  const std::string& path = line.positionals()[0];
  if (const auto status = line.Reads(path, "the program or model")) return *status;
  std::optional<FileReader> file = FileReader::Open(path, diag);
  const std::optional<FileKind> kind = file ? KindOfFile(*file, diag) : std::nullopt;
  LoadOptions load;
  load.overrides = options.Read(diag);
  load.allow_selector = true;
  load.print = [](std::string_view text) { ReportLine(text); };
  if (diag.HasErrors()) return Report(diag), kFault;
  if (kind == FileKind::kModel) {
    if (stage != nullptr || gains || options.AnyGiven()) {
      return line.Misused(
          fmt::format("'{}' is a model: of the options, only --structure, --certificate and --json "
                      "apply",
                      path));
    }
    if (structure && certificate) {
      return line.Misused("--structure and --certificate cannot be combined");
    }
    return InspectModel(*file,
                        structure     ? ModelView::kStructure
                        : certificate ? ModelView::kCertificate
                                      : ModelView::kSummary,
                        json);
  }
  if (structure || certificate) {
    return line.Misused(fmt::format("{} requires a model, and '{}' is a program",
                                    structure ? "--structure" : "--certificate", path));
  }
  const std::optional<LoadedProgram> program = LoadProgram(*file, load, diag);
  Report(diag);
  if (!program) return kFault;
  if (const auto status = line.ReadsLoaded(program->traced.loaded_files)) return *status;
  if (gains) return InspectGains(*program, json);
  return stage == nullptr ? InspectSummary(path, *program, json)
                          : InspectStage(*stage, *program, json);
}

}  // namespace raspc
