// How fast the interpreter evaluates traced programs, on long inputs and on many short ones, and
// how fast programs are traced.
//
//   build with -DRASPC_BUILD_BENCH=ON, then  bench/raspc_interpreter_bench
//
// The published Python interpreter needs 290 ms for a histogram and 700 ms for Dyck-2 prefixes of
// 200 tokens.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "compiler/interpret/interpret.h"
#include "compiler/interpret/trial_inputs.h"
#include "compiler/syntax/parse.h"
#include "compiler/trace/trace.h"

namespace raspc {
namespace {

std::string ReadProgram(const std::string& name) {
  std::ifstream in(std::string(RASPC_SOURCE_DIR) + "/programs/" + name + ".rasp");
  return {std::istreambuf_iterator<char>(in), {}};
}

TracedProgram TraceProgram(const std::string& text) {
  Diagnostics diag;
  const auto source = std::make_shared<const SourceText>("bench.rasp", text);
  TraceOptions options;
  options.try_out = false;
  return Trace(Parse(source, ParseLimits{}, diag), options, diag);
}

std::vector<Atom> Repeated(const std::string& tokens, std::int64_t length) {
  std::vector<Atom> input;
  for (std::int64_t i = 0; i < length; ++i) {
    input.emplace_back(std::string(1, tokens[static_cast<std::size_t>(i) % tokens.size()]));
  }
  return input;
}

// The program's last s-op on an input that repeats the given tokens.
void EvaluateProgram(benchmark::State& state, const char* name, const char* sop,
                     const std::string& tokens) {
  const TracedProgram program = TraceProgram(ReadProgram(name));
  const std::vector<Atom> input = Repeated(tokens, state.range(0));
  Diagnostics diag;
  const auto id = program.Find(sop, diag);
  if (!id) return state.SkipWithError("no such s-op");
  for (auto _ : state) {
    Interpreter interpreter(program.graph, input, /*causal=*/false);
    const NodeValue* value = interpreter.Evaluate(*id, diag);
    if (value == nullptr) return state.SkipWithError("the evaluation failed");
    benchmark::DoNotOptimize(value);
  }
}
BENCHMARK_CAPTURE(EvaluateProgram, histogram, "histogram", "histogram", "hello world")
    ->Arg(20)
    ->Arg(200)
    ->Arg(2000)
    ->Arg(65536);
BENCHMARK_CAPTURE(EvaluateProgram, balance, "balance", "balance", "(()())))(")
    ->Arg(2000)
    ->Arg(65536)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(EvaluateProgram, dyck2, "dyck2", "dyck2", "([()])[]")
    ->Arg(20)
    ->Arg(200)
    ->Arg(2000);
BENCHMARK_CAPTURE(EvaluateProgram, sort, "sort", "sorted", "hello world")
    ->Arg(200)
    ->Arg(2000)
    ->Arg(16384);

// All words up to a length over the tokens, one after another in one interpreter: what `verify
// --exhaustive` does on each core.
void EvaluateWords(benchmark::State& state, const char* name, const char* sop,
                   const std::string& tokens) {
  const TracedProgram program = TraceProgram(ReadProgram(name));
  Diagnostics diag;
  const auto id = program.Find(sop, diag);
  if (!id) return state.SkipWithError("no such s-op");
  Interpreter interpreter(program.graph, CodePoints(tokens), /*causal=*/false);
  std::int64_t num_words = 0;
  for (auto _ : state) {
    ForEachInput(CodePoints(tokens), 1, state.range(0), [&](std::vector<Atom> word) {
      interpreter.Restart(std::move(word));
      benchmark::DoNotOptimize(interpreter.Evaluate(*id, diag));
      ++num_words;
      return true;
    });
  }
  state.SetItemsProcessed(num_words);
}
BENCHMARK_CAPTURE(EvaluateWords, parity, "parity", "parity", "01")->Arg(12);
BENCHMARK_CAPTURE(EvaluateWords, dyck1, "dyck1", "dyck1", "()")->Arg(12);

void GenerateTokens(benchmark::State& state) {
  const TracedProgram program = TraceProgram(
      "next = \"a\" if selector_width(select(tokens, \"a\", ==)) % 3 == 0 else \"b\";");
  Diagnostics diag;
  const auto next = program.Find("next", diag);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Generate(program.graph, *next, CodePoints("ab"), GenerationRule{{}, state.range(0)}, diag));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(GenerateTokens)->Arg(64)->Arg(1024)->Arg(100000);

void TraceText(benchmark::State& state, const char* name) {
  const std::string text = ReadProgram(name);
  for (auto _ : state) benchmark::DoNotOptimize(TraceProgram(text));
}
BENCHMARK_CAPTURE(TraceText, histogram, "histogram");
BENCHMARK_CAPTURE(TraceText, dyck2, "dyck2");

}  // namespace
}  // namespace raspc
