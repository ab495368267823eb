// Runs a model in float64 with plain loops, one position after another.
//
// Every other engine is checked against this one, so it is written to be compared line by line with
// the formulas in runtime/model/model.h; it shares no arithmetic with the dense engine. The only
// thing done for speed is to list the nonzero weights, few in a compiled model, once.
// O(seq_len^2 (head_dim + value_dim)) per head, in addition to the products.
//
// A head under a causal mask computes the same at a position whether or not there are later ones,
// so a session recomputes only the last position of each layer, from the streams it has kept.
#include "runtime/engine/reference/reference_engine.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "base/parallel.h"
#include "base/stop.h"

namespace raspc {
namespace {

// The nonzero weights of a matrix, in the order of its rows.
class Nonzeros {
 public:
  explicit Nonzeros(const Matrix& matrix) : columns_(matrix.cols()) {
    for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
      for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
        if (matrix(i, j) != 0) entries_.push_back({i, j, matrix(i, j)});
      }
    }
  }

  // row W, for a row of the stream or a part of it: [columns].
  Vector LeftProduct(const Vector& row) const {
    Vector result = Vector::Zero(columns_);
    for (const auto& [i, j, weight] : entries_) result(j) += row(i) * weight;
    return result;
  }

 private:
  struct Entry {
    Eigen::Index row, column;
    double weight;
  };
  Eigen::Index columns_;
  std::vector<Entry> entries_;
};

struct HeadWeights {
  explicit HeadWeights(const Head& head)
      : mask(head.mask),
        query(head.query),
        key(head.key),
        value(head.value),
        output(head.output),
        relative_bias(head.relative_bias) {}
  HeadMask mask;
  Nonzeros query, key, value, output;
  const Vector& relative_bias;  // the model's, which outlives the engine
};

struct LayerWeights {
  explicit LayerWeights(const Layer& layer)
      : heads(layer.heads.begin(), layer.heads.end()),
        mlp(layer.mlp),
        mlp_in(layer.mlp.in),
        mlp_out(layer.mlp.out) {}
  std::vector<HeadWeights> heads;
  const Mlp& mlp;  // the model's, which outlives the engine
  Nonzeros mlp_in, mlp_out;
};

// The number of keys the query sees. Under every mask they are the first ones, including BOS at
// position 0, which every query sees.
int NumVisibleKeys(HeadMask mask, int query, int seq_len) {
  switch (mask) {
    case HeadMask::kNone:
      return seq_len;
    case HeadMask::kCausal:
      return query + 1;
    case HeadMask::kStrictlyCausal:
      return std::max(query, 1);
  }
  return seq_len;
}

// The softmax of the scores, in place. The maximum starts at the first score, not at some number
// that all scores might be below.
void Softmax(Vector& scores) {
  double max = scores(0);
  for (const double score : scores) max = std::max(max, score);
  double sum = 0;
  for (double& score : scores) {
    score = std::exp(score - max);
    sum += score;
  }
  for (double& score : scores) score /= sum;
}

// The keys and values of one head along the sequence, one entry per position.
struct HeadRows {
  std::vector<Vector> keys;    // [head_dim]
  std::vector<Vector> values;  // [value_dim]

  void Add(const HeadWeights& head, const Vector& stream) {
    keys.push_back(head.key.LeftProduct(stream));
    values.push_back(head.value.LeftProduct(stream));
  }
};

// The head's output, added to the stream at `query`: [d_model]. `pattern` becomes the weights of
// the visible keys.
Vector Attend(const HeadWeights& head, const HeadRows& rows, const Vector& stream, int query,
              Vector& pattern) {
  const int seq_len = static_cast<int>(rows.keys.size());
  const Vector query_row = head.query.LeftProduct(stream);
  pattern.resize(NumVisibleKeys(head.mask, query, seq_len));
  for (int k = 0; k < pattern.size(); ++k) {
    pattern(k) = 0;
    for (Eigen::Index d = 0; d < query_row.size(); ++d) {
      pattern(k) += query_row(d) * rows.keys[static_cast<std::size_t>(k)](d);
    }
  }
  if (head.relative_bias.size() > 0) {
    // The entry of the query's own position: the middle, or under a mask the last.
    const Eigen::Index size = head.relative_bias.size();
    const Eigen::Index here = head.mask == HeadMask::kNone ? size / 2 : size - 1;
    for (int k = 1; k < pattern.size(); ++k) {  // BOS is exempt
      pattern(k) += head.relative_bias(here + k - query);
    }
  }
  Softmax(pattern);
  Vector mixed = Vector::Zero(rows.values.front().size());
  for (int k = 0; k < pattern.size(); ++k) {
    for (Eigen::Index d = 0; d < mixed.size(); ++d) {
      mixed(d) += pattern(k) * rows.values[static_cast<std::size_t>(k)](d);
    }
  }
  return head.output.LeftProduct(mixed);
}

void AddMlp(const LayerWeights& layer, Vector& stream) {
  const Mlp& mlp = layer.mlp;
  if (mlp.in_bias.size() == 0) return;
  Vector hidden = layer.mlp_in.LeftProduct(stream);
  for (Eigen::Index i = 0; i < hidden.size(); ++i) {
    const double sum = hidden(i) + mlp.in_bias(i);
    hidden(i) = sum < 0 ? 0 : sum;  // NaN stays NaN
  }
  const Vector added = layer.mlp_out.LeftProduct(hidden);
  for (Eigen::Index i = 0; i < stream.size(); ++i) stream(i) += added(i) + mlp.out_bias(i);
}

// The model with its weights prepared.
struct Prepared {
  Prepared(const Model& m, std::vector<Clamp> c)
      : model(m), readout(m.readout), clamps(std::move(c)) {
    for (const int l : LayerOrder(m)) layers.emplace_back(m.layers[static_cast<std::size_t>(l)]);
  }

  Vector Embed(int token_id, int position) const {
    Vector stream = model.token_embedding.row(token_id) + model.position_embedding.row(position);
    SetClamped(position, stream);
    return stream;
  }
  // To be called whenever something was added to the stream at a position.
  void SetClamped(int position, Vector& stream) const {
    for (const Clamp& clamp : clamps) {
      if (clamp.position == position) stream(clamp.direction) = clamp.value;
    }
  }
  Vector Readout(const Vector& stream) const {
    return readout.LeftProduct(stream) + model.readout_bias;
  }

  const Model& model;  // outlives the engine
  std::vector<LayerWeights> layers;  // as they run
  Nonzeros readout;
  std::vector<Clamp> clamps;
};

// Notifies the observer, if there is one.
class Report {
 public:
  Report(const Observer* observer, int sequence) : observer_(observer), sequence_(sequence) {}

  void Pattern(int layer, int head, int query, const Vector& visible, int seq_len) const {
    if (observer_ == nullptr || !observer_->pattern) return;
    std::vector<double> weights(static_cast<std::size_t>(seq_len), 0.0);
    for (Eigen::Index k = 0; k < visible.size(); ++k) {
      weights[static_cast<std::size_t>(k)] = visible(k);
    }
    observer_->pattern(sequence_, layer, head, query, weights);
  }

  void Residual(int layer, const std::vector<Vector>& streams) const {
    if (observer_ == nullptr || !observer_->residual) return;
    Matrix residual(static_cast<Eigen::Index>(streams.size()), streams.front().size());
    for (std::size_t i = 0; i < streams.size(); ++i) {
      residual.row(static_cast<Eigen::Index>(i)) = streams[i].transpose();
    }
    observer_->residual(sequence_, layer, residual);
  }

 private:
  const Observer* observer_;
  int sequence_;
};

void RunLayer(const Prepared& prepared, int layer_index, const Report& report,
              std::vector<Vector>& streams) {
  const LayerWeights& layer = prepared.layers[static_cast<std::size_t>(layer_index)];
  const int seq_len = static_cast<int>(streams.size());
  std::vector<Vector> added(streams.size(), Vector::Zero(streams.front().size()));
  Vector pattern;
  for (std::size_t h = 0; h < layer.heads.size(); ++h) {
    const HeadWeights& head = layer.heads[h];
    HeadRows rows;
    for (const Vector& stream : streams) rows.Add(head, stream);
    for (int q = 0; q < seq_len; ++q) {
      ThrowIfStopped();
      const auto i = static_cast<std::size_t>(q);
      added[i] += Attend(head, rows, streams[i], q, pattern);
      report.Pattern(layer_index, static_cast<int>(h), q, pattern, seq_len);
    }
  }
  // All heads have read the stream; now it may change.
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i] += added[i];
    prepared.SetClamped(static_cast<int>(i), streams[i]);
    AddMlp(layer, streams[i]);
    prepared.SetClamped(static_cast<int>(i), streams[i]);
  }
  report.Residual(layer_index, streams);
}

class ReferenceSession : public Session {
 public:
  explicit ReferenceSession(const Prepared& prepared) : prepared_(prepared) {
    for (const LayerWeights& layer : prepared.layers) rows_.emplace_back(layer.heads.size());
    Append(prepared.model.bos_id());
  }

  const Vector& Append(int token_id) override {
    assert(position_ < prepared_.model.position_embedding.rows());
    Vector stream = prepared_.Embed(token_id, position_);
    Vector pattern;
    for (std::size_t l = 0; l < prepared_.layers.size(); ++l) {
      const LayerWeights& layer = prepared_.layers[l];
      Vector added = Vector::Zero(stream.size());
      for (std::size_t h = 0; h < layer.heads.size(); ++h) {
        rows_[l][h].Add(layer.heads[h], stream);
        added += Attend(layer.heads[h], rows_[l][h], stream, position_, pattern);
      }
      stream += added;
      prepared_.SetClamped(position_, stream);
      AddMlp(layer, stream);
      prepared_.SetClamped(position_, stream);
    }
    ++position_;
    readout_ = prepared_.Readout(stream);
    return readout_;
  }

 private:
  const Prepared& prepared_;                 // the engine's
  Vector readout_;
  std::vector<std::vector<HeadRows>> rows_;  // [layer][head]
  int position_ = 0;
};

class ReferenceEngine : public Engine {
 public:
  ReferenceEngine(const Model& model, int num_threads, std::vector<Clamp> clamps)
      : prepared_(model, std::move(clamps)), num_threads_(num_threads) {}

  Readouts Run(std::span<const std::vector<int>> sequences,
               const Observer* observer) const override {
    Readouts results(sequences, static_cast<int>(prepared_.model.readout.cols()));
    const bool small = sequences.size() < kSequencesWorthThreads;
    const auto num_sequences = static_cast<std::int64_t>(sequences.size());
    ParallelFor(num_sequences, small || observer != nullptr ? 1 : num_threads_,
                [&](std::int64_t task, int) {
                  const auto s = static_cast<std::size_t>(task);
                  const Matrix readouts =
                      RunOne(sequences[s], Report(observer, static_cast<int>(s)));
                  std::copy_n(readouts.data(), readouts.size(), results.Data(s));
                });
    return results;
  }

  std::unique_ptr<Session> StartSession() const override {
    if (!prepared_.model.causal) return nullptr;
    return std::make_unique<ReferenceSession>(prepared_);
  }

 private:
  static constexpr std::size_t kSequencesWorthThreads = 32;

  Matrix RunOne(const std::vector<int>& tokens, const Report& report) const {
    std::vector<Vector> streams = {prepared_.Embed(prepared_.model.bos_id(), 0)};
    for (const int token : tokens) {
      streams.push_back(prepared_.Embed(token, static_cast<int>(streams.size())));
    }
    report.Residual(-1, streams);
    for (std::size_t l = 0; l < prepared_.layers.size(); ++l) {
      RunLayer(prepared_, static_cast<int>(l), report, streams);
    }
    Matrix readouts(static_cast<Eigen::Index>(tokens.size()), prepared_.model.readout.cols());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      readouts.row(static_cast<Eigen::Index>(i)) = prepared_.Readout(streams[i + 1]).transpose();
    }
    return readouts;
  }

  Prepared prepared_;
  int num_threads_;
};

}  // namespace

std::unique_ptr<Engine> MakeReferenceEngine(const Model& model, int num_threads,
                                            std::vector<Clamp> clamps) {
  return std::make_unique<ReferenceEngine>(model, num_threads, std::move(clamps));
}

}  // namespace raspc
