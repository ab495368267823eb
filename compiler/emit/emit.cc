#include "compiler/emit/emit.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace raspc {
namespace {

// Unselected keys score at least 2^15 below the highest score. BOS, where it scores half-way, is
// 2^15 below selected keys and 2^15 above the others. exp(-746) is 0 in both types, so this is
// ample; where penalties have an error (below 0.4), more than 6000 remain.
constexpr double kHalfScale = 32768;

// So many codes, and values they are of, a model lists at most: what is computed first, then the
// embeddings, which can be read off their tables.
constexpr std::size_t kMaxListedCodes = std::size_t{1} << 17;

class CodeLists {
 public:
  void Add(const Variable& variable, std::int64_t direction) {
    if (variable.values == nullptr || HasRepetitions(variable.values->values)) return;
    ValueCodes* list = ListOf(*variable.values);
    const std::size_t cost = variable.code.size() * (list == nullptr ? 2 : 1);
    if (num_listed_ + cost > kMaxListedCodes) return;
    num_listed_ += cost;
    if (list == nullptr) {
      list = &lists_.emplace_back(
          ValueCodes{variable.values->subject, variable.values->line, variable.values->values, {}});
    }
    list->directions.push_back({direction, variable.code});
  }
  std::vector<ValueCodes> Take() {
    for (ValueCodes& list : lists_) {
      std::sort(list.directions.begin(), list.directions.end(),
                [](const auto& a, const auto& b) { return a.direction < b.direction; });
    }
    return std::move(lists_);
  }

 private:
  ValueCodes* ListOf(const ValueList& values) {
    for (ValueCodes& list : lists_) {
      if (list.of == values.subject && list.line == values.line &&
          std::equal(list.values.begin(), list.values.end(), values.values.begin(),
                     values.values.end(), Identical)) {
        return &list;
      }
    }
    return nullptr;
  }

  // Fractions can have the same nearest double, and then follow each other.
  static bool HasRepetitions(const std::vector<Atom>& values) {
    return std::adjacent_find(values.begin(), values.end(), Identical) != values.end();
  }

  std::vector<ValueCodes> lists_;
  std::size_t num_listed_ = 0;
};

std::vector<ValueCodes> ValueCodesOf(const Blocks& blocks, const ResidualLayout& layout) {
  CodeLists lists;
  for (const bool computed : {true, false}) {
    for (std::size_t i = 0; i < blocks.variables.size(); ++i) {
      const Variable& variable = blocks.variables[i];
      if ((variable.origin != Variable::Origin::kEmbedding) != computed) continue;
      lists.Add(variable, layout.direction[i]);
    }
  }
  return lists.Take();
}

class Emitter {
 public:
  Emitter(const Blocks& blocks, const Schedule& schedule, const ResidualLayout& layout,
          Model settings, bool share_neurons)
      : blocks_(blocks),
        schedule_(schedule),
        layout_(layout),
        model_(std::move(settings)),
        share_neurons_(share_neurons) {}

  Model Run() {
    EmitEmbeddings();
    model_.layers.resize(static_cast<std::size_t>(schedule_.num_layers));
    for (std::size_t i = 0; i < blocks_.heads.size(); ++i) {
      model_.layers[static_cast<std::size_t>(schedule_.layer_of_head[i])].heads.push_back(
          EmitHead(blocks_.heads[i]));
    }
    for (int layer = 0; layer < schedule_.num_layers; ++layer) {
      model_.layers[static_cast<std::size_t>(layer)].mlp = EmitMlp(layer);
    }
    EmitReadouts();
    model_.decoding = blocks_.decoding;
    model_.residual_labels = layout_.labels;
    model_.residual_lines = layout_.lines;
    model_.value_codes = ValueCodesOf(blocks_, layout_);
    model_.certificate.entries.assign(blocks_.margins.begin(), blocks_.margins.end());
    model_.dtype = blocks_.dtype;
    RoundToType();
    return std::move(model_);
  }

 private:
  void EmitReadouts() {
    const auto dim = static_cast<Eigen::Index>(blocks_.readouts.size());
    model_.readout = Matrix::Zero(layout_.d_model, dim);
    model_.readout_bias = Vector::Zero(dim);
    for (Eigen::Index i = 0; i < dim; ++i) {
      const LinearForm& form = blocks_.readouts[static_cast<std::size_t>(i)];
      model_.readout_bias(i) = form.constant;
      for (const auto& [variable, weight] : form.terms) {
        model_.readout(DirectionOf(variable), i) = weight;
      }
    }
  }

  int DirectionOf(VariableId variable) const {
    return layout_.direction[static_cast<std::size_t>(variable.value)];
  }

  // The value of a form at BOS.
  double AtBos(const LinearForm& form) const {
    double value = form.constant;
    for (const auto& [variable, weight] : form.terms) value += weight * blocks_[variable].at_bos;
    return value;
  }

  void EmitEmbeddings() {
    model_.token_embedding =
        Matrix::Zero(static_cast<Eigen::Index>(model_.vocabulary.size()) + 1, layout_.d_model);
    model_.position_embedding = Matrix::Zero(model_.context_length + 1, layout_.d_model);
    model_.token_embedding(model_.bos_id(), layout_.bos) = 1;
    model_.position_embedding.col(layout_.one).setOnes();
    for (std::size_t i = 0; i < blocks_.variables.size(); ++i) {
      const Variable& variable = blocks_.variables[i];
      const int direction = layout_.direction[i];
      for (std::size_t token = 0; token < variable.by_token.size(); ++token) {
        model_.token_embedding(static_cast<Eigen::Index>(token), direction) =
            variable.by_token[token];
      }
      for (std::size_t index = 0; index < variable.by_position.size(); ++index) {
        // BOS takes position 0, so program index i sits one later.
        model_.position_embedding(static_cast<Eigen::Index>(index) + 1, direction) =
            variable.by_position[index];
      }
    }
  }

  // Column `column` of a projection reads `factor` times the form, and `at_bos` at BOS.
  void EmitForm(const LinearForm& form, double factor, double at_bos, Matrix& matrix,
                Eigen::Index column) const {
    for (const auto& [variable, weight] : form.terms) {
      matrix(DirectionOf(variable), column) += factor * weight;
    }
    matrix(layout_.one, column) += factor * form.constant;
    matrix(layout_.bos, column) += at_bos - factor * AtBos(form);
  }

  Head EmitHead(const HeadBlock& block) const {
    const auto num_terms = static_cast<Eigen::Index>(block.terms.size());
    const auto num_channels = static_cast<Eigen::Index>(block.channels.size());
    Head head;
    head.label = block.label;
    head.line = block.line;
    head.mask = block.mask;
    head.query = Matrix::Zero(layout_.d_model, num_terms + 1);
    head.key = Matrix::Zero(layout_.d_model, num_terms + 1);
    head.value = Matrix::Zero(layout_.d_model, num_channels);
    head.output = Matrix::Zero(num_channels, layout_.d_model);
    const double scale = block.bos_shares ? kHalfScale : 2 * kHalfScale;
    for (Eigen::Index i = 0; i < num_terms; ++i) {
      const auto& term = block.terms[static_cast<std::size_t>(i)];
      EmitForm(term.query, -scale, 0, head.query, i);
      EmitForm(term.key, 1, term.key_at_bos, head.key, i);
    }
    // The last dimension places BOS. As a query BOS must prefer itself to all other keys, which
    // score 0.
    head.key(layout_.bos, num_terms) = kHalfScale;
    if (block.bos_shares) {
      head.query(layout_.bos, num_terms) = 1;
    } else {
      head.query(layout_.one, num_terms) = -1;
      head.query(layout_.bos, num_terms) = 2;
    }
    EmitRelativeBias(block, -scale, head);
    for (Eigen::Index i = 0; i < num_channels; ++i) {
      const auto& channel = block.channels[static_cast<std::size_t>(i)];
      EmitForm(channel.value, 1, channel.at_bos, head.value, i);
      head.output(i, DirectionOf(channel.output)) = 1;
    }
    return head;
  }

  void EmitRelativeBias(const HeadBlock& block, double bias, Head& head) const {
    if (block.hidden_offsets.empty()) return;
    const std::int64_t n = model_.context_length;
    head.relative_bias = Vector::Zero(RelativeBiasSize(head.mask, n));
    for (std::int64_t i = 0; i < head.relative_bias.size(); ++i) {
      // Entry i is offset i - n here, and entry i - 1 there; only BOS uses the outermost offsets.
      const std::int64_t at = i - 1;
      if (at < 0 || at >= static_cast<std::int64_t>(block.hidden_offsets.size())) continue;
      if (block.hidden_offsets[static_cast<std::size_t>(at)]) head.relative_bias(i) = bias;
    }
  }

  // How much to subtract from a neuron's input at BOS to turn it off there.
  double BosWeight(const LinearForm& input) const {
    if (AtBos(input) <= -0.25) return 0;
    double size = std::abs(input.constant) + 1;
    for (const auto& [variable, weight] : input.terms) {
      size += std::abs(weight * blocks_[variable].at_bos);
    }
    return -2 * PowerOfTwoAtLeast(size);
  }

  // Of the first thing it computes.
  std::int64_t LineOf(const MlpBlock& block) const {
    return block.outputs.empty() ? 0 : blocks_[block.outputs[0].variable].line;
  }

  // All MLP segments of a layer side by side; equal neurons are merged.
  Mlp EmitMlp(int layer) const {
    std::vector<const LinearForm*> inputs;
    using Input = std::pair<std::vector<std::pair<VariableId, double>>, double>;
    std::map<std::pair<Input, std::size_t>, Eigen::Index> numbers;
    std::vector<std::vector<Eigen::Index>> neuron_of(blocks_.mlps.size());
    std::vector<NeuronGroup> groups;
    for (std::size_t i = 0; i < blocks_.mlps.size(); ++i) {
      if (schedule_.layer_of_mlp[i] != layer) continue;
      const std::size_t num_before = inputs.size();
      neuron_of[i].assign(blocks_.mlps[i].neurons.size(), -1);
      for (const auto& output : blocks_.mlps[i].outputs) {
        for (const auto& [neuron, weight] : output.weights) {
          const LinearForm& input = blocks_.mlps[i].neurons[static_cast<std::size_t>(neuron)];
          const auto [at, is_new] =
              numbers.try_emplace({{input.terms, input.constant}, share_neurons_ ? 0 : i},
                                  static_cast<Eigen::Index>(inputs.size()));
          if (is_new) inputs.push_back(&input);
          neuron_of[i][static_cast<std::size_t>(neuron)] = at->second;
        }
      }
      if (inputs.size() == num_before) continue;  // it shares all of them
      groups.push_back({blocks_.mlps[i].label, LineOf(blocks_.mlps[i]),
                        static_cast<std::int64_t>(inputs.size() - num_before)});
    }
    const auto d_mlp = static_cast<Eigen::Index>(inputs.size());
    Mlp mlp{Matrix::Zero(layout_.d_model, d_mlp), Vector::Zero(d_mlp),
            Matrix::Zero(d_mlp, layout_.d_model), Vector::Zero(layout_.d_model), std::move(groups)};
    for (Eigen::Index n = 0; n < d_mlp; ++n) {
      const LinearForm& input = *inputs[static_cast<std::size_t>(n)];
      for (const auto& [variable, weight] : input.terms) mlp.in(DirectionOf(variable), n) = weight;
      mlp.in(layout_.bos, n) = BosWeight(input);
      mlp.in_bias(n) = input.constant;
    }
    for (std::size_t i = 0; i < blocks_.mlps.size(); ++i) {
      if (schedule_.layer_of_mlp[i] != layer) continue;
      for (const auto& output : blocks_.mlps[i].outputs) {
        const int direction = DirectionOf(output.variable);
        mlp.out_bias(direction) = output.base;
        for (const auto& [neuron, weight] : output.weights) {
          mlp.out(neuron_of[i][static_cast<std::size_t>(neuron)], direction) += weight;
        }
      }
    }
    return mlp;
  }

  void RoundToType() {
    if (model_.dtype != DType::kFloat32) return;
    const auto round = [](auto& values) {
      values = values.template cast<float>().template cast<double>().eval();
    };
    round(model_.token_embedding);
    round(model_.position_embedding);
    for (Layer& layer : model_.layers) {
      for (Head& head : layer.heads) {
        round(head.query);
        round(head.key);
        round(head.value);
        round(head.output);
        round(head.relative_bias);
      }
      round(layer.mlp.in);
      round(layer.mlp.in_bias);
      round(layer.mlp.out);
      round(layer.mlp.out_bias);
    }
    round(model_.readout);
    round(model_.readout_bias);
  }

  const Blocks& blocks_;
  const Schedule& schedule_;
  const ResidualLayout& layout_;
  Model model_;
  bool share_neurons_;
};

}  // namespace

Model Emit(const Blocks& blocks, const Schedule& schedule, const ResidualLayout& layout,
           Model settings, bool share_neurons) {
  return Emitter(blocks, schedule, layout, std::move(settings), share_neurons).Run();
}

}  // namespace raspc
