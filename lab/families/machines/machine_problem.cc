// A machine given as a table has no other definition, so it serves as its own.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "automata/sample.h"
#include "lab/families/machines/machine_families.h"
#include "frontends/machines/machine_program.h"
#include "lab/problem/language_sampler.h"

namespace raspc {
namespace {

// Members are listed for lengths with at most this many words, and otherwise sampled by rejection.
constexpr std::size_t kMaxListedWords = 4'096;
constexpr int kMaxDrawn = 300;
// The bound on steps is checked on words of up to this many symbols, for this many steps, fewer if
// a step may have to examine many transitions.
constexpr int kLengthTried = 64;
constexpr std::int64_t kStepsTried = 2'000'000;
constexpr std::int64_t kTransitionsTried = 100'000'000;

using RunMachine = std::function<MachineRun(const Word& word, std::int64_t max_steps)>;

template <class Simulator, class M>
RunMachine RunOf(const M& machine) {
  return [simulator = std::make_shared<const Simulator>(machine)](
             const Word& word, std::int64_t max_steps) { return simulator->Run(word, max_steps); };
}
RunMachine RunOf(const Machine& machine) {
  if (const auto* counters = std::get_if<CounterMachine>(&machine)) {
    return RunOf<CounterSimulator>(*counters);
  }
  if (const auto* stack = std::get_if<StackMachine>(&machine)) return RunOf<StackSimulator>(*stack);
  return RunOf<TuringSimulator>(std::get<TuringMachine>(machine));
}

const MachineFrame& FrameOf(const Machine& machine) {
  return std::visit([](const auto& m) -> const MachineFrame& { return m.frame; }, machine);
}

std::string KindOf(const Machine& machine) {
  return std::get_if<CounterMachine>(&machine) ? "counter machine"
         : std::get_if<StackMachine>(&machine) ? "stack machine"
                                               : "Turing machine";
}

// Words of a length, the i-th in lexicographic order.
Word WordAt(std::size_t i, int length, int num_symbols) {
  Word word(static_cast<std::size_t>(length));
  for (auto at = word.rbegin(); at != word.rend(); ++at) {
    *at = static_cast<SymbolId>(i % static_cast<std::size_t>(num_symbols));
    i /= static_cast<std::size_t>(num_symbols);
  }
  return word;
}

// The number of words of the length, or kMaxListedWords + 1 if there are more than kMaxListedWords.
std::size_t NumWords(int length, int num_symbols) {
  std::size_t count = 1;
  for (int i = 0; i < length && count <= kMaxListedWords; ++i) {
    count *= static_cast<std::size_t>(num_symbols);
  }
  return std::min(count, kMaxListedWords + 1);
}

// Uniform words for which `is_member` holds.
DrawWord DrawMembers(const std::function<bool(const Word&)>& is_member, int max_length,
                     int num_symbols) {
  auto listed = std::make_shared<std::map<int, std::vector<Word>>>();
  for (int length = 0; length <= max_length && NumWords(length, num_symbols) <= kMaxListedWords;
       ++length) {
    std::vector<Word>& members = (*listed)[length];
    for (std::size_t i = 0; i < NumWords(length, num_symbols); ++i) {
      Word word = WordAt(i, length, num_symbols);
      if (is_member(word)) members.push_back(std::move(word));
    }
  }
  return [=](int length, std::mt19937_64& random) -> std::optional<Word> {
    if (const auto members = listed->find(length); members != listed->end()) {
      if (members->second.empty()) return std::nullopt;
      const int count = static_cast<int>(members->second.size());
      return members->second[static_cast<std::size_t>(UniformBelow(random, count))];
    }
    for (int i = 0; i < kMaxDrawn; ++i) {
      Word word = AnyWord(length, num_symbols, random);
      if (is_member(word)) return word;
    }
    return std::nullopt;
  };
}

// The steps that a word may take. There are no programs for more than kMaxMachineTokens.
std::int64_t StepsFor(const MachineFrame& frame, const Word& word) {
  const auto bound = frame.max_steps.At(static_cast<std::int64_t>(word.size()));
  return std::min(bound.value_or(0), kMaxMachineTokens);
}

bool CheckBound(const Machine& machine, const RunMachine& run, const std::string& name,
                Diagnostics& diag) {
  const MachineFrame& frame = FrameOf(machine);
  const int num_symbols = frame.alphabet.size();
  const auto num_transitions = static_cast<std::int64_t>(
      std::visit([](const auto& m) { return m.transitions.size(); }, machine));
  std::int64_t steps_left = std::min(kStepsTried, kTransitionsTried / (1 + num_transitions));
  const auto is_kept = [&](const Word& word) {
    const std::int64_t bound = StepsFor(frame, word);
    const MachineRun taken = run(word, std::min(bound, steps_left));
    steps_left -= taken.num_steps;
    if (taken.halts || taken.num_steps < bound) return true;
    diag.Error(
        ErrorKind::kValue, {},
        fmt::format("{}: the machine does not halt within \"max_steps\", {}, on {}: {} steps are "
                    "not enough",
                    name, frame.max_steps.Text(), ToJson(frame.alphabet, word), taken.num_steps));
    return false;
  };
  std::mt19937_64 random(1);
  for (int length = 0; length <= kLengthTried; ++length) {
    const std::size_t count = NumWords(length, num_symbols);
    const bool is_listed = count <= kMaxListedWords / 4;
    for (std::size_t i = 0; i < (is_listed ? count : 10); ++i) {
      if (steps_left <= 0) return true;
      const Word word =
          is_listed ? WordAt(i, length, num_symbols) : AnyWord(length, num_symbols, random);
      if (!is_kept(word)) return false;
    }
  }
  return true;
}

std::array<MechanismTheory, 4> TheoryOf(const Machine& machine) {
  MechanismTheory none;
  none.reason = "nothing is known about a machine except how it runs";
  MechanismTheory cot;
  cot.expectation = Expectation::kYes;
  cot.reason = fmt::format("a step of the {} per token", KindOf(machine));
  cot.cost = FrameOf(machine).max_steps.Text() + " steps";
  cot.reference = "Merrill, Sabharwal 2024";
  return {none, none, cot, none};
}

}  // namespace

std::optional<Problem> MachineProblem(Machine machine, const std::string& name, Diagnostics& diag) {
  const RunMachine run_for = RunOf(machine);
  if (!CheckBound(machine, run_for, name, diag)) return std::nullopt;
  const MachineFrame frame = FrameOf(machine);
  const auto run = [run_for, frame](const Word& word) {
    return run_for(word, StepsFor(frame, word));
  };
  Problem problem;
  problem.name = name;
  problem.kind = frame.outputs.empty() ? ProblemKind::kLanguage : ProblemKind::kTask;
  // A stack machine reads its input once from left to right.
  problem.level = std::get_if<StackMachine>(&machine) ? "deterministic context-free"
                                                      : "by a " + KindOf(machine);
  problem.alphabet = frame.alphabet;
  problem.definition = fmt::format("what the {} {} {}", KindOf(machine), name,
                                   frame.outputs.empty() ? "accepts" : "writes");
  const auto is_member = [run](const Word& word) { return run(word).accepts; };
  if (problem.kind == ProblemKind::kLanguage) {
    problem.decide = is_member;
  } else {
    problem.answer = [run](const Word& word) -> std::optional<Answer> {
      MachineRun taken = run(word);
      if (!taken.accepts) return std::nullopt;
      return std::move(taken.output);
    };
  }
  problem.make_sampler = [is_member, decide = problem.decide, num_symbols = frame.alphabet.size()](
                            int max_length, const LanguageLimits&, Diagnostics&) {
    SamplerParts parts;
    parts.num_symbols = num_symbols;
    parts.max_length = max_length;
    parts.decide = decide;
    parts.member = DrawMembers(is_member, max_length, num_symbols);
    return MakeSampler(std::move(parts));
  };
  problem.theory = ProblemTheory{TheoryOf(machine), {}, std::nullopt};
  const auto shared = std::make_shared<const Machine>(std::move(machine));
  problem.make_program = [shared, known = problem](
                             const GeneratedProgramOptions& options,
                             Diagnostics& made) -> std::optional<GeneratedProgram> {
    if (options.mechanism == Mechanism::kCot)
      return MachineProgram(*shared, known.name, options, made);
    ReportRefusal(known, options.mechanism, made);
    return std::nullopt;
  };
  return problem;
}

std::optional<Problem> ReadMachineProblem(std::string_view json, const std::string& name,
                                          const std::optional<Alphabet>& alphabet,
                                          Diagnostics& diag) {
  std::optional<Machine> machine = ReadMachine(json, name, alphabet, diag);
  return machine ? MachineProblem(*std::move(machine), name, diag) : std::nullopt;
}

}  // namespace raspc
