#include "lab/run/example_run.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "lab/run/compile_generated_program.h"
#include "lab/run/run_problem.h"
#include "runtime/engine/engine.h"
#include "runtime/run/make_engine.h"

namespace raspc {
namespace {

// A run's tokens: the framed word, then what was generated.
struct RunTokens {
  std::vector<Atom> tokens;
  std::size_t num_framed = 0;
  // The number of tokens the model has read: not the token that ends generation.
  std::size_t num_read = 0;
};

RunTokens TokensOfRun(const Model& model, const std::vector<Atom>& input,
                      const ModelOutput& output) {
  RunTokens run;
  run.tokens = model.frame.Apply(input).value_or(input);
  run.num_framed = run.tokens.size();
  run.num_read = run.num_framed;
  if (output.generated) {
    const std::vector<Atom>& generated = output.generated->tokens;
    run.tokens.insert(run.tokens.end(), generated.begin(), generated.end());
    run.num_read = run.tokens.size() - (generated.empty() ? 0 : 1);
  }
  return run;
}

// The output at each token's position: after the framed word, the next generated token.
std::vector<std::optional<std::string>> OutputsOf(const RunTokens& run, const ModelOutput& output) {
  std::vector<std::optional<std::string>> outputs;
  for (std::size_t i = 0; i < run.tokens.size(); ++i) {
    if (i < output.values.size()) {
      outputs.emplace_back(PythonStr(output.values[i]));
    } else if (i >= run.num_framed && i + 1 < run.tokens.size()) {
      outputs.emplace_back(PythonStr(run.tokens[i + 1]));
    } else {
      outputs.emplace_back();
    }
  }
  return outputs;
}

// The ids of the first `count` tokens; nothing if one is not in the vocabulary, which happens if
// generation failed.
std::optional<std::vector<int>> IdsOf(const Model& model, const std::vector<Atom>& tokens,
                                      std::size_t count) {
  std::vector<int> ids;
  for (std::size_t i = 0; i < count; ++i) {
    const auto found = std::find_if(model.vocabulary.begin(), model.vocabulary.end(),
                                    [&](const Atom& token) { return Identical(token, tokens[i]); });
    if (found == model.vocabulary.end()) return std::nullopt;
    ids.push_back(static_cast<int>(found - model.vocabulary.begin()));
  }
  return ids;
}

// To 4 digits.
double Rounded(double weight) { return std::round(weight * 1e4) / 1e4; }

// The rows of attention weights by layer and head: [layers][heads][query][key].
class PatternsOfRun {
 public:
  PatternsOfRun(const Model& model, const std::vector<int>& ids) : model_(model) {
    const auto per_head = static_cast<int>((ids.size() + 1) * (ids.size() + 1));
    int num_heads = 0;
    for (const Layer& layer : model.layers) num_heads += static_cast<int>(layer.heads.size());
    num_shown_ = std::min(num_heads, kMaxExampleWeights / per_head);
    num_left_out_ = num_heads - num_shown_;
    Observer observer;
    observer.pattern = [&](int, int layer, int head, int, std::span<const double> weights) {
      std::vector<double> row;
      for (const double weight : weights) row.push_back(Rounded(weight));
      rows_[{layer, head}].push_back(std::move(row));
    };
    const std::vector<std::vector<int>> batch = {ids};
    MakeEngine(EngineKind::kReference, model, 1)->Run(batch, &observer);
  }

  int num_left_out() const { return num_left_out_; }

  std::vector<ExampleLayer> Layers() const {
    std::vector<ExampleLayer> layers;
    int shown = 0;
    for (std::size_t l = 0; l < model_.layers.size(); ++l) {
      std::vector<ExampleHead>& heads = layers.emplace_back().heads;
      for (std::size_t h = 0; h < model_.layers[l].heads.size() && shown < num_shown_; ++h) {
        const Head& head = model_.layers[l].heads[h];
        heads.push_back({head.label, std::string(NameOf(head.mask)),
                         rows_.at({static_cast<int>(l), static_cast<int>(h)})});
        ++shown;
      }
    }
    return layers;
  }

 private:
  const Model& model_;
  int num_shown_ = 0, num_left_out_ = 0;
  // By layer and head.
  std::map<std::pair<int, int>, std::vector<std::vector<double>>> rows_;
};

ModelOutput RunOne(const Model& model, const Engine& engine, const std::vector<Atom>& input) {
  const std::vector<std::vector<Atom>> inputs = {input};
  std::vector<ModelOutput> outputs = RunModel(model, engine, inputs);
  ThrowIfOutOfMemory(outputs);
  return std::move(outputs.front());
}

int NumHeads(const Model& model) {
  int heads = 0;
  for (const Layer& layer : model.layers) heads += static_cast<int>(layer.heads.size());
  return heads;
}

// Whether the word's framed length leaves room for attention.
bool MayShowAttention(const Model& model, int length) {
  const std::optional<std::int64_t> framed = model.frame.LengthFor(length);
  return length <= model.max_length && framed && *framed <= kMaxExamplePositions;
}

}  // namespace

ExampleRun RunExample(const Problem& problem, const GeneratedProgram& recogniser,
                      const CompiledProgram& compiled, const Word& word) {
  const Model& model = compiled.model;
  const std::vector<Atom> input = TokensOf(problem.alphabet, word);
  const ModelOutput output = RunOne(model, *MakeEngine(EngineKind::kStructured, model, 1), input);
  const Outcome outcome = Compare(problem, recogniser, model, word, output);
  const RunTokens run = TokensOfRun(model, input, output);
  ExampleRun example;
  example.word = ToText(problem.alphabet, word);
  for (const Atom& token : run.tokens) example.tokens.push_back(PythonStr(token));
  example.num_tokens = static_cast<int>(run.tokens.size());
  example.num_input = static_cast<int>(input.size());
  example.num_framed = static_cast<int>(run.num_framed);
  example.expected = outcome.expected;
  example.got = outcome.got;
  example.is_right = outcome.is_right;
  example.outputs = OutputsOf(run, output);
  if (example.tokens.size() > kMaxExampleTokens) {
    example.tokens.resize(kMaxExampleTokens);
    example.outputs.resize(kMaxExampleTokens);
  }
  example.num_heads_left_out = NumHeads(model);
  if (run.num_read <= kMaxExamplePositions) {
    if (const auto ids = IdsOf(model, run.tokens, run.num_read); ids && !ids->empty()) {
      const PatternsOfRun patterns(model, *ids);
      example.layers = patterns.Layers();
      example.num_heads_left_out = patterns.num_left_out();
    }
  }
  return example;
}

std::optional<Word> ExampleWord(const Problem& problem, const CompiledProgram& compiled,
                                const WordSampler& source, int longest, std::mt19937_64& random) {
  const Model& model = compiled.model;
  const std::unique_ptr<Engine> engine = MakeEngine(EngineKind::kStructured, model, 1);
  for (const bool member : {true, false}) {
    for (int length = longest; length >= 0; --length) {
      if (!MayShowAttention(model, length)) continue;
      const std::optional<Word> word =
          member ? source.Member(length, random) : source.NonMember(length, random);
      if (!word) continue;
      const std::vector<Atom> input = TokensOf(problem.alphabet, *word);
      const RunTokens run = TokensOfRun(model, input, RunOne(model, *engine, input));
      if (run.num_read <= kMaxExamplePositions) return word;
    }
  }
  return std::nullopt;
}

}  // namespace raspc
