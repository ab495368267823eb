// Loads a program: from the path of a file to a traced graph, its settings, and the requested s-op.
//
// Shared by `eval`, `compile`, `verify` and `inspect`. Nothing is printed here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/files.h"
#include "compiler/graph/dataflow_graph.h"
#include "compiler/settings/specification.h"
#include "compiler/trace/trace.h"

namespace raspc {

struct LoadOptions {
  // Settings from the command line. They override the program's directives (CombineSettings).
  ProgramSettings overrides;
  // Whether statements are tried out on the running example, as `eval` does.
  bool try_out = false;
  // The first input, unframed: a statement that fails on the example is accepted if it succeeds
  // here.
  std::vector<Atom> first_input;
  // Whether the output may be a selector.
  bool allow_selector = false;
  std::vector<std::string> load_folders = {"."};
  // Receives what the program itself prints (`show`, `draw`), a line at a time.
  std::function<void(std::string_view)> print;
};

// A program that is ready to be evaluated or compiled.
struct LoadedProgram {
  std::shared_ptr<const SourceText> source;
  ProgramSettings settings;  // what was given; `generate` is set exactly if the program generates
  EvaluationSpecification evaluation;
  TracedProgram traced;
  NodeId output;
  std::string output_name;
};

// Reads, parses and traces the program and finds its output: the s-op that generates if it
// generates, else what `output` names, else the last s-op assigned. Nothing if anything was
// reported as an error: a statement that fails, settings that contradict each other, no such s-op.
std::optional<LoadedProgram> LoadProgram(const std::string& path, const LoadOptions& options,
                                         Diagnostics& diag);
// The same from an open file, from its current position.
std::optional<LoadedProgram> LoadProgram(FileReader& file, const LoadOptions& options,
                                         Diagnostics& diag);
// The same from a source text in memory.
std::optional<LoadedProgram> LoadProgram(std::shared_ptr<const SourceText> source,
                                         const LoadOptions& options, Diagnostics& diag);

// The same for a graph that was built (compiler/graph/graph_builder.h): a program without source
// text, whose settings are all given and whose output is the s-op `output`. Nothing if the settings
// contradict each other, or if the output is not an s-op of the graph.
std::optional<LoadedProgram> MakeProgram(DataflowGraph graph, NodeId output, std::string name,
                                         const ProgramSettings& settings, Diagnostics& diag);

}  // namespace raspc
