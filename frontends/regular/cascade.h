// An automaton as a cascade of levels that permute or reset: the holonomy decomposition.
//
// The image sets of words that contain the current state form a shrinking chain. Each level
// remembers the tile, of the set above it, that contains the state; a symbol permutes the tiles or
// resets them, depending only on the levels above (Zeiger 1967; Eilenberg 1976; Egri-Nagy, Nehaniv
// 2005).
//
// A level's input is an *event*: the symbol, the set at this level before the symbol and the set
// after it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automata/algebra/permutation_group.h"
#include "automata/dfa.h"

namespace raspc {

struct CascadeEvent {
  SymbolId symbol = 0;                 // num_symbols: the end marker, which changes nothing
  std::vector<StateId> before, after;  // image sets, ascending
};

// The effect of an event on a level's tile.
struct TileMove {
  enum class Kind { kIdle, kReset, kPermute };
  Kind kind = Kind::kIdle;  // kIdle: the tile does not matter afterwards
  int tile = 0;             // kReset: to this one
  int block = 0;            // kPermute: the class of sets
  Permutation permutation;  // kPermute: of the places in the block
};

struct CascadeLevel {
  // Tiles of all classes of sets on this level, each class a block of consecutive numbers.
  std::vector<int> block_start;  // [num_blocks + 1]
  int initial = 0;               // the tile before the word
  std::vector<CascadeEvent> events;
  std::vector<TileMove> moves;  // [events]
  // [events][tiles]: the event of the level below, by the previous tile; arbitrary for impossible
  // tiles.
  std::vector<std::vector<int>> below;
  // The distinct permutations other than the identity, by block.
  std::vector<std::vector<Permutation>> permutations;

  int num_blocks() const { return static_cast<int>(block_start.size()) - 1; }
  int num_tiles() const { return block_start.back(); }
};

struct Cascade {
  std::vector<CascadeLevel> levels;  // from the top
  std::vector<CascadeEvent> bottom;  // events below the last level: sets of one state
};

// Reports kLimit past `max_images` image sets or `max_rows` events times tiles.
std::optional<Cascade> HolonomyCascade(const Dfa& dfa, std::int64_t max_images,
                                       std::int64_t max_rows, Diagnostics& diag);

}  // namespace raspc
