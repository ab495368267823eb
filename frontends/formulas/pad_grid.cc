#include "frontends/formulas/pad_grid.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/rasp_writer.h"

namespace raspc {
namespace {

// The digit with the place value `unit` of the remainder of the padding token's number, and the new
// remainder. A product of digit and unit would take several layers.
std::string DigitStatements(const std::string& name, const std::string& unit,
                            std::int64_t max_length) {
  std::string text = fmt::format("{} = 0 * indices;\n", name);
  if (max_length == 1) return text;
  return text + fmt::format(R"(below = 0 * indices;
for m in range(1, {}) {{
  {} = {} + indicator(rest >= m * {});
  below = below + ({} if rest >= m * {} else 0);
}}
rest = rest - below;
)",
                            max_length, name, name, unit, unit, unit);
}

}  // namespace

std::int64_t NumPads(std::int64_t max_length, int arity) {
  std::int64_t pads = 1;
  for (int i = 0; i < arity && pads <= kMaxPads; ++i) pads *= max_length;
  return pads;
}

bool CheckNumPads(std::int64_t max_length, int arity, Diagnostics& diag) {
  if (NumPads(max_length, arity) <= kMaxPads) return true;
  std::int64_t most = 1;
  while (NumPads(most + 1, arity) <= kMaxPads) ++most;
  diag.Error(ErrorKind::kLimit, {},
             fmt::format("words of {} symbols take {}^{} padding tokens, more than {}, the limit; "
                         "the maximum length can be {}",
                         max_length, max_length, arity, kMaxPads, most));
  return false;
}

std::int64_t MaxDomainForPads(std::int64_t max_length) {
  return std::max<std::int64_t>(4000, 2 * (max_length + 1) * (max_length + 1));
}

std::string PadCount(int arity) { return arity == 1 ? "n" : fmt::format("n^{}", arity); }

std::string CoordinateName(int number) { return fmt::format("x{}", number); }

std::string PadGridStatements(const PadGrid& grid) {
  std::string text = fmt::format(
      "# How many symbols there are, of which the compiler does not know that they are few, and "
      "the\n"
      "# number of each pad.\n"
      "num_symbols = selector_width(select(tokens, {}, !=) and select(tokens, {}, !=));\n"
      "n = num_symbols if num_symbols <= {} else {};\n"
      "is_pad = tokens == {};\n"
      "rest = indices - n - 1;\n"
      "# Its digits to the base n: how many multiples of n are not above it.\n",
      Literal(grid.end_marker), Literal(grid.pad), grid.max_length, grid.max_length,
      Literal(grid.pad));
  for (int digit = grid.arity; digit > 1; --digit) {
    const std::string name = CoordinateName(digit);
    std::string unit = "n";
    if (digit > 2) {
      unit = fmt::format("unit{}", digit);
      text += fmt::format("{} = n ^ {};\n", unit, digit - 1);
    }
    text += DigitStatements(name, unit, grid.max_length);
  }
  return text + fmt::format("{} = rest if rest >= 0 and rest < {} else 0;\n", CoordinateName(1),
                            grid.max_length);
}

}  // namespace raspc
