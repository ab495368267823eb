// Every check runs in a forked process, so that a crash, a hang or excessive memory is an outcome
// like any other, which can be counted and shrunk. The child writes its outcome to a pipe.
#include "tests/compiler/check_random_program.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <exception>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runtime/run/make_engine.h"
#include "compiler/compile.h"
#include "compiler/interpret/interpret.h"
#include "compiler/load/load_program.h"
#include "compiler/syntax/parse.h"
#include "compiler/verify/verify.h"
#include "runtime/run/run_model.h"
#include "tests/compiler/ideal_run.h"

namespace raspc {
namespace {

using Kind = CheckOutcome::Kind;
using nlohmann::json;

constexpr rlim_t kMaxSeconds = 20;
constexpr rlim_t kMaxBytes = rlim_t{2} << 30;
constexpr std::int64_t kNumRandomInputs = 60;
constexpr int kNumPatternInputs = 6;

CheckOutcome Fault(std::string fault, std::string detail) {
  CheckOutcome outcome;
  outcome.kind = Kind::kFault;
  outcome.fault = std::move(fault);
  outcome.detail = std::move(detail);
  return outcome;
}

// Nothing if the program does not load, or lacks what compiling it takes.
std::optional<LoadedProgram> Load(const std::string& text, const ProgramSettings& settings,
                                  Diagnostics& diag) {
  LoadOptions options;
  options.overrides = settings;
  auto program =
      LoadProgram(std::make_shared<const SourceText>("random.rasp", text), options, diag);
  const bool is_complete = program && program->settings.vocab && program->settings.max_length;
  return is_complete ? std::move(program) : std::nullopt;
}

// Whether the interpreter succeeds on the framed input.
bool HasValue(const LoadedProgram& program, const std::vector<Atom>& framed) {
  Diagnostics ignored;
  Interpreter interpreter(program.traced.graph, framed, program.evaluation.causal);
  return interpreter.Evaluate(program.output, ignored) != nullptr;
}

// An input on which the interpreter succeeds, if some random inputs include one.
std::optional<std::vector<Atom>> InputWithValue(const LoadedProgram& program) {
  const ProgramSettings& settings = program.settings;
  RandomInputs random(settings.alphabet.value_or(*settings.vocab), *settings.max_length, 5);
  for (int i = 0; i < 400; ++i) {
    const std::vector<Atom> input = random.Next();
    const auto framed = program.evaluation.frame.Apply(input);
    if (framed && HasValue(program, *framed)) return input;
  }
  return std::nullopt;
}

// Why the interpreter fails on an input, generation included; nothing if it succeeds.
std::optional<Diagnostic> FailureOn(const LoadedProgram& program, const std::vector<Atom>& input) {
  const auto framed = program.evaluation.frame.Apply(input);
  if (!framed) return std::nullopt;
  Diagnostics diag;
  Interpreter interpreter(program.traced.graph, *framed, program.evaluation.causal);
  if (interpreter.Evaluate(program.output, diag) == nullptr) return diag.all().front();
  const auto rule = program.evaluation.generation;
  if (!rule || Generate(program.traced.graph, program.output, *framed, *rule, diag,
                        program.evaluation.causal)) {
    return std::nullopt;
  }
  return diag.all().front();
}

// The input of a note "for example on \"ab\": …"; nothing for any other note.
std::optional<std::vector<Atom>> ExampleIn(const std::string& note) {
  const std::string start = "for example on ";
  if (!note.starts_with(start)) return std::nullopt;
  std::istringstream text(note.substr(start.size()));
  json parsed;
  text >> parsed;
  Diagnostics ignored;
  return ReadAtoms(parsed.dump(), {}, ignored);
}

// Every failure has a warning, and examples fail.
std::optional<CheckOutcome> CheckWarnings(const LoadedProgram& program, const Model& model,
                                          const Diagnostics& diag, std::int64_t exhaustive_length) {
  std::vector<Diagnostic> warnings;
  for (const Diagnostic& warning : diag.all()) {
    if (warning.kind != ErrorKind::kValue) continue;
    warnings.push_back(warning);
    const auto example = ExampleIn(warning.notes.at(0).message);
    if (example && !FailureOn(program, *example)) {
      return Fault("an example that does not fail", Render(warning));
    }
  }
  std::optional<CheckOutcome> fault;
  const auto check = [&](const std::vector<Atom>& input) {
    const auto failure = FailureOn(program, input);
    if (!failure || failure->kind == ErrorKind::kLimit) return true;
    const bool is_warned_of =
        std::any_of(warnings.begin(), warnings.end(), [&](const Diagnostic& warning) {
          return warning.location.source == failure->location.source &&
                 warning.location.line == failure->location.line &&
                 warning.location.column == failure->location.column;
        });
    if (is_warned_of) return true;
    fault = Fault("fails without a warning",
                  fmt::format("input {}\n{}", ToJson(input), Render(*failure)));
    return false;
  };
  ForEachInput(model.alphabet, 1, std::min(exhaustive_length, model.max_length), check);
  RandomInputs random(model.alphabet, model.max_length, 1);
  for (int i = 0; i < kNumRandomInputs && !fault; ++i) check(random.Next());
  return fault;
}

// A refusal is correct if it is about a limit, or about a program that has no value anywhere.
CheckOutcome JudgeRefusal(const LoadedProgram& program, const Diagnostics& diag) {
  CheckOutcome outcome;
  outcome.kind = Kind::kRefused;
  outcome.detail = Render(diag);
  for (const Diagnostic& diagnostic : diag.all()) {
    if (diagnostic.severity != Severity::kError) continue;
    if (diagnostic.kind == ErrorKind::kLimit) {
      if (outcome.fault.empty()) outcome.fault = "limit";
    } else if (diagnostic.kind == ErrorKind::kType || diagnostic.kind == ErrorKind::kValue) {
      outcome.fault = "fails everywhere";
      const auto input = InputWithValue(program);
      if (input) {
        return Fault("refused although it has a value",
                     fmt::format("input {}\n{}", ToJson(*input), outcome.detail));
      }
    } else {
      return Fault("reports what it should not", outcome.detail);
    }
  }
  if (outcome.fault.empty()) return Fault("no model and no error", outcome.detail);
  return outcome;
}

// The error in a pattern row, or nothing.
std::optional<std::string> JudgePattern(std::span<const double> weights) {
  double largest = 0, sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0 && weight <= 1)) return fmt::format("weight {}", weight);
    largest = std::max(largest, weight);
    sum += weight;
  }
  if (!(std::abs(sum - 1) <= 1e-5)) return fmt::format("the weights add up to {}", sum);
  for (const double weight : weights) {
    if (weight != 0 && !(largest - weight <= 1e-6 * largest)) {
      return fmt::format("weights {} and {}", weight, largest);
    }
  }
  return std::nullopt;
}

// Some framed inputs on which the interpreter succeeds.
std::vector<std::vector<Atom>> InputsWithValue(const LoadedProgram& program, const Model& model) {
  RandomInputs random(model.alphabet, model.max_length, 3);
  std::vector<std::vector<Atom>> inputs;
  for (int i = 0; i < kNumPatternInputs; ++i) {
    const auto framed = program.evaluation.frame.Apply(random.Next());
    if (framed && HasValue(program, *framed)) inputs.push_back(*framed);
  }
  return inputs;
}

std::optional<CheckOutcome> CheckPatterns(const LoadedProgram& program, const Model& model) {
  std::optional<CheckOutcome> fault;
  for (const auto& input : InputsWithValue(program, model)) {
    const std::vector<std::vector<int>> sequences{IdsOf(model, input)};
    for (const EngineKind kind : kAllEngines) {
      Observer observer;
      observer.pattern = [&](int, int layer, int head, int query, std::span<const double> weights) {
        const auto wrong = JudgePattern(weights);
        if (!wrong || fault) return;
        fault = Fault("patterns",
                      fmt::format("input {}, engine {}, layer {}, head {} ({}), query {}: {}",
                                  ToJson(input), NameOf(kind), layer, head,
                                  model.layers[layer].heads[head].label, query, *wrong));
      };
      MakeEngine(kind, model, 1)->Run(sequences, &observer);
    }
    if (fault) break;
  }
  return fault;
}

// No number of the residual stream is further from its ideal value than its bound.
std::optional<CheckOutcome> CheckBounds(const LoadedProgram& program, const Model& model) {
  Case again;
  again.graph = program.traced.graph;
  again.output = program.output;
  again.settings = program.settings;
  Diagnostics diag;
  const auto stages = RunStages(again, diag);
  if (!stages) return Fault("no model the second time", Render(diag));
  ErrorsSeen errors(*stages);
  for (const auto& input : InputsWithValue(program, model)) {
    const IdealRun ideal(*stages, input);
    for (const EngineKind kind : kAllEngines) {
      errors.Add(ideal, RunOn(*MakeEngine(kind, model, 1), model, input));
      if (errors.problem().empty()) continue;
      return Fault("bounds", fmt::format("input {}, engine {}: {}", ToJson(input), NameOf(kind),
                                         errors.problem()));
    }
  }
  return std::nullopt;
}

CheckOutcome Compare(const LoadedProgram& program, const Model& model,
                     std::int64_t exhaustive_length) {
  VerifyPlan plan;
  plan.exhaustive_length = std::min(exhaustive_length, model.max_length);
  plan.random_count = kNumRandomInputs;
  plan.max_differences = 1;
  Diagnostics diag;
  const auto report = Verify(program, model, plan, diag);
  if (!report) return Fault("not verified", Render(diag));
  if (report->differing > 0) {
    const Difference& first = report->differences.at(0);
    return Fault("wrong value",
                 fmt::format("input {}, engine {}\n  wanted {}\n  got    {}", ToJson(first.input),
                             NameOf(first.engine), first.wanted, first.got));
  }
  CheckOutcome outcome;
  outcome.compared = report->compared;
  outcome.skipped = report->skipped;
  outcome.is_double = model.dtype == DType::kFloat64;
  return outcome;
}

CheckOutcome CheckHere(const std::string& text, const ProgramSettings& options,
                       std::int64_t exhaustive_length) {
  Diagnostics diag;
  const auto program = Load(text, options, diag);
  if (!program) {
    CheckOutcome outcome;
    outcome.kind = Kind::kInvalid;
    outcome.detail = Render(diag);
    return outcome;
  }
  const auto model = Compile(*program, diag);
  if (!model) return JudgeRefusal(*program, diag);
  if (diag.HasErrors()) return Fault("a model and an error", Render(diag));
  if (const auto problem = CheckModel(*model)) return Fault("broken model", *problem);
  CheckOutcome outcome = Compare(*program, *model, exhaustive_length);
  if (outcome.kind == Kind::kFault) return outcome;
  if (const auto fault = CheckWarnings(*program, *model, diag, exhaustive_length)) return *fault;
  for (const Diagnostic& warning : diag.all()) {
    if (warning.kind != ErrorKind::kValue) continue;
    ++outcome.warned;
    outcome.shown += ExampleIn(warning.notes.at(0).message).has_value();
  }
  if (const auto fault = CheckPatterns(*program, *model)) return *fault;
  return CheckBounds(*program, *model).value_or(outcome);
}

std::string Pack(const CheckOutcome& outcome) {
  return json{static_cast<int>(outcome.kind),
              outcome.compared,
              outcome.skipped,
              outcome.is_double,
              outcome.warned,
              outcome.shown,
              outcome.fault,
              outcome.detail}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

CheckOutcome Unpack(const std::string& text) {
  const json parsed = json::parse(text);
  CheckOutcome outcome;
  outcome.kind = static_cast<Kind>(parsed[0].get<int>());
  outcome.compared = parsed[1];
  outcome.skipped = parsed[2];
  outcome.is_double = parsed[3];
  outcome.warned = parsed[4];
  outcome.shown = parsed[5];
  outcome.fault = parsed[6];
  outcome.detail = parsed[7];
  return outcome;
}

// The work of the child; never returns.
[[noreturn]] void CheckAndExit(const std::string& text, const ProgramSettings& options,
                               std::int64_t exhaustive_length, int pipe) {
  for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGTERM, SIGINT}) {
    signal(number, SIG_DFL);
  }
  const rlimit no_core{0, 0}, seconds{kMaxSeconds, kMaxSeconds};
  setrlimit(RLIMIT_CORE, &no_core);
  setrlimit(RLIMIT_CPU, &seconds);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit bytes{kMaxBytes, kMaxBytes};
  setrlimit(RLIMIT_AS, &bytes);
#endif
  std::string packed;
  try {
    packed = Pack(CheckHere(text, options, exhaustive_length));
  } catch (const std::exception& error) {
    packed = Pack(Fault("exception", error.what()));
  }
  for (std::size_t done = 0; done < packed.size();) {
    const ssize_t count = write(pipe, packed.data() + done, packed.size() - done);
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  _exit(0);
}

std::string ReadAll(int pipe) {
  std::string text;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = read(pipe, buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

CheckOutcome CheckProgram(const std::string& text, const ProgramSettings& options,
                          std::int64_t exhaustive_length) {
  std::array<int, 2> ends;
  if (pipe(ends.data()) != 0) return Fault("no pipe", "");
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return Fault("no process", "");
  }
  if (child == 0) {
    close(ends[0]);
    CheckAndExit(text, options, exhaustive_length, ends[1]);
  }
  close(ends[1]);
  const std::string packed = ReadAll(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) {
    const bool is_time = WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU;
    return is_time ? Fault("too slow", fmt::format("more than {} s", kMaxSeconds))
                   : Fault("crash", fmt::format("signal {}", WTERMSIG(status)));
  }
  if (status != 0) return Fault("crash", fmt::format("status {}", status));
  return Unpack(packed);
}

CheckOutcome CheckProgram(const RandomProgram& program, std::int64_t exhaustive_length) {
  return CheckProgram(ToText(program), OptionsOf(program), exhaustive_length);
}

RandomProgram Shrink(RandomProgram program, const std::string& fault, double seconds,
                     std::int64_t exhaustive_length) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  bool is_smaller = true;
  while (is_smaller) {
    is_smaller = false;
    for (RandomProgram& candidate : SmallerPrograms(program)) {
      if (SizeOf(candidate) > SizeOf(program) || ToText(candidate) == ToText(program)) continue;
      if (std::chrono::steady_clock::now() > end) return program;
      const CheckOutcome outcome = CheckProgram(candidate, exhaustive_length);
      if (outcome.kind != Kind::kFault || outcome.fault != fault) continue;
      program = std::move(candidate);
      is_smaller = true;
      break;
    }
  }
  return program;
}

std::string Describe(const RandomProgram& program, const CheckOutcome& outcome,
                     std::int64_t exhaustive_length) {
  return fmt::format(
      "{}: {}\n{}rerun: save as random.rasp; raspc verify random.rasp{} --exhaustive {} --random "
      "{}\n",
      outcome.fault, outcome.detail, ToText(program), OptionText(program),
      std::min(exhaustive_length, program.max_length), kNumRandomInputs);
}

}  // namespace raspc
