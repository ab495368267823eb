// See structured_engine.h.
//
// Sequences of a group are laid end to end, each behind its BOS, feature by feature: feature f of
// token t is at f * stride + t. Heads run one at a time over one sequence at a time, so that the
// features of a single head are in memory at once; all else runs over chunks of tokens. Groups are
// shared out among threads when there are enough of them, otherwise heads and chunks are. Nothing
// is summed across either, so this changes no result.
#include "runtime/structured/structured_engine.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <mutex>

#include "runtime/engine/parallel.h"
#include "runtime/structured/head_plan.h"
#include "runtime/structured/head_state.h"
#include "runtime/structured/piecewise_linear.h"
#include "runtime/structured/sources.h"

namespace raspc {
namespace {

// Tokens in a group: enough to fill the lanes of short sequences, few enough to stay in cache.
constexpr std::size_t kGroupTokens = 512;
// Tokens in a chunk, which a thread takes at a time.
constexpr std::ptrdiff_t kChunkTokens = 512;
// Most memory that is kept from one call to the next.
constexpr std::size_t kMostIdleBytes = std::size_t{64} << 20;
// Tokens of a sequence beyond which what its heads know of it is dropped at once: fewer than have
// an index.
constexpr std::ptrdiff_t kMostStateTokens = 128;
// Numbers of scratch that a thread takes for the neurons of an MLP or for readouts, unless a vector
// of tokens needs more.
constexpr std::ptrdiff_t kScratchNumbers = std::ptrdiff_t{1} << 15;
// Tokens below which starting threads does not pay.
constexpr std::size_t kTokensWorthThreads = 2048;

std::size_t Size(std::ptrdiff_t value) { return static_cast<std::size_t>(value); }

struct StructuredLayer {
  std::vector<HeadPlan> heads;
  std::vector<int> mixed_at;  // [heads]: where a head's mixed values begin
  int num_mixed = 0;
  SparseMap output;  // [num_mixed, d_model]
  StructuredMlp mlp;
};

// How the embeddings of one direction are added up.
struct DirectionEmbedding {
  bool by_token = false, by_position = false;  // whether they are not 0 throughout
  // Whether it is read at program positions, other than by heads that know what they read there
  // from the token or the position.
  bool is_read = false;
};

// Marks the directions that W, [d_model, n], reads.
void MarkRead(const Matrix& weights, std::vector<DirectionEmbedding>& directions) {
  for (Eigen::Index d = 0; d < weights.rows(); ++d) {
    if ((weights.row(d).array() != 0).any()) directions[static_cast<std::size_t>(d)].is_read = true;
  }
}

struct StructuredWeights {
  explicit StructuredWeights(const Model& m) : model(m), readout(m.readout, m.readout_bias) {
    const double eps = m.dtype == DType::kFloat32 ? std::numeric_limits<float>::epsilon()
                                                  : std::numeric_limits<double>::epsilon();
    DirectionSources sources(m);
    TableBudget budget(m);
    for (const Layer& layer : m.layers) {
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

  void FindRead() {
    MarkRead(model.readout, directions);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      MarkRead(model.layers[l].mlp.in, directions);
      for (std::size_t h = 0; h < layers[l].heads.size(); ++h) {
        const Head& head = model.layers[l].heads[h];
        MarkRead(head.value, directions);
        if (!layers[l].heads[h].HasTokenQueries()) MarkRead(head.query, directions);
        if (layers[l].heads[h].NeedsKeys()) MarkRead(head.key, directions);
      }
    }
  }

  StructuredLayer MakeLayer(const Layer& layer, const DirectionSources& sources, double eps,
                            TableBudget& budget) {
    StructuredLayer made;
    for (const Head& head : layer.heads) {
      made.heads.push_back(PlanHead(model, head, sources, budget));
      made.mixed_at.push_back(made.num_mixed);
      made.num_mixed += made.heads.back().value_dim;
      max_head_rows = std::max(max_head_rows, HeadRows(made.heads.back()));
    }
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

  // Varying keys and the mark of BOS.
  static int KeyRows(const HeadPlan& plan) {
    return plan.NeedsKeys() ? static_cast<int>(plan.varying.size()) + 1 : 0;
  }
  // Queries, keys, values.
  static int HeadRows(const HeadPlan& plan) {
    return plan.head_dim + KeyRows(plan) + plan.value_dim;
  }

  int d_model() const { return model.d_model(); }

  const Model& model;  // outlives the engine
  std::vector<StructuredLayer> layers;
  SparseMap readout;
  Matrix tokens;                               // [d_model, vocabulary + 1]
  Matrix positions;                            // [d_model, context_length + 1]
  std::vector<DirectionEmbedding> directions;  // [d_model]
  int max_head_rows = 0;
  int max_mixed = 0;
  int max_scratch = 0;
};

// Sequences [first, last), run together.
struct Group {
  std::size_t first, last;
};

// The features of one head.
struct HeadFeatures {
  Features query, key, value;

  HeadFeatures(const HeadPlan& plan, Features rows)
      : query(rows.From(0, 0)),
        key(rows.From(plan.head_dim, 0)),
        value(rows.From(plan.head_dim + StructuredWeights::KeyRows(plan), 0)) {}
};

Rows RowsOf(Features features, std::ptrdiff_t first) {
  return {features.data + first, features.stride, 1};
}

class StructuredRunner {
 public:
  explicit StructuredRunner(const StructuredWeights& weights) : weights_(weights) {}

  // For the runs that follow.
  void Set(int num_threads, const Observer* observer) {
    num_threads_ = num_threads;
    observer_ = observer;
    workers_.resize(Size(num_threads));
  }
  // What its buffers hold, in bytes.
  std::size_t NumBytes() const;

  void Run(std::span<const std::vector<int>> sequences, Group group, Readouts& results);

 private:
  struct Sequence {
    std::size_t index;  // among all of Run
    std::ptrdiff_t first;
    std::ptrdiff_t seq_len;  // with BOS
  };
  // What a thread needs of its own.
  struct Worker {
    std::vector<double> head_rows;  // [max_head_rows, stride]
    std::vector<double> scratch;    // [rows, StepFor(rows) + kPositionLanes]
    std::vector<double> pattern;
    std::vector<double> bos, bos_query, bos_key;  // the stream at BOS, and a head's query and key
    // States are kept from one short sequence to the next, for the memory they hold: by layer and
    // head.
    std::vector<std::vector<std::unique_ptr<HeadState>>> states;
  };

  void LayOut(std::span<const std::vector<int>> sequences, Group group);
  void Embed();
  void RunLayer(std::size_t layer_index);
  void RunHead(std::size_t layer_index, std::size_t h, Worker& worker);
  void ComputeFeatures(const HeadPlan& plan, const HeadFeatures& features);
  void RunHeadOn(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                 const HeadFeatures& features, HeadState& state, Worker& worker);
  std::unique_ptr<HeadState>& StateOf(std::size_t layer_index, std::size_t h, Worker& worker) const;
  void RunObserved(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                   const HeadInput& input, HeadState& state, Worker& worker);
  void Report(const Sequence& sequence, std::size_t layer_index, std::size_t h,
              std::ptrdiff_t query, const std::vector<double>& pattern) const;
  void ReportResiduals(int layer_index) const;
  void ReadOut(Readouts& results);
  void HandOut(std::ptrdiff_t first, std::ptrdiff_t count, Features readout,
               Readouts& results) const;

  // Calls step(first token, how many, scratch) for a chunk, a few tokens at a time: `scratch` has
  // num_rows rows for them.
  template <typename Step>
  void ForSteps(std::int64_t chunk, int num_rows, Worker& worker, const Step& step) const {
    const std::ptrdiff_t size = StepFor(num_rows), stride = size + kPositionLanes;
    const std::size_t wanted = Size(num_rows) * Size(stride);
    if (worker.scratch.size() < wanted) worker.scratch.resize(wanted);
    const std::ptrdiff_t first = chunk * kChunkTokens, last = first + ChunkSize(chunk);
    for (std::ptrdiff_t t = first; t < last; t += size) {
      step(t, std::min(size, last - t), Features{worker.scratch.data(), stride});
    }
  }
  // Tokens for which so many rows are kept at once: as many as fit kScratchNumbers.
  static std::ptrdiff_t StepFor(int num_rows) {
    const std::ptrdiff_t fitting = kScratchNumbers / std::max(1, num_rows);
    return std::clamp<std::ptrdiff_t>(fitting / kPositionLanes * kPositionLanes, kPositionLanes,
                                      kChunkTokens);
  }

  Features Stream() { return {stream_.data(), stride_}; }
  Features Mixed() { return {mixed_.data(), stride_}; }
  std::ptrdiff_t num_chunks() const { return (num_tokens_ + kChunkTokens - 1) / kChunkTokens; }
  std::ptrdiff_t ChunkSize(std::ptrdiff_t chunk) const {
    return std::min(kChunkTokens, num_tokens_ - chunk * kChunkTokens);
  }

  const StructuredWeights& weights_;
  int num_threads_ = 1;
  const Observer* observer_ = nullptr;
  std::vector<Worker> workers_;  // [num_threads]
  std::vector<Sequence> sequences_;
  std::vector<int> tokens_;     // [num_tokens]: ids
  std::vector<double> stream_;  // [d_model, stride]
  std::vector<double> mixed_;   // [max_mixed, stride]
  std::ptrdiff_t num_tokens_ = 0, stride_ = 0;
};

void StructuredRunner::Run(std::span<const std::vector<int>> sequences, Group group,
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

void StructuredRunner::LayOut(std::span<const std::vector<int>> sequences, Group group) {
  sequences_.clear();
  tokens_.clear();
  for (std::size_t s = group.first; s < group.last; ++s) {
    const auto first = static_cast<std::ptrdiff_t>(tokens_.size());
    tokens_.push_back(weights_.model.bos_id());
    tokens_.insert(tokens_.end(), sequences[s].begin(), sequences[s].end());
    sequences_.push_back({s, first, static_cast<std::ptrdiff_t>(tokens_.size()) - first});
  }
  num_tokens_ = static_cast<std::ptrdiff_t>(tokens_.size());
  // Lanes to spare behind the last token. An odd number of cache lines, so that equal positions of
  // many features do not compete for the same few places in the cache.
  stride_ = (num_tokens_ + 2 * kPositionLanes - 1) / kPositionLanes * kPositionLanes + 8;
  const auto fit = [&](std::vector<double>& rows, int num_rows) {
    // A row at least, as there are pointers to the tokens of no rows too.
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
      // At BOS heads read all directions.
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
  // Now no head reads the stream any more.
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
  ComputeFeatures(plan, features);
  for (const Sequence& sequence : sequences_) {
    std::unique_ptr<HeadState>& state = StateOf(layer_index, h, worker);
    RunHeadOn(sequence, layer_index, h, features, *state, worker);
    if (sequence.seq_len > kMostStateTokens) state.reset();
  }
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

std::unique_ptr<HeadState>& StructuredRunner::StateOf(std::size_t layer_index, std::size_t h,
                                                      Worker& worker) const {
  if (worker.states.empty()) worker.states.resize(weights_.layers.size());
  auto& states = worker.states[layer_index];
  if (states.empty()) states.resize(weights_.layers[layer_index].heads.size());
  if (states[h] == nullptr) {
    states[h] = MakeHeadState(weights_.layers[layer_index].heads[h], weights_.model.context_length);
  }
  return states[h];
}

void StructuredRunner::RunHeadOn(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                                 const HeadFeatures& features, HeadState& state, Worker& worker) {
  const StructuredLayer& layer = weights_.layers[layer_index];
  const HeadPlan& plan = layer.heads[h];
  worker.bos.resize(Size(weights_.d_model()));
  worker.bos_key.resize(Size(plan.head_dim));
  worker.bos_query.resize(Size(plan.head_dim));
  for (int d = 0; d < weights_.d_model(); ++d) {
    worker.bos[Size(d)] = Stream().At(d, sequence.first);
  }
  plan.key.ApplyOne(worker.bos.data(), worker.bos_key.data());
  if (plan.HasTokenQueries()) {
    plan.query.ApplyOne(worker.bos.data(), worker.bos_query.data());
    for (int d = 0; d < plan.head_dim; ++d) {
      features.query.Row(d)[sequence.first] = worker.bos_query[Size(d)];
    }
  }
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
    for (std::ptrdiff_t t = std::max(first, sequence->first + 1); t < end; ++t) {
      for (int d = 0; d < dim; ++d) {
        to[(t - sequence->first - 1) * dim + d] = readout.At(d, t - first);
      }
    }
  }
}

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

  // The token at `position`, with its stream, is there; its mixed values go to `mixed`.
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
      // Doubling, so that a token costs constant time on average and memory follows the length.
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

class StructuredSession : public Session {
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

class StructuredEngine : public Engine {
 public:
  StructuredEngine(const Model& model, int num_threads)
      : weights_(model), num_threads_(num_threads) {}

  Readouts Run(std::span<const std::vector<int>> sequences,
               const Observer* observer) const override {
    Readouts results(sequences, weights_.readout.num_outputs());
    std::size_t num_tokens = 0;
    for (const std::vector<int>& sequence : sequences) num_tokens += sequence.size() + 1;
    const std::vector<Group> groups = MakeGroups(sequences);
    const bool single = observer != nullptr || num_tokens < kTokensWorthThreads;
    const int threads = single ? 1 : num_threads_;
    // Enough groups: a thread for each. Otherwise: one group at a time, all threads within it.
    const bool by_group = static_cast<int>(groups.size()) >= threads;
    const int outer = by_group ? threads : 1;
    std::vector<std::unique_ptr<StructuredRunner>> runners(Size(outer));
    for (auto& runner : runners) runner = TakeRunner();
    ParallelFor(static_cast<std::int64_t>(groups.size()), outer,
                [&](std::int64_t task, int worker) {
                  StructuredRunner& runner = *runners[Size(worker)];
                  runner.Set(by_group ? 1 : threads, observer);
                  runner.Run(sequences, groups[Size(task)], results);
                });
    for (auto& runner : runners) GiveBack(std::move(runner));
    return results;
  }

  std::unique_ptr<Session> StartSession() const override {
    if (!weights_.model.causal) return nullptr;
    return std::make_unique<StructuredSession>(weights_);
  }

 private:
  static std::vector<Group> MakeGroups(std::span<const std::vector<int>> sequences) {
    std::vector<Group> groups;
    std::size_t num_tokens = kGroupTokens;
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      if (num_tokens >= kGroupTokens) {
        groups.push_back({s, s});
        num_tokens = 0;
      }
      groups.back().last = s + 1;
      num_tokens += sequences[s].size() + 1;
    }
    return groups;
  }

  std::unique_ptr<StructuredRunner> TakeRunner() const {
    const std::lock_guard lock(idle_mutex_);
    if (idle_.empty()) return std::make_unique<StructuredRunner>(weights_);
    std::unique_ptr<StructuredRunner> runner = std::move(idle_.back());
    idle_.pop_back();
    return runner;
  }
  void GiveBack(std::unique_ptr<StructuredRunner> runner) const {
    if (runner->NumBytes() > kMostIdleBytes / Size(num_threads_)) return;
    const std::lock_guard lock(idle_mutex_);
    if (idle_.size() < Size(num_threads_)) idle_.push_back(std::move(runner));
  }

  StructuredWeights weights_;
  int num_threads_;
  // Runners of calls that ended, for the memory they hold: to get it anew from the system takes
  // longer than a short run, and for a long one as long as the rest.
  mutable std::mutex idle_mutex_;
  mutable std::vector<std::unique_ptr<StructuredRunner>> idle_;
};

}  // namespace

std::unique_ptr<Engine> MakeStructuredEngine(const Model& model, int num_threads) {
  return std::make_unique<StructuredEngine>(model, num_threads);
}

StructureReport ReportStructure(const Model& model) {
  const StructuredWeights weights(model);
  StructureReport report;
  for (std::size_t l = 0; l < weights.layers.size(); ++l) {
    const StructuredLayer& layer = weights.layers[l];
    StructureReport::LayerEntry& entry = report.layers.emplace_back();
    for (std::size_t h = 0; h < layer.heads.size(); ++h) {
      entry.heads.push_back({model.layers[l].heads[h].label,
                             std::string(NameOf(layer.heads[h].kind)), Describe(layer.heads[h])});
    }
    entry.num_functions = static_cast<int>(layer.mlp.functions().size());
    for (const PiecewiseLinear& function : layer.mlp.functions()) {
      entry.neurons_in_functions += function.num_neurons();
    }
    entry.neurons = layer.mlp.num_neurons();
  }
  return report;
}

}  // namespace raspc
