// Layouts of the residual stream: a direction for each variable, and two that are shared.
#include "compiler/allocate/allocate.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

TEST_CASE("every variable has its own direction, with its label") {
  for (const Case& program : ProgramCases(8)) {
    INFO(program.name);
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    REQUIRE(stages);
    const ResidualLayout& layout = stages->layout;
    REQUIRE(layout.direction.size() == stages->blocks.variables.size());
    REQUIRE(layout.labels.size() == static_cast<std::size_t>(layout.d_model));
    std::set<int> taken{layout.one, layout.bos};
    CHECK(taken.size() == 2);
    for (std::size_t i = 0; i < layout.direction.size(); ++i) {
      const int direction = layout.direction[i];
      REQUIRE(direction >= 0);
      REQUIRE(direction < layout.d_model);
      CHECK(taken.insert(direction).second);
      CHECK(layout.labels[static_cast<std::size_t>(direction)] ==
            stages->blocks.variables[i].label);
    }
    CHECK(stages->model.residual_labels == layout.labels);
  }
}

TEST_CASE("the same blocks have the same layout") {
  for (const char* text : {"x = indices;", "x = selector_width(select(tokens, tokens, ==));"}) {
    const Case program = TextCase(text, "abc", 6);
    Diagnostics diag;
    const auto first = RunStages(program, diag);
    const auto second = RunStages(program, diag);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(ToText(first->layout) == ToText(second->layout));
    CHECK(first->layout.direction == second->layout.direction);
  }
}

TEST_CASE("the text of a layout has a line for each direction") {
  Blocks blocks;
  blocks.variables.resize(1);
  blocks.variables[0].label = "count";
  CHECK(ToText(Allocate(blocks, Schedule{})) == "   0 one\n   1 BOS\n   2 count\n");
}

}  // namespace
}  // namespace raspc
