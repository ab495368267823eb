// The fifteen tasks: their definitions, samplers and programs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "runtime/run/make_engine.h"
#include "compiler/simplify/simplify.h"
#include "lab/run/run_problem.h"
#include "lab/registry/registry.h"
#include "tests/automata/language_testing.h"
#include "tests/lab/problem_testing.h"
#include "tests/lab/families/tasks/task_definitions.h"

namespace raspc {
namespace {

Word WordOf(const Problem& problem, const std::string& text) {
  Diagnostics diag;
  const std::optional<Word> word = ReadWord(problem.alphabet, text, diag);
  INFO(Render(diag));
  REQUIRE(word);
  return *word;
}

std::optional<std::string> TextOf(const std::optional<Answer>& answer) {
  if (!answer) return std::nullopt;
  std::string text;
  for (const std::string& token : *answer) text += token;
  return text;
}

// The inputs of a length that listing them gives: of tasks whose inputs are rare among all words.
std::vector<Word> ListedInputs(const Problem& problem, int length) {
  std::vector<Word> words;
  if (problem.name == "modular_arithmetic_brackets") {
    for (const auto& [text, value] : ExpressionsOf(length, "+-*")) {
      words.push_back(WordOf(problem, text));
    }
  }
  if (problem.name == "solve_equation") {
    for (const std::string& text : EquationsOf(length)) words.push_back(WordOf(problem, text));
  }
  return words;
}

GeneratedProgramOptions OptionsOf(Mechanism mechanism, std::int64_t max_length) {
  GeneratedProgramOptions options;
  options.mechanism = mechanism;
  options.max_length = max_length;
  return options;
}

struct Cell {
  Problem problem;
  Mechanism mechanism;
};

// Every task by every mechanism that has a program for it, except programs shared with an earlier
// mechanism.
std::vector<Cell> Cells() {
  std::vector<Cell> cells;
  for (const TaskDefinition& definition : TaskDefinitions()) {
    const Problem problem = ProblemOf(definition.name);
    std::set<std::string> programs;
    for (const Mechanism mechanism : kAllMechanisms) {
      if (!problem.TheoryOf(mechanism).IsBuilt()) continue;
      Diagnostics diag;
      const auto program = problem.make_program(OptionsOf(mechanism, 16), diag);
      INFO(problem.name << ": " << Render(diag));
      REQUIRE(program);
      if (programs.insert(program->Source()).second) cells.push_back({problem, mechanism});
    }
  }
  return cells;
}

std::optional<CompiledProgram> Compiled(const Problem& problem,
                                           const GeneratedProgramOptions& options) {
  Diagnostics diag;
  const auto program = problem.make_program(options, diag);
  INFO(problem.name << ": " << Render(diag));
  REQUIRE(program);
  return CompileGeneratedProgram(*program, diag);
}

TEST_CASE("the registry holds the fifteen tasks with their levels") {
  std::map<std::string, int> num_of_level;
  std::set<std::string> names;
  for (const ProblemEntry& entry : ProblemEntries()) {
    if (entry.kind != ProblemKind::kTask) continue;
    names.insert(entry.name);
    ++num_of_level[entry.level];
  }
  for (const TaskDefinition& definition : TaskDefinitions()) {
    CHECK(names.contains(definition.name));
  }
  CHECK(num_of_level["regular"] >= 4);
  CHECK(num_of_level["deterministic context-free"] >= 4);
  CHECK(num_of_level["context-sensitive"] >= 7);
}

TEST_CASE("answers of tasks agree with a second definition on all short texts and on long inputs") {
  for (const TaskDefinition& definition : TaskDefinitions()) {
    const Problem problem = ProblemOf(definition.name);
    CAPTURE(problem.name);
    int length = 0;
    for (double words = 1; words < 20'000; words *= problem.alphabet.size()) ++length;
    int num_wrong = 0, num_inputs = 0;
    const auto compare = [&](const Word& word) {
      const std::string text = ToText(problem.alphabet, word);
      const auto answer = TextOf(problem.answer(word));
      num_inputs += answer.has_value();
      if (answer == definition.answer(text)) return;
      if (num_wrong++ == 0) UNSCOPED_INFO("the first: '" << text << "'");
    };
    for (const Word& word : WordsUpTo(problem.alphabet.size(), length - 1)) compare(word);
    Diagnostics diag;
    const auto source = problem.make_sampler(64, {}, diag);
    REQUIRE(source);
    std::mt19937_64 random(3);
    for (int i = 0; i < 500; ++i) {
      const auto word = source->Member(1 + i % 64, random);
      if (word) compare(*word);
    }
    CHECK(num_wrong == 0);
    CHECK(num_inputs > 200);
  }
}

TEST_CASE("answers of tasks are those of the benchmark's examples") {
  const auto answer = [](const std::string& task, const std::string& input) {
    const Problem problem = ProblemOf(task);
    return TextOf(problem.answer(WordOf(problem, input))).value_or("none");
  };
  CHECK(answer("binary_addition", "001201101") == "0101120000");
  CHECK(answer("binary_multiplication", "001201101") == "000110120");
  CHECK(answer("compute_sqrt", "100101") == "110");
  CHECK(answer("compute_sqrt", "111") == "10");
  CHECK(answer("missing_duplicate", "01100210") == "1");
  CHECK(answer("missing_duplicate", "1011213") == "0");
  CHECK(answer("modular_arithmetic_simple", "1+2*3") == "2");
  CHECK(answer("modular_arithmetic_simple", "0*1+4*3-2") == "0");
  CHECK(answer("stack_manipulation", "0110422") == "11020000");
  CHECK(answer("stack_manipulation", "110222") == "2000000");
}

TEST_CASE("an answer is computed for expressions of any depth") {
  const Problem problem = ProblemOf("modular_arithmetic_brackets");
  std::string left, right;
  for (int i = 0; i < 100'000; ++i) {
    left += '(';
    right += "+1)";
  }
  CHECK(TextOf(problem.answer(WordOf(problem, left + "3" + right))) == "3");
  CHECK_FALSE(problem.answer(WordOf(problem, left)));
}

TEST_CASE("samplers of tasks give all inputs of a length equally often") {
  const auto [name, length] = GENERATE(table<const char*, int>({{"even_pairs_task", 6},
                                                                {"modular_arithmetic_simple", 3},
                                                                {"parity_check", 5},
                                                                {"cycle_navigation_task", 4},
                                                                {"stack_manipulation", 4},
                                                                {"reverse_string", 6},
                                                                {"modular_arithmetic_brackets", 4},
                                                                {"solve_equation", 4},
                                                                {"duplicate_string", 6},
                                                                {"missing_duplicate", 7},
                                                                {"odds_first", 6},
                                                                {"binary_addition", 7},
                                                                {"binary_multiplication", 6},
                                                                {"compute_sqrt", 6},
                                                                {"bucket_sort", 4}}));
  CheckSampler(ProblemOf(name), 20, length);
}

TEST_CASE("expressions and equations are sampled uniformly at lengths with many shapes") {
  const auto [name, length] = GENERATE(table<const char*, int>({{"modular_arithmetic_brackets", 6},
                                                                {"modular_arithmetic_brackets", 8},
                                                                {"solve_equation", 8},
                                                                {"solve_equation", 11}}));
  const Problem problem = ProblemOf(name);
  const std::vector<Word> inputs = ListedInputs(problem, length);
  Diagnostics diag;
  const auto source = problem.make_sampler(length, {}, diag);
  REQUIRE(source);
  std::mt19937_64 random(4);
  std::vector<Word> drawn;
  for (std::size_t i = 0; i < 20 * inputs.size(); ++i) {
    drawn.push_back(source->Member(length, random).value());
  }
  CheckUniform(problem, drawn, inputs.size());
}

TEST_CASE("hard inputs of tasks are inputs, and expressions among them are nested deeply") {
  for (const TaskDefinition& definition : TaskDefinitions()) {
    const Problem problem = ProblemOf(definition.name);
    CAPTURE(problem.name);
    Diagnostics diag;
    const auto source = problem.make_sampler(64, {}, diag);
    REQUIRE(source);
    std::mt19937_64 random(6);
    for (int i = 0; i < 200; ++i) {
      const int length = i % 65;
      const auto word = source->Hard(length, random);
      CHECK(word.has_value() == source->Member(length, random).has_value());
      if (!word) continue;
      CHECK(static_cast<int>(word->size()) == length);
      CHECK(problem.answer(*word));
      if (problem.name != "modular_arithmetic_brackets") continue;
      // Each pair of brackets around an operator holds at most four tokens besides the next one.
      const std::string text = ToText(problem.alphabet, *word);
      int depth = 0, deepest = 0;
      for (const char c : text) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        deepest = std::max(deepest, depth);
      }
      CHECK(deepest >= (length - 4) / 7);
    }
  }
}

// How many attention layers the longest path of a program's graph has.
int AttentionDepth(const GeneratedProgram& recogniser) {
  Diagnostics diag;
  const auto source = std::make_shared<const SourceText>("program.rasp", recogniser.Source());
  const auto program = LoadProgram(source, LoadOptions(), diag);
  INFO(Render(diag));
  REQUIRE(program);
  const SimplifiedGraph simplified = Simplify(program->traced.graph, program->output);
  std::vector<int> depth;
  for (int i = 0; i < simplified.graph.size(); ++i) {
    int before = 0;
    for (const NodeId operand : simplified.graph.OperandsOf(NodeId{i})) {
      before = std::max(before, depth[static_cast<std::size_t>(operand.value)]);
    }
    const NodeKind& kind = simplified.graph[NodeId{i}].kind;
    const bool attends = std::holds_alternative<AggregateNode>(kind) ||
                         std::holds_alternative<WidthNode>(kind) ||
                         std::holds_alternative<SumNode>(kind);
    depth.push_back(before + (attends ? 1 : 0));
  }
  return depth[static_cast<std::size_t>(simplified.output.value)];
}

TEST_CASE("the depth that a task's program states is that of its graph") {
  for (const Cell& cell : Cells()) {
    CAPTURE(cell.problem.name, MechanismName(cell.mechanism));
    for (const int max_length : {8, 16, 64}) {
      Diagnostics diag;
      const auto program = cell.problem.make_program(OptionsOf(cell.mechanism, max_length), diag);
      REQUIRE(program);
      CHECK(program->depth == AttentionDepth(*program));
    }
  }
}

TEST_CASE("a source of expressions stops at the limit of steps") {
  const Problem problem = ProblemOf("solve_equation");
  Diagnostics diag;
  CHECK_FALSE(problem.make_sampler(1'000'000, {}, diag));
  REQUIRE_FALSE(diag.all().empty());
  CHECK(diag.all().front().kind == ErrorKind::kLimit);
}

TEST_CASE("tasks are solved by every mechanism that theory gives a program for") {
  for (const Cell& cell : Cells()) {
    ProgramCheck check;
    check.mechanism = cell.mechanism;
    check.max_length = cell.mechanism == Mechanism::kPad ? 12 : 24;
    check.most_exhaustive = 20'000;
    for (int length = 0; length <= 9; ++length) {
      for (Word& word : ListedInputs(cell.problem, length)) check.further.push_back(word);
    }
    CheckProgram(cell.problem, check);
  }
}

TEST_CASE("tasks are solved up to 64 symbols", "[.long]") {
  for (const Cell& cell : Cells()) {
    ProgramCheck check;
    check.mechanism = cell.mechanism;
    check.max_length = cell.mechanism == Mechanism::kPad ? 16 : 64;
    check.samples = 500;
    check.most_exhaustive = 100'000;
    CheckProgram(cell.problem, check);
  }
}

TEST_CASE("programs of tasks work for the shortest maximum lengths") {
  for (const Cell& cell : Cells()) {
    for (const int max_length : {1, 2, 3}) {
      Diagnostics diag;
      const auto source = cell.problem.make_sampler(max_length, {}, diag);
      std::mt19937_64 random(1);
      bool has_inputs = false;
      for (int length = 0; length <= max_length; ++length) {
        has_inputs = has_inputs || source->Member(length, random).has_value();
      }
      if (!has_inputs) {
        CHECK(Compiled(cell.problem, OptionsOf(cell.mechanism, max_length)));
        continue;
      }
      ProgramCheck check;
      check.mechanism = cell.mechanism;
      check.max_length = max_length;
      check.samples = 20;
      CheckProgram(cell.problem, check);
    }
  }
}

TEST_CASE("for enormous maximum lengths programs of tasks stay small or are refused") {
  for (const Cell& cell : Cells()) {
    CAPTURE(cell.problem.name, MechanismName(cell.mechanism));
    Diagnostics diag;
    const auto program = cell.problem.make_program(OptionsOf(cell.mechanism, 1'000'000'000), diag);
    if (program) {
      CHECK(program->Source().size() < 100'000);
    } else {
      REQUIRE(diag.all().size() == 1);
      CHECK(diag.all().front().kind == ErrorKind::kLimit);
    }
  }
}

TEST_CASE("direct programs of tasks have as many layers whatever the length") {
  for (const Cell& cell : Cells()) {
    if (cell.mechanism != Mechanism::kDirect) continue;
    CAPTURE(cell.problem.name);
    const auto num_layers = [&](std::int64_t max_length) {
      return Compiled(cell.problem, OptionsOf(cell.mechanism, max_length))->model.layers.size();
    };
    const std::size_t at_16 = num_layers(16);
    CHECK(num_layers(32) == at_16);
    CHECK(num_layers(64) == at_16);
  }
}

TEST_CASE("the depth of tasks solved by rounds grows with the logarithm of the length") {
  const std::string name = GENERATE("parity_check", "cycle_navigation_task", "binary_addition",
                                    "modular_arithmetic_brackets");
  const Problem problem = ProblemOf(name);
  const auto depth = [&](std::int64_t max_length) {
    Diagnostics diag;
    return problem.make_program(OptionsOf(Mechanism::kLogDepth, max_length), diag)->depth;
  };
  const int for_a_round = depth(32) - depth(16);
  CHECK(for_a_round > 0);
  CHECK(depth(64) - depth(32) == for_a_round);
  CHECK(depth(1024) - depth(64) == 4 * for_a_round);
}

// The first length of inputs on which a program of too few rounds is wrong, if there is one.
std::optional<int> FirstFailure(const Problem& problem, int num_rounds, int max_length) {
  GeneratedProgramOptions options = OptionsOf(Mechanism::kLogDepth, max_length);
  options.num_rounds = num_rounds;
  Diagnostics diag;
  const auto program = problem.make_program(options, diag);
  REQUIRE(program);
  const auto compiled = CompileGeneratedProgram(*program, diag);
  REQUIRE(compiled);
  const auto engine = MakeEngine(EngineKind::kStructured, compiled->model);
  const auto source = problem.make_sampler(max_length, {}, diag);
  std::mt19937_64 random(5);
  for (int length = 1; length <= max_length; ++length) {
    std::vector<Word> words;
    for (int i = 0; i < 200; ++i) {
      if (const auto word = source->Member(length, random)) words.push_back(*word);
    }
    const auto outcomes = RunProblem(problem, *program, compiled->model, *engine, words);
    if (std::any_of(outcomes.begin(), outcomes.end(),
                    [](const Outcome& outcome) { return !outcome.is_right; })) {
      return length;
    }
  }
  return std::nullopt;
}

TEST_CASE("with too few rounds tasks are first failed where one more is needed") {
  const int rounds = GENERATE(1, 2, 3);
  CAPTURE(rounds);
  const int reach = 1 << rounds;
  CHECK(FirstFailure(ProblemOf("parity_check"), rounds, 20) == reach + 1);
  CHECK(FirstFailure(ProblemOf("cycle_navigation_task"), rounds, 20) == reach + 1);
  // 2^(k+1) digits, each but the first with an operator and a pair of brackets.
  if (rounds < 3) {
    CHECK(FirstFailure(ProblemOf("modular_arithmetic_brackets"), rounds, 36) == 8 * reach - 3);
  }
}

TEST_CASE("a mechanism that cannot solve a task is refused with the reason") {
  const auto [name, mechanism, reason] = GENERATE(table<const char*, Mechanism, const char*>(
      {{"modular_arithmetic_brackets", Mechanism::kDirect, "NC1"},
       {"modular_arithmetic_brackets", Mechanism::kPad, "NC1"},
       {"compute_sqrt", Mechanism::kDirect, "TC0"},
       {"compute_sqrt", Mechanism::kLogDepth, "TC0"},
       {"compute_sqrt", Mechanism::kPad, "TC0"}}));
  Diagnostics diag;
  CHECK_FALSE(ProblemOf(name).make_program(OptionsOf(mechanism, 16), diag));
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all().front().kind == ErrorKind::kValue);
  CHECK(diag.all().front().message.find(reason) != std::string::npos);
}

TEST_CASE("tasks have the alphabet they have, and programs keep to the limit of rows") {
  Diagnostics diag;
  CHECK_FALSE(ReadProblem("reverse_string", Alphabet({"a", "b"}), {}, diag));
  REQUIRE_FALSE(diag.all().empty());
  CHECK(diag.all().front().kind == ErrorKind::kInput);
  CHECK(ReadProblem("reverse_string", Alphabet({"0", "1"}), {}, diag));

  GeneratedProgramOptions options = OptionsOf(Mechanism::kCot, 16);
  options.max_rows = 100;
  Diagnostics too_large;
  CHECK_FALSE(ProblemOf("modular_arithmetic_simple").make_program(options, too_large));
  REQUIRE_FALSE(too_large.all().empty());
  CHECK(too_large.all().front().kind == ErrorKind::kLimit);
}

}  // namespace
}  // namespace raspc
