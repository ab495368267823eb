// Attention that depends only on relative position: with few levels of bias, a query attends to a
// few runs of positions, whose values are summed in whole blocks. No sum is a difference of others,
// so it rounds no more than the plain one.
#include <algorithm>

#include "runtime/engine/structured/any_head.h"

namespace raspc {
namespace {

class OffsetHead final : public AnyHead {
 public:
  explicit OffsetHead(const HeadPlan& plan) : AnyHead(plan) {}

  bool ReadsBack() const override { return true; }

  void Start(const HeadInput& input, const double* bos_key) override {
    AnyHead::Start(input, bos_key);
    num_keys_ = 0;
    blocks_.clear();
    open_.assign(sum_.size(), 0);
  }

  void Add(const HeadInput& input, std::ptrdiff_t position) override {
    num_keys_ = position;
    ForValues([&](std::size_t d) { open_[d] += input.value.At(d, position); });
    if (position % kBlock != kBlock - 1) return;
    blocks_.insert(blocks_.end(), open_.begin(), open_.end());
    open_.assign(open_.size(), 0);
  }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    ReadQuery(input, position);
    const double lead = Lead(query_.data());
    double most = lead;
    for (const HeadPlan::BiasLevel& level : plan_.levels) {
      if (!HasKeys(level, position)) continue;
      most = level.bias > most ? level.bias : most;
      break;
    }
    Begin(WeightOf(lead, most));
    for (const HeadPlan::BiasLevel& level : plan_.levels) {
      const double weight = WeightOf(level.bias, most);
      if (weight == 0) break;
      for (const HeadPlan::Offsets& offsets : level.offsets) {
        const auto [first, last] = KeysAt(offsets, position);
        if (first > last) continue;
        weight_ += weight * static_cast<double>(last - first + 1);
        AddRun(input, first, last, weight);
      }
    }
    End(out, out_stride);
    if (pattern != nullptr) Report(lead, most, position, pattern);
  }

  void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
           std::ptrdiff_t out_stride) override {
    RunSteps(*this, input, seq_len, out, out_stride);
  }

  void Release() override { ReleaseIfLarge(blocks_); }

 private:
  friend AnyHead;
  static constexpr std::ptrdiff_t kBlock = 64;

  struct Positions {
    std::ptrdiff_t first, last;
  };
  Positions KeysAt(const HeadPlan::Offsets& offsets, std::ptrdiff_t position) const {
    return {std::max<std::ptrdiff_t>(1, position + offsets.first),
            std::min(num_keys_, static_cast<std::ptrdiff_t>(position + offsets.last))};
  }
  bool HasKeys(const HeadPlan::BiasLevel& level, std::ptrdiff_t position) const {
    return std::any_of(level.offsets.begin(), level.offsets.end(), [&](const auto& offsets) {
      const Positions run = KeysAt(offsets, position);
      return run.first <= run.last;
    });
  }

  // The values at positions first to last: whole blocks at once.
  void AddRun(const HeadInput& input, std::ptrdiff_t first, std::ptrdiff_t last, double weight) {
    const auto num_blocks =
        static_cast<std::ptrdiff_t>(blocks_.size() / std::max<std::size_t>(1, sum_.size()));
    ForValues([&](std::size_t d) {
      double sum = 0;
      for (std::ptrdiff_t k = first; k <= last;) {
        if (k % kBlock == 0 && k + kBlock - 1 <= last && k / kBlock < num_blocks) {
          sum += blocks_[Size(k / kBlock) * sum_.size() + d];
          k += kBlock;
        } else {
          sum += input.value.At(d, k);
          ++k;
        }
      }
      sum_[d] += weight * sum;
    });
  }

  void Report(double lead, double most, std::ptrdiff_t position, double* pattern) const {
    std::fill(pattern, pattern + num_keys_ + 1, 0);
    pattern[0] = WeightOf(lead, most) / weight_;
    for (const HeadPlan::BiasLevel& level : plan_.levels) {
      const double weight = WeightOf(level.bias, most) / weight_;
      for (const HeadPlan::Offsets& offsets : level.offsets) {
        const auto [first, last] = KeysAt(offsets, position);
        for (std::ptrdiff_t k = first; k <= last; ++k) pattern[k] = weight;
      }
    }
  }

  std::ptrdiff_t num_keys_ = 0;
  std::vector<double>
      blocks_;  // [whole blocks, value_dim]: block b holds positions from b * kBlock; 0 without BOS
  std::vector<double> open_;  // [value_dim]: the sum of the block being filled
};

}  // namespace

std::unique_ptr<HeadState> MakeOffsetHead(const HeadPlan& plan) {
  return std::make_unique<OffsetHead>(plan);
}

}  // namespace raspc
