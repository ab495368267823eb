#include "frontends/formulas/multiplication.h"

#include <algorithm>

namespace raspc {

std::int64_t MostInColumn(std::int64_t max_length) {
  return std::max<std::int64_t>(1, (max_length - 1) / 2);
}

void WriteProductColumns(const PadGrid& grid, RaspWriter& w) {
  w.Blank();
  w.Comment(
      "Each padding token multiplies the bits at its two positions, if they belong to different "
      "numbers. Bit i of the first number and bit j of the second, at position separator + 1 + j, "
      "belong to column i + j.");
  const Expr is_second =
      w.Assign("is_second", HasFocus(And(Select(Tokens(), "2"), SelectUpToHere())));
  const Expr num_first = w.Assign("num_first", SelectorWidth(Select(is_second, false)));
  const Expr separator =
      w.Assign("separator", If(num_first <= grid.max_length, num_first, grid.max_length));
  const Expr is_one = w.Assign("is_one", Tokens() == "1");
  const Expr x1 = Coordinate(1), x2 = Coordinate(2);
  const Expr first = w.Assign(
      "first", Aggregate(Select(Indices(), x1), Indicator(And(is_one, Not(is_second)))));
  const Expr second =
      w.Assign("second", Aggregate(Select(Indices(), x2), Indicator(And(is_one, is_second))));
  const Expr is_product = w.Assign("is_product", And(Var("is_pad"), first == 1, second == 1));
  const Expr column_of_pad = w.Assign("column_of_pad", x1 + x2 - separator - 1);
  const Expr num_products =
      w.Assign("num_products",
               SelectorWidth(And(SelectWhere(is_product), Select(column_of_pad, Indices()))));
  const std::int64_t most = MostInColumn(grid.max_length);
  w.Assign("column", If(num_products <= most, num_products, most));
}

}  // namespace raspc
