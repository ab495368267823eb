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
  SessionHead(const HeadPlan& plan, std::int64_t context_length)
      : plan_(plan),
        state_(MakeHeadState(plan, context_length)),
        keeps_(state_->ReadsBack()),
        num_keys_(StructuredWeights::KeyRows(plan)),
        query_(Size(plan.head_dim)),
        current_(Size(num_keys_ + plan.value_dim)) {}

  // Processes the token at `position`, given its stream; its mixed values go to `mixed`.
  void Append(const double* stream, int token, std::ptrdiff_t position, double* mixed) {
    if (position == 0 || !plan_.HasTokenQueries()) plan_.query.ApplyOne(stream, query_.data());
    if (plan_.NeedsKeys()) {
      if (position == 0) {
        std::fill_n(current_.data(), num_keys_, 0.0);
      } else {
        plan_.varying_key.ApplyOne(stream, current_.data());
      }
      current_[Size(num_keys_ - 1)] = position == 0 ? 1 : 0;
    }
    plan_.value.ApplyOne(stream, current_.data() + num_keys_);
    const HeadInput input = Input(&token, position);
    if (position == 0) {
      std::vector<double> bos_key(Size(plan_.head_dim));
      plan_.key.ApplyOne(stream, bos_key.data());
      state_->Start(input, bos_key.data());
    }
    if (position > 0 && plan_.mask == HeadMask::kCausal) state_->Add(input, position);
    state_->Mix(input, position, mixed, 1, nullptr);
    if (position > 0 && plan_.mask == HeadMask::kStrictlyCausal) state_->Add(input, position);
  }

 private:
  HeadInput Input(const int* token, std::ptrdiff_t position) {
    HeadInput input = {token, 0, {query_.data(), 1, 0}, {}, {}};
    if (keeps_) {
      Keep(position);
      input.key = {kept_.data(), stride_, 1};
      input.value = {kept_.data() + num_keys_ * stride_, stride_, 1};
    } else {
      input.key = {current_.data(), 1, 0};
      input.value = {current_.data() + num_keys_, 1, 0};
    }
    return input;
  }

  void Keep(std::ptrdiff_t position) {
    if (position + kPositionLanes >= stride_) {
      // Doubling, so that a token takes amortised constant time and memory is proportional to the
      // length.
      const std::ptrdiff_t stride = std::max<std::ptrdiff_t>(4 * kPositionLanes, 2 * stride_) + 8;
      std::vector<double> grown(Size(stride) * current_.size());
      for (std::size_t f = 0; f < current_.size() && position > 0; ++f) {
        std::copy_n(kept_.data() + static_cast<std::ptrdiff_t>(f) * stride_, position,
                    grown.data() + static_cast<std::ptrdiff_t>(f) * stride);
      }
      kept_ = std::move(grown);
      stride_ = stride;
    }
    for (std::size_t f = 0; f < current_.size(); ++f) {
      kept_[f * Size(stride_) + Size(position)] = current_[f];
    }
  }

  const HeadPlan& plan_;
  std::unique_ptr<HeadState> state_;
  bool keeps_;
  int num_keys_;
  std::vector<double> query_;    // [head_dim]
  std::vector<double> current_;  // [num_keys + value_dim]: of the last position
  std::vector<double> kept_;     // [num_keys + value_dim, stride]: of all positions
  std::ptrdiff_t stride_ = 0;
};

class StructuredSession final : public Session {
 public:
  explicit StructuredSession(const StructuredWeights& weights)
      : weights_(weights),
        stream_(Size(weights.d_model())),
        mixed_(Size(weights.max_mixed)),
        scratch_(Size(weights.max_scratch)) {
    for (const StructuredLayer& layer : weights.layers) {
      std::vector<SessionHead>& heads = heads_.emplace_back();
      for (const HeadPlan& plan : layer.heads) {
        heads.emplace_back(plan, weights.model.context_length);
      }
    }
    Append(weights.model.bos_id());
  }

  Vector Append(int token_id) override {
    assert(position_ < weights_.positions.cols());
    for (int d = 0; d < weights_.d_model(); ++d) {
      stream_[Size(d)] = weights_.tokens(d, token_id) + weights_.positions(d, position_);
    }
    for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
      const StructuredLayer& layer = weights_.layers[l];
      for (std::size_t h = 0; h < layer.heads.size(); ++h) {
        if (layer.heads[h].value_dim == 0) continue;
        heads_[l][h].Append(stream_.data(), token_id, position_, mixed_.data() + layer.mixed_at[h]);
      }
      layer.output.AddOne(mixed_.data(), stream_.data());
      if (!layer.mlp.empty()) layer.mlp.AddOne(stream_.data(), scratch_.data());
    }
    ++position_;
    Vector readout(weights_.readout.num_outputs());
    weights_.readout.ApplyOne(stream_.data(), readout.data());
    return readout;
  }

 private:
  const StructuredWeights& weights_;             // the engine's
  std::vector<std::vector<SessionHead>> heads_;  // [layers, heads]
  std::vector<double> stream_;                   // [d_model]
  std::vector<double> mixed_;                    // [max_mixed]
  std::vector<double> scratch_;
  std::ptrdiff_t position_ = 0;
};

}  // namespace

std::unique_ptr<Session> MakeStructuredSession(const StructuredWeights& weights) {
  return std::make_unique<StructuredSession>(weights);
}

}  // namespace raspc
