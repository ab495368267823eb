#include "runtime/engine/structured/structured_runner.h"

#include "base/parallel.h"

namespace raspc {
namespace {

Rows RowsOf(Features features, std::ptrdiff_t first) {
  return {features.data + first, features.stride, 1};
}

}  // namespace

// The features of one head.
struct StructuredRunner::HeadFeatures {
  Features query, key, value;

  HeadFeatures(const HeadPlan& plan, Features rows)
      : query(rows.From(0, 0)),
        key(rows.From(plan.head_dim, 0)),
        value(rows.From(plan.head_dim + StructuredWeights::KeyRows(plan), 0)) {}
};

void StructuredRunner::Run(std::span<const std::vector<int>> sequences, SequenceRange group,
                           Readouts& results) {
  LayOut(sequences, group);
  Embed();
  ReportResiduals(-1);
  for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
    RunLayer(l);
    ReportResiduals(static_cast<int>(l));
  }
  ReadOut(results);
}

std::size_t StructuredRunner::NumBytes() const {
  std::size_t numbers = stream_.capacity() + mixed_.capacity() + tokens_.capacity();
  for (const Worker& worker : workers_) {
    numbers += worker.head_rows.capacity() + worker.scratch.capacity();
  }
  return numbers * sizeof(double);
}

void StructuredRunner::LayOut(std::span<const std::vector<int>> sequences, SequenceRange group) {
  sequences_.clear();
  tokens_.clear();
  for (std::size_t s = group.first; s < group.last; ++s) {
    const auto first = static_cast<std::ptrdiff_t>(tokens_.size());
    tokens_.push_back(weights_.model.bos_id());
    tokens_.insert(tokens_.end(), sequences[s].begin(), sequences[s].end());
    sequences_.push_back({s, first, static_cast<std::ptrdiff_t>(tokens_.size()) - first});
  }
  num_tokens_ = static_cast<std::ptrdiff_t>(tokens_.size());
  // Spare lanes after the last token. An odd number of cache lines, so that equal positions of
  // many features do not compete for the same few cache sets.
  stride_ = (num_tokens_ + 2 * kPositionLanes - 1) / kPositionLanes * kPositionLanes + 8;
  const auto fit = [&](std::vector<double>& rows, int num_rows) {
    // At least one row, as pointers to the tokens are taken even if there are none.
    const std::size_t size = Size(stride_) * Size(std::max(1, num_rows));
    if (rows.size() < size) rows.assign(size, 0);
  };
  fit(stream_, weights_.d_model());
  fit(mixed_, weights_.max_mixed);
  for (Worker& worker : workers_) {
    fit(worker.head_rows, weights_.max_head_rows);
  }
}

void StructuredRunner::Embed() {
  for (int d = 0; d < weights_.d_model(); ++d) {
    double* row = Stream().Row(d);
    const DirectionEmbedding& embedding = weights_.directions[Size(d)];
    const double* by_token = weights_.tokens.row(d).data();
    const double* by_position = weights_.positions.row(d).data();
    for (const Sequence& sequence : sequences_) {
      double* to = row + sequence.first;
      const int* tokens = tokens_.data() + sequence.first;
      // Heads read all directions at BOS.
      const bool all = embedding.is_read || observer_ != nullptr;
      const std::ptrdiff_t length = all ? sequence.seq_len : 1;
      if (embedding.by_position) {
        std::copy_n(by_position, length, to);
      } else {
        std::fill_n(to, length, 0.0);
      }
      if (!embedding.by_token) continue;
      for (std::ptrdiff_t p = 0; p < length; ++p) to[p] = by_token[tokens[p]] + to[p];
    }
  }
}

void StructuredRunner::RunLayer(std::size_t layer_index) {
  const StructuredLayer& layer = weights_.layers[layer_index];
  ParallelFor(static_cast<std::int64_t>(layer.heads.size()), num_threads_,
              [&](std::int64_t h, int worker) {
                RunHead(layer_index, static_cast<std::size_t>(h), workers_[Size(worker)]);
              });
  // No head reads the stream after this.
  ParallelFor(num_chunks(), num_threads_, [&](std::int64_t chunk, int worker) {
    const std::ptrdiff_t first = chunk * kChunkTokens;
    layer.output.Apply(Mixed().From(0, first), ChunkSize(chunk), Stream().From(0, first),
                       SparseMap::Use::kAdd);
    if (layer.mlp.empty()) return;
    ForSteps(chunk, layer.mlp.ScratchRows(), workers_[Size(worker)],
             [&](std::ptrdiff_t from, std::ptrdiff_t count, Features scratch) {
               layer.mlp.Add(Stream().From(0, from), count, scratch);
             });
  });
}

void StructuredRunner::RunHead(std::size_t layer_index, std::size_t h, Worker& worker) {
  const HeadPlan& plan = weights_.layers[layer_index].heads[h];
  const bool is_seen = observer_ != nullptr && observer_->pattern;
  if (plan.value_dim == 0 && !is_seen) return;
  const HeadFeatures features(plan, {worker.head_rows.data(), stride_});
  HeadState& state = StateOf(layer_index, h, worker);
  if (!is_seen && Knows(state)) {
    plan.value.Apply(Stream(), num_tokens_, features.value);
    for (const Sequence& sequence : sequences_) {
      double* mixed = Mixed().Row(weights_.layers[layer_index].mixed_at[h]) + sequence.first;
      state.RunKnown(RowsOf(features.value, sequence.first), sequence.seq_len, mixed, stride_);
    }
    return;
  }
  ComputeFeatures(plan, features);
  for (const Sequence& sequence : sequences_) {
    RunHeadOn(sequence, layer_index, h, features, state, worker);
    state.Release();
  }
}

bool StructuredRunner::Knows(const HeadState& state) const {
  return std::all_of(sequences_.begin(), sequences_.end(),
                     [&](const Sequence& sequence) { return state.Knows(sequence.seq_len); });
}

void StructuredRunner::ComputeFeatures(const HeadPlan& plan, const HeadFeatures& features) {
  if (!plan.HasTokenQueries()) plan.query.Apply(Stream(), num_tokens_, features.query);
  plan.value.Apply(Stream(), num_tokens_, features.value);
  if (!plan.NeedsKeys()) return;
  plan.varying_key.Apply(Stream(), num_tokens_, features.key);
  const int mark = static_cast<int>(plan.varying.size());
  std::fill_n(features.key.Row(mark), num_tokens_ + kPositionLanes, 0.0);
  for (const Sequence& sequence : sequences_) {
    for (int v = 0; v < mark; ++v) features.key.Row(v)[sequence.first] = 0;
    features.key.Row(mark)[sequence.first] = 1;
  }
}

HeadState& StructuredRunner::StateOf(std::size_t layer_index, std::size_t h,
                                                      Worker& worker) const {
  if (worker.states.empty()) worker.states.resize(weights_.layers.size());
  auto& states = worker.states[layer_index];
  if (states.empty()) states.resize(weights_.layers[layer_index].heads.size());
  if (states[h] == nullptr) {
    states[h] = MakeHeadState(weights_.layers[layer_index].heads[h], weights_.model.context_length);
  }
  return *states[h];
}

void StructuredRunner::RunHeadOn(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                                 const HeadFeatures& features, HeadState& state, Worker& worker) {
  const StructuredLayer& layer = weights_.layers[layer_index];
  const HeadPlan& plan = layer.heads[h];
  worker.bos_key.resize(Size(plan.head_dim));
  const Features bos = Stream().From(0, sequence.first);
  plan.key.ApplyAt(bos, {worker.bos_key.data(), 1});
  if (plan.HasTokenQueries()) plan.query.ApplyAt(bos, features.query.From(0, sequence.first));
  const HeadInput input = {
      tokens_.data() + sequence.first, 1, RowsOf(features.query, sequence.first),
      RowsOf(features.key, sequence.first), RowsOf(features.value, sequence.first)};
  state.Start(input, worker.bos_key.data());
  if (observer_ != nullptr && observer_->pattern) {
    RunObserved(sequence, layer_index, h, input, state, worker);
  } else {
    state.Run(input, sequence.seq_len, Mixed().Row(layer.mixed_at[h]) + sequence.first, stride_);
  }
}

// HeadState::Run, with every pattern reported.
void StructuredRunner::RunObserved(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                                   const HeadInput& input, HeadState& state, Worker& worker) {
  const StructuredLayer& layer = weights_.layers[layer_index];
  const HeadMask mask = layer.heads[h].mask;
  double* mixed = Mixed().Row(layer.mixed_at[h]) + sequence.first;
  for (std::ptrdiff_t p = 1; p < sequence.seq_len && mask == HeadMask::kNone; ++p) {
    state.Add(input, p);
  }
  for (std::ptrdiff_t p = 0; p < sequence.seq_len; ++p) {
    if (mask == HeadMask::kCausal && p > 0) state.Add(input, p);
    worker.pattern.assign(Size(sequence.seq_len), 0);
    state.Mix(input, p, mixed + p, stride_, worker.pattern.data());
    Report(sequence, layer_index, h, p, worker.pattern);
    if (mask == HeadMask::kStrictlyCausal && p > 0) state.Add(input, p);
  }
}

void StructuredRunner::Report(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                              std::ptrdiff_t query, const std::vector<double>& pattern) const {
  observer_->pattern(static_cast<int>(sequence.index), static_cast<int>(layer_index),
                     static_cast<int>(h), static_cast<int>(query), pattern);
}

void StructuredRunner::ReportResiduals(int layer_index) const {
  if (observer_ == nullptr || !observer_->residual) return;
  for (const Sequence& sequence : sequences_) {
    Matrix residual(sequence.seq_len, weights_.d_model());
    for (int d = 0; d < weights_.d_model(); ++d) {
      const double* row = stream_.data() + d * stride_ + sequence.first;
      for (std::ptrdiff_t p = 0; p < sequence.seq_len; ++p) residual(p, d) = row[p];
    }
    observer_->residual(static_cast<int>(sequence.index), layer_index, residual);
  }
}

void StructuredRunner::ReadOut(Readouts& results) {
  const int dim = weights_.readout.num_outputs();
  ParallelFor(num_chunks(), num_threads_, [&](std::int64_t chunk, int worker) {
    ForSteps(chunk, dim, workers_[Size(worker)],
             [&](std::ptrdiff_t first, std::ptrdiff_t count, Features readout) {
               weights_.readout.Apply(Stream().From(0, first), count, readout);
               HandOut(first, count, readout, results);
             });
  });
}

// The readouts of `count` tokens from `first` on go to their sequences' results.
void StructuredRunner::HandOut(std::ptrdiff_t first, std::ptrdiff_t count, Features readout,
                               Readouts& results) const {
  const int dim = weights_.readout.num_outputs();
  // Sequences are in the order of their tokens.
  auto sequence = std::upper_bound(sequences_.begin(), sequences_.end(), first,
                                   [](std::ptrdiff_t t, const Sequence& s) { return t < s.first; });
  for (--sequence; sequence != sequences_.end() && sequence->first < first + count; ++sequence) {
    const std::ptrdiff_t end = std::min(first + count, sequence->first + sequence->seq_len);
    double* to = results.Data(sequence->index);
    const std::ptrdiff_t start = std::max(first, sequence->first + 1);
    if (dim == 1 && start < end) {
      std::copy_n(readout.Row(0) + (start - first), end - start,
                  to + (start - sequence->first - 1));
      continue;
    }
    for (std::ptrdiff_t t = start; t < end; ++t) {
      for (int d = 0; d < dim; ++d) {
        to[(t - sequence->first - 1) * dim + d] = readout.At(d, t - first);
      }
    }
  }
}

}  // namespace raspc
