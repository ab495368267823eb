#include "frontends/formulas/padding_grid.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/rasp_writer.h"

namespace raspc {
namespace {

std::string CoordinateName(int number) { return fmt::format("x{}", number); }

// Assigns `name`, the digit with the place value `unit` of the remainder `rest` of the padding
// token's number, and then the new remainder. A product of digit and unit would take several
// layers.
void WriteDigit(const std::string& name, const Expr& unit, std::int64_t max_length, RaspWriter& w) {
  const Expr digit = w.Assign(name, 0 * Indices());
  if (max_length == 1) return;
  const Expr below = w.Assign("below", 0 * Indices()), rest = Var("rest"), m = Var("m");
  w.For({"m"}, Range(1, max_length), [&] {
    w.Assign(name, digit + Indicator(rest >= m * unit));
    w.Assign("below", below + If(rest >= m * unit, unit, 0));
  });
  w.Assign("rest", rest - below);
}

}  // namespace

std::int64_t NumPadding(std::int64_t max_length, int arity) {
  std::int64_t pads = 1;
  for (int i = 0; i < arity && pads <= kMaxPadding; ++i) pads *= max_length;
  return pads;
}

bool CheckNumPads(std::int64_t max_length, int arity, Diagnostics& diag) {
  if (NumPadding(max_length, arity) <= kMaxPadding) return true;
  std::int64_t most = 1;
  while (NumPadding(most + 1, arity) <= kMaxPadding) ++most;
  diag.Error(ErrorKind::kLimit, {},
             fmt::format("words of {} symbols take {}^{} padding tokens; the limit is {}, so the "
                         "maximum length can be at most {}",
                         max_length, max_length, arity, kMaxPadding, most));
  return false;
}

std::int64_t MaxDomainForPads(std::int64_t max_length) {
  return std::max<std::int64_t>(4000, 2 * (max_length + 1) * (max_length + 1));
}

Expr Coordinate(int number) { return Var(CoordinateName(number)); }

void WritePadGrid(const PadGrid& grid, RaspWriter& w) {
  w.Comment(
      "The number of symbols, bounded explicitly for the compiler, and the number of each padding "
      "token.");
  const Expr num_symbols =
      w.Assign("num_symbols",
               SelectorWidth(And(Select(Tokens(), grid.end_marker, Comparison::kNotEqual),
                                 Select(Tokens(), grid.pad, Comparison::kNotEqual))));
  const Expr n =
      w.Assign("n", If(num_symbols <= grid.max_length, num_symbols, grid.max_length));
  w.Assign("is_pad", Tokens() == grid.pad);
  const Expr rest = w.Assign("rest", Indices() - n - 1);
  w.Comment("Its digits in base n: how many multiples of n are at most that number.");
  for (int digit = grid.arity; digit > 1; --digit) {
    const Expr unit =
        digit == 2 ? n : w.Assign(fmt::format("unit{}", digit), Power(n, digit - 1));
    WriteDigit(CoordinateName(digit), unit, grid.max_length, w);
  }
  w.Assign(CoordinateName(1), If(And(rest >= 0, rest < grid.max_length), rest, 0));
}

}  // namespace raspc
