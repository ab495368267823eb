#include "runtime/engine/dense/dense_bundle.h"

#include <algorithm>

#include "runtime/engine/kernels/kernel_bundle.h"

namespace raspc {

template <typename T>
void Bundle<T>::Fit(int seq_len, bool every_layer) {
  if (seq_len > capacity_ || every_layer != keeps_layers_) {
    capacity_ = std::max<std::int64_t>(seq_len, capacity_);
    if (!Fits(weights_, capacity_, every_layer)) capacity_ = seq_len;
    keeps_layers_ = every_layer;
    const std::int64_t positions = capacity_ * kTile;
    const auto layers = keeps_layers_ ? static_cast<std::int64_t>(weights_.layers.size()) : 1;
    tokens_.resize(Size(positions));
    stream_.resize(Size(positions * weights_.d_model()));
    features_.resize(Size(positions * layers * weights_.max_features));
    readouts_.resize(Size(positions * weights_.readout.num_outputs()));
    scratch_.resize(Size(BundleScratch<T>(static_cast<int>(capacity_))));
  }
  mixed_.resize(Size(std::int64_t{kMaxBundleQueries} * weights_.max_mixed * kTile));
  hidden_.resize(Size(std::int64_t{weights_.max_mlp} * kTile));
}

template <typename T>
void Bundle<T>::Compute(int first, int end) {
  Embed(first, end);
  for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
    // Nothing reads BOS after the last layer has its key and value.
    RunLayer(l, first, l + 1 == weights_.layers.size() ? std::max(first, 1) : first, end);
  }
  for (int p = std::max(first, 1); p < end; ++p) {
    T* readout = readouts_.data() + std::int64_t{p} * weights_.readout.num_outputs() * kTile;
    weights_.readout.ApplyTile(Stream(p), readout, kTile);
  }
}

template <typename T>
void Bundle<T>::Embed(int first, int end) {
  const int d_model = weights_.d_model(), bos = weights_.model.bos_id();
  for (int d = 0; d < d_model && first == 0; ++d) {
    std::fill_n(Stream(0) + std::int64_t{d} * kTile, kTile, weights_.Embedding(bos, 0, d));
  }
  for (int p = std::max(first, 1); p < end; ++p) {
    weights_.packed_tokens.Apply(Tokens(p), weights_.positions.row(p).data(), Stream(p));
  }
}

// The positions from `first` on, and of these the queries from `first_query` on.
template <typename T>
void Bundle<T>::RunLayer(std::size_t layer_index, int first, int first_query, int end) {
  const DenseLayer<T>& layer = weights_.layers[layer_index];
  if (!layer.heads.empty()) {
    for (int p = first; p < end; ++p) {
      layer.project.ApplyTile(Stream(p), Features(layer_index, p), kTile);
    }
  }
  for (int from = first_query; from < end; from += kMaxBundleQueries) {
    const int count = std::min(kMaxBundleQueries, end - from);
    if (!layer.heads.empty()) Attend(layer_index, from, count, end);
    for (int i = 0; i < count; ++i) {
      T* stream = Stream(from + i);
      if (!layer.heads.empty()) layer.output.AddTile(Mixed(i), stream, kTile);
      if (layer.mlp_in.num_outputs() == 0) continue;
      layer.mlp_in.ApplyTile(stream, hidden_.data(), kTile, Activation::kRelu);
      layer.mlp_out.AddTile(hidden_.data(), stream, kTile);
    }
  }
}

// The mixed values of every head for the queries at the positions [first, first + count).
template <typename T>
void Bundle<T>::Attend(std::size_t layer_index, int first, int count, int end) {
  const DenseLayer<T>& layer = weights_.layers[layer_index];
  const T* rows = Features(layer_index, 0);
  for (const HeadPlace& head : layer.heads) {
    BundleHead<T> bundle = {
        .queries = Features(layer_index, first) + std::int64_t{head.query_at} * kTile,
        .keys = rows + std::int64_t{head.key_at} * kTile,
        .values = rows + std::int64_t{head.value_at} * kTile,
        .position_stride = std::ptrdiff_t{weights_.max_features} * kTile,
        .head_dim = head.head_dim,
        .value_dim = head.value_dim,
        .count = count,
        .num_visible = {},
        .bias = {}};
    for (int i = 0; i < count; ++i) {
      bundle.num_visible[Size(i)] = NumVisible(head.mask, first + i, end);
      bundle.bias[Size(i)] = BiasFor(layer, head, weights_.model.context_length, first + i);
    }
    AttendBundle(bundle, scratch_.data(), Mixed(0) + std::int64_t{head.mixed_at} * kTile,
                 Mixed(1) - Mixed(0));
  }
}

template <typename T>
void ChainRunner<T>::Run(std::span<const std::vector<int>> sequences, const BundleChain& chain,
                         Readouts& results) {
  length_ = static_cast<int>(sequences[Size(chain.members.front())].size());
  bundle_.Fit(length_ + 1, /*every_layer=*/chain.Reuses());
  for (int step = 0; step < chain.num_steps; ++step) {
    SetLanes(chain, step);
    const int first = FirstPosition(chain, step);
    ReadTokens(sequences, chain, step, first);
    bundle_.Compute(first, length_ + 1);
    HandOut(chain, step, first, results);
  }
}

template <typename T>
void ChainRunner<T>::SetLanes(const BundleChain& chain, int step) {
  const int left = static_cast<int>(chain.members.size()) - step;
  num_lanes_ = (left + chain.num_steps - 1) / chain.num_steps;
}

// The first position that has to be computed in some lane.
template <typename T>
int ChainRunner<T>::FirstPosition(const BundleChain& chain, int step) const {
  if (step == 0 || !chain.Reuses()) return 0;
  int shared = length_;
  for (int lane = 0; lane < num_lanes_; ++lane) {
    shared = std::min(shared, chain.shared[Size(lane * chain.num_steps + step)]);
  }
  return shared + 1;
}

template <typename T>
void ChainRunner<T>::ReadTokens(std::span<const std::vector<int>> sequences,
                                const BundleChain& chain, int step, int first) {
  const auto tokens = [&](int lane, int of_step) {
    return sequences[Size(chain.members[Size(lane * chain.num_steps + of_step)])].data();
  };
  for (int lane = 0; lane < num_lanes_; ++lane) {
    const int* from = tokens(lane, step);
    for (int p = std::max(first, 1); p <= length_; ++p) bundle_.Tokens(p)[lane] = from[p - 1];
  }
  // Nothing reads lanes without a sequence, but they must hold valid tokens initially.
  for (int p = 1; p <= length_ && step == 0; ++p) {
    std::int32_t* ids = bundle_.Tokens(p);
    std::fill(ids + num_lanes_, ids + kTileTokens<T>, ids[0]);
  }
  if (step + 1 == chain.num_steps) return;
  // The tokens of many sequences are scattered in memory; this fetches the next ones all at once.
  for (int lane = 0; lane + 1 < num_lanes_; ++lane) {
    __builtin_prefetch(tokens(lane, step + 1) + std::max(length_ - 1, 0));
  }
}

// Copies the readouts out: those before `first` are those of the previous step.
template <typename T>
void ChainRunner<T>::HandOut(const BundleChain& chain, int step, int first, Readouts& results) {
  const std::int64_t num_outputs = weights_.readout.num_outputs();
  first = std::max(first, 1);
  const std::int64_t num_known = (first - 1) * num_outputs;
  const std::int64_t num_new = (length_ + 1 - first) * num_outputs;
  for (int lane = 0; lane < num_lanes_; ++lane) {
    double* to = results.Data(Size(chain.members[Size(lane * chain.num_steps + step)]));
    // Too few to be worth a call of memcpy.
    const double* known = last_[Size(lane)];
    for (std::int64_t i = 0; i < num_known; ++i) to[i] = known[i];
    last_[Size(lane)] = to;
    to += num_known;
    const T* from = bundle_.Readout(first) + lane;
    for (std::int64_t i = 0; i < num_new; ++i) to[i] = from[i * kTileTokens<T>];
  }
}

template class Bundle<float>;
template class Bundle<double>;
template class ChainRunner<float>;
template class ChainRunner<double>;

}  // namespace raspc
