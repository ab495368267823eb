// An order of sequences in which those that begin alike are neighbours.
#pragma once

#include <span>
#include <vector>

namespace raspc {

struct PrefixOrder {
  std::vector<int> order;   // [sequences]: their numbers
  std::vector<int> shared;  // [sequences]: with how many tokens of the one before each begins
};

// By length, and those of one length in lexicographic order of as many first tokens as fit into 64
// bits; what is equal in both stays in the given order, and so does a batch that is in order by all
// its tokens. Token ids are below `num_tokens`. Takes time for the tokens that neighbours share,
// and a constant time for each sequence.
PrefixOrder OrderByPrefix(std::span<const std::vector<int>> sequences, int num_tokens);

}  // namespace raspc
