// Runs every case of tests/data/conformance: programs, inputs, and the outputs of the published
// interpreter of the language, exact in value and type, or the statement it rejects.
//
// A case with files runs in a folder that holds them.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "compiler/interpret/interpret.h"
#include "compiler/syntax/parse.h"
#include "compiler/trace/trace.h"
#include "tests/compiler/conformance_cases.h"

namespace raspc {
namespace {

using nlohmann::json;

std::string_view ClassOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kSyntax:
      return "syntax";
    case ErrorKind::kUndefined:
      return "undefined";
    case ErrorKind::kReserved:
      return "reserved";
    case ErrorKind::kLoad:
      return "load";
    case ErrorKind::kType:
      return "type";
    case ErrorKind::kValue:
      return "value";
    default:
      return "another kind";
  }
}

struct Run {
  Diagnostics diag;
  TracedProgram program;
};

Run RunProgram(const std::string& text) {
  Run run;
  const auto source = std::make_shared<const SourceText>("program.rasp", text);
  const SyntaxTree tree = Parse(source, ParseLimits{}, run.diag);
  run.program = Trace(tree, TraceOptions{}, run.diag);
  return run;
}

std::string RowsText(const SelectorRows& rows) {
  json text = json::array();
  for (int q = 0; q < rows.seq_len; ++q) {
    json row = json::array();
    for (int k = 0; k < rows.seq_len; ++k) row.push_back(rows.At(q, k) ? 1 : 0);
    text.push_back(row);
  }
  return text.dump();
}

bool SameValues(const SOpValues& got, const json& wanted) {
  if (got.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!Identical(got[i], AtomFrom(wanted[i]))) return false;
  }
  return true;
}

// The error in the value of a case, or nothing.
std::string CheckValue(const json& test, Run& run) {
  if (run.diag.HasErrors()) return "rejected: " + Render(run.diag);
  const auto id = run.program.Find(test["sop"].get<std::string>(), run.diag);
  if (!id) return Render(run.diag);
  Interpreter interpreter(run.program.graph, InputFrom(test["input"]), /*causal=*/false);
  const NodeValue* value = interpreter.Evaluate(*id, run.diag);
  if (value == nullptr) return Render(run.diag);
  if (const auto* rows = std::get_if<SelectorRows>(value)) {
    const bool same = test["type"] == "selector" && RowsText(*rows) == test["output"].dump();
    return same ? "" : "got " + RowsText(*rows);
  }
  const auto& values = std::get<SOpValues>(*value);
  const bool same =
      test["type"].get<std::string>() == TypeOfValues(values) && SameValues(values, test["output"]);
  return same ? "" : "got " + ToJson(values) + " " + std::string(TypeOfValues(values));
}

// Of all statements, only the given one fails, with an error of the given class.
std::string CheckRejected(const json& test, const Run& run) {
  const std::vector<int> wanted{test["statement"].get<int>()};
  if (run.program.failed_statements != wanted) {
    return "other statements failed: " + json(run.program.failed_statements).dump() + "\n" +
           Render(run.diag);
  }
  std::vector<Diagnostic> errors;  // only we have warnings
  for (const Diagnostic& diagnostic : run.diag.all()) {
    if (diagnostic.severity == Severity::kError) errors.push_back(diagnostic);
  }
  if (errors.size() != 1) return "several errors:\n" + Render(run.diag);
  const Diagnostic& error = errors.front();
  if (ClassOf(error.kind) != test["error"].get<std::string>()) {
    return "class " + std::string(ClassOf(error.kind)) + ":\n" + Render(error);
  }
  return error.location.IsKnown() ? "" : "an error without a position";
}

// The program is accepted, and the s-op fails on the input.
std::string CheckFailsOnInput(const json& test, Run& run) {
  if (run.diag.HasErrors()) return "rejected: " + Render(run.diag);
  const auto id = run.program.Find(test["sop"].get<std::string>(), run.diag);
  if (!id) return Render(run.diag);
  Interpreter interpreter(run.program.graph, InputFrom(test["input"]), /*causal=*/false);
  if (interpreter.Evaluate(*id, run.diag) != nullptr) return "accepted the input";
  return run.diag.all().back().location.IsKnown() ? "" : "an error without a position";
}

std::string Check(const json& test) {
  Run run = RunProgram(test["program"].get<std::string>());
  if (!test.contains("error")) return CheckValue(test, run);
  if (test["error"] == "runtime") return CheckFailsOnInput(test, run);
  return CheckRejected(test, run);
}

// Makes a new folder the current one for as long as it lives, and removes it then.
class FolderWithFiles {
 public:
  explicit FolderWithFiles(const json& files) : former_(std::filesystem::current_path()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "raspc-load-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    for (const auto& [name, text] : files.items()) {
      std::ofstream(folder_ / name) << text.get<std::string>();
    }
    std::filesystem::current_path(folder_);
  }
  ~FolderWithFiles() {
    std::filesystem::current_path(former_);
    std::filesystem::remove_all(folder_);
  }

 private:
  std::filesystem::path former_, folder_;
};

struct Counts {
  int values = 0, rejections = 0, runtime_errors = 0, failures = 0;
  std::string problems;
};

void RunCases(const std::string& file, Counts& counts) {
  std::ifstream in(std::string(RASPC_TEST_DATA) + "/conformance/" + file);
  REQUIRE(in.is_open());
  std::string line;
  while (std::getline(in, line)) {
    const json test = json::parse(line);
    std::optional<FolderWithFiles> folder;
    if (test.contains("files")) folder.emplace(test["files"]);
    const std::string problem = Check(test);
    int& count = !test.contains("error")      ? counts.values
                 : test["error"] == "runtime" ? counts.runtime_errors
                                              : counts.rejections;
    ++count;
    if (problem.empty()) continue;
    ++counts.failures;
    counts.problems += file + ": " + line + "\n  " + problem + "\n";
  }
}

TEST_CASE("every conformance case gives the recorded values or errors") {
  Counts counts;
  for (const char* file : {"language.jsonl", "load.jsonl", "random.jsonl"}) RunCases(file, counts);
  std::cout << "conformance: " << counts.values << " values, " << counts.rejections
            << " rejected statements, " << counts.runtime_errors << " errors on an input, "
            << counts.failures << " failures\n";
  INFO(counts.problems);
  CHECK(counts.failures == 0);
  CHECK(counts.values + counts.rejections + counts.runtime_errors == 1220);
}

// Generation by evaluating the grown sequence from scratch at every step.
std::optional<std::vector<Atom>> GenerateAfresh(const DataflowGraph& graph, NodeId next,
                                                std::vector<Atom> sequence, int num_steps) {
  std::vector<Atom> generated;
  for (int step = 0; step < num_steps; ++step) {
    Diagnostics diag;
    Interpreter interpreter(graph, sequence, /*causal=*/true);
    const NodeValue* value = interpreter.Evaluate(next, diag);
    if (value == nullptr) return std::nullopt;
    generated.push_back(std::get<SOpValues>(*value).back());
    sequence.push_back(generated.back());
  }
  return generated;
}

TEST_CASE("generation by increments agrees with evaluating afresh on the conformance programs") {
  constexpr int kSteps = 6;
  int num_generated = 0, num_failed = 0;
  for (const char* file : {"language.jsonl", "random.jsonl"}) {
    std::ifstream in(std::string(RASPC_TEST_DATA) + "/conformance/" + file);
    std::string line;
    while (std::getline(in, line)) {
      const json test = json::parse(line);
      if (test.contains("error") || test["type"] == "selector") continue;
      INFO(line);
      Run run = RunProgram(test["program"].get<std::string>());
      const auto id = run.program.Find(test["sop"].get<std::string>(), run.diag);
      REQUIRE(id);
      const std::vector<Atom> input = InputFrom(test["input"]);
      const auto wanted = GenerateAfresh(run.program.graph, *id, input, kSteps);
      const auto got =
          Generate(run.program.graph, *id, input, GenerationRule{{}, kSteps}, run.diag);
      REQUIRE(got.has_value() == wanted.has_value());
      ++(wanted ? num_generated : num_failed);
      if (!wanted) continue;
      CHECK_FALSE(got->stopped);
      CHECK(ToJson(got->tokens) == ToJson(*wanted));
    }
  }
  std::cout << "generation: " << num_generated << " agree, " << num_failed << " fail both ways\n";
  CHECK(num_generated > 500);
}

TEST_CASE("a causal value does not depend on what comes later") {
  for (const char* file : {"random.jsonl"}) {
    std::ifstream in(std::string(RASPC_TEST_DATA) + "/conformance/" + file);
    std::string line;
    while (std::getline(in, line)) {
      const json test = json::parse(line);
      if (test.contains("error") || test["type"] == "selector") continue;
      INFO(line);
      Run run = RunProgram(test["program"].get<std::string>());
      const auto id = run.program.Find(test["sop"].get<std::string>(), run.diag);
      REQUIRE(id);
      const std::vector<Atom> input = InputFrom(test["input"]);
      Diagnostics diag;
      Interpreter whole(run.program.graph, input, /*causal=*/true);
      const NodeValue* value = whole.Evaluate(*id, diag);
      if (value == nullptr) continue;
      for (std::size_t length = 1; length < input.size(); ++length) {
        Interpreter part(run.program.graph, {input.begin(), input.begin() + int(length)}, true);
        const NodeValue* prefix = part.Evaluate(*id, diag);
        REQUIRE(prefix != nullptr);
        const auto& values = std::get<SOpValues>(*value);
        CHECK(ToJson(std::get<SOpValues>(*prefix)) ==
              ToJson(SOpValues(values.begin(), values.begin() + int(length))));
      }
    }
  }
}

}  // namespace
}  // namespace raspc
