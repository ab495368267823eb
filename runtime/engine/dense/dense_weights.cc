#include "runtime/engine/dense/dense_weights.h"

namespace raspc {

template <typename T>
DenseLayer<T>::DenseLayer(const Layer& layer) {
  int num_values = 0;
  for (const Head& head : layer.heads) {
    HeadPlace& place = heads.emplace_back();
    place.mask = head.mask;
    place.head_dim = static_cast<int>(head.query.cols());
    place.value_dim = static_cast<int>(head.value.cols());
    place.query_at = num_query_features;
    place.mixed_at = num_values;
    num_query_features += place.head_dim;
    num_values += place.value_dim;
    if (head.relative_bias.size() == 0) continue;
    place.relative_bias_at = static_cast<int>(relative_biases.size());
    for (const double bias : head.relative_bias) relative_biases.push_back(static_cast<T>(bias));
  }
  if (!layer.heads.empty()) {
    const Eigen::Index d_model = layer.heads.front().query.rows();
    Matrix features(d_model, 2 * num_query_features + num_values);
    Matrix outputs(num_values, d_model);
    int next = num_query_features;
    for (std::size_t h = 0; h < heads.size(); ++h) {
      HeadPlace& place = heads[h];
      place.key_at = next;
      place.value_at = next + place.head_dim;
      next += place.head_dim + place.value_dim;
      features.middleCols(place.query_at, place.head_dim) = layer.heads[h].query;
      features.middleCols(place.key_at, place.head_dim) = layer.heads[h].key;
      features.middleCols(place.value_at, place.value_dim) = layer.heads[h].value;
      outputs.middleRows(place.mixed_at, place.value_dim) = layer.heads[h].output;
    }
    project = PackedLinear<T>(features);
    output = PackedLinear<T>(outputs);
  }
  if (layer.mlp.in_bias.size() > 0) {
    mlp_in = PackedLinear<T>(layer.mlp.in, layer.mlp.in_bias);
    mlp_out = PackedLinear<T>(layer.mlp.out, layer.mlp.out_bias);
  }
}

template <typename T>
DenseWeights<T>::DenseWeights(const Model& m)
    : model(m),
      readout(m.readout, m.readout_bias),
      tokens(m.token_embedding.template cast<T>()),
      positions(m.position_embedding.template cast<T>()),
      packed_tokens(m.token_embedding.topRows(m.bos_id())) {
  for (const int l : LayerOrder(m)) {
    const DenseLayer<T>& layer = layers.emplace_back(m.layers[static_cast<std::size_t>(l)]);
    max_features = std::max(max_features, layer.project.num_outputs());
    max_mixed = std::max(max_mixed, layer.output.num_inputs());
    max_mlp = std::max(max_mlp, layer.mlp_in.num_outputs());
    work_per_token += layer.project.num_nonzeros() + layer.output.num_nonzeros() +
                      layer.mlp_in.num_nonzeros() + layer.mlp_out.num_nonzeros();
    work_per_pair += layer.project.num_outputs() - layer.num_query_features;
  }
}

template struct DenseLayer<float>;
template struct DenseLayer<double>;
template struct DenseWeights<float>;
template struct DenseWeights<double>;

}  // namespace raspc
