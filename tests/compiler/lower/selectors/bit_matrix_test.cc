// Matrices of bits against vectors of bools.
#include "compiler/lower/selectors/bit_matrix.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

namespace raspc {
namespace {

using Random = std::mt19937_64;
using Plain = std::vector<std::vector<bool>>;

// With few different rows, so that some are equal.
Plain SomePlain(Random& random, std::size_t num_rows, std::size_t num_columns) {
  Plain kinds(1 + num_rows / 3, std::vector<bool>(num_columns));
  for (auto& kind : kinds) {
    for (std::size_t c = 0; c < num_columns; ++c) kind[c] = random() % 3 == 0;
  }
  Plain plain;
  for (std::size_t r = 0; r < num_rows; ++r) plain.push_back(kinds[random() % kinds.size()]);
  return plain;
}

BitMatrix Packed(const Plain& plain) {
  BitMatrix matrix(plain.size(), plain[0].size());
  for (std::size_t r = 0; r < plain.size(); ++r) {
    for (std::size_t c = 0; c < plain[r].size(); ++c) {
      if (plain[r][c]) matrix.Set(r, c);
    }
  }
  return matrix;
}

TEST_CASE("bits, rows set and transposed are those of a plain matrix") {
  Random random(1);
  for (const std::size_t num_rows : {1U, 5U, 64U, 131U}) {
    for (const std::size_t num_columns : {1U, 63U, 64U, 65U, 200U}) {
      const Plain plain = SomePlain(random, num_rows, num_columns);
      const BitMatrix matrix = Packed(plain);
      const BitMatrix transposed = matrix.Transposed();
      REQUIRE(transposed.num_rows() == num_columns);
      REQUIRE(transposed.num_columns() == num_rows);
      for (std::size_t r = 0; r < num_rows; ++r) {
        std::vector<bool> of_row(num_columns);
        ForEachSet(matrix.Row(r), [&](std::size_t c) { of_row.at(c) = true; });
        REQUIRE(of_row == plain[r]);
        for (std::size_t c = 0; c < num_columns; ++c) {
          REQUIRE(matrix.At(r, c) == plain[r][c]);
          REQUIRE(transposed.At(c, r) == plain[r][c]);
        }
      }
    }
  }
}

TEST_CASE("equal rows are merged, and classes are in the order of their first occurrence") {
  Random random(2);
  for (int round = 0; round < 50; ++round) {
    const Plain plain = SomePlain(random, 1 + random() % 40, 1 + random() % 150);
    std::map<std::vector<bool>, int> classes;
    Plain distinct;
    std::vector<int> class_of_row;
    for (const auto& row : plain) {
      const auto [at, is_new] = classes.try_emplace(row, static_cast<int>(distinct.size()));
      if (is_new) distinct.push_back(row);
      class_of_row.push_back(at->second);
    }
    const MergedRows merged = MergeEqualRows(Packed(plain));
    CHECK(merged.class_of_row == class_of_row);
    CHECK(merged.rows == Packed(distinct));
  }
}

}  // namespace
}  // namespace raspc
