#include "runtime/engine/dense_bundle.h"

#include <algorithm>
#include <array>

#include "runtime/engine/kernel_bundle.h"

namespace raspc {

template <typename T>
void BundleRunner<T>::Run(std::span<const std::vector<int>> sequences, std::span<const int> members,
                          std::vector<Matrix>& results) {
  seq_len_ = static_cast<int>(sequences[Size(members.front())].size()) + 1;
  Fit();
  Embed(sequences, members);
  for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
    // Nothing reads BOS any more once the last layer has its key and value.
    RunLayer(weights_.layers[l], l + 1 == weights_.layers.size() ? 1 : 0);
  }
  ReadOut(members, results);
}

template <typename T>
void BundleRunner<T>::Fit() {
  const auto grow = [](std::vector<T>& buffer, std::int64_t size) {
    if (buffer.size() < Size(size)) buffer.resize(Size(size));
  };
  const std::int64_t positions = std::int64_t{seq_len_} * kTile;
  grow(stream_, positions * weights_.d_model());
  grow(features_, positions * weights_.max_features);
  grow(mixed_, std::int64_t{kMaxBundleQueries} * weights_.max_mixed * kTile);
  grow(hidden_, std::int64_t{weights_.max_mlp} * kTile);
  grow(readout_, std::int64_t{weights_.readout.num_outputs()} * kTile);
  grow(scratch_, BundleScratch<T>(seq_len_));
}

template <typename T>
void BundleRunner<T>::Embed(std::span<const std::vector<int>> sequences,
                            std::span<const int> members) {
  // Lanes without a sequence repeat the first; nothing reads them.
  std::array<const int*, kTile> tokens;
  for (std::size_t lane = 0; lane < tokens.size(); ++lane) {
    tokens[lane] = sequences[Size(members[lane < members.size() ? lane : 0])].data();
  }
  const int d_model = weights_.d_model(), bos = weights_.model.bos_id();
  for (int d = 0; d < d_model; ++d) {
    std::fill_n(Stream(0) + std::int64_t{d} * kTile, kTile, weights_.Embedding(bos, 0, d));
  }
  std::array<std::int32_t, kTile> ids;
  for (int p = 1; p < seq_len_; ++p) {
    for (std::size_t lane = 0; lane < tokens.size(); ++lane) ids[lane] = tokens[lane][p - 1];
    weights_.packed_tokens.Apply(ids.data(), weights_.positions.row(p).data(), Stream(p));
  }
}

// The queries from `first_query` on.
template <typename T>
void BundleRunner<T>::RunLayer(const DenseLayer<T>& layer, int first_query) {
  if (!layer.heads.empty()) {
    for (int p = 0; p < seq_len_; ++p) layer.project.ApplyTile(Stream(p), Features(p), kTile);
  }
  for (int first = first_query; first < seq_len_; first += kMaxBundleQueries) {
    const int count = std::min(kMaxBundleQueries, seq_len_ - first);
    if (!layer.heads.empty()) Attend(layer, first, count);
    for (int i = 0; i < count; ++i) {
      T* stream = Stream(first + i);
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

template <typename T>
void BundleRunner<T>::ReadOut(std::span<const int> members, std::vector<Matrix>& results) {
  const int num_outputs = weights_.readout.num_outputs();
  std::array<double*, kTile> to;
  for (std::size_t lane = 0; lane < members.size(); ++lane) {
    Matrix& result = results[Size(members[lane])];
    result.resize(seq_len_ - 1, num_outputs);
    to[lane] = result.data();
  }
  for (int p = 1; p < seq_len_; ++p) {
    weights_.readout.ApplyTile(Stream(p), readout_.data(), kTile);
    for (int d = 0; d < num_outputs; ++d) {
      const T* row = readout_.data() + std::int64_t{d} * kTile;
      const std::int64_t at = std::int64_t{p - 1} * num_outputs + d;
      for (std::size_t lane = 0; lane < members.size(); ++lane) to[lane][at] = row[lane];
    }
  }
}

template class BundleRunner<float>;
template class BundleRunner<double>;

}  // namespace raspc
