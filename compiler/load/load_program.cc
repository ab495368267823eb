// Loads a program in the order of the first stages: read, parse, settle the settings, trace, find
// the output.
#include "compiler/load/load_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compiler/syntax/parse.h"

namespace raspc {
namespace {

std::shared_ptr<const SourceText> ReadSource(FileReader& file, std::uint64_t max_bytes,
                                             Diagnostics& diag) {
  std::optional<std::string> text = file.ReadAll(max_bytes, diag);
  if (!text) return nullptr;
  if (text->size() > 9 && (*text)[8] == '{' && text->substr(0, 8).find('\0') != std::string::npos) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("'{}' is a model file, not a program; run it with raspc run",
                           NameOfInput(file.path())));
    return nullptr;
  }
  return std::make_shared<const SourceText>(NameOfInput(file.path()), *std::move(text));
}

// An input of the program's alphabet, framed; nothing if there is none.
std::vector<Atom> ExampleOf(const LoadedProgram& program) {
  constexpr std::int64_t kLength = 5;  // as long as the default, "hello"
  const ProgramSettings& settings = program.settings;
  const auto& tokens = settings.alphabet ? settings.alphabet : settings.vocab;
  if (!tokens) return {};
  const std::int64_t length = std::min(kLength, settings.max_length.value_or(kLength));
  std::vector<Atom> input;
  for (std::int64_t i = 0; i < length; ++i) {
    input.push_back((*tokens)[static_cast<std::size_t>(i) % tokens->size()]);
  }
  return program.evaluation.frame.Apply(input).value_or(input);
}

TraceOptions MakeTraceOptions(const LoadOptions& options, const LoadedProgram& program) {
  TraceOptions trace;
  trace.try_out = options.try_out;
  trace.causal = program.evaluation.causal;
  trace.arithmetic = program.evaluation.arithmetic;
  if (program.settings.example) {
    trace.example = *program.settings.example;
    trace.example_is_fixed = true;
  } else {
    trace.example = ExampleOf(program);
  }
  if (!options.first_input.empty()) {
    trace.first_input =
        program.evaluation.frame.Apply(options.first_input).value_or(options.first_input);
  }
  trace.load_folders = options.load_folders;
  trace.print = options.print;
  return trace;
}

// Where the program assigns the name last.
SourceLocation PlaceOfAssignment(const SyntaxTree& tree, std::string_view name) {
  SourceLocation place{tree.source, 0, 0};
  for (const auto& statement : tree.statements) {
    const auto* assignment = std::get_if<Assignment>(&statement->kind);
    if (assignment == nullptr) continue;
    for (std::size_t i = 0; i < assignment->names.size(); ++i) {
      if (assignment->names[i] == name) place = assignment->name_locations[i];
    }
  }
  return place;
}

void ReportNoSOp(const LoadedProgram& program, const SyntaxTree& tree, Diagnostics& diag) {
  const auto& other = program.traced.last_other;
  std::vector<std::string> functions;
  for (const auto& statement : tree.statements) {
    const auto* definition = std::get_if<FunctionDefinition>(&statement->kind);
    if (definition != nullptr) functions.push_back(definition->name);
  }
  if (!functions.empty() && functions.size() == tree.statements.size()) {
    diag.Error(
        ErrorKind::kInput, {program.source},
        fmt::format("the program only defines the function{} {}; assign an s-op, such as the "
                    "result of a call",
                    functions.size() == 1 ? "" : "s", fmt::join(functions, ", ")));
    return;
  }
  if (!other) {
    diag.Error(ErrorKind::kInput, {program.source},
               "the program assigns no s-op, so there is nothing to compute");
    return;
  }
  diag.Error(ErrorKind::kInput, PlaceOfAssignment(tree, other->name),
             fmt::format("the program assigns no s-op: '{}' is {}, a plain value that is the same "
                         "for every input",
                         other->name, other->value))
      .Note({}, "an s-op has a value at each position and is made from tokens and indices");
}

std::optional<NodeId> FindOutput(LoadedProgram& program, const SyntaxTree& tree,
                                 Diagnostics& diag) {
  const ProgramSettings& settings = program.settings;
  if (const auto& name = settings.generate ? settings.generate : settings.output) {
    program.output_name = *name;
    Diagnostics found;
    const std::optional<NodeId> id = program.traced.Find(*name, found);
    for (Diagnostic diagnostic : found.all()) {
      if (!diagnostic.location.IsKnown()) {
        diagnostic.location = settings.PlaceOf(settings.generate ? "generate" : "output");
      }
      diag.Add(std::move(diagnostic));
    }
    return id;
  }
  const std::optional<NodeId> last = program.traced.Last();
  if (!last) {
    ReportNoSOp(program, tree, diag);
    return std::nullopt;
  }
  for (const auto& [name, id] : program.traced.names) {
    if (id == *last) program.output_name = name;
  }
  return last;
}

}  // namespace

std::optional<LoadedProgram> LoadProgram(const std::string& path, const LoadOptions& options,
                                         Diagnostics& diag) {
  std::optional<FileReader> file = FileReader::Open(path, diag);
  return file ? LoadProgram(*file, options, diag) : std::nullopt;
}

std::optional<LoadedProgram> LoadProgram(FileReader& file, const LoadOptions& options,
                                         Diagnostics& diag) {
  std::shared_ptr<const SourceText> source = ReadSource(file, ParseLimits().max_source_bytes, diag);
  if (source == nullptr) return std::nullopt;
  return LoadProgram(std::move(source), options, diag);
}

std::optional<LoadedProgram> LoadProgram(std::shared_ptr<const SourceText> source,
                                         const LoadOptions& options, Diagnostics& diag) {
  LoadedProgram program;
  const ParseLimits limits;
  program.source = std::move(source);
  const SyntaxTree tree = Parse(program.source, limits, diag);
  const ProgramSettings directives = ReadDirectives(tree.directives, diag);
  if (diag.HasErrors()) return std::nullopt;

  program.settings = CombineSettings(directives, options.overrides, diag);
  if (diag.HasErrors()) return std::nullopt;
  program.evaluation = SpecifyEvaluation(program.settings);

  program.traced = Trace(tree, MakeTraceOptions(options, program), diag);
  if (diag.HasErrors()) return std::nullopt;

  const std::optional<NodeId> output = FindOutput(program, tree, diag);
  if (!output) return std::nullopt;
  if (program.traced.graph.IsSelector(*output) && !options.allow_selector) {
    diag.Error(ErrorKind::kType, PlaceInMessage(program.traced.graph, *output),
               fmt::format("'{}' is a selector, but an s-op is required here: aggregate with "
                           "it, or take its width with selector_width",
                           program.output_name));
    return std::nullopt;
  }
  program.output = *output;
  return program;
}

std::optional<LoadedProgram> MakeProgram(DataflowGraph graph, NodeId output, std::string name,
                                         const ProgramSettings& settings, Diagnostics& diag) {
  if (!output.IsValid() || output.value >= graph.size() || graph.IsSelector(output)) {
    diag.Error(ErrorKind::kType, {}, fmt::format("'{}' is not an s-op of the program", name));
    return std::nullopt;
  }
  LoadedProgram program;
  program.source = std::make_shared<const SourceText>(name, "");
  program.settings = CombineSettings({}, settings, diag);
  if (diag.HasErrors()) return std::nullopt;
  program.settings.arithmetic = graph.arithmetic();
  program.evaluation = SpecifyEvaluation(program.settings);
  program.traced.graph = std::move(graph);
  program.traced.names = {{name, output}};
  program.output = output;
  program.output_name = std::move(name);
  return program;
}

}  // namespace raspc
