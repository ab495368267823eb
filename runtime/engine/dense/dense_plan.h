// How the dense engine divides a batch into chains of bundles, and groups.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/engine/dense/dense_bundle.h"
#include "runtime/engine/dense/dense_weights.h"
#include "runtime/engine/dense/prefix_order.h"

namespace raspc {

// Multiplications below which starting threads does not pay: about a millisecond of work.
inline constexpr std::int64_t kWorkWorthThreads = 4'000'000;

// Sequences by index. The spans point into the plan's own vectors, so it is moved, not copied.
struct BatchPlan {
  BatchPlan() = default;
  BatchPlan(BatchPlan&&) = default;
  BatchPlan& operator=(BatchPlan&&) = default;

  PrefixOrder prefixes;                      // of all
  std::vector<BundleChain> chains;           // many sequences of one length
  std::vector<int> rest;                     // those in no chain
  std::vector<std::span<const int>> groups;  // of `rest`

  std::int64_t work = 0;  // multiplications, roughly
};

// `may_bundle` allows chains. The plan may depend on the number of threads; results do not.
template <typename T>
BatchPlan PlanBatch(const DenseWeights<T>& weights, std::span<const std::vector<int>> sequences,
                    int num_threads, bool may_bundle);

}  // namespace raspc
