// Comparisons that the rounding of floats decides, as comparisons with thresholds: the same on all
// inputs, in particular on those with ties.
#include "compiler/simplify/thresholds.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/load/load_program.h"
#include "compiler/verify/verify.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

constexpr std::int64_t kLength = kIsFastBuild ? 160 : 24;

struct Row {
  const char* statements;
  std::int64_t length = kLength;
};

const Row kRows[] = {
    {"x = aggregate(up, tokens_int) * (indices + 1) > 20;"},
    {"x = aggregate(up, tokens_int) * (indices + 1) >= indices / 3;"},
    {"x = aggregate(up, tokens_int) * (indices + 1) == 20;"},
    {"x = 20 != (indices + 1) * aggregate(up, tokens_int);"},
    {"x = (indices + 1) * aggregate(up, tokens_int) / 7 - 1 < 0.1;"},
    {"m = aggregate(up, tokens_int);\nx = m * m + m * 0.1 > 1.21;"},
    {"x = tokens_int / (average(tokens_int) + 1) > 0.7;"},
    {"x = aggregate(select(tokens, \"1\", ==), tokens_int + indices, 3) * 0.1 <= 0.3;"},
    {"m = aggregate(up, tokens_int);\nx = aggregate(up, indicator(m * 3 > 2.4));", 24},
};

std::vector<Atom> Word(std::int64_t sum, std::int64_t length, std::int64_t step) {
  std::vector<Atom> word(static_cast<std::size_t>(length), Atom("0"));
  for (std::int64_t i = 0; i < length && sum > 0; i += step) {
    const std::int64_t digit = std::min<std::int64_t>(3, sum);
    word[static_cast<std::size_t>(i)] = Atom(std::to_string(digit));
    sum -= digit;
  }
  return word;
}

// Each sum is that of the tokens so far at most positions, so that ties are among them.
TEST_CASE("comparisons with thresholds are those of rounded floats") {
  for (const Row& row : kRows) {
    for (const char* directives : {"", "#@ causal: true\n#@ target: decoder\n"}) {
      INFO(row.statements << "\n" << directives);
      const std::string text = std::string(directives) +
                               "#@ vocab: \"0123\"\n#@ max_length: " + std::to_string(row.length) +
                               "\nup = select(indices, indices, <=);\n" + row.statements + "\n";
      Diagnostics diag;
      const auto program =
          LoadProgram(std::make_shared<const SourceText>("test.rasp", text), {}, diag);
      REQUIRE(program);
      const auto model = Compile(*program, diag);
      INFO(Render(diag));
      REQUIRE(model);
      VerifyPlan plan;
      plan.engines = {EngineKind::kDense};
      plan.exhaustive_length = 3;
      for (std::int64_t sum = 0; sum <= 3 * row.length; sum = sum < 24 ? sum + 1 : sum + 67) {
        for (const std::int64_t step : {1, 3}) plan.inputs.push_back(Word(sum, row.length, step));
      }
      const auto report = Verify(*program, *model, plan, diag);
      REQUIRE(report);
      CHECK(report->differing == 0);
      CHECK(report->skipped == 0);
    }
  }
}

}  // namespace
}  // namespace raspc
