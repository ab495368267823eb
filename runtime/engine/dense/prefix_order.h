// An order of sequences in which those with a common prefix are adjacent.
#pragma once

#include <span>
#include <vector>

namespace raspc {

struct PrefixOrder {
  std::vector<int> order;   // [sequences]: their numbers
  std::vector<int> shared;  // [sequences]: length of the prefix shared with the previous one
};

// By length, then in lexicographic order of as many first tokens as fit into 64 bits; ties stay in
// the given order, and so does a batch already ordered by all its tokens. Token ids are below
// `num_tokens`. Takes constant time per sequence, plus time for the tokens that neighbours share.
PrefixOrder OrderByPrefix(std::span<const std::vector<int>> sequences, int num_tokens);

}  // namespace raspc
