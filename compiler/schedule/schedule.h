// Chooses a layer for every head and every MLP segment.
//
// Heads come before the MLP in a layer, so a width, which is a head followed by a segment, fits in
// one. Every block runs in the earliest layer in which all its inputs are ready; the number of
// layers is that of the longest path.
//
// Needs: lowered blocks. Gives: a layer for each. Keeps: the blocks.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/builder/blocks.h"

namespace raspc {

struct Schedule {
  int num_layers = 0;
  std::vector<int> layer_of_head;  // [blocks.heads]
  std::vector<int> layer_of_mlp;   // [blocks.mlps]
};
Schedule ScheduleLayers(const Blocks& blocks);

// The first block that has no layer or would read what is not ready yet, as text; empty if there is
// none. Blocks are numbered heads first, then MLP segments.
std::string CheckSchedule(const Blocks& blocks, const Schedule& schedule);

// A paragraph per layer, for `inspect --stage layers`.
std::string ToText(const Blocks& blocks, const Schedule& schedule);

}  // namespace raspc
