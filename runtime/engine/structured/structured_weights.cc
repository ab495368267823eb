#include "runtime/engine/structured/structured_weights.h"

#include <algorithm>
#include <limits>

namespace raspc {
namespace {

// Marks the directions that W, [d_model, n], reads.
void MarkRead(const Matrix& weights, std::vector<DirectionEmbedding>& directions) {
  for (Eigen::Index d = 0; d < weights.rows(); ++d) {
    if ((weights.row(d).array() != 0).any()) directions[static_cast<std::size_t>(d)].is_read = true;
  }
}

}  // namespace

StructuredWeights::StructuredWeights(const Model& m)
    : model(m), layer_order(LayerOrder(m)), readout(m.readout, m.readout_bias) {
  const double eps = m.dtype == DType::kFloat32 ? std::numeric_limits<float>::epsilon()
                                                : std::numeric_limits<double>::epsilon();
  DirectionSources sources(m);
  TableBudget budget(m);
  for (std::size_t l = 0; l < layer_order.size(); ++l) {
    const Layer& layer = ModelLayer(l);
    layers.push_back(MakeLayer(layer, sources, eps, budget));
    for (const Head& head : layer.heads) sources.AddWrites(head.output);
    sources.AddWrites(layer.mlp.out);
    sources.AddWrites(layer.mlp.out_bias);
  }
  tokens = m.token_embedding.transpose();
  positions = m.position_embedding.transpose();
  for (Eigen::Index d = 0; d < m.d_model(); ++d) {
    directions.push_back(
        {(tokens.row(d).array() != 0).any(), (positions.row(d).array() != 0).any()});
  }
  FindRead();
}

void StructuredWeights::FindRead() {
  MarkRead(model.readout, directions);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    MarkRead(ModelLayer(l).mlp.in, directions);
    for (std::size_t h = 0; h < layers[l].heads.size(); ++h) {
      const Head& head = ModelLayer(l).heads[h];
      MarkRead(head.value, directions);
      if (!layers[l].heads[h].HasTokenQueries()) MarkRead(head.query, directions);
      if (layers[l].heads[h].NeedsKeys()) MarkRead(head.key, directions);
    }
  }
}

void StructuredWeights::SetFeatures(StructuredLayer& layer) {
  for (const HeadPlan& plan : layer.heads) {
    layer.features_at.push_back(layer.features.num_outputs());
    if (plan.value_dim == 0) continue;  // it adds nothing
    if (plan.HasTokenQueries()) {
      layer.features.AppendZeros(plan.head_dim);
    } else {
      layer.features.Append(plan.query);
    }
    if (plan.NeedsKeys()) {
      layer.features.Append(plan.varying_key);
      layer.features.AppendZeros(1);
    }
    layer.features.Append(plan.value);
  }
}

StructuredLayer StructuredWeights::MakeLayer(const Layer& layer, const DirectionSources& sources,
                                             double eps, TableBudget& budget) {
  StructuredLayer made;
  for (const Head& head : layer.heads) {
    made.heads.push_back(PlanHead(model, head, sources, budget));
    made.mixed_at.push_back(made.num_mixed);
    made.num_mixed += made.heads.back().value_dim;
    max_head_rows = std::max(max_head_rows, HeadRows(made.heads.back()));
  }
  SetFeatures(made);
  Matrix output(made.num_mixed, model.d_model());
  for (std::size_t h = 0; h < layer.heads.size(); ++h) {
    output.middleRows(made.mixed_at[h], made.heads[h].value_dim) =
        layer.heads[h].output(made.heads[h].values, Eigen::all);
  }
  made.output = SparseMap(output);
  made.mlp = StructuredMlp(layer.mlp, eps);
  max_mixed = std::max(max_mixed, made.num_mixed);
  max_scratch = std::max(max_scratch, made.mlp.ScratchRows());
  return made;
}

}  // namespace raspc
