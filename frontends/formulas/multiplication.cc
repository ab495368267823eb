#include "frontends/formulas/multiplication.h"

#include <fmt/format.h>

#include <algorithm>

namespace raspc {

std::int64_t MostInColumn(std::int64_t max_length) {
  return std::max<std::int64_t>(1, (max_length - 1) / 2);
}

std::string ProductColumnStatements(const PadGrid& grid) {
  return fmt::format(
      R"(
# A pad multiplies the bits at its two positions, if they are of different numbers. Bit i of the
# first and bit j of the second, at position separator + 1 + j, belong to the column i + j.
is_second = has_focus(select(tokens, "2", ==) and select(indices, indices, <=));
num_first = selector_width(select(is_second, False, ==));
separator = num_first if num_first <= {} else {};
is_one = tokens == "1";
first = aggregate(select(indices, x1, ==), indicator(is_one and not is_second));
second = aggregate(select(indices, x2, ==), indicator(is_one and is_second));
is_product = is_pad and first == 1 and second == 1;
column_of_pad = x1 + x2 - separator - 1;
num_products = selector_width(select(is_product, True, ==)
    and select(column_of_pad, indices, ==));
column = num_products if num_products <= {} else {};
)",
      grid.max_length, grid.max_length, MostInColumn(grid.max_length),
      MostInColumn(grid.max_length));
}

}  // namespace raspc
