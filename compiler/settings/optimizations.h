// The optimisations that make models small. Each can be turned off, which shows its gain (`raspc
// inspect --gains`); the model is exact either way.
#pragma once

#include <bitset>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace raspc {

enum class Optimization {
  kCounts,             // Simplify: widths and sums in place of the idioms that compute them
  kPositions,          // InferDomains: position-only selectors row by row
  kDistances,          // Lower: equality of ints by squared distance
  kBits,               // Lower: equality and order bit by bit
  kApproximateScores,  // Lower: approximate indicators, for a single key
  kMasks,              // Lower: masks and relative biases in place of scores
  kSharedHeads,        // Lower: aggregates over one selector in one head
  kDeadBlocks,         // Lower: drop what the readout does not need
  kSharedNeurons,      // Emit: neurons with equal inputs are merged
};

struct OptimizationDescription {
  Optimization pass;
  std::string_view name;
  std::string_view what;  // a clause
};
// All optimisations, in the order of the enumeration, which is that of the stages.
inline constexpr OptimizationDescription kAllOptimizations[] = {
    {Optimization::kCounts, "counts", "widths and sums are recognised; they need no product"},
    {Optimization::kPositions, "positions", "position-only selectors are evaluated row by row"},
    {Optimization::kDistances, "distances", "ints are compared by squared distance"},
    {Optimization::kBits, "bits", "equality and order are compared bit by bit"},
    {Optimization::kApproximateScores, "approximate",
     "a single key is selected by approximate scores"},
    {Optimization::kMasks, "masks", "heads have masks and biases by relative position"},
    {Optimization::kSharedHeads, "shared heads", "aggregates over one selector share a head"},
    {Optimization::kDeadBlocks, "dead blocks", "blocks that the output does not need are dropped"},
    {Optimization::kSharedNeurons, "shared neurons", "neurons with equal inputs are merged"},
};
inline constexpr std::size_t kNumOptimizations = std::size(kAllOptimizations);
static_assert([] {
  for (std::size_t i = 0; i < kNumOptimizations; ++i) {
    if (static_cast<std::size_t>(kAllOptimizations[i].pass) != i) return false;
  }
  return true;
}());

// Which optimisations run: all, unless turned off.
class Optimizations {
 public:
  Optimizations() { on_.set(); }
  Optimizations Without(Optimization pass) const {
    Optimizations result = *this;
    result.on_.reset(static_cast<std::size_t>(pass));
    return result;
  }
  bool Has(Optimization pass) const { return on_.test(static_cast<std::size_t>(pass)); }

 private:
  std::bitset<kNumOptimizations> on_;
};

}  // namespace raspc
