// Tests of the comparison with the interpreter: above all, that it notices.
#include "compiler/verify/verify.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>

#include "compiler/compile.h"

namespace raspc {
namespace {

struct Compiled {
  LoadedProgram program;
  Model model;
};

Compiled CompileText(const std::string& text) {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("raspc-verify-test-" + std::to_string(getpid()) + ".rasp");
  std::ofstream(path) << text;
  Diagnostics diag;
  std::optional<LoadedProgram> program = LoadProgram(path, LoadOptions{}, diag);
  std::filesystem::remove(path);
  std::optional<Model> model;
  if (program) model = Compile(*program, diag);
  INFO(Render(diag));
  REQUIRE(model);
  return {*std::move(program), *std::move(model)};
}

// With more directives, if any.
Compiled Histogram(const std::string& directives = "") {
  return CompileText("#@ vocab: \"ab\"\n#@ max_length: 4\n" + directives +
                     "h = selector_width(select(tokens, tokens, ==));\n");
}

Compiled Generator() {
  return CompileText(
      "#@ vocab: \"ab\"\n#@ max_length: 3\n#@ generate: next\n#@ stop: [\"b\"]\n#@ max_steps: 3\n"
      "next = \"b\" if length > 3 else \"a\";\n");
}

VerifyReport MustVerify(const Compiled& compiled, const VerifyPlan& plan) {
  Diagnostics diag;
  std::optional<VerifyReport> report = Verify(compiled.program, compiled.model, plan, diag);
  INFO(Render(diag));
  REQUIRE(report);
  return *std::move(report);
}

VerifyPlan Exhaustive(std::int64_t length) {
  VerifyPlan plan;
  plan.exhaustive_length = length;
  return plan;
}

std::string Refusal(const Compiled& compiled, const VerifyPlan& plan) {
  Diagnostics diag;
  CHECK_FALSE(Verify(compiled.program, compiled.model, plan, diag));
  return Render(diag);
}

TEST_CASE("IsClose rejects NaN, infinity and wrong negatives") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  CHECK(IsClose(1.0, 1.0));
  CHECK(IsClose(1.0, 1.0 + 9e-10));
  CHECK(IsClose(-1e12, -1e12 + 900));
  CHECK_FALSE(IsClose(1.0, 1.0 + 1.1e-9));
  CHECK_FALSE(IsClose(-5, -10));
  CHECK_FALSE(IsClose(5, -5));
  CHECK_FALSE(IsClose(5, nan));
  CHECK_FALSE(IsClose(nan, nan));
  CHECK_FALSE(IsClose(5, infinity));
}

TEST_CASE("a value must have the type wanted, and be one the model knows to the last bit") {
  OutputDecoding decoding;
  decoding.values = {Atom(0.5), Atom(0.75)};
  const ValueRule rule(decoding);
  const double above_half = std::nextafter(0.5, 1.0);
  CHECK(rule.Matches(Atom(0.5), Atom(0.5)));
  CHECK_FALSE(rule.Matches(Atom(0.5), Atom(above_half)));
  CHECK(rule.Matches(Atom(0.6), Atom(std::nextafter(0.6, 1.0))));
  CHECK_FALSE(rule.Matches(Atom(1.0), Atom(std::int64_t{1})));
  CHECK_FALSE(rule.Matches(Atom(std::int64_t{1}), Atom(true)));
  CHECK_FALSE(rule.Matches(Atom(std::int64_t{1}), Atom(std::int64_t{2})));
  CHECK_FALSE(rule.Matches(Atom(std::string("a")), Atom(std::string("b"))));
}

TEST_CASE("an exhaustive comparison meets every input once per length") {
  const VerifyReport report = MustVerify(Histogram(), Exhaustive(4));
  CHECK(report.compared == 2 + 4 + 8 + 16);
  CHECK(report.skipped == 0);
  CHECK(report.differing == 0);
  CHECK(report.differences.empty());
}

TEST_CASE("the empty input is among all inputs where something is appended") {
  const VerifyReport report = MustVerify(Histogram("#@ append: [\"b\"]\n"), Exhaustive(3));
  CHECK(report.compared == 1 + 2 + 4 + 8);
  CHECK(report.differing == 0);
}

TEST_CASE("a model that decodes to a wrong value differs, once per input and engine") {
  Compiled compiled = Histogram();
  for (Atom& value : compiled.model.decoding.values) {
    if (Identical(value, Atom(std::int64_t{3}))) value = Atom(std::int64_t{7});
  }
  const VerifyReport report = MustVerify(compiled, Exhaustive(3));
  // aaa and bbb have a count of 3.
  CHECK(report.compared == 14);
  CHECK(report.differing == 2 * std::size(kAllEngines));
  REQUIRE(report.differences.size() == 2 * std::size(kAllEngines));
  CHECK(report.differences[0].wanted == "output [3, 3, 3]");
  CHECK(report.differences[0].got == "output [7, 7, 7]");
}

TEST_CASE("a model with an altered weight differs") {
  Compiled compiled = Histogram();
  compiled.model.readout_bias[0] += 1;
  CHECK(MustVerify(compiled, Exhaustive(2)).differing > 0);
}

TEST_CASE("a model whose weights are NaN differs") {
  Compiled compiled = Histogram();
  compiled.model.readout_bias[0] = std::nan("");
  const VerifyReport report = MustVerify(compiled, Exhaustive(2));
  CHECK(report.differing == std::ssize(kAllEngines) * report.compared);
}

TEST_CASE("differences are all counted and some kept") {
  Compiled compiled = Histogram();
  compiled.model.decoding.values = std::vector<Atom>(compiled.model.decoding.values.size(), "x");
  VerifyPlan plan = Exhaustive(4);
  plan.max_differences = 3;
  plan.engines = {EngineKind::kDense};
  const VerifyReport report = MustVerify(compiled, plan);
  CHECK(report.differing == 30);
  CHECK(report.differences.size() == 3);
}

TEST_CASE("for a model that generates, its tokens and the reason for stopping are compared") {
  const Compiled sound = Generator();
  CHECK(MustVerify(sound, Exhaustive(3)).differing == 0);

  Compiled stops_elsewhere = sound;
  stops_elsewhere.model.generation->stop = {Atom(std::string("a"))};
  CHECK(MustVerify(stops_elsewhere, Exhaustive(3)).differing > 0);

  Compiled stops_early = sound;
  stops_early.model.generation->max_steps = 1;
  CHECK(MustVerify(stops_early, Exhaustive(3)).differing > 0);

  Compiled does_not = sound;
  does_not.model.generation.reset();
  CHECK(MustVerify(does_not, Exhaustive(3)).differing == 14 * std::size(kAllEngines));
}

TEST_CASE("inputs on which the interpreter fails are skipped and counted separately") {
  const Compiled compiled =
      CompileText("#@ vocab: [0, 1, 2]\n#@ max_length: 3\nx = 2 / tokens_int;\n");
  const VerifyReport report = MustVerify(compiled, Exhaustive(2));
  CHECK(report.compared == 6);
  CHECK(report.skipped == 6);
  CHECK(report.first_skip);
}

TEST_CASE("a plan that does not fit the model is refused") {
  const Compiled compiled = Histogram();
  CHECK_THAT(Refusal(compiled, Exhaustive(5)), Catch::Contains("the maximum length is 4"));
  VerifyPlan plan;
  plan.inputs = {{Atom(std::string("a")), Atom(std::string("c"))}};
  CHECK_THAT(Refusal(compiled, plan), Catch::Contains("the token \"c\""));
  plan.inputs = {{}};
  CHECK_THAT(Refusal(compiled, plan), Catch::Contains("empty"));
  plan.inputs = {std::vector<Atom>(5, std::string("a"))};
  CHECK_THAT(Refusal(compiled, plan), Catch::Contains("5 tokens"));
  plan.inputs.clear();
  plan.random_count = 1'000'000'000;
  CHECK_THAT(Refusal(compiled, plan), Catch::Contains("at most 100000000"));

  const Compiled wide = CompileText("#@ vocab: \"abcdefgh\"\n#@ max_length: 40\nx = tokens;\n");
  CHECK_THAT(Refusal(wide, Exhaustive(40)), Catch::Contains("choose a smaller length"));
}

TEST_CASE("random inputs are those of their seed, of every length and of the alphabet") {
  const std::vector<Atom> alphabet = {Atom(std::int64_t{1}), Atom(1.0), Atom(true)};
  RandomInputs first(alphabet, 5, 3), again(alphabet, 5, 3), other(alphabet, 5, 4);
  std::set<std::size_t> lengths;
  bool differs = false;
  for (int i = 0; i < 200; ++i) {
    const std::vector<Atom> input = first.Next();
    CHECK(ToJson(input) == ToJson(again.Next()));
    differs |= ToJson(input) != ToJson(other.Next());
    lengths.insert(input.size());
  }
  CHECK(lengths == std::set<std::size_t>{1, 2, 3, 4, 5});
  CHECK(differs);
  // The generator is our own, so this holds on every machine.
  RandomInputs fixed({Atom(std::string("a")), Atom(std::string("b"))}, 8, 1);
  std::string inputs;
  for (int i = 0; i < 4; ++i) inputs += ToJson(fixed.Next());
  CHECK(inputs == R"(["a", "b"]["b", "b"]["a", "a"]["b"])");
}

}  // namespace
}  // namespace raspc
