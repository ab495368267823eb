// A band of rows of a Boolean matrix, one bit per entry: how the interpreter holds a selector.
//
// Row q is a query position, bit k a key position. The band starts at a row of choice, because a
// generation step needs only the newest row. Bits beyond the last column are always 0.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace raspc {

class BitRows {
 public:
  BitRows() = default;
  BitRows(int first_row, int end_row, int num_columns)
      : first_row_(first_row),
        num_columns_(num_columns),
        words_per_row_((static_cast<std::size_t>(num_columns) + 63) / 64),
        words_(static_cast<std::size_t>(end_row - first_row) * words_per_row_) {}

  // The bytes that such a band takes.
  static std::uint64_t BytesFor(int num_rows, int num_columns) {
    return static_cast<std::uint64_t>(num_rows) *
           ((static_cast<std::uint64_t>(num_columns) + 63) / 64) * 8;
  }

  std::span<std::uint64_t> Row(int q) {
    return {words_.data() + static_cast<std::size_t>(q - first_row_) * words_per_row_,
            words_per_row_};
  }
  std::span<const std::uint64_t> Row(int q) const {
    return {words_.data() + static_cast<std::size_t>(q - first_row_) * words_per_row_,
            words_per_row_};
  }
  std::span<std::uint64_t> words() { return words_; }
  std::span<const std::uint64_t> words() const { return words_; }
  int num_columns() const { return num_columns_; }

  int CountIn(int q) const {
    int count = 0;
    for (const std::uint64_t word : Row(q)) count += std::popcount(word);
    return count;
  }

  // Calls visit(k) for each set bit of row q, in rising order.
  template <class Visit>
  void ForEach(int q, Visit visit) const {
    const std::span<const std::uint64_t> row = Row(q);
    for (std::size_t w = 0; w < row.size(); ++w) {
      for (std::uint64_t rest = row[w]; rest != 0; rest &= rest - 1) {
        visit(static_cast<int>(w * 64) + std::countr_zero(rest));
      }
    }
  }

  // Clears the columns from `num_kept` on in row q.
  void KeepColumns(int q, int num_kept) {
    const std::span<std::uint64_t> row = Row(q);
    const auto word = static_cast<std::size_t>(num_kept) / 64;
    if (word >= row.size()) return;
    row[word] &= (std::uint64_t{1} << (num_kept % 64)) - 1;
    for (std::size_t w = word + 1; w < row.size(); ++w) row[w] = 0;
  }

 private:
  int first_row_ = 0;
  int num_columns_ = 0;
  std::size_t words_per_row_ = 0;
  std::vector<std::uint64_t> words_;  // [rows, words_per_row_]
};

}  // namespace raspc
