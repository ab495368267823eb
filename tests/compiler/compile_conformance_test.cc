// Compiles the programs of the conformance cases, and compares the weights with the recorded
// outputs and, for the other s-ops of the same programs, with the interpreter.
//
// Vocabulary: the tokens of a program's cases; maximum length: the longest of their inputs, at
// least 8.
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "runtime/run/make_engine.h"
#include "compiler/compile.h"
#include "compiler/interpret/interpret.h"
#include "compiler/syntax/parse.h"
#include "compiler/trace/trace.h"
#include "compiler/verify/verify.h"
#include "runtime/run/run_model.h"
#include "tests/compiler/conformance_cases.h"

namespace raspc {
namespace {

using nlohmann::json;

// Slow builds compile some of the programs.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr int kEveryNth = 1;
#else
constexpr int kEveryNth = 12;
#endif

struct ProgramCases {
  std::vector<std::vector<Atom>> inputs;
  // sop -> input's number -> recorded output
  std::map<std::string, std::map<std::size_t, std::vector<Atom>>> recorded;
  ProgramSettings settings;
};

// The cases with a value and those that fail on their input, by program.
std::map<std::string, ProgramCases> ReadCases() {
  std::map<std::string, ProgramCases> programs;
  for (const char* name : {"language", "random"}) {
    std::ifstream file(std::string(RASPC_TEST_DATA) + "/conformance/" + name + ".jsonl");
    for (std::string line; std::getline(file, line);) {
      const json parsed = json::parse(line);
      const bool fails = parsed.value("error", "") == "runtime";
      if (!parsed.contains("output") && !fails) continue;
      ProgramCases& program = programs[parsed["program"].get<std::string>()];
      const std::vector<Atom> input = InputFrom(parsed["input"]);
      program.inputs.push_back(input);
      if (fails || parsed["type"] == "selector") continue;
      program.recorded[parsed["sop"].get<std::string>()][program.inputs.size() - 1] =
          InputFrom(parsed["output"]);
    }
  }
  for (auto& [text, program] : programs) {
    std::vector<Atom> vocabulary;
    std::int64_t longest = 8;
    for (const auto& input : program.inputs) {
      vocabulary.insert(vocabulary.end(), input.begin(), input.end());
      longest = std::max(longest, static_cast<std::int64_t>(input.size()));
    }
    std::sort(vocabulary.begin(), vocabulary.end(), IdentityLess);
    vocabulary.erase(std::unique(vocabulary.begin(), vocabulary.end(), Identical),
                     vocabulary.end());
    program.settings.vocab = vocabulary;
    program.settings.max_length = longest;
  }
  return programs;
}

struct Counts {
  int sops = 0, compiled = 0, refused = 0, values = 0, skipped = 0, wrong = 0;
  int without_value = 0;             // s-ops that fail on every input
  int warned = 0, with_example = 0;  // expressions that may fail
};

void Complain(const std::string& text, const std::string& sop, const std::vector<Atom>& input,
              const std::string& wanted, const std::string& got) {
  std::cout << text << "\n  " << sop << " on " << ToJson(input) << ": wanted " << wanted << ", got "
            << got << "\n";
}

// Whether a warning says of this place that it fails.
bool IsWarnedOf(const Diagnostic& failure, const Diagnostics& warnings) {
  return std::any_of(warnings.all().begin(), warnings.all().end(), [&](const Diagnostic& warning) {
    return warning.kind == ErrorKind::kValue && warning.location.line == failure.location.line &&
           warning.location.column == failure.location.column;
  });
}

// Whether the interpreter fails on every input: then there is nothing to compile.
bool FailsOnAll(const TracedProgram& traced, NodeId output, const ProgramCases& cases) {
  return std::none_of(cases.inputs.begin(), cases.inputs.end(), [&](const auto& input) {
    Diagnostics ignored;
    return Interpreter(traced.graph, input, false).Evaluate(output, ignored) != nullptr;
  });
}

// Runs a compiled s-op on the program's inputs.
void Check(const std::string& text, const std::string& sop, NodeId output,
           const TracedProgram& traced, const ProgramCases& cases, const Model& model,
           const Diagnostics& warnings, Counts& counts) {
  const ValueRule rule(model.decoding);
  std::map<EngineKind, std::vector<ModelOutput>> outputs;
  for (const EngineKind kind : kAllEngines) {
    outputs[kind] = RunModel(model, *MakeEngine(kind, model), cases.inputs);
  }
  const auto recorded = cases.recorded.find(sop);
  for (std::size_t i = 0; i < cases.inputs.size(); ++i) {
    Diagnostics failure;
    Interpreter interpreter(traced.graph, cases.inputs[i], false);
    const NodeValue* value = interpreter.Evaluate(output, failure);
    std::vector<Atom> wanted;
    if (recorded != cases.recorded.end() && recorded->second.contains(i)) {
      wanted = recorded->second.at(i);
    } else if (value == nullptr) {
      ++counts.skipped;
      INFO(text << sop << " on " << ToJson(cases.inputs[i]) << "\n" << Render(failure));
      CHECK(IsWarnedOf(failure.all().front(), warnings));
      continue;
    } else {
      wanted = std::get<SOpValues>(*value);
    }
    for (const auto& [kind, all] : outputs) {
      ++counts.values;
      bool is_right = !all[i].error && all[i].values.size() == wanted.size();
      for (std::size_t p = 0; is_right && p < wanted.size(); ++p) {
        is_right = rule.Matches(wanted[p], all[i].values[p]);
      }
      if (is_right) continue;
      ++counts.wrong;
      Complain(text, sop, cases.inputs[i], ToJson(wanted),
               all[i].error ? Render(*all[i].error) : ToJson(all[i].values));
    }
  }
}

TEST_CASE("the s-ops of the conformance cases compile to weights that give their values") {
  Counts counts;
  int number = 0;
  for (const auto& [text, cases] : ReadCases()) {
    if (number++ % kEveryNth != 0) continue;
    Diagnostics diag;
    const SyntaxTree tree =
        Parse(std::make_shared<const SourceText>("case.rasp", text), ParseLimits{}, diag);
    TraceOptions options;
    options.try_out = false;
    const TracedProgram traced = Trace(tree, options, diag);
    INFO(text << Render(diag));
    REQUIRE_FALSE(diag.HasErrors());
    for (const auto& [sop, output] : traced.names) {
      if (traced.graph.IsSelector(output)) continue;
      ++counts.sops;
      Diagnostics compile_diag;
      const auto specification = Specify(cases.settings, sop, compile_diag);
      REQUIRE(specification);
      const auto model = Compile(traced.graph, output, *specification, compile_diag);
      if (!model && FailsOnAll(traced, output, cases)) {
        ++counts.without_value;
        continue;
      }
      if (!model) {
        ++counts.refused;
        CHECK(compile_diag.HasErrors());
        std::cout << text << "\n  " << sop << " is refused: " << Render(compile_diag);
        continue;
      }
      ++counts.compiled;
      for (const Diagnostic& warning : compile_diag.all()) {
        if (warning.kind != ErrorKind::kValue) continue;
        ++counts.warned;
        counts.with_example += warning.notes.front().message.starts_with("for example on ");
      }
      Check(text, sop, output, traced, cases, *model, compile_diag, counts);
    }
  }
  std::cout << "conformance: " << counts.sops << " s-ops, " << counts.compiled << " compiled, "
            << counts.refused << " refused, " << counts.without_value << " without a value; "
            << counts.values << " outputs compared, " << counts.skipped << " skipped, "
            << counts.wrong << " wrong; " << counts.warned << " expressions may fail, "
            << counts.with_example << " of them shown to\n";
  CHECK(counts.wrong == 0);
  // The refused ones jump with a number that cannot be listed; this number may only go down.
  CHECK(counts.refused <= 5);
}

}  // namespace
}  // namespace raspc
