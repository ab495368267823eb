// The interpreter agrees with the plain one, which materialises every matrix: on the programs of
// the conformance cases, on random programs, and on longer inputs, where it uses other methods.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>

#include "tests/compiler/conformance_cases.h"
#include "tests/compiler/interpret/plain_evaluation.h"
#include "tests/compiler/random_program.h"
#include "tests/compiler/trace_testing.h"

namespace raspc {
namespace {

using nlohmann::json;

// Tokens of the input, at random, `length` of them.
std::vector<Atom> Stretched(const std::vector<Atom>& input, std::size_t length,
                            std::mt19937_64& random) {
  std::vector<Atom> longer;
  while (longer.size() < length) longer.push_back(input[random() % input.size()]);
  return longer;
}

TEST_CASE("the interpreter agrees with the plain one on the conformance programs") {
  std::mt19937_64 random(11);
  int num_compared = 0;
  for (const char* file : {"language.jsonl", "random.jsonl"}) {
    std::ifstream in(std::string(RASPC_TEST_DATA) + "/conformance/" + file);
    std::string line;
    while (std::getline(in, line)) {
      const json test = json::parse(line);
      if (test.contains("error") && test["error"] != "runtime") continue;
      INFO(line);
      const auto traced = TraceText(test["program"].get<std::string>());
      const auto id = traced->program.Find(test["sop"].get<std::string>(), traced->diag);
      REQUIRE(id);
      const std::vector<Atom> input = InputFrom(test["input"]);
      std::vector<std::vector<Atom>> inputs{input, Stretched(input, 70, random)};
      if (num_compared % 16 == 0) inputs.push_back(Stretched(input, 330, random));
      for (const auto& tokens : inputs) {
        for (const bool causal : {false, true}) {
          CHECK(DifferenceFromPlain(traced->program.graph, *id, tokens, causal) == "");
        }
      }
      ++num_compared;
    }
  }
  CHECK(num_compared > 900);
}

TEST_CASE("the interpreter agrees with the plain one on random programs") {
  std::mt19937_64 random(12);
  int num_compared = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    const RandomProgram program = MakeRandomProgram(seed);
    INFO(ToText(program));
    TraceOptions options;
    options.try_out = false;
    const auto traced = TraceText(ToText(program), options);
    if (traced->diag.HasErrors()) continue;
    const auto id = traced->program.Find(program.output, traced->diag);
    if (!id) continue;
    ++num_compared;
    for (const std::size_t length : {1, 5, 64, 90}) {
      const std::vector<Atom> input = Stretched(program.vocab, length, random);
      for (const bool causal : {false, true}) {
        CHECK(DifferenceFromPlain(traced->program.graph, *id, input, causal) == "");
      }
    }
  }
  CHECK(num_compared > 400);
}

TEST_CASE("the interpreter agrees with the plain one in rational arithmetic") {
  std::mt19937_64 random(16);
  int num_compared = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const RandomProgram program = MakeRandomFloatProgram(seed);
    INFO(ToText(program));
    TraceOptions options;
    options.try_out = false;
    options.arithmetic = ArithmeticKind::kRational;
    const auto traced = TraceText(ToText(program), options);
    if (traced->diag.HasErrors()) continue;
    const auto id = traced->program.Find(program.output, traced->diag);
    if (!id) continue;
    ++num_compared;
    for (const std::size_t length : {1, 5, 64, 90}) {
      const std::vector<Atom> input = Stretched(program.vocab, length, random);
      for (const bool causal : {false, true}) {
        CHECK(DifferenceFromPlain(traced->program.graph, *id, input, causal) == "");
      }
    }
  }
  CHECK(num_compared > 200);
}

TEST_CASE(
    "an interpreter that is given one input after another agrees with the plain one on each") {
  std::mt19937_64 random(14);
  int num_compared = 0, num_failed = 0;
  for (std::uint64_t seed = 601; seed <= 900; ++seed) {
    const RandomProgram program = MakeRandomProgram(seed);
    INFO(ToText(program));
    TraceOptions options;
    options.try_out = false;
    const auto traced = TraceText(ToText(program), options);
    if (traced->diag.HasErrors()) continue;
    const auto id = traced->program.Find(program.output, traced->diag);
    if (!id) continue;
    const DataflowGraph& graph = traced->program.graph;
    for (const bool causal : {false, true}) {
      Interpreter interpreter(graph, program.vocab, causal);
      for (const std::size_t length : {4, 4, 4, 7, 7, 1, 80, 80, 4}) {
        const std::vector<Atom> input = Stretched(program.vocab, length, random);
        interpreter.Restart(input);
        CHECK(DifferenceFromPlain(interpreter, graph, *id, input, causal) == "");
        Diagnostics ignored;
        ++(interpreter.Evaluate(*id, ignored) != nullptr ? num_compared : num_failed);
      }
    }
  }
  CHECK(num_compared > 2000);
  CHECK(num_failed > 50);
}

TEST_CASE("the interpreter agrees with the plain one where rows are long") {
  const auto traced = TraceText(
      "set example [3, -1, 2]\n"
      "x = tokens_int;\nf = x / 7;\nspread = x * 1000003 - 500000;\n"
      "big = x * 1152921504606846975;\n"
      "left = select(indices, indices, <=);\nless = select(x, x, <);\n"
      "mirrored = select(indices, length - 1 - indices, ==);\n"
      "mixed = (less and left) or not select(x, x + 1, ==);\n"
      "w = selector_width(less) * 1000 + selector_width(mixed);\n"
      "m = aggregate(mixed, x);\ns = aggregate(left, spread);\nb = aggregate(left, big);\n"
      "g = aggregate(mixed, f);\nr = aggregate(mirrored, f);\nh = aggregate(left, (x > 1) if x > 0 "
      "else x);\n"
      "o = aggregate(select(f, f, >=) and select(w, w, !=), x if x > 0 else f);\n"
      "d = select(indices, 0, ==);\n"
      "for i in range(150) { d = (d and less) or select(indices % 151, i, ==); }\n"
      "c = selector_width(d) + aggregate(not d, x);\n");
  INFO(Render(traced->diag));
  REQUIRE(traced->diag.empty());
  std::mt19937_64 random(13);
  for (const std::size_t length : {63, 128, 700, 1500}) {
    std::vector<Atom> input;
    for (std::size_t i = 0; i < length; ++i) {
      input.emplace_back(static_cast<std::int64_t>(random() % 9) - 4);
    }
    Diagnostics diag;
    for (const char* name : {"w", "m", "s", "b", "g", "r", "h", "o", "c", "mixed", "d"}) {
      if (length > 1000 && (*name == 'c' || *name == 'd')) continue;  // long with a plain one
      for (const bool causal : {false, true}) {
        CAPTURE(name, length, causal);
        const auto id = traced->program.Find(name, diag);
        CHECK(DifferenceFromPlain(traced->program.graph, *id, input, causal) == "");
      }
    }
  }
}

// As values at earlier positions do not change, each token is the value at the position before it.
TEST_CASE("generation in a long context agrees with one plain evaluation of all of it") {
  const auto traced = TraceText(
      "set example [3, -1, 2]\n"
      "x = tokens_int;\nless = select(x, x, <);\nsame = select(x, x, ==);\n"
      "w = (selector_width(less) * 7 + selector_width(not same) + indices) % 11 - 5;\n"
      "m = round(aggregate(less or same, x * 1000003) / 999) % 13 - 6;\n"
      "f = round(aggregate(select(x, x, >=) and not select(indices, 5, <), x / 7) * 1000) % 9;\n"
      "l = (aggregate(select(indices, indices - 1 - x % 4, ==), x) + w + m) % 10;\n"
      "d = select(indices, 0, ==);\n"
      "for i in range(70) { d = (d and less) or select(indices % 71, i, ==); }\n"
      "c = (selector_width(d) + w) % 7;\n"
      // Ints until a float arrives, short strings until a long one does: their codes change.
      "v = selector_width(select(tokens_asis, tokens_asis, <)) * 3 + indices;\n"
      "h = (v % 7) / 2 if indices > 330 else v % 7;\n"
      "u = (selector_width(select(tokens, tokens, <)) + indices) % 5;\n"
      "t = \"ab\" * (u + 1) if indices > 340 else \"ab\" * (u % 2);\n");
  INFO(Render(traced->diag));
  std::mt19937_64 random(15);
  const std::vector<Atom> tokens{std::int64_t{-4}, std::int64_t{0}, std::int64_t{3},
                                 std::int64_t{5}};
  for (const char* name : {"w", "m", "f", "l", "c", "h", "t"}) {
    CAPTURE(name);
    Diagnostics diag;
    const auto next = traced->program.Find(name, diag);
    REQUIRE(next);
    std::vector<Atom> sequence = Stretched(tokens, 300, random);
    const auto generated =
        Generate(traced->program.graph, *next, sequence, GenerationRule{{}, 120}, diag);
    INFO(Render(diag));
    REQUIRE(generated);
    REQUIRE(generated->tokens.size() == 120);
    sequence.insert(sequence.end(), generated->tokens.begin(), generated->tokens.end());
    const auto wanted = EvaluatePlainly(traced->program.graph, *next, sequence, true, diag);
    REQUIRE(wanted);
    const auto& values = std::get<SOpValues>(*wanted);
    CHECK(ToJson(generated->tokens) ==
          ToJson(std::vector<Atom>(values.begin() + 299, values.end() - 1)));
    std::set<std::string> distinct;
    for (const Atom& token : generated->tokens) distinct.insert(ToJson(token));
    CHECK(distinct.size() > 1);
  }
}

}  // namespace
}  // namespace raspc
