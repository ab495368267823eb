#include "compiler/settings/optimizations.h"

namespace raspc {

const std::vector<OptimizationDescription>& AllOptimizations() {
  static const std::vector<OptimizationDescription> all = {
      {Optimization::kCounts, "counts", "widths and sums are recognised; they need no product"},
      {Optimization::kPositions, "positions", "position-only selectors are evaluated row by row"},
      {Optimization::kDistances, "distances", "ints are compared by squared distance"},
      {Optimization::kBits, "bits", "equality and order are compared bit by bit"},
      {Optimization::kNear, "near", "a single key is selected by approximate scores"},
      {Optimization::kMasks, "masks", "heads have masks and biases by relative position"},
      {Optimization::kSharedHeads, "shared heads", "aggregates over one selector share a head"},
      {Optimization::kDeadBlocks, "dead blocks", "blocks that the output does not need are dropped"},
      {Optimization::kSharedNeurons, "shared neurons", "neurons with equal inputs are merged"},
  };
  return all;
}

}  // namespace raspc
