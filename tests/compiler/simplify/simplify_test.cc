// Simplifying: the idioms it recognises, those it must not recognise, and that no value changes.
#include "compiler/simplify/simplify.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

int NumWidths(const DataflowGraph& graph) {
  int count = 0;
  for (std::int32_t i = 0; i < graph.size(); ++i) {
    count += std::holds_alternative<WidthNode>(graph[NodeId{i}].kind) ? 1 : 0;
  }
  return count;
}

// The values as JSON, or "fails".
std::string ValuesOf(const DataflowGraph& graph, NodeId id, const std::vector<Atom>& input,
                     bool causal) {
  Diagnostics ignored;
  Interpreter interpreter(graph, input, causal);
  const NodeValue* value = interpreter.Evaluate(id, ignored);
  return value == nullptr ? "fails" : ToJson(std::get<SOpValues>(*value));
}

// How many inputs were compared. Where the program fails, the simplified graph may do anything.
int CheckSameValues(const Case& program, std::int64_t length, std::int64_t most) {
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  int num_compared = 0;
  const std::vector<Atom> alphabet = program.settings.alphabet.value_or(*program.settings.vocab);
  for (const bool causal : {false, true}) {
    if (program.IsCausal() && !causal) continue;
    ForEachWord(alphabet, length, most, [&](const std::vector<Atom>& word) {
      const std::vector<Atom> input = Framed(program, word);
      const std::string wanted = ValuesOf(program.graph, program.output, input, causal);
      if (wanted == "fails") return;
      INFO(program.name << " on " << ToJson(input) << (causal ? ", causal" : ""));
      REQUIRE(ValuesOf(simplified.graph, simplified.output, input, causal) == wanted);
      ++num_compared;
    });
  }
  return num_compared;
}

TEST_CASE("simplifying changes no value of any program") {
  const auto programs = ProgramCases(8);
  REQUIRE(programs.size() == ProgramPaths().size());
  for (const Case& program : programs) {
    INFO(program.name);
    CHECK(CheckSameValues(program, 6, kIsFastBuild ? 400 : 40) > 0);
  }
}

TEST_CASE("simplifying changes no value of any s-op of the conformance cases") {
  const auto atoms_of = [](const nlohmann::json& value) {
    std::vector<Atom> atoms;
    if (value.is_string()) return CodePoints(value.get<std::string>());
    for (const auto& item : value) {
      if (item.is_boolean()) {
        atoms.emplace_back(item.get<bool>());
      } else if (item.is_number_integer()) {
        atoms.emplace_back(item.get<std::int64_t>());
      } else if (item.is_number_float()) {
        atoms.emplace_back(item.get<double>());
      } else {
        atoms.emplace_back(item.get<std::string>());
      }
    }
    return atoms;
  };
  std::set<std::string> seen;
  int num_compared = 0;
  for (const char* name : {"language", "random"}) {
    std::ifstream file(std::string(RASPC_TEST_DATA) + "/conformance/" + name + ".jsonl");
    for (std::string line; std::getline(file, line);) {
      const auto parsed = nlohmann::json::parse(line);
      if (!parsed.contains("output") || parsed["type"] == "selector") continue;
      const Case program =
          TextCase(parsed["program"].get<std::string>(), "a", 1, parsed["sop"].get<std::string>());
      REQUIRE(program.output.IsValid());
      const SimplifiedGraph simplified = Simplify(program.graph, program.output);
      const std::vector<Atom> input = atoms_of(parsed["input"]);
      INFO(program.name << parsed["sop"] << " on " << ToJson(input));
      REQUIRE(ValuesOf(simplified.graph, simplified.output, input, false) ==
              ToJson(atoms_of(parsed["output"])));
      ++num_compared;
    }
  }
  CHECK(num_compared > 800);
}

// --- Idioms.

struct Idiom {
  const char* program;
  int num_widths;  // in the simplified graph
};

TEST_CASE("counts become widths, and only counts do") {
  const Idiom idiom = GENERATE(
      // The library's, under its names and written out.
      Idiom{"x = length;", 1}, Idiom{"x = selector_width(select(tokens, tokens, ==));", 1},
      Idiom{"x = selector_width(select(tokens, tokens, ==) and select(indices, indices, <));", 1},
      Idiom{"x = length - selector_width(full_s);", 1},  // one and the same
      Idiom{"x = round(1 / aggregate(select(2, 1, >), indicator(indices == 0)));", 1},
      Idiom{
          "s = select(tokens, tokens, !=);\n"
          "f = select(indices, 0, ==);\n"
          "x = round(1 / aggregate(s or f, indicator(indices == 0)) - 1 + aggregate(s and f, 1));",
          1},
      // A count of marks.
      Idiom{"x = count(tokens, \"a\");", 1},
      Idiom{"s = select(tokens, tokens, ==);\n"
            "x = round(aggregate(s, indicator(tokens == \"a\")) * selector_width(s));",
            1},
      // Not quite: another mark, another key, another default, another selector, another constant.
      Idiom{"x = round(1 / aggregate(full_s, indicator(indices == 1) + 1));", 0},
      Idiom{"x = round(2 / aggregate(full_s, indicator(indices == 0)));", 0},
      Idiom{"x = round(1 / aggregate(select(1, 2, >) or select(indices, 0, ==),"
            " indicator(indices == 0)));",
            0},
      Idiom{
          "s = select(tokens, tokens, !=);\n"
          "f = select(indices, 0, <=);\n"
          "x = round(1 / aggregate(s or f, indicator(indices == 0)) - 1 + aggregate(s and f, 1));",
          0},
      Idiom{"s = select(tokens, tokens, !=);\n"
            "f = select(indices, 0, ==);\n"
            "x = round(1 / aggregate(s or f, indicator(indices == 0)) - 1 + aggregate(s and f, 1, "
            "1));",
            0},
      Idiom{
          "s = select(tokens, tokens, !=);\n"
          "f = select(indices, 0, ==);\n"
          "t = select(1, 1, ==);\n"
          "x = round(1 / aggregate(s or f, indicator(indices == 0)) - 1 + aggregate(t and f, 1));",
          0},
      Idiom{
          "s = select(tokens, tokens, !=);\n"
          "f = select(indices, 0, ==);\n"
          "x = round(1 / aggregate(s or f, indicator(indices == 0)) + 1 + aggregate(s and f, 1));",
          0},
      Idiom{"s = select(tokens, tokens, !=);\n"
            "f = select(indices, 0, ==);\n"
            "x = 1 / aggregate(s or f, indicator(indices == 0)) - 1 + aggregate(s and f, 1);",
            0},
      Idiom{
          "s = select(tokens, tokens, !=);\nf = select(indices, 0, ==);\n"
          "x = round(1 / aggregate(s or f, indicator(indices == 0)) - 2 + aggregate(s and f, 1));",
          0},
      // A count of something that is not an indicator is a sum; over another selector it stays a
      // product.
      Idiom{"x = round(length * aggregate(full_s, indices));", 0},
      Idiom{
          "x = round(length * aggregate(select(tokens, tokens, ==), indicator(tokens == \"a\")));",
          1},
      Idiom{"x = round(length * aggregate(full_s, indicator(tokens == \"a\"), 7));", 1});
  const Case program = TextCase(idiom.program, "ab", 5);
  INFO(idiom.program << Render(program.diag));
  REQUIRE_FALSE(program.diag.HasErrors());
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  INFO(ToText(simplified.graph));
  CHECK(NumWidths(simplified.graph) == idiom.num_widths);
  CHECK(CheckSameValues(program, 5, 1000) > 0);
}

TEST_CASE("rounded products of a width and a mean of ints become sums, and only these do") {
  struct Product {
    const char* program;
    bool is_sum;
  };
  const Product product = GENERATE(
      Product{"x = round(length * aggregate(full_s, tokens_int));", true},
      Product{"x = round(aggregate(full_s, 3 - tokens_int, 7) * length);", true},
      Product{"s = select(tokens, tokens, !=);\n"
              "x = round(selector_width(s) * aggregate(s, tokens_int % 3));",
              true},
      Product{"x = round((indices + 1) * aggregate(select(indices, indices, <=), -tokens_int));",
              true},
      Product{"x = round(aggregate(select(indices, indices, <), indices * 2) * indices);", true},
      Product{"x = round((length - indices) * aggregate(select(indices, indices, >=), indices));",
              true},
      Product{
          "x = round((length - 1 - indices) * aggregate(select(indices, indices, >), indices));",
          true},
      Product{"x = round((length - 1) * aggregate(select(indices, indices, !=), tokens_int));",
              true},
      Product{"x = round(length * aggregate(full_s, 2 ^ (length - 1 - indices)));", true},
      Product{"x = round(length * aggregate(full_s, {\"0\": 4, \"1\": -1}[tokens]));", true},
      Product{
          "x = round(length * aggregate(full_s, [4, 5][indices % 2] if tokens == \"0\" else 1));",
          true},
      // Floats, another width, no rounding, or a default that is not a number.
      Product{"x = round(length * aggregate(full_s, tokens_float));", false},
      Product{"x = round(length * aggregate(full_s, 2 ^ (length - 2 - indices)));", false},
      Product{"x = round(length * aggregate(full_s, tokens_int / 2));", false},
      Product{"x = round((length - indices) * aggregate(select(indices, indices, >), indices));",
              false},
      Product{"x = round(indices * aggregate(select(indices, indices, <=), tokens_int));", false},
      Product{"x = length * aggregate(full_s, tokens_int);", false},
      Product{"x = round(length * aggregate(full_s, tokens_int, \"a\"));", false});
  const Case program = TextCase(product.program, "01", 5);
  INFO(product.program << Render(program.diag));
  REQUIRE_FALSE(program.diag.HasErrors());
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  INFO(ToText(simplified.graph));
  CHECK(std::holds_alternative<SumNode>(simplified.graph[simplified.output].kind) ==
        product.is_sum);
  CHECK(CheckSameValues(program, 6, 1000) > 0);
}

TEST_CASE("a count of an indicator is the width of the selector and the indicator") {
  const Case program = TextCase("x = count(tokens, \"a\");", "ab", 5);
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  CHECK(std::holds_alternative<WidthNode>(simplified.graph[simplified.output].kind));
}

TEST_CASE("a width is the number of positions in its selector's rows") {
  const Case program = TextCase(
      "s = select(tokens, tokens, ==) and select(indices, indices, <=);\nx = selector_width(s);",
      "ab", 6);
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  const auto& width = std::get<WidthNode>(simplified.graph[simplified.output].kind);
  ForEachWord(*program.settings.vocab, 6, 1000, [&](const std::vector<Atom>& word) {
    Diagnostics diag;
    Interpreter interpreter(simplified.graph, word, false);
    const auto& rows = std::get<SelectorRows>(*interpreter.Evaluate(width.selector, diag));
    const auto& widths = std::get<SOpValues>(*interpreter.Evaluate(simplified.output, diag));
    for (int q = 0; q < rows.seq_len; ++q) {
      std::int64_t count = 0;
      for (int k = 0; k < rows.seq_len; ++k) count += rows.At(q, k) ? 1 : 0;
      REQUIRE(Identical(widths[static_cast<std::size_t>(q)], Atom(count)));
    }
  });
}

// --- The rest.

TEST_CASE("nodes that the output does not need are dropped") {
  const Case program =
      TextCase("u = selector_width(select(indices, 3, <));\nx = indices + 1;", "ab", 4);
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  CHECK(simplified.graph.size() == 3);  // indices, 1, their sum
  CHECK(simplified.output == NodeId{2});
}

TEST_CASE("maps of constants are computed, unless they fail") {
  const Case folded = TextCase("x = tokens == (\"a\" + \"b\" * 2);", "ab", 4);
  const SimplifiedGraph simplified = Simplify(folded.graph, folded.output);
  CHECK(simplified.graph.size() == 3);
  // indicator needs an s-op, and a constant one is a graph node; so is what fails on every input.
  DataflowGraph graph;
  const NodeId one = graph.Add(ConstantNode{Atom(std::int64_t{1})}, {});
  const NodeId zero = graph.Add(ConstantNode{Atom(std::int64_t{0})}, {});
  const NodeId quotient = graph.Add(MapNode{MapOp::kDivide, {one, zero}, nullptr}, {});
  const SimplifiedGraph failing = Simplify(graph, quotient);
  CHECK(std::holds_alternative<MapNode>(failing.graph[failing.output].kind));
  const NodeId sum = graph.Add(MapNode{MapOp::kAdd, {one, one}, nullptr}, {});
  const SimplifiedGraph two = Simplify(graph, sum);
  REQUIRE(two.graph.size() == 1);
  CHECK(Identical(std::get<ConstantNode>(two.graph[two.output].kind).value, Atom(std::int64_t{2})));
}

TEST_CASE("nodes keep their names and places") {
  const Case program = TextCase(
      "s = select(tokens, tokens, ==);\nhist = selector_width(s);\nx = hist + 1;", "ab", 4);
  const SimplifiedGraph simplified = Simplify(program.graph, program.output);
  const auto& sum = std::get<MapNode>(simplified.graph[simplified.output].kind);
  const Node& width = simplified.graph[sum.operands[0]];
  CHECK(width.name == "hist");
  CHECK(width.location.IsKnown());
  const Node& selector = simplified.graph[std::get<WidthNode>(width.kind).selector];
  CHECK(selector.name == "s");
  CHECK(selector.location.line == 1);
}

TEST_CASE("simplifying twice changes nothing more") {
  for (const Case& program : ProgramCases(8)) {
    const SimplifiedGraph once = Simplify(program.graph, program.output);
    const SimplifiedGraph twice = Simplify(once.graph, once.output);
    INFO(program.name);
    CHECK(ToText(twice.graph) == ToText(once.graph));
  }
}

}  // namespace
}  // namespace raspc
