// Helpers for tests of the stages from Simplify to Emit: programs to run them on, and a run stage
// by stage, as in Compile, that keeps all intermediate results.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "compiler/allocate/allocate.h"
#include "compiler/compile.h"
#include "compiler/emit/emit.h"
#include "compiler/lower_program.h"
#include "compiler/load/load_program.h"
#include "compiler/schedule/schedule.h"
#include "compiler/simplify/simplify.h"
#include "compiler/syntax/parse.h"
#include "compiler/trace/trace.h"

namespace raspc {

// Slow builds check fewer inputs, but every program.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
inline constexpr bool kIsFastBuild = true;
#else
inline constexpr bool kIsFastBuild = false;
#endif

// A program to compile: a graph, its output and the settings.
struct Case {
  std::string name;
  DataflowGraph graph;
  NodeId output;
  ProgramSettings settings;
  Diagnostics diag;

  EvaluationSpecification Evaluation() const { return SpecifyEvaluation(settings); }
  bool IsCausal() const { return Evaluation().causal; }
};

// Compiles it for its settings.
inline std::optional<Model> Compile(const Case& program, Diagnostics& diag,
                                    StageDumps* stages = nullptr,
                                    const Optimizations& optimizations = {}) {
  const auto specification =
      Specify(program.settings, program.graph.Describe(program.output), diag);
  if (!specification) return std::nullopt;
  return Compile(program.graph, program.output, *specification, diag, stages, optimizations);
}

inline std::vector<std::string> ProgramPaths() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RASPC_SOURCE_DIR) + "/programs")) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".rasp" && path.stem() != "rasplib") paths.push_back(path.string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Every program of programs/, with this maximum length.
inline std::vector<Case> ProgramCases(std::int64_t max_length) {
  std::vector<Case> cases;
  for (const std::string& path : ProgramPaths()) {
    Case program;
    program.name = std::filesystem::path(path).stem().string();
    LoadOptions options;
    options.overrides.max_length = max_length;
    auto loaded = LoadProgram(path, options, program.diag);
    if (!loaded) continue;  // a test that counts the cases will notice
    program.graph = std::move(loaded->traced.graph);
    program.output = loaded->output;
    program.settings = loaded->settings;
    cases.push_back(std::move(program));
  }
  return cases;
}

// A program given as text, and its last s-op, or the one of the given name.
inline Case TextCase(const std::string& text, const std::string& vocab, std::int64_t max_length,
                     const std::string& output = "") {
  Case program;
  program.name = text;
  const auto source = std::make_shared<const SourceText>("test.rasp", text);
  const SyntaxTree tree = Parse(source, ParseLimits{}, program.diag);
  TraceOptions options;
  options.try_out = false;
  TracedProgram traced = Trace(tree, options, program.diag);
  const auto id = output.empty() ? traced.Last() : traced.Find(output, program.diag);
  program.output = id.value_or(NodeId{});
  program.graph = std::move(traced.graph);
  program.settings.vocab = CodePoints(vocab);
  program.settings.max_length = max_length;
  return program;
}

// The result of each stage.
struct Stages {
  SimplifiedGraph simplified;
  Domains domains;
  Blocks blocks;
  Schedule schedule;
  ResidualLayout layout;
  Model model;
};

// Runs the stages separately, in the way and for the dtype that Compile chooses. Nothing if the
// program does not compile; then `diag` says why.
inline std::optional<Stages> RunStages(const Case& program, Diagnostics& diag) {
  const auto model = Compile(program, diag);
  if (!model) return std::nullopt;
  const auto specification = Specify(program.settings, model->name, diag);
  LoweredProgram lowered = LowerProgram(program.graph, program.output, *specification, {});
  if (!lowered.blocks) return std::nullopt;
  Stages stages;
  stages.simplified = std::move(lowered.program.simplified);
  stages.domains = std::move(lowered.program.domains);
  stages.blocks = std::move(*lowered.blocks);
  stages.schedule = ScheduleLayers(stages.blocks);
  stages.layout = Allocate(stages.blocks, stages.schedule);
  Model settings = *model;
  settings.layers.clear();
  settings.certificate.entries.clear();
  stages.model = Emit(stages.blocks, stages.schedule, stages.layout, std::move(settings));
  return stages;
}

// Calls `use` with every word over the alphabet of length 1 to `length`, or, where these are more
// than `most`, with that many random ones.
inline void ForEachWord(const std::vector<Atom>& alphabet, std::int64_t length, std::int64_t most,
                        const std::function<void(const std::vector<Atom>&)>& use) {
  std::int64_t total = 0;
  std::int64_t of_length = 1;
  for (std::int64_t n = 1; n <= length && total <= most; ++n) {
    of_length *= static_cast<std::int64_t>(alphabet.size());
    total += of_length;
  }
  if (total > most) {
    std::mt19937_64 random(11);
    for (std::int64_t i = 0; i < most; ++i) {
      std::vector<Atom> word(1 + random() % static_cast<std::uint64_t>(length));
      for (Atom& token : word) token = alphabet[random() % alphabet.size()];
      use(word);
    }
    return;
  }
  for (std::int64_t n = 1; n <= length; ++n) {
    std::vector<std::size_t> digits(static_cast<std::size_t>(n), 0);
    for (bool is_done = false; !is_done;) {
      std::vector<Atom> word;
      for (const std::size_t digit : digits) word.push_back(alphabet[digit]);
      use(word);
      std::size_t i = 0;
      while (i < digits.size() && ++digits[i] == alphabet.size()) digits[i++] = 0;
      is_done = i == digits.size();
    }
  }
}

// The input as the program sees it: with appended and padding tokens.
inline std::vector<Atom> Framed(const Case& program, const std::vector<Atom>& input) {
  return program.Evaluation().frame.Apply(input).value_or(input);
}

}  // namespace raspc
