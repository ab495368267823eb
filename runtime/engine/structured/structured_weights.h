// A model's weights as the structured engine uses them: for every head the plan that its structure
// allows, MLPs with their piecewise-linear functions, projections as sparse maps.
#pragma once

#include <cstddef>
#include <vector>

#include "base/size.h"
#include "runtime/model/model.h"
#include "runtime/engine/structured/head_plan.h"
#include "runtime/engine/structured/piecewise_linear.h"
#include "runtime/engine/structured/residual_sources.h"
#include "runtime/engine/structured/sparse_map.h"

namespace raspc {

struct StructuredLayer {
  std::vector<HeadPlan> heads;
  // For one position at a time: what the heads read of the stream, head after head: its query, the
  // varying keys and the indicator of BOS if it needs keys, its values; nothing if it adds nothing.
  SparseMap features;            // [d_model, num_features]
  std::vector<int> features_at;  // [heads]: where a head's begin
  std::vector<int> mixed_at;  // [heads]: where a head's mixed values begin
  int num_mixed = 0;
  SparseMap output;  // [num_mixed, d_model]
  StructuredMlp mlp;
};

// How the embeddings of one direction are added up.
struct DirectionEmbedding {
  bool by_token = false, by_position = false;  // whether they are not always 0
  // Whether it is read at program positions, other than by heads that derive what they read there
  // from the token or the position.
  bool is_read = false;
};

struct StructuredWeights {
  explicit StructuredWeights(const Model& m);

  // Varying keys and the indicator of BOS.
  static int KeyRows(const HeadPlan& plan) {
    return plan.NeedsKeys() ? static_cast<int>(plan.varying.size()) + 1 : 0;
  }
  // Queries, keys, values, in this order.
  static int HeadRows(const HeadPlan& plan) {
    return plan.head_dim + KeyRows(plan) + plan.value_dim;
  }

  int d_model() const { return model.d_model(); }
  // The layer that runs as the l-th.
  const Layer& ModelLayer(std::size_t l) const {
    return model.layers[static_cast<std::size_t>(layer_order[l])];
  }

  const Model& model;  // outlives the engine
  std::vector<int> layer_order;
  // As they run. Of a layer that runs twice there are two: what its heads look for can be simpler
  // where fewer layers have written to the stream.
  std::vector<StructuredLayer> layers;
  SparseMap readout;
  Matrix tokens;                               // [d_model, vocabulary + 1]
  Matrix positions;                            // [d_model, context_length + 1]
  std::vector<DirectionEmbedding> directions;  // [d_model]
  int max_head_rows = 0;
  int max_mixed = 0;
  int max_scratch = 0;

 private:
  StructuredLayer MakeLayer(const Layer& layer, const DirectionSources& sources, double eps,
                            TableBudget& budget);
  static void SetFeatures(StructuredLayer& layer);
  void FindRead();
};

}  // namespace raspc
