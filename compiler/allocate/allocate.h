// Gives each variable a direction of the residual stream.
//
// Two directions are shared by all: `one` is 1 at every position, and `BOS` is 1 at BOS only. Heads
// take constants and their treatment of BOS from them. The same blocks always yield the same
// layout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/lower/builder/blocks.h"
#include "compiler/schedule/schedule.h"

namespace raspc {

struct ResidualLayout {
  int d_model = 0;
  int one = 0, bos = 1;             // their directions
  std::vector<int> direction;       // [blocks.variables]
  std::vector<std::string> labels;  // [d_model]
  std::vector<std::int64_t> lines;  // [d_model]: of the program; 0: unknown
};
ResidualLayout Allocate(const Blocks& blocks, const Schedule& schedule);

// One line per direction, for `inspect --stage layout`.
std::string ToText(const ResidualLayout& layout);

}  // namespace raspc
