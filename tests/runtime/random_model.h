// Models for the tests of the runtime: random ones of any shape, and one whose function is known.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "runtime/model/model.h"

namespace raspc {

struct RandomModelShape {
  int vocab = 5;
  int context = 20;
  int d_model = 7;
  int layers = 2;
  int heads = 3;
  int head_dim = 3;
  int value_dim = 2;
  int d_mlp = 11;
  int readout_dim = 1;
  double density = 0.5;        // fraction of nonzero weights
  double scale = 1.0;          // of queries: large values make attention hard
  bool relative_bias = false;  // on every second head; only for Target::kMasked
  Target target = Target::kMasked;
  bool causal = false;
  DType dtype = DType::kFloat64;
};

// The random weights of a model from a seed. Weights shrink with the sizes, so that activations
// stay close to 1 and errors do not grow from layer to layer.
class RandomModelMaker {
 public:
  RandomModelMaker(const RandomModelShape& shape, std::uint32_t seed)
      : shape_(shape), random_(seed) {}

  Model Make() {
    Model model;
    model.name = "random";
    model.target = shape_.target;
    model.dtype = shape_.dtype;
    model.causal = shape_.causal || shape_.target == Target::kDecoder;
    for (int i = 0; i < shape_.vocab; ++i) model.vocabulary.push_back(std::int64_t{i});
    model.alphabet = model.vocabulary;
    model.max_length = model.context_length = shape_.context;
    model.token_embedding = Weights(shape_.vocab + 1, shape_.d_model, 1);
    model.position_embedding = Weights(shape_.context + 1, shape_.d_model, 1);
    for (int l = 0; l < shape_.layers; ++l) model.layers.push_back(MakeLayer(model.causal));
    model.readout = Weights(shape_.d_model, shape_.readout_dim, 1.0 / shape_.d_model);
    model.readout_bias = Bias(shape_.readout_dim);
    if (shape_.readout_dim == 1) {
      model.decoding.kind = OutputDecoding::Kind::kRaw;
    } else {
      model.decoding.kind = OutputDecoding::Kind::kArgmax;
      for (int i = 0; i < shape_.readout_dim; ++i) model.decoding.values.push_back(std::int64_t{i});
    }
    for (int i = 0; i < shape_.d_model; ++i) {
      model.residual_labels.push_back("direction " + std::to_string(i));
    }
    return model;
  }

 private:
  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  double Round(double weight) const {
    return shape_.dtype == DType::kFloat32 ? static_cast<double>(static_cast<float>(weight))
                                           : weight;
  }

  Matrix Weights(int rows, int columns, double size) {
    Matrix weights = Matrix::Zero(rows, columns);
    for (double& weight : weights.reshaped()) {
      if (Uniform(0, 1) < shape_.density) weight = Round(Uniform(-size, size));
    }
    return weights;
  }

  Vector Bias(int size) {
    Vector bias(size);
    for (double& b : bias) b = Round(Uniform(-0.5, 0.5));
    return bias;
  }

  HeadMask Mask(bool causal) {
    if (shape_.target == Target::kEncoder) return HeadMask::kNone;
    if (shape_.target == Target::kDecoder) return HeadMask::kCausal;
    const int choice = std::uniform_int_distribution<int>(causal ? 1 : 0, 2)(random_);
    return static_cast<HeadMask>(choice);
  }

  Layer MakeLayer(bool causal) {
    Layer layer;
    const double size = 1.0 / shape_.d_model;
    for (int h = 0; h < shape_.heads; ++h) {
      Head& head = layer.heads.emplace_back();
      head.label = "head " + std::to_string(h);
      head.mask = Mask(causal);
      head.query = Weights(shape_.d_model, shape_.head_dim, size * shape_.scale);
      head.key = Weights(shape_.d_model, shape_.head_dim, size);
      head.value = Weights(shape_.d_model, shape_.value_dim, size);
      head.output = Weights(shape_.value_dim, shape_.d_model,
                            shape_.value_dim == 0 ? 1.0 : 1.0 / shape_.value_dim);
      if (!shape_.relative_bias || h % 2 != 0) continue;
      head.relative_bias.resize(RelativeBiasSize(head.mask, shape_.context));
      for (double& bias : head.relative_bias) bias = Round(Uniform(-1, 1) * shape_.scale);
    }
    if (shape_.d_mlp == 0) return layer;
    layer.mlp.in = Weights(shape_.d_model, shape_.d_mlp, size);
    layer.mlp.in_bias = Bias(shape_.d_mlp);
    layer.mlp.out = Weights(shape_.d_mlp, shape_.d_model, 1.0 / shape_.d_mlp);
    layer.mlp.out_bias = Bias(shape_.d_model);
    return layer;
  }

  RandomModelShape shape_;
  std::mt19937 random_;
};

inline Model RandomModel(const RandomModelShape& shape, std::uint32_t seed) {
  return RandomModelMaker(shape, seed).Make();
}

// Random token ids.
inline std::vector<int> RandomTokens(const Model& model, int length, std::mt19937& random) {
  std::uniform_int_distribution<int> token(0, model.bos_id() - 1);
  std::vector<int> tokens;
  for (int i = 0; i < length; ++i) tokens.push_back(token(random));
  return tokens;
}

// A model over "a", "b", "c" that gives the token before each position, "none" at the first: the
// score of key k for position p is 1024 (2 (p - 1) k - k^2), largest at k = p - 1, and BOS at
// position 0 carries the code of "none". `mask` may be any: p - 1 is visible under all of them.
inline Model PreviousTokenModel(HeadMask mask, int max_length = 8) {
  enum { kOne, kPosition, kSquare, kToken, kResult, kDModel };
  Model model;
  model.name = "previous";
  model.target = mask == HeadMask::kNone     ? Target::kEncoder
                 : mask == HeadMask::kCausal ? Target::kDecoder
                                             : Target::kMasked;
  model.causal = mask != HeadMask::kNone;
  for (const char* token : {"a", "b", "c"}) model.vocabulary.push_back(std::string(token));
  model.alphabet = model.vocabulary;
  model.max_length = max_length;
  model.context_length = 2 * max_length;
  model.token_embedding = Matrix::Zero(4, kDModel);
  for (int id = 0; id < 4; ++id) model.token_embedding(id, kToken) = id == 3 ? -1 : id;
  model.position_embedding = Matrix::Zero(model.context_length + 1, kDModel);
  for (int p = 0; p <= model.context_length; ++p) {
    model.position_embedding(p, kOne) = 1;
    model.position_embedding(p, kPosition) = p;
    model.position_embedding(p, kSquare) = p * p;
  }
  Head head;
  head.label = "previous";
  head.mask = mask;
  head.query = Matrix::Zero(kDModel, 2);
  head.query(kPosition, 0) = 2 * 1024;
  head.query(kOne, 0) = -2 * 1024;
  head.query(kOne, 1) = -1024;
  head.key = Matrix::Zero(kDModel, 2);
  head.key(kPosition, 0) = 1;
  head.key(kSquare, 1) = 1;
  head.value = Matrix::Zero(kDModel, 1);
  head.value(kToken, 0) = 1;
  head.output = Matrix::Zero(1, kDModel);
  head.output(0, kResult) = 1;
  model.layers.emplace_back().heads.push_back(head);
  model.readout = Matrix::Zero(kDModel, 1);
  model.readout(kResult, 0) = 1;
  model.readout_bias = Vector::Zero(1);
  model.decoding.kind = OutputDecoding::Kind::kNearest;
  model.decoding.values = {std::string("none"), std::string("a"), std::string("b"),
                           std::string("c")};
  model.decoding.codes = {-1, 0, 1, 2};
  model.residual_labels = {"1", "position", "position squared", "token", "result"};
  model.certificate.exact_to_length = max_length;
  model.certificate.entries = {{"result", 0, 0.5}};
  return model;
}

inline Polynomial PolynomialOf(std::string_view text) {
  Diagnostics diag;
  return *Polynomial::Parse(text, {}, diag);
}

}  // namespace raspc
