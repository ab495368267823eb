#include "runtime/engine/dense/dense_plan.h"

#include <algorithm>
#include <numeric>

namespace raspc {
namespace {

// Tokens in a group, enough to fill tiles and keep the stream of a compiled model in cache.
constexpr std::size_t kTokensPerGroup = 512;

// Minimum number of sequences that are run as a bundle.
template <typename T>
inline constexpr int kFewestLanes = kTileTokens<T> / 4;

// Minimum number of bundles in a chain that is split off for another thread: the first bundle of a
// chain has nothing to reuse.
constexpr int kFewestSteps = 16;

// The fraction of positions up to which it pays to compute only these, as the state kept for them
// takes more cache.
constexpr double kMaxWorthReusing = 0.9;

// Maximum number of ways of splitting sequences among lanes that are compared.
constexpr int kMaxChoices = 24;

// A way of splitting the sequences of a chain among lanes.
struct Split {
  int num_steps = 1;
  std::int64_t num_positions = 0;  // that are computed, BOS included
};

// `least` is scratch.
Split SplitInto(std::span<const int> shared, int length, int num_steps, std::vector<int>& least) {
  // What all lanes share with the previous step.
  const auto steps = Size(num_steps);
  least.assign(shared.begin(), shared.begin() + num_steps);
  for (std::size_t from = steps; from < shared.size(); from += steps) {
    const std::size_t count = std::min(steps, shared.size() - from);
    for (std::size_t i = 0; i < count; ++i) least[i] = std::min(least[i], shared[from + i]);
  }
  least[0] = -1;
  const std::int64_t common = std::accumulate(least.begin(), least.end(), std::int64_t{0});
  return {num_steps, std::int64_t{num_steps} * length - common};
}

// The sequences of one length with a common prefix are adjacent. Where these subtrees are all of
// one size, lanes that start with a subtree go through theirs in step with each other; so some
// multiples of candidate sizes are tried.
Split BestSplit(std::span<const int> shared, int length, int fewest_steps) {
  std::vector<int> least;
  Split best = SplitInto(shared, length, fewest_steps, least);
  std::ptrdiff_t last_size = 1;
  int num_choices = 0;
  for (int level = length; level > 0 && num_choices < kMaxChoices; --level) {
    const auto begins_here = [&](int tokens) { return tokens < level; };
    const auto first = std::find_if(shared.begin() + 1, shared.end(), begins_here);
    if (first == shared.end()) break;
    const auto next = std::find_if(first + 1, shared.end(), begins_here);
    const std::ptrdiff_t size = next - first;
    if (next == shared.end() || size > 2 * fewest_steps) break;
    if (size == last_size) continue;
    last_size = size;
    const auto num_steps = static_cast<int>((fewest_steps + size - 1) / size * size);
    if (num_steps == fewest_steps || num_steps > static_cast<int>(shared.size())) continue;
    const Split split = SplitInto(shared, length, num_steps, least);
    if (split.num_positions < best.num_positions) best = split;
    ++num_choices;
  }
  return best;
}

template <typename T>
class Planner {
 public:
  Planner(const DenseWeights<T>& weights, std::span<const std::vector<int>> sequences)
      : weights_(weights), sequences_(sequences) {}

  BatchPlan Run(int num_threads, bool may_bundle) {
    may_bundle = may_bundle && sequences_.size() >= Size(kFewestLanes<T>);
    if (may_bundle) {
      SetOrder();
      CutChains(static_cast<std::int64_t>(sequences_.size()));
      // Every thread should have a few chains.
      const auto wanted = std::int64_t{2} * num_threads;
      const bool are_few = static_cast<std::int64_t>(plan_.chains.size()) < wanted;
      if (num_threads > 1 && plan_.work >= kWorkWorthThreads && are_few) {
        CutChains(static_cast<std::int64_t>(sequences_.size()) / wanted + 1);
      }
    } else {
      plan_.rest.resize(sequences_.size());
      std::iota(plan_.rest.begin(), plan_.rest.end(), 0);
    }
    CutGroups();
    return std::move(plan_);
  }

 private:
  std::size_t Length(int sequence) const { return sequences_[Size(sequence)].size(); }

  void SetOrder();
  void CutChains(std::int64_t most_members);
  void AddChain(std::size_t first, std::size_t count);
  void CutGroups();

  const DenseWeights<T>& weights_;
  std::span<const std::vector<int>> sequences_;
  BatchPlan plan_;
};

template <typename T>
void Planner<T>::SetOrder() {
  if (weights_.model.causal) {
    plan_.prefixes = OrderByPrefix(sequences_, weights_.model.bos_id());
    return;
  }
  std::vector<int>& order = plan_.prefixes.order;
  order.resize(sequences_.size());
  std::iota(order.begin(), order.end(), 0);
  const auto shorter = [&](int a, int b) { return Length(a) < Length(b); };
  if (!std::is_sorted(order.begin(), order.end(), shorter)) {
    std::stable_sort(order.begin(), order.end(), shorter);
  }
}

// Cuts runs of equal length into chains of up to most_members sequences, unless that is too few to
// reuse anything; the remainder becomes plan_.rest.
template <typename T>
void Planner<T>::CutChains(std::int64_t most_members) {
  const std::vector<int>& order = plan_.prefixes.order;
  const std::size_t most = std::max(Size(most_members), Size(kFewestSteps * kTileTokens<T>));
  plan_.chains.clear();
  plan_.rest.clear();
  plan_.work = 0;
  for (std::size_t first = 0; first < order.size();) {
    const std::size_t length = Length(order[first]);
    std::size_t last = first + 1;
    while (last < order.size() && last - first < most && Length(order[last]) == length) ++last;
    // All lanes are filled, except in a bundle that would have too few.
    const std::size_t over = (last - first) % Size(kTileTokens<T>);
    std::size_t count = over < Size(kFewestLanes<T>) ? last - first - over : last - first;
    if (!Bundle<T>::Fits(weights_, static_cast<std::int64_t>(length) + 1, /*every_layer=*/false)) {
      count = 0;
    }
    if (count > 0) AddChain(first, count);
    plan_.rest.insert(plan_.rest.end(), order.begin() + static_cast<std::ptrdiff_t>(first + count),
                      order.begin() + static_cast<std::ptrdiff_t>(last));
    first = last;
  }
}

template <typename T>
void Planner<T>::AddChain(std::size_t first, std::size_t count) {
  const std::vector<int>& order = plan_.prefixes.order;
  const auto length = static_cast<std::int64_t>(Length(order[first]));
  const std::size_t fewest_steps = (count + kTileTokens<T> - 1) / kTileTokens<T>;
  BundleChain chain = {.members = std::span(order).subspan(first, count),
                       .shared = {},
                       .num_steps = static_cast<int>(fewest_steps)};
  std::int64_t num_positions = chain.num_steps * (length + 1);
  if (weights_.model.causal && Bundle<T>::Fits(weights_, length + 1, /*every_layer=*/true)) {
    const auto shared = std::span<const int>(plan_.prefixes.shared).subspan(first, count);
    const Split split = BestSplit(shared, static_cast<int>(length), chain.num_steps);
    if (static_cast<double>(split.num_positions) <
        kMaxWorthReusing * static_cast<double>(num_positions)) {
      chain.shared = shared;
      chain.num_steps = split.num_steps;
      num_positions = split.num_positions;
    }
  }
  plan_.work += weights_.WorkFor(Size(length)) / (length + 1) * num_positions * kTileTokens<T>;
  if (!chain.shared.empty()) {
    plan_.chains.push_back(chain);
    return;
  }
  // Where nothing is reused each bundle is a chain, so that threads can divide them.
  for (std::size_t at = 0; at < count; at += Size(kTileTokens<T>)) {
    const std::size_t size = std::min(Size(kTileTokens<T>), count - at);
    plan_.chains.push_back(
        {.members = chain.members.subspan(at, size), .shared = {}, .num_steps = 1});
  }
}

template <typename T>
void Planner<T>::CutGroups() {
  std::size_t first = 0, num_tokens = 0;
  for (std::size_t i = 0; i < plan_.rest.size(); ++i) {
    plan_.work += weights_.WorkFor(Length(plan_.rest[i]));
    num_tokens += Length(plan_.rest[i]) + 1;
    if (num_tokens < kTokensPerGroup && i + 1 < plan_.rest.size()) continue;
    plan_.groups.push_back(std::span<const int>(plan_.rest).subspan(first, i + 1 - first));
    first = i + 1;
    num_tokens = 0;
  }
}

}  // namespace

template <typename T>
BatchPlan PlanBatch(const DenseWeights<T>& weights, std::span<const std::vector<int>> sequences,
                    int num_threads, bool may_bundle) {
  return Planner<T>(weights, sequences).Run(num_threads, may_bundle);
}

template BatchPlan PlanBatch<float>(const DenseWeights<float>&, std::span<const std::vector<int>>,
                                    int, bool);
template BatchPlan PlanBatch<double>(const DenseWeights<double>&, std::span<const std::vector<int>>,
                                     int, bool);

}  // namespace raspc
