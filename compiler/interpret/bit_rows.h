// Rows of a Boolean matrix, one bit per entry: row q is a query position, bit k a key position.
//
// A row is a span of words, the first of which holds the keys from 64 * first_word on.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/syntax/syntax_tree.h"

namespace raspc {

using BitWords = std::span<std::uint64_t>;
using ConstBitWords = std::span<const std::uint64_t>;

inline std::size_t NumWords(int num_keys) { return (static_cast<std::size_t>(num_keys) + 63) / 64; }

// The bits of a word below bit `count` of 64.
inline std::uint64_t LowBits(int count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

// The number of set bits, and of bits set in both of two rows of the same size.
int CountBits(ConstBitWords row);
int CountCommonBits(ConstBitWords a, ConstBitWords b);

// Sets the bits k in [from, end) for which keys[k] op query. `row` begins with the word that
// contains `from`.
void SetWhereCompared(Comparison op, std::span<const std::int64_t> keys, std::int64_t query,
                      int from, int end, BitWords row);

// Calls visit(k) for each set bit, in ascending order.
template <class Visit>
void ForEachBit(ConstBitWords row, std::size_t first_word, Visit visit) {
  for (std::size_t w = 0; w < row.size(); ++w) {
    for (std::uint64_t rest = row[w]; rest != 0; rest &= rest - 1) {
      visit(static_cast<int>((first_word + w) * 64) + std::countr_zero(rest));
    }
  }
}

// A band of materialised rows. It may start at any row, because a generation step needs only the
// newest row.
class BitRows {
 public:
  BitRows() = default;
  BitRows(int first_row, int end_row, int num_columns)
      : first_row_(first_row),
        words_per_row_(NumWords(num_columns)),
        words_(static_cast<std::size_t>(end_row - first_row) * words_per_row_) {}

  // The size of the band in bytes.
  static std::uint64_t BytesFor(int num_rows, int num_columns) {
    return static_cast<std::uint64_t>(num_rows) * NumWords(num_columns) * 8;
  }
  std::uint64_t size_bytes() const { return words_.size() * 8; }

  BitWords Row(int q) { return {words_.data() + Offset(q), words_per_row_}; }
  ConstBitWords Row(int q) const { return {words_.data() + Offset(q), words_per_row_}; }

 private:
  std::size_t Offset(int q) const {
    return static_cast<std::size_t>(q - first_row_) * words_per_row_;
  }

  int first_row_ = 0;
  std::size_t words_per_row_ = 0;
  std::vector<std::uint64_t> words_;  // [rows, words_per_row_]
};

}  // namespace raspc
