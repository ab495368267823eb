// The parts of a width: of each pair of a query and a key, as many as the formula selects.
#include "compiler/lower/selectors/width_parts.h"

#include <catch2/catch.hpp>

#include "tests/compiler/lower/selectors/selector_testing.h"

namespace raspc {
namespace {

TEST_CASE("the widths of the parts add up to the width") {
  Random random(1);
  int num_split = 0, num_by_bit = 0;
  for (int round = 0; round < 60; ++round) {
    // Order is split bit by bit where there are many positions.
    SelectorCase program(random, round % 2 == 0 ? 8 : 50, {});
    WidthParts width_parts(program.sops, program.formulas, program.positions);
    for (const NodeId selector : program.selectors.selectors) {
      const FormulaId formula = program.formulas.OfSelector(selector);
      const std::vector<WidthPart>& parts = width_parts.Of(formula);
      if (parts.size() > 1) ++num_split;
      for (const WidthPart& part : parts) {
        if (program.formulas[part.formula].bit >= 0) ++num_by_bit;
      }
      for (int pair = 0; pair < 40; ++pair) {
        const auto query = program.SomePlace(random);
        const auto key = program.SomePlace(random);
        double sum = 0;
        for (const WidthPart& part : parts) {
          if (program.Holds(part.formula, query, key)) sum += part.sign;
        }
        REQUIRE(sum == (program.Holds(formula, query, key) ? 1 : 0));
      }
    }
  }
  CHECK(num_split > 50);
  CHECK(num_by_bit > 50);
}

}  // namespace
}  // namespace raspc
