// Attention to keys that depend only on the position and lie on a convex chain, such as (k, k^2),
// by which positions are compared: score = 2 q k - k^2, up to a constant of the query.
//
// Every prefix of the keys is a chain too, so whatever the mask hides, the key with the largest
// score is found by bisection, starting where the last query ended. The keys are the same for all
// sequences.
#include <algorithm>

#include "runtime/engine/kernels/kernels.h"
#include "runtime/engine/structured/any_head.h"

namespace raspc {
namespace {

class PositionChainHead final : public AnyHead {
 public:
  explicit PositionChainHead(const HeadPlan& plan)
      : AnyHead(plan),
        x_(plan.position_keys.data()),
        y_(x_ + plan.position_key_stride),
        x_dim_(Size(plan.varying[0])),
        y_dim_(Size(plan.varying[1])) {
    for (std::ptrdiff_t k = 0; k < plan.position_key_stride; ++k) {
      largest_x_ = std::max(largest_x_, std::abs(x_[k]));
      largest_y_ = std::max(largest_y_, std::abs(y_[k]));
    }
  }

  bool ReadsBack() const override { return true; }

  void Start(const HeadInput& input, const double* bos_key) override {
    AnyHead::Start(input, bos_key);
    num_keys_ = 0;
    hint_ = 0;
  }

  void Add(const HeadInput&, std::ptrdiff_t position) override { num_keys_ = position; }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    const double a = input.query.At(x_dim_, position), b = input.query.At(y_dim_, position);
    double lead = 0;
    for (std::size_t d = 0; d < lead_weights_.size(); ++d) {
      lead += input.query.At(d, position) * lead_weights_[d];
    }
    // On the other side of the chain, or with a NaN, there is no peak.
    const bool has_peak = b * plan_.chain_y_sign > 0;
    if (num_keys_ > 0 && !(has_peak && FindKeys(a, b, lead))) {
      MixAll(input, a, b, lead, out, out_stride, pattern);
      return;
    }
    const double most = num_keys_ > 0 ? std::max(lead, peak_score_) : lead;
    if (num_keys_ > 0 && first_ == last_ && lead < most - kUnderflow && pattern == nullptr) {
      // A single key gets all the weight.
      ForValues([&](std::size_t d) {
        out[static_cast<std::ptrdiff_t>(d) * out_stride] = input.value.At(d, first_);
      });
      if (Learns(position)) Learn(first_);
      return;
    }
    Begin(WeightOf(lead, most));
    for (std::ptrdiff_t k = num_keys_ > 0 ? first_ : 1; k <= last_ && num_keys_ > 0; ++k) {
      AddKey(input, k, WeightOf(ScoreOf(a, b, k), most));
    }
    End(out, out_stride);
    const bool is_bos_only = (num_keys_ == 0 || first_ > last_) && std::isfinite(lead);
    if (is_bos_only && Learns(position)) Learn(0);
    if (pattern == nullptr) return;
    std::fill(pattern, pattern + num_keys_ + 1, 0);
    pattern[0] = WeightOf(lead, most) / weight_;
    for (std::ptrdiff_t k = first_; k <= last_ && num_keys_ > 0; ++k) {
      pattern[k] = WeightOf(ScoreOf(a, b, k), most) / weight_;
    }
  }

  void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
           std::ptrdiff_t out_stride) override {
    RunSteps(*this, input, seq_len, out, out_stride);
  }

  void Release() override { ReleaseIfLarge(weights_); }

 private:
  friend AnyHead;

  // Beyond this many keys it is faster to go through all of them.
  static constexpr std::ptrdiff_t kMaxKeys = 64;

  double ScoreOf(double a, double b, std::ptrdiff_t k) const { return a * x_[k] + b * y_[k]; }

  void AddKey(const HeadInput& input, std::ptrdiff_t k, double weight) {
    if (weight == 0) return;
    weight_ += weight;
    ForValues([&](std::size_t d) { sum_[d] += weight * input.value.At(d, k); });
  }

  // Sets peak_, and first_ to last_ to all keys whose weight is not 0: no keys if BOS
  // outweighs the peak. False if there are too many, or scores overflow or a and b are not finite.
  bool FindKeys(double a, double b, double lead) {
    // Room for the rounding of scores.
    const double reach =
        kUnderflow + 0x1p-48 * (std::abs(a) * largest_x_ + std::abs(b) * largest_y_);
    if (!std::isfinite(reach)) return false;  // scores may overflow
    hint_ = FindPeak(Size(num_keys_), hint_, [&](std::size_t i) {
      return a * (x_[i + 2] - x_[i + 1]) + b * (y_[i + 2] - y_[i + 1]) > 0;
    });
    peak_ = static_cast<std::ptrdiff_t>(hint_) + 1;
    peak_score_ = ScoreOf(a, b, peak_);
    const double least = std::max(lead, peak_score_) - reach;
    first_ = peak_;
    last_ = peak_;
    if (peak_score_ < least) --last_;
    while (first_ > 1 && ScoreOf(a, b, first_ - 1) >= least && last_ - first_ < kMaxKeys) --first_;
    while (last_ < num_keys_ && last_ >= peak_ && ScoreOf(a, b, last_ + 1) >= least &&
           last_ - first_ < kMaxKeys) {
      ++last_;
    }
    return last_ - first_ < kMaxKeys;
  }

  void MixAll(const HeadInput& input, double a, double b, double lead, double* out,
              std::ptrdiff_t out_stride, double* pattern) {
    const double features[3] = {a, b, lead};
    const int num_visible = static_cast<int>(num_keys_) + 1;
    weights_.resize(Size(num_visible + kKeyLanes<double>));
    const Queries<double> queries = {features, 1, 1, {num_visible}, {}};
    const KeysAndValues<double> rows = {
        x_, input.value.data, plan_.position_key_stride, input.value.feature_stride,
        3,  plan_.value_dim};
    Attention<double> attention = {.mixed = out,
                                   .stride = out_stride,
                                   .weights = weights_.data(),
                                   .weights_stride = static_cast<std::ptrdiff_t>(weights_.size()),
                                   .keep_weights = pattern != nullptr};
    Attend(queries, rows, attention);
    for (int k = 0; k < num_visible && pattern != nullptr; ++k) {
      pattern[k] = weights_[Size(k)] / attention.sums[0];
    }
  }

  const double* x_;  // [context_length + 1]
  const double* y_;
  double largest_x_ = 0, largest_y_ = 0;
  std::size_t x_dim_, y_dim_;  // of the head
  std::ptrdiff_t num_keys_ = 0;
  std::size_t hint_ = 0;
  std::ptrdiff_t peak_ = 0, first_ = 0, last_ = 0;
  double peak_score_ = 0;
  std::vector<double> weights_;
};

}  // namespace

std::unique_ptr<HeadState> MakePositionChainHead(const HeadPlan& plan) {
  return std::make_unique<PositionChainHead>(plan);
}

}  // namespace raspc
