#include "runtime/engine/structured/structured_session.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/engine/structured/head_state.h"

namespace raspc {
namespace {

// One head of a session: its state and, if it reads them again, its keys and values.
class SessionHead {
 public:
  // `features` are where the layer's features of this head will be at each call: the query, the
  // keys and the indicator of BOS, the values.
  SessionHead(const HeadPlan& plan, std::int64_t context_length, double* features)
      : plan_(plan),
        state_(MakeHeadState(plan, context_length)),
        keeps_(state_->ReadsBack()),
        num_keys_(StructuredWeights::KeyRows(plan)),
        num_kept_(num_keys_ + plan.value_dim),
        keys_(features + plan.head_dim) {
    input_.token_stride = 0;
    input_.query = {features, 1, 0};
    input_.key = {keys_, 1, 0};
    input_.value = {keys_ + num_keys_, 1, 0};
  }

  // Starts with BOS, given its stream.
  void Start(const double* stream, const int* token, double* mixed) {
    if (plan_.HasTokenQueries()) plan_.query.ApplyOne(stream, keys_ - plan_.head_dim);
    if (num_keys_ > 0) {
      std::fill_n(keys_, num_keys_, 0.0);
      keys_[num_keys_ - 1] = 1;
    }
    std::vector<double> bos_key(Size(plan_.head_dim));
    plan_.key.ApplyOne(stream, bos_key.data());
    input_.tokens = token;
    if (keeps_) Keep(0);
    state_->Start(input_, bos_key.data());
    state_->Mix(input_, 0, mixed, 1, nullptr);
    if (num_keys_ > 0) keys_[num_keys_ - 1] = 0;
  }

  // Processes the token at `position`, from 1 on; its mixed values go to `mixed`.
  void Append(const int* token, std::ptrdiff_t position, double* mixed) {
    input_.tokens = token;
    if (keeps_) Keep(position);
    if (plan_.mask == HeadMask::kCausal) state_->Add(input_, position);
    state_->Mix(input_, position, mixed, 1, nullptr);
    if (plan_.mask == HeadMask::kStrictlyCausal) state_->Add(input_, position);
  }

 private:
  void Keep(std::ptrdiff_t position) {
    if (position + kPositionLanes >= stride_) Grow(position);
    double* to = kept_.data() + position;
    for (int f = 0; f < num_kept_; ++f, to += stride_) *to = keys_[f];
  }

  // Doubling, so that a token takes amortised constant time and memory is proportional to the
  // length.
  void Grow(std::ptrdiff_t position) {
    const std::ptrdiff_t stride = std::max<std::ptrdiff_t>(4 * kPositionLanes, 2 * stride_) + 8;
    std::vector<double> grown(Size(stride * num_kept_));
    for (int f = 0; f < num_kept_ && position > 0; ++f) {
      std::copy_n(kept_.data() + f * stride_, position, grown.data() + f * stride);
    }
    kept_ = std::move(grown);
    stride_ = stride;
    input_.key = {kept_.data(), stride_, 1};
    input_.value = {kept_.data() + num_keys_ * stride_, stride_, 1};
  }

  const HeadPlan& plan_;
  std::unique_ptr<HeadState> state_;
  bool keeps_;
  int num_keys_, num_kept_;  // rows of keys, with the indicator of BOS, and with values
  double* keys_;             // [num_kept], the session's
  HeadInput
      input_;  // of the last position, or of all if they are kept; the token is set at each call
  std::vector<double> kept_;  // [num_kept, stride]: of all positions
  std::ptrdiff_t stride_ = 0;
};

// What does not change from step to step is done once: buffers are filled with the outputs that are
// constant, and heads that add nothing are left out.
class StructuredSession final : public Session {
 public:
  explicit StructuredSession(const StructuredWeights& weights)
      : weights_(weights),
        layers_(weights.layers.size()),
        stream_(Size(weights.d_model())),
        mixed_(Size(weights.max_mixed)),
        scratch_(Size(weights.max_scratch)),
        readout_(weights.readout.num_outputs()) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const StructuredLayer& layer = weights.layers[l];
      // Where a head has no feature, pointers to one are taken all the same.
      layers_[l].features.resize(Size(layer.features.num_outputs()) + 1);
      for (std::size_t h = 0; h < layer.heads.size(); ++h) {
        if (layer.heads[h].value_dim == 0) continue;
        layers_[l].heads.emplace_back(layer.heads[h], weights.model.context_length,
                                      layers_[l].features.data() + layer.features_at[h]);
        layers_[l].mixed.push_back(mixed_.data() + layer.mixed_at[h]);
      }
    }
    Append(weights.model.bos_id());
  }

  const Vector& Append(int token_id) override {
    assert(position_ < weights_.positions.cols());
    Embed(token_id);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      RunHeads(l, token_id);
      const StructuredLayer& layer = weights_.layers[l];
      layer.output.AddOne(mixed_.data(), stream_.data());
      if (!layer.mlp.empty()) layer.mlp.AddOne(stream_.data(), scratch_.data());
    }
    ++position_;
    weights_.readout.ApplyOne(stream_.data(), readout_.data());
    return readout_;
  }

 private:
  struct LayerState {
    std::vector<double> features;  // as StructuredLayer::features gives them
    std::vector<SessionHead> heads;
    std::vector<double*> mixed;  // [heads]: where a head's mixed values go
  };

  void Embed(int token_id) {
    const double* token = weights_.model.token_embedding.row(token_id).data();
    const double* position = weights_.model.position_embedding.row(position_).data();
    const std::size_t size = stream_.size();
    double* stream = stream_.data();
#pragma GCC ivdep
    for (std::size_t d = 0; d < size; ++d) stream[d] = token[d] + position[d];
  }

  void RunHeads(std::size_t l, int token_id) {
    LayerState& state = layers_[l];
    if (position_ == 0) {
      weights_.layers[l].features.ApplyOne(stream_.data(), state.features.data());
      for (std::size_t h = 0; h < state.heads.size(); ++h) {
        state.heads[h].Start(stream_.data(), &token_id, state.mixed[h]);
      }
      return;
    }
    weights_.layers[l].features.ApplyVarying(stream_.data(), state.features.data());
    for (std::size_t h = 0; h < state.heads.size(); ++h) {
      state.heads[h].Append(&token_id, position_, state.mixed[h]);
    }
  }

  const StructuredWeights& weights_;  // the engine's
  std::vector<LayerState> layers_;
  std::vector<double> stream_;  // [d_model]
  std::vector<double> mixed_;   // [max_mixed]
  std::vector<double> scratch_;
  Vector readout_;
  std::ptrdiff_t position_ = 0;
};

}  // namespace

std::unique_ptr<Session> MakeStructuredSession(const StructuredWeights& weights) {
  return std::make_unique<StructuredSession>(weights);
}

}  // namespace raspc
