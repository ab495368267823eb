#include "lab/run/example_run.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "runtime/run/make_engine.h"
#include "lab/run/run_problem.h"
#include "runtime/engine/engine.h"

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
nlohmann::json OutputsOf(const RunTokens& run, const ModelOutput& output) {
  nlohmann::json outputs = nlohmann::json::array();
  for (std::size_t i = 0; i < run.tokens.size(); ++i) {
    if (i < output.values.size()) {
      outputs.push_back(PythonStr(output.values[i]));
    } else if (i >= run.num_framed && i + 1 < run.tokens.size()) {
      outputs.push_back(PythonStr(run.tokens[i + 1]));
    } else {
      outputs.push_back(nullptr);
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

// To 4 digits; an integer without a point, which is shorter.
nlohmann::json Rounded(double weight) {
  const double scaled = std::round(weight * 1e4);
  if (scaled == 0 || scaled == 1e4) return scaled == 0 ? 0 : 1;
  return scaled / 1e4;
}

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
      nlohmann::json row = nlohmann::json::array();
      for (const double weight : weights) row.push_back(Rounded(weight));
      rows_[{layer, head}].push_back(std::move(row));
    };
    const std::vector<std::vector<int>> batch = {ids};
    MakeEngine(EngineKind::kReference, model, 1)->Run(batch, &observer);
  }

  int num_left_out() const { return num_left_out_; }

  nlohmann::json Layers() const {
    nlohmann::json layers = nlohmann::json::array();
    int shown = 0;
    for (std::size_t l = 0; l < model_.layers.size(); ++l) {
      nlohmann::json heads = nlohmann::json::array();
      for (std::size_t h = 0; h < model_.layers[l].heads.size() && shown < num_shown_; ++h) {
        const Head& head = model_.layers[l].heads[h];
        heads.push_back({{"label", head.label},
                         {"mask", NameOf(head.mask)},
                         {"weights", rows_.at({static_cast<int>(l), static_cast<int>(h)})}});
        ++shown;
      }
      layers.push_back({{"heads", std::move(heads)}});
    }
    return layers;
  }

 private:
  const Model& model_;
  int num_shown_ = 0, num_left_out_ = 0;
  std::map<std::pair<int, int>, nlohmann::json> rows_;  // by layer and head
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

nlohmann::json ExampleRun(const Problem& problem, const GeneratedProgram& recogniser,
                          const CompiledProgram& compiled, const Word& word) {
  const Model& model = compiled.model;
  const std::vector<Atom> input = TokensOf(problem.alphabet, word);
  const ModelOutput output = RunOne(model, *MakeEngine(EngineKind::kStructured, model, 1), input);
  const Outcome outcome = Compare(problem, recogniser, model, word, output);
  RunTokens run = TokensOfRun(model, input, output);
  nlohmann::json example = {{"word", ToText(problem.alphabet, word)},
                            {"num_tokens", run.tokens.size()},
                            {"num_input", input.size()},
                            {"num_framed", run.num_framed},
                            {"expected", outcome.expected},
                            {"got", outcome.got},
                            {"right", outcome.is_right},
                            {"has_bos", true},
                            {"layers", nlohmann::json::array()},
                            {"heads_left_out", NumHeads(model)}};
  if (run.num_read <= kMaxExamplePositions) {
    if (const auto ids = IdsOf(model, run.tokens, run.num_read); ids && !ids->empty()) {
      const PatternsOfRun patterns(model, *ids);
      example["layers"] = patterns.Layers();
      example["heads_left_out"] = patterns.num_left_out();
    }
  }
  nlohmann::json tokens = nlohmann::json::array();
  for (const Atom& token : run.tokens) tokens.push_back(PythonStr(token));
  nlohmann::json outputs = OutputsOf(run, output);
  if (tokens.size() > kMaxExampleTokens) {
    tokens.erase(tokens.begin() + kMaxExampleTokens, tokens.end());
    outputs.erase(outputs.begin() + kMaxExampleTokens, outputs.end());
  }
  example["tokens"] = std::move(tokens);
  example["outputs"] = std::move(outputs);
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
