// Attention to keys that are functions of the token: a head's state for a sequence is a count and a
// sum of values for each class of keys.
//
// If queries are functions of the token too, they are few, and their scores are fixed. Which
// classes such a query attends to, and with which weights, then changes only when a class gets its
// first key; in between, a query costs the classes whose weight is not 0, mostly one, and no exp.
// Its result is kept until the next key arrives.
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
        queries_(plan.query_rows.size()),
        attended_((queries_.size() + 1) * num_classes_),
        mixed_(queries_.size() * sum_.size()),
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
    started_ = grown_ = ++version_;
  }

  void Add(const HeadInput& input, std::ptrdiff_t position) override {
    const std::size_t c = ClassAt(input, position);
    if (sum_.size() == 1) {
      Count(c, input.value.At(0, position));
      return;
    }
    ++version_;
    if (counts_[c] == 0) Begin(c);
    counts_[c] += 1;
    double* sums = sums_.data() + c * sum_.size();
    ForValues([&](std::size_t d) { sums[d] += input.value.At(d, position); });
  }

  void Mix(const HeadInput& input, std::ptrdiff_t position, double* out, std::ptrdiff_t out_stride,
           double* pattern) override {
    if (position > 0 && plan_.HasTokenQueries()) {
      const std::size_t u = Size(plan_.query_class_of[Size(input.TokenAt(position))]);
      QueryClass& query = queries_[u];
      if (sum_.size() == 1 && pattern == nullptr) {
        if (query.mixed_for != version_) MixOne(u);
        *out = mixed_[u];
        return;
      }
      double* mixed = mixed_.data() + u * sum_.size();
      if (query.mixed_for != version_ || pattern != nullptr) {
        if (query.weighed_for < grown_) Weigh(u);
        MixClasses(query.weights);
        End(mixed, 1);
        query.mixed_for = version_;
      }
      ForValues([&](std::size_t d) {
        out[static_cast<std::ptrdiff_t>(d) * out_stride] = mixed[d];
      });
      if (pattern != nullptr) Report(input, query.weights, pattern);
      return;
    }
    ReadQuery(input, position);
    ScoreClasses();
    const Weights weights = FindWeights(computed_scores_.data(), Lead(query_.data()),
                                        attended_.data() + queries_.size() * num_classes_);
    MixClasses(weights);
    End(out, out_stride);
    if (pattern != nullptr) Report(input, weights, pattern);
  }

  void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
           std::ptrdiff_t out_stride) override {
    if (!plan_.HasTokenQueries() || sum_.size() != 1) {
      RunSteps(*this, input, seq_len, out, out_stride);
    } else if (plan_.mask == HeadMask::kNone) {
      RunUnmasked(input, seq_len, out);
    } else {
      RunCausal(input, seq_len, out);
    }
  }

 private:
  friend AnyHead;

  // Run for token queries and one value, which is what most heads that count have: the same sums
  // with everything in reach.
  void RunUnmasked(const HeadInput& input, std::ptrdiff_t seq_len, double* out) {
    for (std::ptrdiff_t p = 1; p < seq_len; ++p) Count(ClassAt(input, p), input.value.At(0, p));
    Mix(input, 0, out, 1, nullptr);
    for (std::ptrdiff_t p = 1; p < seq_len; ++p) {
      const std::size_t u = Size(plan_.query_class_of[Size(input.TokenAt(p))]);
      if (queries_[u].mixed_for != version_) MixOne(u);
      out[p] = mixed_[u];
    }
  }
  void RunCausal(const HeadInput& input, std::ptrdiff_t seq_len, double* out) {
    const bool strict = plan_.mask == HeadMask::kStrictlyCausal;
    Mix(input, 0, out, 1, nullptr);
    for (std::ptrdiff_t p = 1; p < seq_len; ++p) {
      const std::size_t u = Size(plan_.query_class_of[Size(input.TokenAt(p))]);
      if (!strict) Count(ClassAt(input, p), input.value.At(0, p));
      MixOne(u);
      out[p] = mixed_[u];
      if (strict) Count(ClassAt(input, p), input.value.At(0, p));
    }
  }

  // Add for one value. This and the next one are inlined: a call takes as long as what they do.
  [[gnu::always_inline]] void Count(std::size_t key_class, double value) {
    ++version_;
    if (counts_[key_class] == 0) Begin(key_class);
    counts_[key_class] += 1;
    sums_[key_class] += value;
  }
  // The result for a class of queries, for one value.
  [[gnu::always_inline]] void MixOne(std::size_t query_class) {
    QueryClass& query = queries_[query_class];
    if (query.weighed_for < grown_) Weigh(query_class);
    double weight = query.weights.bos;
    double sum = weight == 0 ? 0 : weight * bos_value_[0];
    for (const Attended* at = query.weights.first; at < query.weights.last; ++at) {
      weight += at->weight * counts_[at->key_class];
      sum += at->weight * sums_[at->key_class];
    }
    mixed_[query_class] = sum / weight;
    query.mixed_for = version_;
  }

  struct Attended {
    std::size_t key_class;
    double weight;  // exp(score - largest score), not 0
  };
  // What a query attends to: BOS and classes of keys, these in order of their first keys.
  struct Weights {
    double bos = 0;
    const Attended* first = nullptr;
    const Attended* last = nullptr;
  };
  struct QueryClass {
    Weights weights;
    double lead = 0;
    // The versions of the set of keys for which the three are known: the lead, for a sequence.
    std::int64_t lead_for = 0, weighed_for = 0, mixed_for = 0;
  };

  std::size_t ClassAt(const HeadInput& input, std::ptrdiff_t position) const {
    return Size(plan_.key_class_of[Size(input.TokenAt(position))]);
  }

  // A class gets its first key.
  void Begin(std::size_t key_class) {
    present_.push_back(key_class);
    grown_ = version_;
  }

  // Brings the weights of a class of queries up to date.
  void Weigh(std::size_t query_class) {
    QueryClass& query = queries_[query_class];
    if (query.lead_for != started_) {
      query.lead = Lead(plan_.query_rows[query_class].data());
      query.lead_for = started_;
    }
    query.weights = FindWeights(plan_.class_scores.data() + query_class * num_classes_, query.lead,
                                attended_.data() + query_class * num_classes_);
    query.weighed_for = version_;
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

  // `scores` is [classes], the same for all keys of a class; `attended` has room for all classes.
  Weights FindWeights(const double* scores, double lead, Attended* attended) const {
    double most = lead;
    for (const std::size_t c : present_) most = scores[c] > most ? scores[c] : most;
    Weights weights = {WeightOf(lead, most), attended, attended};
    for (const std::size_t c : present_) {
      const double weight = WeightOf(scores[c], most);
      if (weight == 0) continue;
      *attended++ = {c, weight};
    }
    weights.last = attended;
    return weights;
  }

  void MixClasses(const Weights& weights) {
    AnyHead::Begin(weights.bos);
    for (const Attended* at = weights.first; at < weights.last; ++at) {
      weight_ += at->weight * counts_[at->key_class];
      const double* sums = sums_.data() + at->key_class * sum_.size();
      ForValues([&](std::size_t d) { sum_[d] += at->weight * sums[d]; });
    }
  }

  // Requires that the query was the last to be mixed.
  void Report(const HeadInput& input, const Weights& weights, double* pattern) const {
    double num_keys = 0;
    for (const std::size_t c : present_) num_keys += counts_[c];
    std::vector<double> by_class(num_classes_);
    for (const Attended* at = weights.first; at < weights.last; ++at) {
      by_class[at->key_class] = at->weight / weight_;
    }
    pattern[0] = weights.bos / weight_;
    for (std::ptrdiff_t k = 1; k <= static_cast<std::ptrdiff_t>(num_keys); ++k) {
      pattern[k] = by_class[ClassAt(input, k)];
    }
  }

  std::size_t num_classes_;
  std::vector<double> counts_;        // [classes]
  std::vector<double> sums_;          // [classes, value_dim]
  std::vector<std::size_t> present_;  // the classes that have keys, in order of first occurrence
  // A version of the set of keys, which only grows, also across sequences; what it was when the
  // sequence started, and when a class got its first key.
  std::int64_t version_ = 0, started_ = 0, grown_ = 0;
  std::vector<QueryClass> queries_;      // [query classes]
  std::vector<Attended> attended_;       // [query classes + 1, classes]: the last for computed ones
  std::vector<double> mixed_;            // [query classes, value_dim]
  std::vector<double> computed_scores_;  // [classes]
};

}  // namespace

std::unique_ptr<HeadState> MakeTokenClassHead(const HeadPlan& plan) {
  return std::make_unique<TokenClassHead>(plan);
}

}  // namespace raspc
