// Binary multiplication by padding: the schoolbook table of products of two bits.
#pragma once

#include <cstdint>

#include "frontends/formulas/padding_grid.h"

namespace raspc {

// Writes statements, after those of the grid of pairs, for words of two binary numbers, lowest bit
// first, with "2" between them. Each padding token (x1, x2) multiplies two bits of different
// numbers; `column` is, at each position c of the word, the number of products that contribute to
// bit c of the whole product, and 0 elsewhere: the product is the sum of column * 2^c. Its values
// are at most MostInColumn.
void WriteProductColumns(const PadGrid& grid, RaspWriter& w);

// The maximum number of products in a column.
std::int64_t MostInColumn(std::int64_t max_length);

}  // namespace raspc
