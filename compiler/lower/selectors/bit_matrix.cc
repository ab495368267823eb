#include "compiler/lower/selectors/bit_matrix.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace raspc {

BitMatrix::BitMatrix(std::size_t num_rows, std::size_t num_columns)
    : num_rows_(num_rows),
      num_columns_(num_columns),
      words_per_row_((num_columns + kWordBits - 1) / kWordBits),
      words_(num_rows * words_per_row_) {}

BitMatrix BitMatrix::Transposed() const {
  BitMatrix result(num_columns_, num_rows_);
  for (std::size_t row = 0; row < num_rows_; ++row) {
    ForEachSet(Row(row), [&](std::size_t column) { result.Set(column, row); });
  }
  return result;
}

MergedRows MergeEqualRows(const BitMatrix& matrix) {
  MergedRows merged;
  std::vector<std::size_t> firsts;  // of each class
  std::unordered_map<std::string_view, int> classes;
  for (std::size_t row = 0; row < matrix.num_rows(); ++row) {
    const auto bytes = std::as_bytes(matrix.Row(row));
    const std::string_view key(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto [at, is_new] = classes.try_emplace(key, static_cast<int>(firsts.size()));
    if (is_new) firsts.push_back(row);
    merged.class_of_row.push_back(at->second);
  }
  merged.rows = BitMatrix(firsts.size(), matrix.num_columns());
  for (std::size_t c = 0; c < firsts.size(); ++c) {
    std::ranges::copy(matrix.Row(firsts[c]), merged.rows.Row(c).begin());
  }
  return merged;
}

}  // namespace raspc
