// Keys in the order of their codes, so that the row of a comparison is a range of that order or the
// complement of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/interpret/bit_rows.h"

namespace raspc {

class SortedKeys {
 public:
  // Time O(n log n), memory O(n).
  void Build(std::span<const std::int64_t> codes);
  void Clear();
  int size() const { return static_cast<int>(positions_.size()); }

  // Sets the bits k < min(end, size()) of a row for which code[k] op query. `row` begins with
  // `first_word`, reaches to `end` and is 0 there; afterwards, bits in [end, size()) are undefined.
  // Time O(keys selected, but at most size() / 64).
  void Set(Comparison op, std::int64_t query, std::size_t first_word, int end, BitWords row);

 private:
  // Flips the bits of the keys at ranks [low, high), or [0, high), below `end`.
  void Flip(std::size_t low, std::size_t high, std::size_t first_word, int end, BitWords row) const;
  void FlipUpTo(std::size_t high, std::size_t first_word, int end, BitWords row) const;
  void WriteCheckpoints();

  std::vector<std::int64_t> codes_;  // in ascending order
  std::vector<int> positions_;       // of each code; ascending where codes are equal
  // Rows of the keys at ranks [0, i * spacing_), for each i: they make a long range as cheap
  // as a pass over its words. Computed when first needed; some 100 rows.
  std::size_t spacing_ = 0;
  std::vector<std::uint64_t> checkpoints_;
};

}  // namespace raspc
