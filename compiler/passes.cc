#include "compiler/passes.h"

namespace raspc {

const std::vector<PassDescription>& AllPasses() {
  static const std::vector<PassDescription> all = {
      {Pass::kCounts, "counts", "widths and sums are recognised, and need no product"},
      {Pass::kPositions, "positions", "rows by position alone are looked at, one by one"},
      {Pass::kDistances, "distances", "ints are compared by squared distance"},
      {Pass::kBits, "bits", "equality and order are compared bit by bit"},
      {Pass::kNear, "near", "a lone key is found by scores that may be a little off"},
      {Pass::kMasks, "masks", "heads have masks and biases by relative position"},
      {Pass::kSharedHeads, "shared heads", "aggregates over one selector share a head"},
      {Pass::kDeadBlocks, "dead blocks", "what the readout does not need is dropped"},
      {Pass::kSharedNeurons, "shared neurons", "neurons with equal inputs are one"},
  };
  return all;
}

}  // namespace raspc
