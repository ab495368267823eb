// What the kinds of heads share: BOS, the current query, and the weighted sums. For the files that
// define them.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/size.h"
#include "runtime/engine/structured/head_state.h"

namespace raspc {

// exp(score - most) with 1 and 0 where they are exact; NaN where the difference is.
inline double WeightOf(double score, double most) {
  if (score == most) return 1;
  const double difference = score - most;
  return difference < -kUnderflow ? 0 : std::exp(difference);
}

class AnyHead : public HeadState {
 public:
  explicit AnyHead(const HeadPlan& plan)
      : plan_(plan),
        query_(Size(plan.head_dim)),
        lead_weights_(Size(plan.head_dim)),
        bos_value_(Size(plan.value_dim)),
        sum_(Size(plan.value_dim)) {}

  void Start(const HeadInput& input, const double* bos_key) override {
    for (std::size_t d = 0; d < lead_weights_.size(); ++d) {
      lead_weights_[d] = bos_key[d] - plan_.constant_key[d];
    }
    ForValues([&](std::size_t d) { bos_value_[d] = input.value.At(d, 0); });
  }

  bool Knows(std::ptrdiff_t seq_len) const override {
    return seq_len <= static_cast<std::ptrdiff_t>(known_.size());
  }
  void RunKnown(const Rows& value, std::ptrdiff_t seq_len, double* out,
                std::ptrdiff_t out_stride) const override {
    ForValues([&](std::size_t d) {
      double* row = out + static_cast<std::ptrdiff_t>(d) * out_stride;
      for (std::ptrdiff_t p = 0; p < seq_len; ++p) row[p] = value.At(d, known_[Size(p)]);
    });
  }

 protected:
  // For HeadState::Release: less than what a short sequence needs is kept.
  template <typename T>
  static void ReleaseIfLarge(std::vector<T>& buffer) {
    constexpr std::size_t kKeptBytes = 1 << 13;
    if (buffer.capacity() * sizeof(T) > kKeptBytes) buffer = std::vector<T>();
  }

  // Calls step(d) for each value d. Most heads have one: without a loop, and without what the
  // compiler does to make a loop fast for many, that takes a fraction of the time.
  template <typename Step>
  void ForValues(const Step& step) const {
    if (sum_.size() == 1) {
      step(std::size_t{0});
      return;
    }
    for (std::size_t d = 0; d < sum_.size(); ++d) step(d);
  }

  // Whether it is worth finding out which single position the query at this one attends to.
  bool Learns(std::ptrdiff_t position) const {
    return plan_.is_positional && Size(position) == known_.size();
  }
  // It gives all its weight to `key`, as it will in every sequence. Requires Learns(position).
  void Learn(std::ptrdiff_t key) { known_.push_back(static_cast<std::int32_t>(key)); }

  void ReadQuery(const HeadInput& input, std::ptrdiff_t position) {
    for (std::size_t d = 0; d < query_.size(); ++d) query_[d] = input.query.At(d, position);
  }
  double Lead(const double* query) const {
    double lead = 0;
    for (std::size_t d = 0; d < lead_weights_.size(); ++d) lead += query[d] * lead_weights_[d];
    return lead;
  }

  // The weighted sums, BOS first.
  void Begin(double bos_weight) {
    weight_ = bos_weight;
    ForValues([&](std::size_t d) { sum_[d] = bos_weight == 0 ? 0 : bos_weight * bos_value_[d]; });
  }
  void End(double* out, std::ptrdiff_t out_stride) const {
    ForValues([&](std::size_t d) {
      out[static_cast<std::ptrdiff_t>(d) * out_stride] = sum_[d] / weight_;
    });
  }

  // Run with Add and Mix of a class known at compile time, so that they are inlined.
  template <typename Head>
  static void RunSteps(Head& head, const HeadInput& input, std::ptrdiff_t seq_len, double* out,
                       std::ptrdiff_t out_stride) {
    const HeadMask mask = head.plan_.mask;
    if (mask == HeadMask::kNone) {
      for (std::ptrdiff_t p = 1; p < seq_len; ++p) head.Add(input, p);
      for (std::ptrdiff_t p = 0; p < seq_len; ++p) head.Mix(input, p, out + p, out_stride, nullptr);
      return;
    }
    head.Mix(input, 0, out, out_stride, nullptr);
    for (std::ptrdiff_t p = 1; p < seq_len; ++p) {
      if (mask == HeadMask::kCausal) head.Add(input, p);
      head.Mix(input, p, out + p, out_stride, nullptr);
      if (mask == HeadMask::kStrictlyCausal) head.Add(input, p);
    }
  }

  const HeadPlan& plan_;
  std::vector<double> query_;         // [head_dim]
  std::vector<double> lead_weights_;  // [head_dim]: the lead is the product with the query
  std::vector<double> bos_value_;     // [value_dim]
  std::vector<double> sum_;           // [value_dim]
  double weight_ = 0;

 private:
  // If the plan is positional: for the first positions the single one that each attends to.
  std::vector<std::int32_t> known_;
};

// One for each HeadPlan::Kind; kSearch and kDense are one class.
std::unique_ptr<HeadState> MakeTokenClassHead(const HeadPlan& plan);
std::unique_ptr<HeadState> MakeOffsetHead(const HeadPlan& plan);
std::unique_ptr<HeadState> MakePositionChainHead(const HeadPlan& plan);
std::unique_ptr<HeadState> MakeSearchHead(const HeadPlan& plan, std::int64_t context_length);

}  // namespace raspc
