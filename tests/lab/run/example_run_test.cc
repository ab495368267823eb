// Example runs: what they hold agrees with the model's output and its engines.
#include "lab/run/example_run.h"

#include <catch2/catch.hpp>
#include <map>

#include "lab/run/run_problem.h"
#include "runtime/run/make_engine.h"
#include "tests/lab/problem_testing.h"

namespace raspc {
namespace {

struct Made {
  Problem problem;
  GeneratedProgram recogniser;
  CompiledProgram compiled;
};

Made Make(const std::string& name, Mechanism mechanism, int max_length) {
  Problem problem = ProblemOf(name);
  GeneratedProgramOptions options;
  options.mechanism = mechanism;
  options.max_length = max_length;
  Diagnostics diag;
  auto recogniser = problem.make_program(options, diag);
  INFO(Render(diag));
  REQUIRE(recogniser);
  auto compiled = CompileGeneratedProgram(*recogniser, diag);
  INFO(Render(diag));
  REQUIRE(compiled);
  return {std::move(problem), *std::move(recogniser), *std::move(compiled)};
}

ExampleRun Run(const Made& made, const std::string& text) {
  Diagnostics diag;
  const auto word = ReadWord(made.problem.alphabet, text, diag);
  REQUIRE(word);
  return RunExample(made.problem, made.recogniser, made.compiled, *word);
}

// The weights of all heads as another engine computes them, in the order of layers and heads.
std::vector<std::vector<std::vector<double>>> PatternsOf(const Model& model,
                                                         const std::vector<std::string>& tokens) {
  std::vector<int> ids;
  for (const std::string& token : tokens) {
    for (std::size_t id = 0; id < model.vocabulary.size(); ++id) {
      if (model.vocabulary[id] == Atom(token)) ids.push_back(static_cast<int>(id));
    }
  }
  REQUIRE(ids.size() == tokens.size());
  std::map<std::pair<int, int>, std::vector<std::vector<double>>> rows;
  Observer observer;
  observer.pattern = [&](int, int layer, int head, int, std::span<const double> weights) {
    rows[{layer, head}].emplace_back(weights.begin(), weights.end());
  };
  const std::vector<std::vector<int>> batch = {ids};
  MakeEngine(EngineKind::kDense, model, 1)->Run(batch, &observer);
  std::vector<std::vector<std::vector<double>>> patterns;
  for (const auto& [where, matrix] : rows) patterns.push_back(matrix);
  return patterns;
}

void CheckAttention(const Made& made, const ExampleRun& example, std::size_t num_read) {
  std::vector<std::string> tokens = example.tokens;
  tokens.resize(num_read);
  const auto expected = PatternsOf(made.compiled.model, tokens);
  std::size_t heads = 0;
  double farthest = 0;
  for (const ExampleLayer& layer : example.layers) {
    for (const ExampleHead& head : layer.heads) {
      REQUIRE(heads < expected.size());
      REQUIRE(head.weights.size() == num_read + 1);
      for (std::size_t q = 0; q <= num_read; ++q) {
        REQUIRE(head.weights[q].size() == num_read + 1);
        double sum = 0;
        for (std::size_t k = 0; k <= num_read; ++k) {
          const double weight = head.weights[q][k];
          sum += weight;
          farthest = std::max(farthest, std::abs(weight - expected[heads][q][k]));
        }
        CHECK(sum == Approx(1).margin(1e-4 * static_cast<double>(num_read + 1)));
      }
      ++heads;
    }
  }
  CHECK(heads == expected.size());
  CHECK(farthest < 1e-4);
  CHECK(example.num_heads_left_out == 0);
}

TEST_CASE("an example run shows the framed word, its outputs and where each head looks") {
  const Made made = Make("dyck(2,2)", Mechanism::kDirect, 8);
  const ExampleRun example = Run(made, "([])[]");
  CHECK(example.word == "([])[]");
  CHECK(example.tokens == std::vector<std::string>{"(", "[", "]", ")", "[", "]", "$"});
  CHECK(example.num_input == 6);
  CHECK(example.num_framed == 7);
  CHECK(example.num_tokens == 7);
  CHECK(example.expected == "accept");
  CHECK(example.got == "accept");
  CHECK(example.is_right);
  REQUIRE(example.outputs.size() == 7);
  CHECK(example.outputs[6] == "True");
  CheckAttention(made, example, 7);
}

TEST_CASE("a head is named after its selector, as the program writes it, and has its line") {
  const Made made = Make("dyck(2,2)", Mechanism::kDirect, 8);
  const ExampleRun example = Run(made, "()");
  const std::string label = example.layers.at(0).heads.at(0).label;
  CHECK(label == "select(indices, indices - 1, ==): code of tile_1");
  const SourceText source("recogniser.rasp", made.recogniser.Source());
  const std::int64_t line = made.compiled.model.layers[0].heads[0].line;
  REQUIRE(line > 0);
  CHECK(source.Line(static_cast<int>(line)).find("select(") != std::string_view::npos);
  const std::string named = example.layers.at(2).heads.at(0).label;
  CHECK(made.recogniser.Source().find(named.substr(0, named.find(':')) + " = ") !=
        std::string::npos);
}

TEST_CASE("an example run of a chain of thought shows what is generated after which token") {
  const Made made = Make("parity", Mechanism::kCot, 8);
  const ExampleRun example = Run(made, "abb");
  CHECK(example.got == "accept");
  const std::size_t num_tokens = example.tokens.size();
  CHECK(example.num_framed == 4);
  REQUIRE(num_tokens > 5);
  CHECK(example.tokens[num_tokens - 1] == "accept");
  REQUIRE(example.outputs.size() == num_tokens);
  for (std::size_t i = 3; i + 1 < num_tokens; ++i) {
    CHECK(example.outputs[i] == example.tokens[i + 1]);
  }
  CHECK_FALSE(example.outputs[num_tokens - 1]);
  CheckAttention(made, example, num_tokens - 1);
  CHECK(Run(made, "ab").got == "reject");
}

TEST_CASE("an example run of the empty word is that of the end marker") {
  const Made made = Make("parity", Mechanism::kDirect, 8);
  const ExampleRun example = Run(made, "");
  CHECK(example.tokens == std::vector<std::string>{"$"});
  CHECK(example.num_input == 0);
  CHECK(example.got == "accept");
  CheckAttention(made, example, 1);
}

TEST_CASE("long runs are shown without attention, and very long ones are cut off") {
  const Made made = Make("unary_mod(2)", Mechanism::kDirect, 400);
  const ExampleRun longest = Run(made, std::string(kMaxExamplePositions - 1, 'a'));
  CHECK_FALSE(longest.layers.empty());
  const ExampleRun beyond = Run(made, std::string(kMaxExamplePositions, 'a'));
  CHECK(beyond.layers.empty());
  CHECK(beyond.num_heads_left_out > 0);
  CHECK(beyond.tokens.size() == kMaxExamplePositions + 1);
  const ExampleRun cut = Run(made, std::string(400, 'a'));
  CHECK(cut.num_tokens == 401);
  CHECK(cut.tokens.size() == kMaxExampleTokens);
  CHECK(cut.outputs.size() == kMaxExampleTokens);
  CHECK(cut.got == "accept");
}

TEST_CASE("the example word is the longest member whose run shows its attention") {
  std::mt19937_64 random(5);
  for (const Mechanism mechanism : {Mechanism::kDirect, Mechanism::kCot}) {
    const Made made = Make("dyck(2,2)", mechanism, 40);
    Diagnostics diag;
    const auto source = made.problem.make_sampler(40, {}, diag);
    REQUIRE(source);
    const auto word = ExampleWord(made.problem, made.compiled, *source, 40, random);
    REQUIRE(word);
    CHECK(made.problem.decide(*word));
    // With the end marker a word of odd length would fill all 24 positions, but none is a member;
    // a chain of thought reads the word twice.
    CHECK(word->size() == (mechanism == Mechanism::kDirect ? 22 : 10));
    CHECK_FALSE(RunExample(made.problem, made.recogniser, made.compiled, *word).layers.empty());
    const auto shorter = ExampleWord(made.problem, made.compiled, *source, 7, random);
    REQUIRE(shorter);
    CHECK(shorter->size() == 6);
  }
}

TEST_CASE("where a language has no member of such lengths the example is another word") {
  const Made made = Make("regex:a{30}", Mechanism::kDirect, 40);
  Diagnostics diag;
  const auto source = made.problem.make_sampler(40, {}, diag);
  REQUIRE(source);
  std::mt19937_64 random(5);
  const auto word = ExampleWord(made.problem, made.compiled, *source, 12, random);
  REQUIRE(word);
  CHECK(word->size() == 12);
}

}  // namespace
}  // namespace raspc
