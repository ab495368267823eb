// A matrix of bits, each row in whole words, so that rows are compared and merged a word at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace raspc {

class BitMatrix {
 public:
  static constexpr std::size_t kWordBits = 64;

  BitMatrix() = default;
  // All zeros.
  BitMatrix(std::size_t num_rows, std::size_t num_columns);

  std::size_t num_rows() const { return num_rows_; }
  std::size_t num_columns() const { return num_columns_; }
  bool IsEmpty() const { return num_rows_ == 0; }

  bool At(std::size_t row, std::size_t column) const {
    return (Row(row)[column / kWordBits] >> column % kWordBits & 1) != 0;
  }
  void Set(std::size_t row, std::size_t column) {
    Row(row)[column / kWordBits] |= std::uint64_t{1} << column % kWordBits;
  }
  // Column c is bit c % 64 of word c / 64; bits beyond the last column must stay 0.
  std::span<const std::uint64_t> Row(std::size_t row) const {
    return {words_.data() + row * words_per_row_, words_per_row_};
  }
  std::span<std::uint64_t> Row(std::size_t row) {
    return {words_.data() + row * words_per_row_, words_per_row_};
  }

  BitMatrix Transposed() const;

  friend bool operator==(const BitMatrix&, const BitMatrix&) = default;

 private:
  std::size_t num_rows_ = 0, num_columns_ = 0, words_per_row_ = 0;
  std::vector<std::uint64_t> words_;  // [row][word]
};

// Calls use(column) for each bit that is set in a row, ascending.
template <typename Use>
void ForEachSet(std::span<const std::uint64_t> row, const Use& use) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    for (std::uint64_t left = row[i]; left != 0; left &= left - 1) {
      use(i * BitMatrix::kWordBits + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
}

// The distinct rows of a matrix, in the order of their first occurrence, and which of them each row
// is. Takes one pass over the words.
struct MergedRows {
  BitMatrix rows;
  std::vector<int> class_of_row;
};
MergedRows MergeEqualRows(const BitMatrix& matrix);

}  // namespace raspc
