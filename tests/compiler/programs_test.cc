// Every program in programs/ does what it says: on all short inputs and on many long ones it agrees
// with an independent definition, and the examples in its header are true.
//
// A program that is in the folder but not in program_definitions.h fails the test, so that none
// goes unchecked.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <regex>
#include <sstream>

#include "compiler/interpret/interpret.h"
#include "compiler/load/load_program.h"
#include "tests/compiler/program_definitions.h"

namespace raspc {
namespace {

using definitions::Output;
using definitions::Tokens;

// Slow builds check shorter and fewer inputs, but every program.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool kIsFastBuild = true;
#else
constexpr bool kIsFastBuild = false;
#endif
constexpr int kMaxLength = 16;
constexpr int kNumRandom = kIsFastBuild ? 2000 : 200;
constexpr std::size_t kMaxExhaustive = kIsFastBuild ? 6'000 : 2'000;
constexpr std::uint64_t kSeed = 20240607;

// ------------------------------------------------------------------------------------ the programs

std::string PathOf(const std::string& name) {
  return std::string(RASPC_SOURCE_DIR) + "/programs/" + name + ".rasp";
}

// The names of all programs except the standard library.
std::vector<std::string> ProgramNames() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RASPC_SOURCE_DIR) + "/programs")) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".rasp" && path.stem() != "rasplib") names.push_back(path.stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string SourceOf(const std::string& name) {
  std::ifstream file(PathOf(name));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

LoadedProgram Load(const std::string& name) {
  LoadOptions options;
  options.try_out = true;
  Diagnostics diag;
  std::optional<LoadedProgram> program = LoadProgram(PathOf(name), options, diag);
  INFO(Render(diag));
  REQUIRE(program);
  CHECK(diag.empty());
  return *std::move(program);
}

// The tokens that inputs may use.
Tokens AlphabetOf(const LoadedProgram& program) {
  const ProgramSettings& settings = program.settings;
  REQUIRE(settings.vocab);
  Tokens alphabet;
  for (const Atom& token : settings.alphabet.value_or(*settings.vocab)) {
    alphabet.push_back(std::get<std::string>(token));
  }
  return alphabet;
}

// The output of the program, or its generated tokens if it generates; nothing if it fails.
std::optional<Output> Run(const LoadedProgram& program, const Tokens& input, Diagnostics& diag) {
  const DataflowGraph& graph = program.traced.graph;
  const std::optional<Output> framed = program.evaluation.frame.Apply(definitions::AsOutput(input));
  REQUIRE(framed);
  Interpreter interpreter(graph, *framed, program.evaluation.causal);
  const NodeValue* value = interpreter.Evaluate(program.output, diag);
  if (value == nullptr) return std::nullopt;
  const std::optional<GenerationRule> rule = program.evaluation.generation;
  if (!rule) return std::get<SOpValues>(*value);
  const std::optional<Generated> generated = Generate(graph, program.output, *framed, *rule, diag);
  if (!generated || !generated->stopped) return std::nullopt;
  return generated->tokens;
}

bool Same(const Output& a, const Output& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), Identical);
}

// ------------------------------------------------------------------------------------- the inputs

// The length up to which every input is tried, regardless of their number.
int LeastExhaustiveLength(const Tokens& alphabet) {
  if (!kIsFastBuild) return 2;
  return alphabet.size() > 8 ? 4 : 5;
}

// All inputs up to the largest length at which there are not too many, shorter ones first.
std::vector<Tokens> ShortInputs(const Tokens& alphabet) {
  std::vector<Tokens> inputs, of_length = {{}};
  for (int length = 1; length <= kMaxLength; ++length) {
    const std::size_t num_inputs = inputs.size() + of_length.size() * alphabet.size();
    if (num_inputs > kMaxExhaustive && length > LeastExhaustiveLength(alphabet)) break;
    std::vector<Tokens> longer;
    for (const Tokens& word : of_length) {
      for (const std::string& token : alphabet) {
        longer.push_back(word);
        longer.back().push_back(token);
      }
    }
    inputs.insert(inputs.end(), longer.begin(), longer.end());
    of_length = std::move(longer);
  }
  return inputs;
}

// Interesting inputs for the programs. Uniformly random ones are hardly ever balanced, palindromes
// or sums, so half of the inputs are constructed to be nearly so.
class InputSampler {
 public:
  explicit InputSampler(Tokens alphabet) : alphabet_(std::move(alphabet)), random_(kSeed) {}

  Tokens Next() {
    Tokens input;
    switch (Below(6)) {
      case 0:
        input = NestedBrackets();
        break;
      case 1:
        input = Mirrored();
        break;
      case 2:
        input = WithOne("+");
        break;
      default:
        input = Uniform(1 + Below(kMaxLength), 1 + Below(alphabet_.size()));
    }
    if (Below(3) == 0) input[Below(input.size())] = alphabet_[Below(alphabet_.size())];
    return input;
  }

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }

  // Of a few random tokens of the alphabet, so that tokens repeat.
  Tokens Uniform(std::size_t length, std::size_t num_tokens) {
    const std::size_t offset = Below(alphabet_.size());
    Tokens input;
    for (std::size_t i = 0; i < length; ++i) {
      input.push_back(alphabet_[(offset + Below(num_tokens)) % alphabet_.size()]);
    }
    return input;
  }

  // Takes tokens 0 and 1, 2 and 3, … for pairs of brackets.
  Tokens NestedBrackets() {
    Tokens input, to_close;
    for (std::size_t left = 1 + Below(kMaxLength); left > 0; --left) {
      const bool close = to_close.size() >= left || (!to_close.empty() && Below(2) == 0);
      if (close) {
        input.push_back(to_close.back());
        to_close.pop_back();
      } else {
        const std::size_t pair = Below((alphabet_.size() + 1) / 2) * 2;
        input.push_back(alphabet_[pair]);
        to_close.push_back(alphabet_[std::min(pair + 1, alphabet_.size() - 1)]);
      }
    }
    return input;
  }

  Tokens Mirrored() {
    Tokens input = Uniform(1 + Below(kMaxLength / 2), alphabet_.size());
    const Tokens half = input;
    input.insert(input.end(), half.rbegin() + Below(2), half.rend());
    return input;
  }

  // The token in one place, if it is in the alphabet, and often long runs of the one before it.
  Tokens WithOne(const std::string& token) {
    Tokens others = alphabet_;
    others.erase(std::remove(others.begin(), others.end(), token), others.end());
    Tokens input;
    for (std::size_t left = 1 + Below(kMaxLength); left > 0; --left) {
      input.push_back(Below(2) == 0 ? others.back() : others[Below(others.size())]);
    }
    if (others.size() < alphabet_.size()) input[Below(input.size())] = token;
    return input;
  }

  Tokens alphabet_;
  std::mt19937_64 random_;
};

// --------------------------------------------------------------------------------- the comparisons

// The error of the program on this input, as a command that shows it; empty if there is none.
std::string Mismatch(const std::string& name, const LoadedProgram& program, const Tokens& input) {
  const Output wanted = definitions::All().at(name)(input);
  Diagnostics diag;
  const std::optional<Output> got = Run(program, input, diag);
  if (got && diag.empty() && Same(wanted, *got)) return "";
  return "raspc eval programs/" + name + ".rasp --tokens '" + ToJson(definitions::AsOutput(input)) +
         "': wanted " + ToJson(wanted) + ", got " +
         (got ? ToJson(*got) : "no output: " + Render(diag));
}

// Compares all inputs and gives their number; reports the first mismatches.
std::size_t CompareAll(const std::string& name, const LoadedProgram& program) {
  const Tokens alphabet = AlphabetOf(program);
  std::vector<Tokens> inputs = ShortInputs(alphabet);
  InputSampler sampler(alphabet);
  for (int i = 0; i < kNumRandom; ++i) inputs.push_back(sampler.Next());
  int num_reported = 0;
  for (const Tokens& input : inputs) {
    const std::string mismatch = Mismatch(name, program, input);
    if (mismatch.empty()) continue;
    FAIL_CHECK(mismatch);
    if (++num_reported == 3) break;
  }
  return inputs.size();
}

struct Example {
  std::string program;
  Tokens input;
  bool is_generated;
  std::string output;  // JSON
};

// The examples in a program's header, one a line:
//
//     # Example: raspc eval programs/shift.rasp abcd  ->  ["-", "a", "b", "c"]
//     # Example: raspc eval programs/copy_generate.rasp ab  ->  generated ["a", "b", "|"]
std::vector<Example> ExamplesIn(const std::string& source) {
  static const std::regex line(
      R"re((?:^|\n)# Example: raspc eval programs/(\w+)\.rasp (?:"([^"\n]+)"|([^"\s]+))  ->  (generated )?(\[[^\n]*\])(?=\n))re");
  std::vector<Example> examples;
  for (std::sregex_iterator at(source.begin(), source.end(), line), end; at != end; ++at) {
    const std::string text = (*at)[2].matched ? (*at)[2] : (*at)[3];
    Example example{(*at)[1], {}, (*at)[4].matched, (*at)[5]};
    for (const char letter : text) example.input.push_back(std::string(1, letter));
    examples.push_back(std::move(example));
  }
  return examples;
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("every program has a definition to be compared with") {
  std::vector<std::string> defined;
  for (const auto& [name, definition] : definitions::All()) defined.push_back(name);
  CHECK(ProgramNames() == defined);
}

TEST_CASE("every program computes what it is defined to compute") {
  std::size_t num_inputs = 0;
  for (const std::string& name : ProgramNames()) {
    if (definitions::All().count(name) == 0) continue;  // the test above fails
    num_inputs += CompareAll(name, Load(name));
  }
  std::cout << "programs: " << ProgramNames().size() << " programs agree with their definitions on "
            << num_inputs << " inputs, seed " << kSeed << "\n";
}

TEST_CASE("the examples in the headers of the programs are true") {
  for (const std::string& name : ProgramNames()) {
    const std::string source = SourceOf(name);
    const std::vector<Example> examples = ExamplesIn(source);
    INFO(name);
    CHECK(!examples.empty());
    CHECK(examples.size() == CountOf(source, "Example"));  // none has another form
    const LoadedProgram program = Load(name);
    for (const Example& example : examples) {
      CHECK(example.program == name);
      CHECK(example.is_generated == program.evaluation.generation.has_value());
      Diagnostics diag;
      const std::optional<Output> got = Run(program, example.input, diag);
      INFO(Render(diag));
      REQUIRE(got);
      CHECK(ToJson(*got) == example.output);
    }
  }
}

TEST_CASE("every program says what it does and what it is compiled for") {
  for (const std::string& name : ProgramNames()) {
    INFO(name);
    const std::string source = SourceOf(name);
    CHECK(std::regex_search(source, std::regex(R"re(^# [A-Z][^\n]*[:,] )re")));
    const LoadedProgram program = Load(name);
    const ProgramSettings& settings = program.settings;
    CHECK(settings.vocab);
    CHECK(settings.max_length == kMaxLength);
    CHECK((settings.output.has_value() || settings.generate.has_value()));
    CHECK(settings.example);
    // Few enough tokens in inputs for all the short ones to be compared.
    const Output vocabulary = settings.vocab.value_or(Output());
    CHECK(settings.alphabet.value_or(vocabulary).size() <= 11);
  }
}

TEST_CASE("the guide to the programs names every one of them") {
  std::ifstream file(std::string(RASPC_SOURCE_DIR) + "/programs/README.md");
  std::ostringstream guide;
  guide << file.rdbuf();
  for (const std::string& name : ProgramNames()) {
    INFO(name);
    CHECK(CountOf(guide.str(), "`" + name + "`") >= 1);
  }
}

TEST_CASE("the comparison distinguishes values of different types") {
  CHECK(Same({Atom(std::int64_t{1})}, {Atom(std::int64_t{1})}));
  CHECK_FALSE(Same({Atom(std::int64_t{1})}, {Atom(1.0)}));
  CHECK_FALSE(Same({Atom(std::int64_t{1})}, {Atom(true)}));
  CHECK_FALSE(Same({Atom("a")}, {Atom("a"), Atom("a")}));
}

}  // namespace
}  // namespace raspc
