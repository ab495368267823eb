// Attention to keys that are functions of the token: a head's state for a sequence is a count and a
// sum of values for each class of keys.
//
// If queries are functions of the token too, they are few, and the result for each is kept until
// the next key arrives.
#include <algorithm>

#include "runtime/engine/structured/any_head.h"

namespace raspc {
namespace {

class TokenClassHead final : public AnyHead {
 public:
  explicit TokenClassHead(const HeadPlan& plan)
      : AnyHead(plan),
        num_classes_(plan.class_keys.size()),
        counts_(num_classes_),
        sums_(num_classes_ * sum_.size()),
        leads_(plan.query_rows.size()),
        mixed_(leads_.size() * sum_.size()),
        lead_of_(leads_.size()),
        mixed_for_(leads_.size()),
        computed_scores_(num_classes_) {}

  bool ReadsBack() const override { return false; }

  // Takes no time for classes that the last sequence did not have.
  void Start(const HeadInput& input, const double* bos_key) override {
    AnyHead::Start(input, bos_key);
    for (const std::size_t c : present_) {
      counts_[c] = 0;
      std::fill_n(sums_.data() + c * sum_.size(), sum_.size(), 0.0);
    }
    present_.clear();
    started_ = ++version_;
  }

  void Add(const HeadInput& input, std::ptrdiff_t position) override {
    const std::size_t c = ClassAt(input, position);
    if (counts_[c] == 0) present_.push_back(c);
    counts_[c] += 1;
    double* sums = sums_.data() + c * sum_.size();
    for (std::size_t d = 0; d < sum_.size(); ++d) sums[d] += input.value.At(d, position);
    ++version_;
  }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    if (position > 0 && plan_.HasTokenQueries()) {
      const std::size_t u = Size(plan_.query_class_of[Size(input.TokenAt(position))]);
      double* mixed = mixed_.data() + u * sum_.size();
      if (mixed_for_[u] != version_ || pattern != nullptr) {
        const double* scores = plan_.class_scores.data() + u * num_classes_;
        MixClasses(scores, LeadOf(u));
        End(mixed, 1);
        mixed_for_[u] = version_;
        if (pattern != nullptr) Report(input, scores, leads_[u], pattern);
      }
      for (std::size_t d = 0; d < sum_.size(); ++d) {
        out[static_cast<std::ptrdiff_t>(d) * out_stride] = mixed[d];
      }
      return;
    }
    ReadQuery(input, position);
    ScoreClasses();
    const double lead = Lead(query_.data());
    MixClasses(computed_scores_.data(), lead);
    End(out, out_stride);
    if (pattern != nullptr) Report(input, computed_scores_.data(), lead, pattern);
  }

  void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
           std::ptrdiff_t out_stride) override {
    RunSteps(*this, input, seq_len, out, out_stride);
  }

 private:
  friend AnyHead;

  std::size_t ClassAt(const HeadInput& input, std::ptrdiff_t position) const {
    return Size(plan_.key_class_of[Size(input.TokenAt(position))]);
  }

  double LeadOf(std::size_t query_class) {
    if (lead_of_[query_class] != started_) {
      leads_[query_class] = Lead(plan_.query_rows[query_class].data());
      lead_of_[query_class] = started_;
    }
    return leads_[query_class];
  }

  // Scores of query_, for the classes that have keys.
  void ScoreClasses() {
    for (const std::size_t c : present_) {
      double score = 0;
      const std::vector<double>& key = plan_.class_keys[c];
      for (std::size_t v = 0; v < key.size(); ++v) score += query_[Size(plan_.varying[v])] * key[v];
      computed_scores_[c] = score;
    }
  }

  // The largest score of the classes that have keys, and of BOS.
  double LargestScore(const double* scores, double lead) const {
    double most = lead;
    for (const std::size_t c : present_) most = scores[c] > most ? scores[c] : most;
    return most;
  }

  // `scores` is [classes].
  void MixClasses(const double* scores, double lead) {
    const double most = LargestScore(scores, lead);
    Begin(WeightOf(lead, most));
    for (const std::size_t c : present_) {
      const double weight = WeightOf(scores[c], most);
      if (weight == 0) continue;
      weight_ += weight * counts_[c];
      const double* sums = sums_.data() + c * sum_.size();
      for (std::size_t d = 0; d < sum_.size(); ++d) sum_[d] += weight * sums[d];
    }
  }

  void Report(const HeadInput& input, const double* scores, double lead, double* pattern) {
    const double most = LargestScore(scores, lead);
    double num_keys = 0;
    for (const std::size_t c : present_) num_keys += counts_[c];
    pattern[0] = WeightOf(lead, most) / weight_;
    for (std::ptrdiff_t k = 1; k <= static_cast<std::ptrdiff_t>(num_keys); ++k) {
      pattern[k] = WeightOf(scores[ClassAt(input, k)], most) / weight_;
    }
  }

  std::size_t num_classes_;
  std::vector<double> counts_;        // [classes]
  std::vector<double> sums_;          // [classes, value_dim]
  std::vector<std::size_t> present_;  // the classes that have keys, in order of first occurrence
  // A version of the set of keys, which only grows, also across sequences.
  std::int64_t version_ = 0, started_ = 0;
  std::vector<double> leads_;            // [query classes]
  std::vector<double> mixed_;            // [query classes, value_dim]
  std::vector<std::int64_t> lead_of_;    // [query classes]: the sequence of the lead, by `started_`
  std::vector<std::int64_t> mixed_for_;  // [query classes]: the version that is mixed
  std::vector<double> computed_scores_;  // [classes]
};

}  // namespace

std::unique_ptr<HeadState> MakeTokenClassHead(const HeadPlan& plan) {
  return std::make_unique<TokenClassHead>(plan);
}

}  // namespace raspc
