// Attention to keys that are functions of the token: a count and a sum of values for each class of
// them is all that a head has to know of a sequence.
//
// If queries are functions of the token too, they are few, and what one of them gets is kept until
// the next key comes.
#include <algorithm>

#include "runtime/structured/any_head.h"

namespace raspc {
namespace {

class TokenClassHead final : public AnyHead {
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
        MixClasses<true>(plan_.ranking[u], leads_[u]);
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
    ScoreClasses();
    const double lead = Lead(query_.data());
    MixClasses<false>(by_computed_, lead);
    End(out, out_stride);
    if (pattern != nullptr) Report(input, by_computed_, lead, pattern);
  }

  void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
           std::ptrdiff_t out_stride) override {
    RunSteps(*this, input, seq_len, out, out_stride);
  }

 private:
  friend AnyHead;
  using ClassScore = HeadPlan::ClassScore;

  // Scores of query_, class by class.
  void ScoreClasses() {
    for (ClassScore& entry : by_computed_) {
      entry.score = 0;
      const std::vector<double>& key = plan_.class_keys[Size(entry.key_class)];
      for (std::size_t v = 0; v < key.size(); ++v) {
        entry.score += query_[Size(plan_.varying[v])] * key[v];
      }
    }
  }

  // Of the classes that have keys, and BOS.
  double LargestScore(const std::vector<ClassScore>& scores, double lead) const {
    double most = lead;
    for (const ClassScore& entry : scores) {
      if (counts_[Size(entry.key_class)] != 0 && entry.score > most) most = entry.score;
    }
    return most;
  }

  // With scores that fall, what comes after a weight of 0 needs no look.
  template <bool kFalling>
  void MixClasses(const std::vector<ClassScore>& scores, double lead) {
    const double most = LargestScore(scores, lead);
    Begin(WeightOf(lead, most));
    for (const ClassScore& entry : scores) {
      const double count = counts_[Size(entry.key_class)];
      if (count == 0) continue;
      const double weight = WeightOf(entry.score, most);
      if (weight == 0) {
        if (kFalling) break;
        continue;
      }
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

}  // namespace

std::unique_ptr<HeadState> MakeTokenClassHead(const HeadPlan& plan) {
  return std::make_unique<TokenClassHead>(plan);
}

}  // namespace raspc
