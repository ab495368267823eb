// Attention to keys of which nothing is known beforehand. As they arrive, in this order:
//
// - while few are different, they are classes with a count and a sum of values;
// - a sequence of up to kScannedKeys has all its scores computed, by the kernels of the dense
//   engine, which is faster than searching so few;
// - a longer one has an index, if its keys have suitable structure (key_index.h) and queries do not
//   mostly attend to all of them anyway;
// - otherwise all scores are computed, as they are for a head with a relative bias.
#include <algorithm>
#include <array>

#include "runtime/engine/kernels/kernels.h"
#include "runtime/engine/structured/any_head.h"

namespace raspc {
namespace {

// Keys with few different values.
class FewKeys {
 public:
  FewKeys(std::size_t num_dims, std::size_t value_dim)
      : num_dims_(num_dims),
        sum_size_(value_dim),
        keys_(num_dims * kMax),
        counts_(kMax),
        scores_(kMax),
        first_positions_(kMax),
        sums_(kMax * value_dim) {}

  static constexpr std::size_t kMax = 32;
  static constexpr std::size_t kBlock = 4;
  static_assert(kMax % kBlock == 0);

  void Clear() {
    num_classes_ = 0;
    last_ = 0;
  }

  // False if there would be too many classes.
  bool Add(const HeadInput& input, std::ptrdiff_t position) {
    if (num_classes_ == 0 || !Holds(last_, input, position)) {
      last_ = 0;
      while (last_ < num_classes_ && !Holds(last_, input, position)) ++last_;
      if (last_ == kMax) return false;
      if (last_ == num_classes_) Begin(input, position);
    }
    counts_[last_] += 1;
    double* sums = sums_.data() + last_ * sum_size_;
    if (sum_size_ == 1) {  // as in AnyHead::ForValues
      sums[0] += input.value.At(0, position);
      return true;
    }
    for (std::size_t d = 0; d < sum_size_; ++d) sums[d] += input.value.At(d, position);
    return true;
  }

  // Computes the scores of a query, [num_dims]; returns the largest of them and `floor`.
  double Score(const double* query, double floor) {
    // Some classes side by side, which the compiler turns into vectors; those after the last do no
    // harm.
    for (std::size_t c = 0; c < num_classes_; c += kBlock) {
      double scores[kBlock] = {};
      for (std::size_t d = 0; d < num_dims_; ++d) {
        const double* keys = keys_.data() + d * kMax + c;
        for (std::size_t i = 0; i < kBlock; ++i) scores[i] += query[d] * keys[i];
      }
      std::copy_n(scores, kBlock, scores_.data() + c);
    }
    double most = floor;
    for (std::size_t c = 0; c < num_classes_; ++c) most = scores_[c] > most ? scores_[c] : most;
    return most;
  }

  std::size_t num_classes() const { return num_classes_; }
  double ScoreOf(std::size_t c) const { return scores_[c]; }  // of the last query
  double CountOf(std::size_t c) const { return counts_[c]; }
  std::ptrdiff_t FirstOf(std::size_t c) const { return first_positions_[c]; }
  const double* SumsOf(std::size_t c) const { return sums_.data() + c * sum_size_; }
  bool Holds(std::size_t c, const HeadInput& input, std::ptrdiff_t position) const {
    for (std::size_t d = 0; d < num_dims_; ++d) {
      if (keys_[d * kMax + c] != input.key.At(d, position)) return false;
    }
    return true;
  }

 private:
  // A class without keys, for the key at the position.
  void Begin(const HeadInput& input, std::ptrdiff_t position) {
    for (std::size_t d = 0; d < num_dims_; ++d) {
      keys_[d * kMax + num_classes_] = input.key.At(d, position);
    }
    counts_[num_classes_] = 0;
    first_positions_[num_classes_] = position;
    std::fill_n(sums_.data() + num_classes_ * sum_size_, sum_size_, 0.0);
    ++num_classes_;
  }

  std::size_t num_dims_, sum_size_, num_classes_ = 0;
  std::vector<double> keys_;                     // [num_dims, kMax]
  std::vector<double> counts_, scores_;          // [kMax]
  std::vector<std::ptrdiff_t> first_positions_;  // [kMax]: of a class's first key
  std::vector<double> sums_;                     // [kMax, value_dim]
  std::size_t last_ = 0;                // the class of the last key
};

class SearchHead final : public AnyHead {
 public:
  SearchHead(const HeadPlan& plan, std::int64_t context_length)
      : AnyHead(plan),
        context_length_(context_length),
        num_varying_(static_cast<int>(plan.varying.size())),
        few_(plan.varying.size(), Size(plan.value_dim)),
        varying_query_(plan.varying.size() + 1) {}

  bool ReadsBack() const override { return true; }

  void Start(const HeadInput& input, const double* bos_key) override {
    AnyHead::Start(input, bos_key);
    num_keys_ = 0;
    few_.Clear();
    index_.reset();
    may_index_ = plan_.kind == HeadPlan::Kind::kSearch;
    mode_ = may_index_ ? Mode::kFew : Mode::kAll;
    num_wide_ = num_queries_ = 0;
  }

  void Add(const HeadInput& input, std::ptrdiff_t position) override {
    num_keys_ = position;
    if (mode_ == Mode::kFew && !few_.Add(input, position)) mode_ = Mode::kAll;
    if (mode_ == Mode::kIndex) AddToIndex(input, position);
  }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    if (mode_ == Mode::kAll && may_index_ && num_keys_ > kScannedKeys) MakeIndex(input);
    if (mode_ == Mode::kAll) {
      MixAll(input, position, 1, out, out_stride, pattern);
      return;
    }
    ReadVarying(input, position);
    // A non-finite query has no farthest key.
    if (!std::all_of(varying_query_.begin(), varying_query_.begin() + num_varying_ + 1,
                     [](double x) { return std::isfinite(x); })) {
      MixAll(input, position, 1, out, out_stride, pattern);
    } else if (mode_ == Mode::kFew) {
      MixFew(input, position, out, out_stride, pattern);
    } else {
      MixIndexed(input, position, out, out_stride, pattern);
    }
  }

  void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
           std::ptrdiff_t out_stride) override {
    if (plan_.mask != HeadMask::kNone) {
      RunCausal(input, seq_len, out, out_stride);
      return;
    }
    for (std::ptrdiff_t p = 1; p < seq_len; ++p) {
      Add(input, p);
      if (mode_ == Mode::kAll) break;
    }
    num_keys_ = seq_len - 1;
    const bool has_one_query = plan_.relative_bias.empty() && HasOneQuery(input, seq_len);
    const std::ptrdiff_t last = has_one_query ? std::min<std::ptrdiff_t>(seq_len, 2) : seq_len;
    for (std::ptrdiff_t p = 0; p < last;) {
      if (mode_ == Mode::kAll && may_index_ && num_keys_ > kScannedKeys) MakeIndex(input);
      if (mode_ == Mode::kAll) {
        const int count = static_cast<int>(std::min<std::ptrdiff_t>(kMaxQueries, last - p));
        MixAll(input, p, count, out + p, out_stride, nullptr);
        p += count;
      } else {
        Mix(input, p, out + p, out_stride, nullptr);
        ++p;
      }
    }
    if (last == seq_len) return;
    ForValues([&](std::size_t d) {
      double* row = out + static_cast<std::ptrdiff_t>(d) * out_stride;
      std::fill(row + last, row + seq_len, row[last - 1]);
    });
  }

  void Release() override {
    index_.reset();
    ReleaseIfLarge(weights_);
    ReleaseIfLarge(hits_);
  }

 private:
  friend AnyHead;
  enum class Mode { kFew, kAll, kIndex };

  static constexpr std::ptrdiff_t kScannedKeys = 192;

  // Several queries at once while all scores are computed.
  void RunCausal(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
                 std::ptrdiff_t out_stride) {
    const bool strict = plan_.mask == HeadMask::kStrictlyCausal;
    Mix(input, 0, out, out_stride, nullptr);
    std::ptrdiff_t p = 1;
    while (p < seq_len) {
      const std::ptrdiff_t end =
          may_index_ ? std::min(seq_len, kScannedKeys + (strict ? 1 : 0) + 1) : seq_len;
      if (mode_ == Mode::kAll && p < end) {
        const int count = static_cast<int>(std::min<std::ptrdiff_t>(kMaxQueries, end - p));
        num_keys_ = strict ? p - 1 : p;
        MixAll(input, p, count, out + p, out_stride, nullptr);
        p += count;
        num_keys_ = p - 1;
        continue;
      }
      if (!strict) Add(input, p);
      Mix(input, p, out + p, out_stride, nullptr);
      if (strict) Add(input, p);
      ++p;
    }
  }

  // Whether all queries but that of BOS are the same, so that all that see the same keys have the
  // same result: a query is often a constant, such as the truth value that is selected.
  bool HasOneQuery(const HeadInput& input, std::ptrdiff_t seq_len) const {
    for (std::size_t d = 0; d < query_.size(); ++d) {
      for (std::ptrdiff_t p = seq_len - 1; p > 1; --p) {
        if (input.query.At(d, p) != input.query.At(d, 1)) return false;
      }
    }
    return true;
  }

  void ReadVarying(const HeadInput& input, std::ptrdiff_t position) {
    ReadQuery(input, position);
    for (std::size_t v = 0; v < plan_.varying.size(); ++v) {
      varying_query_[v] = query_[Size(plan_.varying[v])];
    }
    varying_query_.back() = Lead(query_.data());
  }

  void MakeIndex(const HeadInput& input) {
    index_ = std::make_unique<KeyIndex>(num_varying_, plan_.value_dim);
    mode_ = Mode::kIndex;
    for (std::ptrdiff_t k = 1; k <= num_keys_ && index_ != nullptr; ++k) AddToIndex(input, k);
  }

  void AddToIndex(const HeadInput& input, std::ptrdiff_t position) {
    if (!index_->Add(input.key, input.value, static_cast<std::int32_t>(position))) GiveUp();
  }

  void GiveUp() {
    index_.reset();
    may_index_ = false;
    mode_ = Mode::kAll;
  }

  // What a query attends to, as its keys are visited: nothing but BOS, one other key, or more.
  struct Attended {
    explicit Attended(double bos_weight) : keys(bos_weight == 0 ? 0 : 1) {}
    void Add(std::ptrdiff_t key, double count, double weight) {
      last = key;
      keys += weight > 0 ? count : std::nan("");
    }
    double keys;  // their number, BOS included
    std::ptrdiff_t last = 0;
  };
  void LearnFrom(const Attended& attended, std::ptrdiff_t position) {
    if (attended.keys == 1 && attended.last >= 0 && Learns(position)) Learn(attended.last);
  }

  void MixFew(const HeadInput& input, std::ptrdiff_t position, double* out,
              std::ptrdiff_t out_stride, double* pattern) {
    const double lead = varying_query_.back();
    const double most = few_.Score(varying_query_.data(), lead);
    Begin(WeightOf(lead, most));
    Attended attended(weight_);
    if (pattern != nullptr) std::fill(pattern, pattern + num_keys_ + 1, 0);
    for (std::size_t c = 0; c < few_.num_classes(); ++c) {
      const double weight = WeightOf(few_.ScoreOf(c), most);
      if (weight == 0) continue;
      weight_ += weight * few_.CountOf(c);
      attended.Add(few_.FirstOf(c), few_.CountOf(c), weight);
      const double* sums = few_.SumsOf(c);
      ForValues([&](std::size_t d) { sum_[d] += weight * sums[d]; });
      for (std::ptrdiff_t k = 1; k <= num_keys_ && pattern != nullptr; ++k) {
        if (few_.Holds(c, input, k)) pattern[k] = weight;
      }
    }
    End(out, out_stride);
    LearnFrom(attended, position);
    if (pattern == nullptr) return;
    pattern[0] = WeightOf(lead, most);
    for (std::ptrdiff_t k = 0; k <= num_keys_; ++k) pattern[k] /= weight_;
  }

  void MixIndexed(const HeadInput& input, std::ptrdiff_t position, double* out,
                  std::ptrdiff_t out_stride, double* pattern) {
    const double lead = varying_query_.back();
    const std::span<const double> query(varying_query_.data(), plan_.varying.size());
    const double most = index_->Find(query, lead, input.key, input.value, hits_);
    if (std::isnan(most)) {
      MixAll(input, position, 1, out, out_stride, pattern);
      return;
    }
    Begin(WeightOf(lead, most));
    Attended attended(weight_);
    for (const KeyIndex::Hit& hit : hits_) {
      const double weight = WeightOf(hit.score, most);
      if (weight == 0) continue;
      weight_ += weight * index_->CountOf(hit);
      attended.Add(hit.position, index_->CountOf(hit), weight);
      ForValues([&](std::size_t d) { sum_[d] += weight * index_->SumOf(hit, input.value, d); });
    }
    End(out, out_stride);
    LearnFrom(attended, position);
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
    // An index that mostly finds everything is useless.
    ++num_queries_;
    if (static_cast<std::ptrdiff_t>(hits_.size()) * 8 > num_keys_) ++num_wide_;
    if (num_wide_ >= 16 && num_wide_ * 2 > num_queries_) GiveUp();
  }

  // `count` queries from `position` on, computing all scores; the first sees the keys so far, and
  // under a mask each later one sees one more.
  void MixAll(const HeadInput& input, std::ptrdiff_t position, int count, double* out,
              std::ptrdiff_t out_stride, double* pattern) {
    // Feature by feature, as the kernel expects queries.
    const std::size_t num_features = Size(num_varying_) + 1;
    std::array<double, 64> small;
    std::vector<double> large;
    double* features = small.data();
    if (num_features * kMaxQueries > small.size()) {
      large.resize(num_features * kMaxQueries);
      features = large.data();
    }
    Queries<double> queries = {features, kMaxQueries, count, {}, {}};
    int most_visible = 0;
    for (int i = 0; i < count; ++i) {
      ReadVarying(input, position + i);
      for (std::size_t f = 0; f < num_features; ++f)
        features[f * kMaxQueries + Size(i)] = varying_query_[f];
      const auto more = plan_.mask == HeadMask::kNone ? 0 : i;
      queries.num_visible[Size(i)] = static_cast<int>(num_keys_ + more) + 1;
      most_visible = queries.num_visible[Size(i)];
      if (plan_.relative_bias.empty()) continue;
      queries.bias[Size(i)] = plan_.relative_bias.data() + context_length_ - position - i;
    }
    const int stride = most_visible + kKeyLanes<double>;
    weights_.resize(Size(stride) * Size(count));
    const KeysAndValues<double> rows = {input.key.data,           input.value.data,
                                        input.key.feature_stride, input.value.feature_stride,
                                        num_varying_ + 1,         plan_.value_dim};
    Attention<double> attention = {.mixed = out,
                                   .stride = out_stride,
                                   .weights = weights_.data(),
                                   .weights_stride = stride,
                                   .keep_weights = pattern != nullptr};
    Attend(queries, rows, attention);
    if (pattern == nullptr) {
      for (int i = 0; i < count; ++i) {
        if (!Learns(position + i)) continue;
        LearnFromScores(weights_.data() + std::ptrdiff_t{i} * stride, queries.num_visible[Size(i)]);
      }
      return;
    }
    for (int k = 0; k < most_visible; ++k) pattern[k] = weights_[Size(k)] / attention.sums[0];
  }

  // Learns which key gets all the weight, if one does, from what Attend has left: scores, or where
  // several have a weight, weights.
  void LearnFromScores(const double* scores, int num_visible) {
    const double* largest = std::max_element(scores, scores + num_visible);
    const bool is_single = std::none_of(scores, scores + num_visible, [&](const double& score) {
      return &score != largest && !(score - *largest < -kUnderflow);
    });
    if (is_single && std::isfinite(*largest)) Learn(largest - scores);
  }

  std::int64_t context_length_;
  int num_varying_;
  Mode mode_ = Mode::kAll;
  std::ptrdiff_t num_keys_ = 0;
  FewKeys few_;
  std::vector<double> varying_query_;  // [varying + 1]: the last is the lead
  std::unique_ptr<KeyIndex> index_;
  bool may_index_ = false;
  std::ptrdiff_t num_queries_ = 0, num_wide_ = 0;  // of the index; those with many hits
  std::vector<KeyIndex::Hit> hits_;
  std::vector<double> weights_;
};

}  // namespace

std::unique_ptr<HeadState> MakeSearchHead(const HeadPlan& plan, std::int64_t context_length) {
  return std::make_unique<SearchHead>(plan, context_length);
}

}  // namespace raspc
