// A model that was not compiled: normal random weights, most of them zero, and hard attention.
#pragma once

#include <random>
#include <string>

#include "runtime/model/model.h"

namespace raspc {

// 7 layers of width 38 with 19 two-dimensional heads and 47 hidden neurons each, in float64,
// causal. Of the weights in the layers 98.7 % are zero; embeddings and readout have no zeros.
// Scores are scaled so that, except for ties, each query attends only to the nearest key.
// It generates: the output is the token with the largest readout.
inline Model SyntheticModel(std::int64_t context, std::uint32_t seed) {
  constexpr int kLayers = 7, kWidth = 38, kHeads = 19, kHeadDim = 2, kNeurons = 47,
                kVocabulary = 32;
  constexpr double kDensity = 0.013, kScale = 1e9;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const auto dense = [&](Eigen::Index rows, Eigen::Index columns) {
    Matrix weights(rows, columns);
    for (double& weight : weights.reshaped()) weight = normal(random);
    return weights;
  };
  const auto sparse = [&](Eigen::Index rows, Eigen::Index columns) {
    Matrix weights = Matrix::Zero(rows, columns);
    for (double& weight : weights.reshaped()) {
      if (uniform(random) < kDensity) weight = normal(random);
    }
    return weights;
  };
  Model model;
  model.name = "synthetic";
  model.target = Target::kDecoder;
  model.dtype = DType::kFloat64;
  model.causal = true;
  for (int i = 0; i < kVocabulary; ++i) model.vocabulary.push_back(std::int64_t{i});
  model.alphabet = model.vocabulary;
  model.max_length = model.context_length = context;
  model.token_embedding = dense(kVocabulary + 1, kWidth);
  model.position_embedding = dense(context + 1, kWidth);
  for (int l = 0; l < kLayers; ++l) {
    Layer& layer = model.layers.emplace_back();
    for (int h = 0; h < kHeads; ++h) {
      Head& head = layer.heads.emplace_back();
      head.label = "head " + std::to_string(h);
      head.mask = HeadMask::kCausal;
      head.query = sparse(kWidth, kHeadDim) * kScale;
      head.key = sparse(kWidth, kHeadDim);
      head.value = sparse(kWidth, kHeadDim);
      head.output = sparse(kHeadDim, kWidth);
    }
    layer.mlp.in = sparse(kWidth, kNeurons);
    layer.mlp.in_bias = dense(kNeurons, 1);
    layer.mlp.out = sparse(kNeurons, kWidth);
    layer.mlp.out_bias = Vector::Zero(kWidth);
  }
  model.readout = dense(kWidth, kVocabulary);
  model.readout_bias = Vector::Zero(kVocabulary);
  model.decoding.kind = OutputDecoding::Kind::kArgmax;
  model.decoding.values = model.vocabulary;
  for (int d = 0; d < kWidth; ++d)
    model.residual_labels.push_back("direction " + std::to_string(d));
  return model;
}

}  // namespace raspc
