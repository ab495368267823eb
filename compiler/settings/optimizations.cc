#include "compiler/settings/optimizations.h"

namespace raspc {

const std::vector<PassDescription>& AllPasses() {
  static const std::vector<PassDescription> all = {
      {Pass::kCounts, "counts", "widths and sums are recognised; they need no product"},
      {Pass::kPositions, "positions", "position-only selectors are evaluated row by row"},
      {Pass::kDistances, "distances", "ints are compared by squared distance"},
      {Pass::kBits, "bits", "equality and order are compared bit by bit"},
      {Pass::kNear, "near", "a single key is selected by approximate scores"},
      {Pass::kMasks, "masks", "heads have masks and biases by relative position"},
      {Pass::kSharedHeads, "shared heads", "aggregates over one selector share a head"},
      {Pass::kDeadBlocks, "dead blocks", "blocks that the output does not need are dropped"},
      {Pass::kSharedNeurons, "shared neurons", "neurons with equal inputs are merged"},
  };
  return all;
}

}  // namespace raspc
