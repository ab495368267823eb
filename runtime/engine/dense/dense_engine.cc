// Runs batches of sequences in the model's dtype with the kernels of kernels.h.
//
// Where many sequences have the same length they are run in bundles, a sequence per vector lane,
// and in a causal model most common prefixes are computed once (dense_bundle.h). The rest,
// including long sequences, is run in groups.
//
// The sequences of a group are laid end to end, each after its BOS, and cut into tiles of tokens
// regardless of where one ends; only the last tile is filled up, and as attention stays within each
// sequence's bounds, filler is never a key. All queries, keys and values of a layer come from
// one product. They are stored feature by feature, so that the keys that a query reads,
// which under every mask are the first few of its sequence, are contiguous in memory.
//
// A layer is two loops over tiles: the product above, and, once that is complete, attention, the
// heads' output and the MLP. Groups are divided among threads if there are enough of them,
// otherwise the tiles are. Nothing is summed across tiles, so this changes no result.
#include "runtime/engine/dense/dense_engine.h"

#include <algorithm>
#include <cassert>

#include "runtime/engine/dense/dense_bundle.h"
#include "runtime/engine/dense/dense_plan.h"
#include "runtime/engine/dense/dense_weights.h"
#include "runtime/engine/kernels/kernels.h"
#include "base/parallel.h"

namespace raspc {
namespace {

// Working memory of one thread for a tile.
template <typename T>
struct Scratch {
  void Fit(const DenseWeights<T>& weights, std::int64_t seq_len) {
    const auto tile = std::int64_t{kTileTokens<T>};
    const auto grow = [](std::vector<T>& buffer, std::int64_t size) {
      if (buffer.size() < Size(size)) buffer.resize(Size(size));
    };
    grow(mixed, weights.max_mixed * tile);
    grow(hidden, weights.max_mlp * tile);
    grow(readout, weights.readout.num_outputs() * tile);
    pattern_stride = std::max<std::ptrdiff_t>(pattern_stride, seq_len + kKeyLanes<T>);
    grow(pattern, kMaxQueries * pattern_stride);
  }

  std::vector<T> mixed;               // [num_mixed, kTileTokens]
  std::vector<T> hidden;              // [d_mlp, kTileTokens]
  std::vector<T> readout;             // [readout_dim, kTileTokens]
  std::vector<T> pattern;             // [kMaxQueries, pattern_stride]
  std::ptrdiff_t pattern_stride = 0;  // the longest sequence's length, rounded up
};

// Sequences of a call that are run together, by index.
using Group = std::span<const int>;

// Runs one group after another, reusing its memory. Not thread-safe; threads have one each.
template <typename T>
class GroupRunner {
 public:
  // `observer` may be null; if it is not, num_threads must be 1.
  GroupRunner(const DenseWeights<T>& weights, int num_threads, const Observer* observer)
      : weights_(weights), num_threads_(num_threads), observer_(observer) {
    scratch_.resize(Size(num_threads));
  }

  // Fills results[s] for each sequence s of the group.
  void Run(std::span<const std::vector<int>> sequences, Group group, Readouts& results);

 private:
  static constexpr int kTile = kTileTokens<T>;

  // The sequence a token belongs to.
  struct TokenPlace {
    int sequence = -1;  // in the call; -1 is filler
    int first = 0;      // the token of its BOS
    int seq_len = 0;    // BOS included
  };

  T* StreamTile(std::int64_t tile) { return stream_.data() + tile * weights_.d_model() * kTile; }
  std::int64_t num_tiles() const { return static_cast<std::int64_t>(places_.size()) / kTile; }
  int ThreadsFor(std::int64_t work) const { return work < kWorkWorthThreads ? 1 : num_threads_; }

  void LayOut(std::span<const std::vector<int>> sequences, Group group);
  void Embed(std::span<const std::vector<int>> sequences);
  void RunLayer(std::size_t layer_index);
  void AttendTile(std::size_t layer_index, std::int64_t tile, Scratch<T>& scratch);
  void AttendFrom(std::size_t layer_index, std::size_t head_index, int token, int count,
                  Scratch<T>& scratch);
  void Report(std::size_t layer_index, std::size_t head_index, int token, int num_visible,
              const T* weights, T sum) const;
  void ReportResiduals(int layer_index);
  void ReadOut(Readouts& results);

  const DenseWeights<T>& weights_;
  int num_threads_;
  const Observer* observer_;
  std::vector<Scratch<T>> scratch_;  // [num_threads]
  std::vector<TokenPlace> places_;   // [num_tiles * kTile]
  std::vector<T> stream_;            // [num_tiles, d_model, kTile]
  std::vector<T> features_;          // [max_features, stride_]
  std::ptrdiff_t stride_ = 0;
  std::int64_t work_ = 0;  // multiplications per layer, on average
};

template <typename T>
void GroupRunner<T>::Run(std::span<const std::vector<int>> sequences, Group group,
                         Readouts& results) {
  LayOut(sequences, group);
  Embed(sequences);
  ReportResiduals(-1);
  for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
    RunLayer(l);
    ReportResiduals(static_cast<int>(l));
  }
  ReadOut(results);
}

// Assigns every token its place and every buffer its size.
template <typename T>
void GroupRunner<T>::LayOut(std::span<const std::vector<int>> sequences, Group group) {
  places_.clear();
  work_ = 0;
  int longest = 0;
  for (const int s : group) {
    const int seq_len = static_cast<int>(sequences[Size(s)].size()) + 1;
    const TokenPlace place = {s, static_cast<int>(places_.size()), seq_len};
    places_.insert(places_.end(), Size(seq_len), place);
    longest = std::max(longest, seq_len);
    work_ += weights_.WorkFor(sequences[Size(s)].size());
  }
  work_ /= std::max<std::int64_t>(1, static_cast<std::int64_t>(weights_.layers.size()));
  places_.resize((places_.size() + kTile - 1) / kTile * kTile);
  // An odd number of half tiles, so that equal positions of many features do not compete for the
  // same few cache sets; also the slack that KeysAndValues requires.
  stride_ = static_cast<std::ptrdiff_t>(places_.size()) + kKeyLanes<T>;
  static_assert(kTile % (2 * kKeyLanes<T>) == 0);
  stream_.assign(places_.size() * Size(weights_.d_model()), T{0});
  features_.resize(std::max(features_.size(), Size(stride_) * Size(weights_.max_features)));
  for (Scratch<T>& scratch : scratch_) scratch.Fit(weights_, longest);
}

template <typename T>
void GroupRunner<T>::Embed(std::span<const std::vector<int>> sequences) {
  const int d_model = weights_.d_model();
  for (std::size_t t = 0; t < places_.size(); ++t) {
    const TokenPlace& place = places_[t];
    if (place.sequence < 0) continue;
    const int position = static_cast<int>(t) - place.first;
    const int token = position == 0 ? weights_.model.bos_id()
                                    : sequences[Size(place.sequence)][Size(position - 1)];
    T* to = StreamTile(static_cast<std::int64_t>(t) / kTile) + t % kTile;
    for (int d = 0; d < d_model; ++d) to[d * kTile] = weights_.Embedding(token, position, d);
  }
}

template <typename T>
void GroupRunner<T>::RunLayer(std::size_t layer_index) {
  const DenseLayer<T>& layer = weights_.layers[layer_index];
  const int threads = ThreadsFor(work_);
  if (!layer.heads.empty()) {
    ParallelFor(num_tiles(), threads, [&](std::int64_t tile, int) {
      layer.project.ApplyTile(StreamTile(tile), features_.data() + tile * kTile, stride_);
    });
  }
  // Now every key and value of the layer is in place.
  ParallelFor(num_tiles(), threads, [&](std::int64_t tile, int worker) {
    Scratch<T>& scratch = scratch_[Size(worker)];
    if (!layer.heads.empty()) {
      AttendTile(layer_index, tile, scratch);
      layer.output.AddTile(scratch.mixed.data(), StreamTile(tile), kTile);
    }
    if (layer.mlp_in.num_outputs() > 0) {
      layer.mlp_in.ApplyTile(StreamTile(tile), scratch.hidden.data(), kTile, Activation::kRelu);
      layer.mlp_out.AddTile(scratch.hidden.data(), StreamTile(tile), kTile);
    }
  });
}

// The mixed values of every head for the tokens of a tile, to scratch.mixed.
template <typename T>
void GroupRunner<T>::AttendTile(std::size_t layer_index, std::int64_t tile, Scratch<T>& scratch) {
  const DenseLayer<T>& layer = weights_.layers[layer_index];
  for (int lane = 0; lane < kTile;) {
    const int token = static_cast<int>(tile) * kTile + lane;
    const TokenPlace& place = places_[Size(token)];
    if (place.sequence < 0) {
      // This holds values of other tiles; filler must not let them grow without bound.
      for (int d = 0; d < layer.output.num_inputs(); ++d) scratch.mixed[Size(d * kTile + lane)] = 0;
      ++lane;
      continue;
    }
    const int count = std::min({kMaxQueries, kTile - lane, place.first + place.seq_len - token});
    for (std::size_t h = 0; h < layer.heads.size(); ++h) {
      AttendFrom(layer_index, h, token, count, scratch);
    }
    lane += count;
  }
}

// One head for the queries [token, token + count), which are of one sequence and tile.
template <typename T>
void GroupRunner<T>::AttendFrom(std::size_t layer_index, std::size_t head_index, int token,
                                int count, Scratch<T>& scratch) {
  const DenseLayer<T>& layer = weights_.layers[layer_index];
  const HeadPlace& head = layer.heads[head_index];
  const TokenPlace& place = places_[Size(token)];
  Queries<T> queries = {features_.data() + head.query_at * stride_ + token, stride_, count, {}, {}};
  for (int i = 0; i < count; ++i) {
    const int query = token + i - place.first;
    queries.num_visible[Size(i)] = NumVisible(head.mask, query, place.seq_len);
    queries.bias[Size(i)] = BiasFor(layer, head, weights_.model.context_length, query);
  }
  const KeysAndValues<T> rows = {features_.data() + head.key_at * stride_ + place.first,
                                 features_.data() + head.value_at * stride_ + place.first,
                                 stride_,
                                 stride_,
                                 head.head_dim,
                                 head.value_dim};
  Attention<T> attention = {.mixed = scratch.mixed.data() + head.mixed_at * kTile + token % kTile,
                            .stride = kTile,
                            .weights = scratch.pattern.data(),
                            .weights_stride = scratch.pattern_stride,
                            .keep_weights = observer_ != nullptr && observer_->pattern};
  Attend(queries, rows, attention);
  if (!attention.keep_weights) return;
  for (int i = 0; i < count; ++i) {
    Report(layer_index, head_index, token + i, queries.num_visible[Size(i)],
           attention.weights + i * attention.weights_stride, attention.sums[Size(i)]);
  }
}

// The pattern of one query, which attends to nothing after its visible keys.
template <typename T>
void GroupRunner<T>::Report(std::size_t layer_index, std::size_t head_index, int token,
                            int num_visible, const T* weights, T sum) const {
  const TokenPlace& place = places_[Size(token)];
  std::vector<double> pattern(Size(place.seq_len), 0.0);
  for (int k = 0; k < num_visible; ++k) pattern[Size(k)] = weights[k] / sum;
  observer_->pattern(place.sequence, static_cast<int>(layer_index), static_cast<int>(head_index),
                     token - place.first, pattern);
}

template <typename T>
void GroupRunner<T>::ReportResiduals(int layer_index) {
  if (observer_ == nullptr || !observer_->residual) return;
  for (std::size_t t = 0; t < places_.size() && places_[t].sequence >= 0;) {
    const TokenPlace& place = places_[t];
    Matrix residual(place.seq_len, weights_.d_model());
    for (int i = 0; i < place.seq_len; ++i, ++t) {
      const T* from = StreamTile(static_cast<std::int64_t>(t) / kTile) + t % kTile;
      for (int d = 0; d < weights_.d_model(); ++d) residual(i, d) = from[d * kTile];
    }
    observer_->residual(place.sequence, layer_index, residual);
  }
}

template <typename T>
void GroupRunner<T>::ReadOut(Readouts& results) {
  const int threads = ThreadsFor(num_tiles() * kTile * weights_.readout.num_nonzeros());
  ParallelFor(num_tiles(), threads, [&](std::int64_t tile, int worker) {
    std::vector<T>& readout = scratch_[Size(worker)].readout;
    weights_.readout.ApplyTile(StreamTile(tile), readout.data(), kTile);
    for (int lane = 0; lane < kTile; ++lane) {
      const int token = static_cast<int>(tile) * kTile + lane;
      const TokenPlace& place = places_[Size(token)];
      if (place.sequence < 0 || token == place.first) continue;
      const int dim = weights_.readout.num_outputs();
      double* to = results.Data(Size(place.sequence)) + std::int64_t{token - place.first - 1} * dim;
      for (int d = 0; d < dim; ++d) to[d] = readout[Size(d * kTile + lane)];
    }
  });
}

// Keys and values of one layer, feature by feature, for a sequence that grows.
template <typename T>
class Cache {
 public:
  explicit Cache(int num_features) : num_features_(num_features) {}

  // `features` is [num_features].
  void Append(const T* features) {
    if (length_ == capacity_) Grow();
    for (int f = 0; f < num_features_; ++f) rows_[Size(f * stride() + length_)] = features[f];
    ++length_;
  }

  const T* Row(int feature) const { return rows_.data() + feature * stride(); }
  std::ptrdiff_t stride() const { return capacity_ + kKeyLanes<T>; }

 private:
  // Doubling, so that a token takes amortised constant time and memory is proportional to the
  // length.
  void Grow() {
    const std::ptrdiff_t new_capacity = std::max<std::ptrdiff_t>(32, 2 * capacity_);
    const std::ptrdiff_t new_stride = new_capacity + kKeyLanes<T>;
    std::vector<T> grown(Size(new_stride) * Size(num_features_));
    for (int f = 0; f < num_features_ && length_ > 0; ++f) {
      std::copy_n(Row(f), length_, grown.data() + f * new_stride);
    }
    rows_ = std::move(grown);
    capacity_ = new_capacity;
  }

  int num_features_;
  std::ptrdiff_t length_ = 0;
  std::ptrdiff_t capacity_ = 0;
  std::vector<T> rows_;  // [num_features, stride]
};

template <typename T>
class DenseSession : public Session {
 public:
  explicit DenseSession(const DenseWeights<T>& weights)
      : weights_(weights), readout_(weights.readout.num_outputs()) {
    for (const DenseLayer<T>& layer : weights.layers) {
      caches_.emplace_back(layer.project.num_outputs() - layer.num_query_features);
    }
    scratch_.Fit(weights, 1);
    features_.resize(Size(weights.max_features));
    stream_.resize(Size(weights.d_model()));
    Append(weights.model.bos_id());
  }

  const Vector& Append(int token_id) override {
    assert(position_ < weights_.positions.rows());
    scratch_.Fit(weights_, 2 * position_ + 1);
    for (int d = 0; d < weights_.d_model(); ++d) {
      stream_[Size(d)] = weights_.Embedding(token_id, position_, d);
    }
    for (std::size_t l = 0; l < weights_.layers.size(); ++l) RunLayer(l);
    ++position_;
    weights_.readout.ApplyOne(stream_.data(), scratch_.readout.data());
    for (Eigen::Index i = 0; i < readout_.size(); ++i) readout_(i) = scratch_.readout[Size(i)];
    return readout_;
  }

 private:
  void RunLayer(std::size_t layer_index) {
    const DenseLayer<T>& layer = weights_.layers[layer_index];
    if (!layer.heads.empty()) {
      Cache<T>& cache = caches_[layer_index];
      const int offset = layer.num_query_features;
      layer.project.ApplyOne(stream_.data(), features_.data());
      cache.Append(features_.data() + offset);
      for (const HeadPlace& head : layer.heads) {
        const KeysAndValues<T> rows = {cache.Row(head.key_at - offset),
                                       cache.Row(head.value_at - offset),
                                       cache.stride(),
                                       cache.stride(),
                                       head.head_dim,
                                       head.value_dim};
        Attend(features_.data() + head.query_at, rows,
               BiasFor(layer, head, weights_.model.context_length, position_),
               NumVisible(head.mask, position_, position_ + 1), scratch_.pattern.data(),
               scratch_.mixed.data() + head.mixed_at, 1, /*keep_weights=*/false);
      }
      layer.output.AddOne(scratch_.mixed.data(), stream_.data());
    }
    if (layer.mlp_in.num_outputs() == 0) return;
    layer.mlp_in.ApplyOne(stream_.data(), scratch_.hidden.data(), 1, Activation::kRelu);
    layer.mlp_out.AddOne(scratch_.hidden.data(), stream_.data());
  }

  const DenseWeights<T>& weights_;  // the engine's
  std::vector<Cache<T>> caches_;    // [layers]
  Scratch<T> scratch_;
  std::vector<T> features_;  // [max_features]
  std::vector<T> stream_;    // [d_model]
  Vector readout_;
  int position_ = 0;
};

template <typename T>
class DenseEngine : public Engine {
 public:
  DenseEngine(const Model& model, int num_threads) : weights_(model), num_threads_(num_threads) {}

  Readouts Run(std::span<const std::vector<int>> sequences,
               const Observer* observer) const override {
    Readouts results(sequences, weights_.readout.num_outputs());
    const BatchPlan plan = PlanBatch(weights_, sequences, num_threads_, observer == nullptr);
    const bool single = observer != nullptr || plan.work < kWorkWorthThreads;
    const int threads = single ? 1 : num_threads_;
    RunChains(sequences, plan, threads, results);
    RunGroups(sequences, plan, threads, observer, results);
    return results;
  }

  std::unique_ptr<Session> StartSession() const override {
    if (!weights_.model.causal) return nullptr;
    return std::make_unique<DenseSession<T>>(weights_);
  }

 private:
  void RunChains(std::span<const std::vector<int>> sequences, const BatchPlan& plan, int threads,
                 Readouts& results) const {
    std::vector<std::unique_ptr<ChainRunner<T>>> runners(Size(threads));
    ParallelFor(static_cast<std::int64_t>(plan.chains.size()), threads,
                [&](std::int64_t task, int worker) {
                  std::unique_ptr<ChainRunner<T>>& runner = runners[Size(worker)];
                  if (!runner) runner = std::make_unique<ChainRunner<T>>(weights_);
                  runner->Run(sequences, plan.chains[Size(task)], results);
                });
  }

  void RunGroups(std::span<const std::vector<int>> sequences, const BatchPlan& plan, int threads,
                 const Observer* observer, Readouts& results) const {
    // Enough groups: a thread for each. Otherwise: one group at a time, all threads within it.
    const bool by_group = static_cast<int>(plan.groups.size()) >= threads;
    const int outer = by_group ? threads : 1;
    std::vector<std::unique_ptr<GroupRunner<T>>> runners(Size(outer));
    ParallelFor(
        static_cast<std::int64_t>(plan.groups.size()), outer, [&](std::int64_t task, int worker) {
          std::unique_ptr<GroupRunner<T>>& runner = runners[Size(worker)];
          if (!runner) {
            runner = std::make_unique<GroupRunner<T>>(weights_, by_group ? 1 : threads, observer);
          }
          runner->Run(sequences, plan.groups[Size(task)], results);
        });
  }

  DenseWeights<T> weights_;
  int num_threads_;
};

}  // namespace

std::unique_ptr<Engine> MakeDenseEngine(const Model& model, int num_threads) {
  if (model.dtype == DType::kFloat32) {
    return std::make_unique<DenseEngine<float>>(model, num_threads);
  }
  return std::make_unique<DenseEngine<double>>(model, num_threads);
}

}  // namespace raspc
