// Machines' programs against their simulators: on random tables, and on languages and functions
// that have another definition.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "runtime/run/make_engine.h"
#include "lab/run/run_problem.h"
#include "frontends/machines/machine_program.h"
#include "runtime/run/verdict.h"
#include "tests/automata/language_testing.h"

namespace raspc {
namespace {

struct Built {
  GeneratedProgram recogniser;
  CompiledProgram compiled;
};

Built MustBuild(std::optional<GeneratedProgram> recogniser, const Diagnostics& made) {
  INFO(Render(made));
  REQUIRE(recogniser);
  Diagnostics diag;
  std::optional<CompiledProgram> compiled = CompileGeneratedProgram(*recogniser, diag);
  INFO(recogniser->Source() << Render(diag));
  REQUIRE(compiled);
  return {*std::move(recogniser), *std::move(compiled)};
}

Built BuildMachine(const CounterMachine& machine, int max_length) {
  GeneratedProgramOptions options{Mechanism::kCot, max_length};
  Diagnostics diag;
  auto program = CounterMachineProgram(machine, "the language", options, diag);
  return MustBuild(std::move(program), diag);
}
Built BuildMachine(const StackMachine& machine, int max_length) {
  GeneratedProgramOptions options{Mechanism::kCot, max_length};
  Diagnostics diag;
  auto program = StackMachineProgram(machine, "the language", options, diag);
  return MustBuild(std::move(program), diag);
}
Built BuildMachine(const TuringMachine& machine, int max_length) {
  GeneratedProgramOptions options{Mechanism::kCot, max_length};
  Diagnostics diag;
  auto program = TuringMachineProgram(machine, "the language", options, diag);
  return MustBuild(std::move(program), diag);
}

// A run as text: its answer, if there is any, its verdict and how many steps it took.
std::string TextOf(const MachineRun& run) {
  std::string text;
  for (const std::string& symbol : run.output) text += symbol + " ";
  return text +
         (!run.halts    ? "runs on"
          : run.accepts ? "accept"
                        : "reject") +
         " after " + std::to_string(run.num_steps);
}

std::string TextOf(const Built& built, const ModelOutput& output) {
  if (output.error) return "error: " + output.error->message;
  const std::vector<std::string>& answers = built.recogniser.answer_tokens;
  std::string text;
  int num_steps = 0;
  for (const Atom& token : output.generated->tokens) {
    const std::string name = std::get<std::string>(token);
    if (std::find(answers.begin(), answers.end(), name) != answers.end()) {
      text += name + " ";
    } else {
      ++num_steps;
    }
  }
  const std::optional<bool> accepts = VerdictOf(built.compiled.model, output);
  return text +
         (!accepts   ? "runs on"
          : *accepts ? "accept"
                     : "reject") +
         " after " + std::to_string(num_steps);
}

// Compares whole runs, steps counted, on all words up to a length. Symbols of answers count as
// tokens too, so a run is cut off where both together pass the limit on tokens.
template <class Simulator>
void CheckRuns(const Built& built, const Simulator& simulator, const MachineFrame& frame,
               int max_length, std::size_t most_interpreted) {
  const std::vector<Word> words = WordsUpTo(frame.alphabet.size(), max_length);
  std::vector<std::vector<Atom>> inputs;
  for (const Word& word : words) inputs.push_back(TokensOf(frame.alphabet, word));
  const Model& model = built.compiled.model;
  const auto outputs = RunModel(model, *MakeEngine(EngineKind::kStructured, model), inputs);
  const std::int64_t most_tokens = model.generation->max_steps;
  INFO(built.recogniser.Source());
  const std::size_t stride = std::max<std::size_t>(1, words.size() / most_interpreted);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const MachineRun run = simulator.Run(words[i], most_tokens);
    const auto num_tokens = run.num_steps + static_cast<std::int64_t>(run.output.size());
    INFO("'" << ToText(frame.alphabet, words[i]) << "'");
    if (!run.halts || num_tokens > most_tokens) {
      REQUIRE_FALSE(outputs[i].generated->stopped);
      continue;
    }
    REQUIRE(TextOf(built, outputs[i]) == TextOf(run));
    if (i % stride != 0) continue;
    INFO("interpreted");
    REQUIRE(TextOf(built, Interpret(built.compiled.program, inputs[i])) == TextOf(run));
  }
}

class RandomMachines {
 public:
  explicit RandomMachines(unsigned seed) : random_(seed) {}

  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <class T>
  const T& Of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(Below(static_cast<int>(list.size())))];
  }

  MachineFrame Frame() {
    MachineFrame frame;
    frame.alphabet = Alphabet({"a", "b"});
    frame.states = {"p", "q", "r", "yes", "no"};
    frame.start = "p";
    frame.accepting = {"yes"};
    frame.rejecting = {"no"};
    frame.max_steps = Polynomial::Linear(2, 3);
    if (Chance(50)) frame.outputs = {"a", "x"};
    return frame;
  }
  // Halting is rare, so that runs are long.
  std::string Next() { return Chance(12) ? (Chance(50) ? "yes" : "no") : Running(); }
  std::string Running() { return Of(std::vector<std::string>{"p", "q", "r"}); }
  std::optional<std::string> Output(const MachineFrame& frame, const std::string& to) {
    if (frame.outputs.empty() || to == "yes" || to == "no" || Chance(60)) return std::nullopt;
    return Of(frame.outputs);
  }
  InputUse Use(const std::string& symbol) {
    return Chance(75) ? InputUse{symbol, std::nullopt} : InputUse{std::nullopt, symbol};
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> kRunning = {"p", "q", "r"};
const std::vector<std::string> kSeen = {"a", "b", "$"};

CounterMachine RandomCounterMachine(RandomMachines& random) {
  CounterMachine machine;
  machine.frame = random.Frame();
  machine.num_counters = 1 + random.Below(2);
  const std::vector<CounterTest> tests = {CounterTest::kZero, CounterTest::kPositive,
                                          CounterTest::kNegative};
  for (const std::string& from : kRunning) {
    for (const std::string& symbol : kSeen) {
      for (const CounterTest first : tests) {
        if (random.Chance(10)) continue;  // no transition
        const std::string to = random.Next();
        CounterTransition t{
            from, random.Use(symbol), {first}, to, {}, random.Output(machine.frame, to)};
        for (int c = 0; c < machine.num_counters; ++c) t.change.push_back(random.Below(3) - 1);
        machine.transitions.push_back(t);
      }
    }
  }
  return machine;
}

StackMachine RandomStackMachine(RandomMachines& random) {
  StackMachine machine;
  machine.frame = random.Frame();
  machine.stack = {"A", "B"};
  for (const std::string& from : kRunning) {
    // Some states ignore the input.
    const bool ignores = random.Chance(25);
    for (const std::string& symbol : ignores ? std::vector<std::string>{"$"} : kSeen) {
      for (const std::string top : {"bottom", "A", "B"}) {
        if (random.Chance(10)) continue;
        const std::string to = random.Next();
        StackTransition t{from, ignores ? InputUse() : random.Use(symbol), top, to};
        t.pop = top != std::string("bottom") && random.Chance(40);
        if (random.Chance(50)) t.push = random.Of(machine.stack);
        t.output = random.Output(machine.frame, to);
        machine.transitions.push_back(t);
      }
    }
  }
  return machine;
}

TuringMachine RandomTuringMachine(RandomMachines& random) {
  TuringMachine machine;
  machine.frame = random.Frame();
  machine.frame.max_steps = Polynomial::Linear(3, 6);
  machine.num_tapes = 1 + random.Below(2);
  machine.tape = {"x"};
  const std::vector<std::string> symbols = {"_", "a", "b", "x"};
  for (const std::string& from : kRunning) {
    for (const std::string& first : symbols) {
      if (random.Chance(10)) continue;
      const std::string to = random.Next();
      TuringTransition t{from, {first}, to, {}, {}, random.Output(machine.frame, to)};
      for (int k = 0; k < machine.num_tapes; ++k) {
        t.write.push_back(random.Chance(70) ? std::optional(random.Of(symbols)) : std::nullopt);
        t.move.push_back(random.Below(3) - 1);
      }
      machine.transitions.push_back(t);
    }
  }
  return machine;
}

TEST_CASE("random counter machines run as weights as they do by definition") {
  RandomMachines random(GENERATE(range(0u, 25u)));
  const CounterMachine machine = RandomCounterMachine(random);
  CheckRuns(BuildMachine(machine, 5), CounterSimulator(machine), machine.frame, 5, 10);
}

TEST_CASE("random stack machines run as weights as they do by definition") {
  RandomMachines random(GENERATE(range(0u, 25u)));
  const StackMachine machine = RandomStackMachine(random);
  CheckRuns(BuildMachine(machine, 5), StackSimulator(machine), machine.frame, 5, 10);
}

TEST_CASE("random Turing machines run as weights as they do by definition") {
  RandomMachines random(GENERATE(range(0u, 25u)));
  const TuringMachine machine = RandomTuringMachine(random);
  CheckRuns(BuildMachine(machine, 5), TuringSimulator(machine), machine.frame, 5, 10);
}

// Replaces every name of a machine by another.
class Renaming {
 public:
  explicit Renaming(std::map<std::string, std::string> names) : names_(std::move(names)) {}

  void Apply(StackMachine& machine) const {
    Frame(machine.frame);
    List(machine.stack);
    Name(machine.bottom);
    for (StackTransition& t : machine.transitions) {
      for (auto* name : {&t.from, &t.to}) Name(*name);
      for (auto* name : {&t.input.read, &t.input.look, &t.top, &t.push, &t.output}) Name(*name);
    }
  }
  void Apply(TuringMachine& machine) const {
    Frame(machine.frame);
    List(machine.tape);
    Name(machine.blank);
    for (TuringTransition& t : machine.transitions) {
      for (auto* name : {&t.from, &t.to}) Name(*name);
      for (auto& name : t.read) Name(name);
      for (auto& name : t.write) Name(name);
      Name(t.output);
    }
  }

 private:
  void Name(std::string& name) const {
    const auto found = names_.find(name);
    if (found != names_.end()) name = found->second;
  }
  void Name(std::optional<std::string>& name) const {
    if (name) Name(*name);
  }
  void List(std::vector<std::string>& names) const {
    for (std::string& name : names) Name(name);
  }
  void Frame(MachineFrame& frame) const {
    std::vector<std::string> symbols = frame.alphabet.symbols();
    List(symbols);
    frame.alphabet = Alphabet(symbols);
    for (auto* names : {&frame.states, &frame.accepting, &frame.rejecting, &frame.outputs}) {
      List(*names);
    }
    Name(frame.start);
    Name(frame.end);
  }

  std::map<std::string, std::string> names_;
};

TEST_CASE("names of all kinds, including those that programs use, stay distinct") {
  const Renaming renaming(GENERATE(
      std::map<std::string, std::string>{
          {"a", "accept"}, {"b", "p read"}, {"x", "reject"}, {"A", "\""}, {"B", "<0>"}},
      std::map<std::string, std::string>{{"p", "p q"},
                                         {"q", "p"},
                                         {"r", "write"},
                                         {"a", "p a"},
                                         {"b", "a"},
                                         {"x", "a a"},
                                         {"$", "#"},
                                         {"_", " "}},
      std::map<std::string, std::string>{
          {"p", "\"\n"}, {"a", "write x"}, {"A", "\""}, {"B", "\n"}, {"bottom", "s1"}}));
  RandomMachines random(GENERATE(range(200u, 206u)));
  StackMachine stack = RandomStackMachine(random);
  renaming.Apply(stack);
  CheckRuns(BuildMachine(stack, 4), StackSimulator(stack), stack.frame, 4, 5);
  TuringMachine turing = RandomTuringMachine(random);
  renaming.Apply(turing);
  CheckRuns(BuildMachine(turing, 4), TuringSimulator(turing), turing.frame, 4, 5);
}

TEST_CASE("a machine that halts where it starts, or has no transition, takes one step") {
  for (const bool accepts : {false, true}) {
    TuringMachine machine;
    machine.frame.alphabet = Alphabet({"a"});
    machine.frame.start = "p";
    if (accepts) machine.frame.accepting = {"p"};
    CheckRuns(BuildMachine(machine, 3), TuringSimulator(machine), machine.frame, 3, 4);
    CHECK(TextOf(TuringSimulator(machine).Run({0, 0}, 9)) ==
          (accepts ? "accept after 1" : "reject after 1"));
  }
}

TEST_CASE("many random machines run as weights as they do by definition", "[.long]") {
  for (unsigned seed = 25; seed < 150; ++seed) {
    CAPTURE(seed);
    RandomMachines random(seed);
    const CounterMachine counters = RandomCounterMachine(random);
    CheckRuns(BuildMachine(counters, 6), CounterSimulator(counters), counters.frame, 6, 10);
    const StackMachine stack = RandomStackMachine(random);
    CheckRuns(BuildMachine(stack, 6), StackSimulator(stack), stack.frame, 6, 10);
    const TuringMachine turing = RandomTuringMachine(random);
    CheckRuns(BuildMachine(turing, 6), TuringSimulator(turing), turing.frame, 6, 10);
  }
}

}  // namespace
}  // namespace raspc
