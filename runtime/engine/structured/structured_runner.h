// Runs sequences side by side with structured weights.
//
// Sequences of a group are laid end to end, each after its BOS, feature by feature: feature f of
// token t is at f * stride + t. Heads run one at a time over one sequence at a time, so that only
// the features of a single head are in memory; everything else runs over chunks of tokens. Threads
// divide heads and chunks. Nothing is summed across either, so this changes no result.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/readouts.h"
#include "runtime/engine/structured/head_state.h"
#include "runtime/engine/structured/structured_weights.h"

namespace raspc {

// Sequences [first, last), run together.
struct SequenceRange {
  std::size_t first, last;
};

// Keeps its buffers from one run to the next. Not thread-safe; starts its own threads.
class StructuredRunner {
 public:
  explicit StructuredRunner(const StructuredWeights& weights) : weights_(weights) {}

  // Applies to later runs.
  void Set(int num_threads, const Observer* observer) {
    num_threads_ = num_threads;
    observer_ = observer;
    workers_.resize(Size(num_threads));
  }
  // The size of its buffers in bytes.
  std::size_t NumBytes() const;

  void Run(std::span<const std::vector<int>> sequences, SequenceRange group, Readouts& results);

 private:
  // Tokens in a chunk, the unit of work of a thread.
  static constexpr std::ptrdiff_t kChunkTokens = 512;
  // Scratch numbers per thread for the neurons of an MLP or for readouts, unless a vector of tokens
  // needs more.
  static constexpr std::ptrdiff_t kScratchNumbers = std::ptrdiff_t{1} << 15;

  struct HeadFeatures;
  struct Sequence {
    std::size_t index;  // among all of Run
    std::ptrdiff_t first;
    std::ptrdiff_t seq_len;  // with BOS
  };
  // Memory of one thread.
  struct Worker {
    std::vector<double> head_rows;  // [max_head_rows, stride]
    std::vector<double> scratch;    // [rows, StepFor(rows) + kPositionLanes]
    std::vector<double> pattern;
    std::vector<double> bos_key;    // [head_dim]: a head's key at BOS
    // States are kept from one sequence to the next, for the memory they hold; by layer and head.
    std::vector<std::vector<std::unique_ptr<HeadState>>> states;
  };

  void LayOut(std::span<const std::vector<int>> sequences, SequenceRange group);
  void Embed();
  void RunLayer(std::size_t layer_index);
  void RunHead(std::size_t layer_index, std::size_t h, Worker& worker);
  bool Knows(const HeadState& state) const;
  void ComputeFeatures(const HeadPlan& plan, const HeadFeatures& features);
  void RunHeadOn(const Sequence& sequence, std::size_t layer_index, std::size_t h,
                 const HeadFeatures& features, HeadState& state, Worker& worker);
  HeadState& StateOf(std::size_t layer_index, std::size_t h, Worker& worker) const;
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
  // Number of tokens for which this many rows fit kScratchNumbers.
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

}  // namespace raspc
