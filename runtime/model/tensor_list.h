// The tensors of a model file: their names, shapes and order, in one place for reader and writer.
//
// The reader knows the sizes from the metadata before it has any weights
// (and must check them against the file before it allocates), the writer takes them from the model;
// so the list is made from the sizes, and the model is only passed through.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

// Every dimension of every tensor of a model.
struct TensorSizes {
  struct HeadSizes {
    std::int64_t head_dim = 0;
    std::int64_t value_dim = 0;
    std::int64_t num_offsets = 0;  // of the relative bias; 0: it has none
  };
  struct LayerSizes {
    std::vector<HeadSizes> heads;
    std::int64_t d_mlp = 0;
  };

  std::int64_t num_tokens = 0;     // vocabulary and BOS
  std::int64_t num_positions = 0;  // context length and BOS
  std::int64_t d_model = 0;
  std::int64_t readout_dim = 0;
  std::vector<LayerSizes> layers;
};

TensorSizes TensorSizesOf(const Model& model);

// Calls matrix(name, rows, columns, tensor) or vector(name, size, tensor) for each tensor in the
// order of the file. `model` has as many layers and heads as `sizes` says. An MLP without neurons
// has no tensors, and neither has an absent relative bias.
template <typename AnyModel, typename OnMatrix, typename OnVector>
void VisitTensors(const TensorSizes& sizes, AnyModel& model, OnMatrix matrix, OnVector vector) {
  const std::int64_t d_model = sizes.d_model;
  matrix("embed.tokens", sizes.num_tokens, d_model, model.token_embedding);
  matrix("embed.positions", sizes.num_positions, d_model, model.position_embedding);
  for (std::size_t l = 0; l < sizes.layers.size(); ++l) {
    const TensorSizes::LayerSizes& layer_sizes = sizes.layers[l];
    auto& layer = model.layers[l];
    for (std::size_t h = 0; h < layer_sizes.heads.size(); ++h) {
      const auto [head_dim, value_dim, num_offsets] = layer_sizes.heads[h];
      auto& head = layer.heads[h];
      const std::string prefix = fmt::format("layers.{}.heads.{}.", l, h);
      matrix(prefix + "query", d_model, head_dim, head.query);
      matrix(prefix + "key", d_model, head_dim, head.key);
      matrix(prefix + "value", d_model, value_dim, head.value);
      matrix(prefix + "output", value_dim, d_model, head.output);
      if (num_offsets > 0) vector(prefix + "relative_bias", num_offsets, head.relative_bias);
    }
    const std::int64_t d_mlp = layer_sizes.d_mlp;
    if (d_mlp == 0) continue;
    const std::string prefix = fmt::format("layers.{}.mlp.", l);
    matrix(prefix + "in", d_model, d_mlp, layer.mlp.in);
    vector(prefix + "in_bias", d_mlp, layer.mlp.in_bias);
    matrix(prefix + "out", d_mlp, d_model, layer.mlp.out);
    vector(prefix + "out_bias", d_model, layer.mlp.out_bias);
  }
  matrix("readout.weight", d_model, sizes.readout_dim, model.readout);
  vector("readout.bias", sizes.readout_dim, model.readout_bias);
}

}  // namespace raspc
