// See head_state.h. One class for each kind of head.
#include "runtime/structured/head_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/engine/kernels.h"

namespace raspc {
namespace {

std::size_t Size(std::ptrdiff_t value) { return static_cast<std::size_t>(value); }

// exp(score - most) with 1 and 0 where they are exact; NaN where the difference is.
double WeightOf(double score, double most) {
  if (score == most) return 1;
  const double difference = score - most;
  return difference < -kUnderflow ? 0 : std::exp(difference);
}

// What all kinds have: BOS and the head's query.
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
    for (std::size_t d = 0; d < bos_value_.size(); ++d) bos_value_[d] = input.value.At(d, 0);
  }

 protected:
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
    for (std::size_t d = 0; d < sum_.size(); ++d) {
      sum_[d] = bos_weight == 0 ? 0 : bos_weight * bos_value_[d];
    }
  }
  void End(double* out, std::ptrdiff_t out_stride) const {
    for (std::size_t d = 0; d < sum_.size(); ++d) {
      out[static_cast<std::ptrdiff_t>(d) * out_stride] = sum_[d] / weight_;
    }
  }

  const HeadPlan& plan_;
  std::vector<double> query_;         // [head_dim]
  std::vector<double> lead_weights_;  // [head_dim]: the lead is the product with the query
  std::vector<double> bos_value_;     // [value_dim]
  std::vector<double> sum_;           // [value_dim]
  double weight_ = 0;
};

// Counts and sums by class: HeadPlan::Kind::kTokenClasses.
class TokenClassHead : public AnyHead {
 public:
  explicit TokenClassHead(const HeadPlan& plan)
      : AnyHead(plan), num_classes_(plan.class_keys.size()), scores_(num_classes_) {
    for (std::size_t c = 0; c < num_classes_; ++c) by_computed_.push_back({static_cast<int>(c), 0});
  }

  bool ReadsBack() const override { return false; }

  void Start(const HeadInput& input, const double* bos_key) override {
    AnyHead::Start(input, bos_key);
    counts_.assign(num_classes_, 0);
    sums_.assign(num_classes_ * sum_.size(), 0);
    leads_.clear();
    for (const std::vector<double>& row : plan_.query_rows) leads_.push_back(Lead(row.data()));
    mixed_.resize(leads_.size() * sum_.size());
    is_mixed_.assign(leads_.size(), 0);
    num_mixed_ = 0;
  }

  void Add(const HeadInput& input, std::ptrdiff_t position) override {
    const std::size_t c = Size(plan_.key_class_of[Size(input.TokenAt(position))]);
    counts_[c] += 1;
    double* sums = sums_.data() + c * sum_.size();
    for (std::size_t d = 0; d < sum_.size(); ++d) sums[d] += input.value.At(d, position);
    if (num_mixed_ == 0) return;
    std::fill(is_mixed_.begin(), is_mixed_.end(), 0);
    num_mixed_ = 0;
  }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    if (position > 0 && plan_.HasTokenQueries()) {
      const std::size_t u = Size(plan_.query_class_of[Size(input.TokenAt(position))]);
      double* mixed = mixed_.data() + u * sum_.size();
      if (!is_mixed_[u] || pattern != nullptr) {
        MixClasses(plan_.ranking[u], leads_[u]);
        End(mixed, 1);
        is_mixed_[u] = 1;
        ++num_mixed_;
        if (pattern != nullptr) Report(input, plan_.ranking[u], leads_[u], pattern);
      }
      for (std::size_t d = 0; d < sum_.size(); ++d) {
        out[static_cast<std::ptrdiff_t>(d) * out_stride] = mixed[d];
      }
      return;
    }
    ReadQuery(input, position);
    RankComputed();
    const double lead = Lead(query_.data());
    MixClasses(by_computed_, lead);
    End(out, out_stride);
    if (pattern != nullptr) Report(input, by_computed_, lead, pattern);
  }

 private:
  using ClassScore = HeadPlan::ClassScore;

  // Scores of query_, from the largest.
  void RankComputed() {
    for (ClassScore& entry : by_computed_) {
      entry.score = 0;
      const std::vector<double>& key = plan_.class_keys[Size(entry.key_class)];
      for (std::size_t v = 0; v < key.size(); ++v) {
        entry.score += query_[Size(plan_.varying[v])] * key[v];
      }
    }
    // By class where scores are equal, so that the order is that of this query alone.
    std::sort(by_computed_.begin(), by_computed_.end(), [](const auto& a, const auto& b) {
      return a.score > b.score || (a.score == b.score && a.key_class < b.key_class);
    });
  }

  // The first class that has keys has the largest score but for BOS.
  double LargestScore(const std::vector<ClassScore>& ranking, double lead) const {
    for (const ClassScore& entry : ranking) {
      if (counts_[Size(entry.key_class)] == 0) continue;
      return entry.score > lead ? entry.score : lead;
    }
    return lead;
  }

  void MixClasses(const std::vector<ClassScore>& ranking, double lead) {
    const double most = LargestScore(ranking, lead);
    Begin(WeightOf(lead, most));
    for (const ClassScore& entry : ranking) {
      const double count = counts_[Size(entry.key_class)];
      if (count == 0) continue;
      const double weight = WeightOf(entry.score, most);
      if (weight == 0) break;
      weight_ += weight * count;
      const double* sums = sums_.data() + Size(entry.key_class) * sum_.size();
      for (std::size_t d = 0; d < sum_.size(); ++d) sum_[d] += weight * sums[d];
    }
  }

  void Report(const HeadInput& input, const std::vector<ClassScore>& ranking, double lead,
              double* pattern) {
    const double most = LargestScore(ranking, lead);
    for (const ClassScore& entry : ranking) scores_[Size(entry.key_class)] = entry.score;
    double num_keys = 0;
    for (const double count : counts_) num_keys += count;
    pattern[0] = WeightOf(lead, most) / weight_;
    for (std::ptrdiff_t k = 1; k <= static_cast<std::ptrdiff_t>(num_keys); ++k) {
      const std::size_t c = Size(plan_.key_class_of[Size(input.TokenAt(k))]);
      pattern[k] = WeightOf(scores_[c], most) / weight_;
    }
  }

  std::size_t num_classes_;
  std::vector<double> counts_;  // [classes]
  std::vector<double> sums_;    // [classes, value_dim]
  std::vector<double> leads_;   // [query classes]
  std::vector<double> mixed_;   // [query classes, value_dim]: of those that are mixed
  std::vector<char> is_mixed_;  // [query classes]
  int num_mixed_ = 0;
  std::vector<ClassScore> by_computed_;  // [classes]
  std::vector<double> scores_;           // [classes]
};

// Sums over runs of positions: HeadPlan::Kind::kOffsets.
class OffsetHead : public AnyHead {
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
    for (std::size_t d = 0; d < open_.size(); ++d) open_[d] += input.value.At(d, position);
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

 private:
  static constexpr std::ptrdiff_t kBlock = 64;

  struct Run {
    std::ptrdiff_t first, last;
  };
  Run KeysAt(const HeadPlan::Offsets& offsets, std::ptrdiff_t position) const {
    return {std::max<std::ptrdiff_t>(1, position + offsets.first),
            std::min(num_keys_, static_cast<std::ptrdiff_t>(position + offsets.last))};
  }
  bool HasKeys(const HeadPlan::BiasLevel& level, std::ptrdiff_t position) const {
    return std::any_of(level.offsets.begin(), level.offsets.end(), [&](const auto& offsets) {
      const Run run = KeysAt(offsets, position);
      return run.first <= run.last;
    });
  }

  // The values at positions first to last: whole blocks at once.
  void AddRun(const HeadInput& input, std::ptrdiff_t first, std::ptrdiff_t last, double weight) {
    const auto num_blocks =
        static_cast<std::ptrdiff_t>(blocks_.size() / std::max<std::size_t>(1, sum_.size()));
    for (std::size_t d = 0; d < sum_.size(); ++d) {
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
    }
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
  std::vector<double> open_;  // [value_dim]: the sum of the block that is being filled
};

// Every score, or those an index finds: HeadPlan::Kind::kSearch and kDense.
class SearchHead : public AnyHead {
 public:
  SearchHead(const HeadPlan& plan, std::int64_t context_length)
      : AnyHead(plan),
        context_length_(context_length),
        num_varying_(static_cast<int>(plan.varying.size())),
        varying_query_(plan.varying.size() + 1) {}

  bool ReadsBack() const override { return true; }

  void Start(const HeadInput& input, const double* bos_key) override {
    AnyHead::Start(input, bos_key);
    num_keys_ = 0;
    index_.reset();
    may_index_ = plan_.kind == HeadPlan::Kind::kSearch;
    num_wide_ = num_queries_ = 0;
  }

  void Add(const HeadInput& input, std::ptrdiff_t position) override {
    num_keys_ = position;
    if (index_ != nullptr) AddToIndex(input, position);
  }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    ReadQuery(input, position);
    for (std::size_t v = 0; v < plan_.varying.size(); ++v) {
      varying_query_[v] = query_[Size(plan_.varying[v])];
    }
    varying_query_.back() = Lead(query_.data());
    if (index_ == nullptr && may_index_ && num_keys_ > kScannedKeys) MakeIndex(input);
    // A query that is not finite has no farthest key.
    if (index_ != nullptr && std::all_of(varying_query_.begin(), varying_query_.end(),
                                         [](double x) { return std::isfinite(x); })) {
      MixIndexed(input, out, out_stride, pattern);
    } else {
      MixAll(input, position, out, out_stride, pattern);
    }
  }

 private:
  // Up to here all scores are computed, which then is faster than to search.
  static constexpr std::ptrdiff_t kScannedKeys = 192;

  void MakeIndex(const HeadInput& input) {
    index_ = std::make_unique<KeyIndex>(num_varying_, plan_.value_dim);
    for (std::ptrdiff_t k = 1; k <= num_keys_ && index_ != nullptr; ++k) AddToIndex(input, k);
  }

  void AddToIndex(const HeadInput& input, std::ptrdiff_t position) {
    if (!index_->Add(input.key, input.value, static_cast<std::int32_t>(position))) GiveUp();
  }

  void GiveUp() {
    index_.reset();
    may_index_ = false;
  }

  void MixIndexed(const HeadInput& input, double* out, std::ptrdiff_t out_stride, double* pattern) {
    const double lead = varying_query_.back();
    const std::span<const double> query(varying_query_.data(), plan_.varying.size());
    const double most = index_->Find(query, lead, input.key, input.value, hits_);
    Begin(WeightOf(lead, most));
    for (const KeyIndex::Hit& hit : hits_) {
      const double weight = WeightOf(hit.score, most);
      if (weight == 0) continue;
      weight_ += weight * index_->CountOf(hit);
      for (std::size_t d = 0; d < sum_.size(); ++d) {
        sum_[d] += weight * index_->SumOf(hit, input.value, d);
      }
    }
    End(out, out_stride);
    if (pattern != nullptr) {
      std::fill(pattern, pattern + num_keys_ + 1, 0);
      pattern[0] = WeightOf(lead, most) / weight_;
      for (const KeyIndex::Hit& hit : hits_) {
        const double weight = WeightOf(hit.score, most) / weight_;
        for (std::ptrdiff_t k = 1; k <= num_keys_ && weight != 0; ++k) {
          if (index_->Holds(hit, input.key, static_cast<std::int32_t>(k))) pattern[k] = weight;
        }
      }
    }
    // An index that mostly finds everything is no use.
    ++num_queries_;
    if (static_cast<std::ptrdiff_t>(hits_.size()) * 8 > num_keys_) ++num_wide_;
    if (num_wide_ >= 16 && num_wide_ * 2 > num_queries_) GiveUp();
  }

  void MixAll(const HeadInput& input, std::ptrdiff_t position, double* out,
              std::ptrdiff_t out_stride, double* pattern) {
    const int num_visible = static_cast<int>(num_keys_) + 1;
    weights_.resize(Size(num_visible + kKeyLanes<double>));
    const KeysAndValues<double> rows = {input.key.data, input.value.data, input.key.feature_stride,
                                        num_varying_ + 1, plan_.value_dim};
    const double* bias = plan_.relative_bias.empty()
                             ? nullptr
                             : plan_.relative_bias.data() + context_length_ - position;
    const double sum = Attend<double>(varying_query_.data(), rows, bias, num_visible,
                                      weights_.data(), out, out_stride);
    if (pattern == nullptr) return;
    for (int k = 0; k < num_visible; ++k) pattern[k] = weights_[Size(k)] / sum;
  }

  std::int64_t context_length_;
  int num_varying_;
  std::ptrdiff_t num_keys_ = 0;
  std::vector<double> varying_query_;  // [varying + 1]: the last is the lead
  std::unique_ptr<KeyIndex> index_;
  bool may_index_ = false;
  std::ptrdiff_t num_queries_ = 0, num_wide_ = 0;  // of the index; those that found much
  std::vector<KeyIndex::Hit> hits_;
  std::vector<double> weights_;
};

}  // namespace

std::unique_ptr<HeadState> MakeHeadState(const HeadPlan& plan, std::int64_t context_length) {
  switch (plan.kind) {
    case HeadPlan::Kind::kTokenClasses:
      return std::make_unique<TokenClassHead>(plan);
    case HeadPlan::Kind::kOffsets:
      return std::make_unique<OffsetHead>(plan);
    case HeadPlan::Kind::kSearch:
    case HeadPlan::Kind::kDense:
      return std::make_unique<SearchHead>(plan, context_length);
  }
  return nullptr;
}

}  // namespace raspc
