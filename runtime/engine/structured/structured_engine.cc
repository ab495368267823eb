// Divides sequences among threads: by group if there are enough of them, else within a group.
#include "runtime/engine/structured/structured_engine.h"

#include <mutex>

#include "base/parallel.h"
#include "runtime/engine/structured/structured_runner.h"
#include "runtime/engine/structured/structured_session.h"
#include "runtime/engine/structured/structured_weights.h"

namespace raspc {
namespace {

// Tokens in a group: enough to fill the lanes of short sequences, few enough to stay in cache.
constexpr std::size_t kGroupTokens = 512;
// Maximum memory kept from one call to the next.
constexpr std::size_t kMaxIdleBytes = std::size_t{64} << 20;
// Tokens below which starting threads does not pay.
constexpr std::size_t kTokensWorthThreads = 2048;

class StructuredEngine : public Engine {
 public:
  StructuredEngine(const Model& model, int num_threads)
      : weights_(model), num_threads_(num_threads) {}

  Readouts Run(std::span<const std::vector<int>> sequences,
               const Observer* observer) const override {
    Readouts results(sequences, weights_.readout.num_outputs());
    std::size_t num_tokens = 0;
    for (const std::vector<int>& sequence : sequences) num_tokens += sequence.size() + 1;
    const std::vector<SequenceRange> groups = MakeGroups(sequences);
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
    return MakeStructuredSession(weights_);
  }

 private:
  static std::vector<SequenceRange> MakeGroups(std::span<const std::vector<int>> sequences) {
    std::vector<SequenceRange> groups;
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
    if (runner->NumBytes() > kMaxIdleBytes / Size(num_threads_)) return;
    const std::lock_guard lock(idle_mutex_);
    if (idle_.size() < Size(num_threads_)) idle_.push_back(std::move(runner));
  }

  StructuredWeights weights_;
  int num_threads_;
  // Runners of finished calls, kept for the memory they hold: getting it from the system again
  // takes longer than a short run, and as long as the rest of a long one.
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
      entry.heads.push_back({weights.ModelLayer(l).heads[h].label,
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
