#include "runtime/engine/dense_bundle.h"

#include <algorithm>
#include <array>

#include "runtime/engine/kernel_bundle.h"

namespace raspc {

template <typename T>
void BundleRunner<T>::Run(std::span<const std::vector<int>> sequences, std::span<const int> members,
                          Readouts& results) {
  seq_len_ = static_cast<int>(sequences[Size(members.front())].size()) + 1;
  Fit();
  const int first = ReadTokens(sequences, members);
  num_kept_ = 0;
  Embed(first);
  for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
    layer_ = keeps_layers_ ? static_cast<std::int64_t>(l) : 0;
    // Nothing reads BOS any more once the last layer has its key and value.
    RunLayer(weights_.layers[l], first, l + 1 == weights_.layers.size() ? 1 : 0);
  }
  ReadOut(members, first, results);
  if (keeps_layers_) num_kept_ = seq_len_;
}

// Where there is not enough room, all that was kept is dropped.
template <typename T>
void BundleRunner<T>::Fit() {
  const bool keeps_layers = weights_.model.causal && Fits(weights_, seq_len_, true);
  if (seq_len_ > capacity_ || keeps_layers != keeps_layers_) {
    capacity_ = std::max<std::int64_t>(seq_len_, capacity_);
    if (keeps_layers && !Fits(weights_, capacity_, true)) capacity_ = seq_len_;
    keeps_layers_ = keeps_layers;
    num_kept_ = 0;
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

// Gives the first position that has to be computed.
template <typename T>
int BundleRunner<T>::ReadTokens(std::span<const std::vector<int>> sequences,
                                std::span<const int> members) {
  const int length = seq_len_ - 1;
  // The tokens of many sequences lie all over memory; this brings them all at once.
  for (const int member : members) __builtin_prefetch(sequences[Size(member)].data());
  // How many tokens all lanes so far have in common with the last bundle.
  int common = std::min(std::max(num_kept_ - 1, 0), length);
  for (std::size_t lane = 0; lane < Size(kTile); ++lane) {
    // Lanes without a sequence repeat the first; nothing reads them.
    const int* tokens = sequences[Size(members[lane < members.size() ? lane : 0])].data();
    std::int32_t* last = tokens_.data() + static_cast<std::int64_t>(lane) * capacity_;
    // Mostly the first lane tells, and the others agree.
    if (!std::equal(tokens, tokens + common, last)) {
      common = static_cast<int>(std::mismatch(tokens, tokens + common, last).first - tokens);
    }
    for (int i = common; i < length; ++i) last[i] = tokens[i];
  }
  return num_kept_ == 0 ? 0 : common + 1;
}

// The positions from `first` on.
template <typename T>
void BundleRunner<T>::Embed(int first) {
  const int d_model = weights_.d_model(), bos = weights_.model.bos_id();
  for (int d = 0; d < d_model && first == 0; ++d) {
    std::fill_n(Stream(0) + std::int64_t{d} * kTile, kTile, weights_.Embedding(bos, 0, d));
  }
  std::array<std::int32_t, kTile> ids;
  for (int p = std::max(first, 1); p < seq_len_; ++p) {
    for (std::size_t lane = 0; lane < ids.size(); ++lane) {
      ids[lane] = tokens_[lane * Size(capacity_) + Size(p - 1)];
    }
    weights_.packed_tokens.Apply(ids.data(), weights_.positions.row(p).data(), Stream(p));
  }
}

// The positions from `first` on, and of these the queries from `first_query` on.
template <typename T>
void BundleRunner<T>::RunLayer(const DenseLayer<T>& layer, int first, int first_query) {
  if (!layer.heads.empty()) {
    for (int p = first; p < seq_len_; ++p) layer.project.ApplyTile(Stream(p), Features(p), kTile);
  }
  for (int from = std::max(first, first_query); from < seq_len_; from += kMaxBundleQueries) {
    const int count = std::min(kMaxBundleQueries, seq_len_ - from);
    if (!layer.heads.empty()) Attend(layer, from, count);
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
void BundleRunner<T>::Attend(const DenseLayer<T>& layer, int first, int count) {
  for (const HeadPlace& head : layer.heads) {
    BundleHead<T> bundle = {.queries = Features(first) + std::int64_t{head.query_at} * kTile,
                            .keys = Features(0) + std::int64_t{head.key_at} * kTile,
                            .values = Features(0) + std::int64_t{head.value_at} * kTile,
                            .position_stride = std::ptrdiff_t{weights_.max_features} * kTile,
                            .head_dim = head.head_dim,
                            .value_dim = head.value_dim,
                            .count = count,
                            .num_visible = {},
                            .bias = {}};
    for (int i = 0; i < count; ++i) {
      bundle.num_visible[Size(i)] = NumVisible(head.mask, first + i, seq_len_);
      bundle.bias[Size(i)] = BiasFor(layer, head, weights_.model.context_length, first + i);
    }
    AttendBundle(bundle, scratch_.data(), Mixed(0) + std::int64_t{head.mixed_at} * kTile,
                 Mixed(1) - Mixed(0));
  }
}

// Computes the readouts from `first` on, and hands out all.
template <typename T>
void BundleRunner<T>::ReadOut(std::span<const int> members, int first, Readouts& results) {
  const int num_outputs = weights_.readout.num_outputs();
  for (int p = std::max(first, 1); p < seq_len_; ++p) {
    weights_.readout.ApplyTile(Stream(p), Readout(p), kTile);
  }
  const std::int64_t size = std::int64_t{seq_len_ - 1} * num_outputs;
  for (std::size_t lane = 0; lane < members.size(); ++lane) {
    double* to = results.Data(Size(members[lane]));
    const T* from = Readout(1) + lane;
    for (std::int64_t i = 0; i < size; ++i) to[i] = from[i * kTile];
  }
}

template class BundleRunner<float>;
template class BundleRunner<double>;

}  // namespace raspc
