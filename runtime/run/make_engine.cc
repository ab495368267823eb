// See make_engine.h.
#include "runtime/run/make_engine.h"

#include <map>
#include <mutex>

#include "base/parallel.h"
#include "runtime/engine/dense/dense_engine.h"
#include "runtime/engine/reference/reference_engine.h"
#include "runtime/engine/structured/structured_engine.h"

namespace raspc {
namespace {

// Multiplications of `dense` for a token and each head up to which it is faster than `structured`,
// and the number of sequences of one length from which on it fills its lanes well; see
// docs/benchmarks.md, "Which engine".
constexpr std::int64_t kMaxWorkOfHead = 300;
constexpr std::size_t kFewestInLanes = 16;

std::int64_t CountNonzeros(const Matrix& weights) { return (weights.array() != 0).count(); }

// How many tokens are in sequences of lengths that are frequent enough for lanes.
std::size_t TokensInLanes(std::span<const std::vector<int>> sequences) {
  std::map<std::size_t, std::size_t> counts;
  for (const std::vector<int>& sequence : sequences) ++counts[sequence.size()];
  std::size_t num_tokens = 0;
  for (const auto& [length, count] : counts) {
    if (count >= kFewestInLanes) num_tokens += length * count;
  }
  return num_tokens;
}

// Whether all engines decode to the same on all inputs that the model takes. Readouts that are
// themselves the output differ in their last digits.
bool DecodesAlike(const Model& model) {
  const bool lists_values = model.decoding.kind == OutputDecoding::Kind::kNearest ||
                            model.decoding.kind == OutputDecoding::Kind::kArgmax;
  return lists_values && model.certificate.exact_to_length >= model.max_length;
}

class FastestEngine final : public Engine {
 public:
  FastestEngine(const Model& model, int num_threads)
      : model_(model),
        choice_(model),
        num_threads_(num_threads),
        structured_(MakeEngine(EngineKind::kStructured, model, num_threads)) {}

  Readouts Run(std::span<const std::vector<int>> sequences,
               const Observer* observer) const override {
    const bool is_dense =
        observer == nullptr && choice_.For(sequences) == EngineKind::kDense;
    return (is_dense ? Dense() : *structured_).Run(sequences, observer);
  }

  std::unique_ptr<Session> StartSession() const override { return structured_->StartSession(); }

 private:
  // Made when it is first needed.
  const Engine& Dense() const {
    std::call_once(dense_once_,
                   [&] { dense_ = MakeEngine(EngineKind::kDense, model_, num_threads_); });
    return *dense_;
  }

  const Model& model_;
  EngineChoice choice_;
  int num_threads_;
  std::unique_ptr<Engine> structured_;
  mutable std::once_flag dense_once_;
  mutable std::unique_ptr<Engine> dense_;
};

}  // namespace

std::unique_ptr<Engine> MakeEngine(EngineKind kind, const Model& model, int num_threads) {
  const int threads = ThreadCount(num_threads);
  switch (kind) {
    case EngineKind::kReference:
      return MakeReferenceEngine(model, threads);
    case EngineKind::kDense:
      return MakeDenseEngine(model, threads);
    case EngineKind::kStructured:
      return MakeStructuredEngine(model, threads);
  }
  return nullptr;
}

std::unique_ptr<Engine> MakeFastestEngine(const Model& model, int num_threads) {
  return std::make_unique<FastestEngine>(model, num_threads);
}

EngineChoice::EngineChoice(const Model& model)
    : decodes_alike_(DecodesAlike(model)), num_heads_(0), weights_(CountNonzeros(model.readout)) {
  for (const int l : LayerOrder(model)) {
    const Layer& layer = model.layers[static_cast<std::size_t>(l)];
    for (const Head& head : layer.heads) {
      weights_ += CountNonzeros(head.query) + CountNonzeros(head.key) + CountNonzeros(head.value) +
                  CountNonzeros(head.output);
      per_key_ += head.query.cols() + head.value.cols();
      ++num_heads_;
    }
    weights_ += CountNonzeros(layer.mlp.in) + CountNonzeros(layer.mlp.out);
  }
}

EngineKind EngineChoice::For(std::span<const std::vector<int>> sequences) const {
  if (!decodes_alike_ || sequences.size() < kFewestInLanes) return EngineKind::kStructured;
  std::size_t num_tokens = 0;
  for (const std::vector<int>& sequence : sequences) num_tokens += sequence.size();
  const auto length = static_cast<std::int64_t>(num_tokens / sequences.size());
  if (weights_ + per_key_ * length > kMaxWorkOfHead * num_heads_) return EngineKind::kStructured;
  return 2 * TokensInLanes(sequences) >= num_tokens ? EngineKind::kDense : EngineKind::kStructured;
}

}  // namespace raspc
