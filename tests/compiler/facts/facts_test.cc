// Facts hold on every input that is tried, of every program, evaluated causally and not.
#include "compiler/facts/facts.h"

#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/domains/infer_domains.h"
#include "compiler/interpret/interpret.h"
#include "compiler/simplify/affine.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

struct Known {
  SimplifiedGraph simplified;
  Domains domains;
  std::unique_ptr<Facts> facts;  // refers to the others

  const DataflowGraph& graph() const { return simplified.graph; }
};

std::unique_ptr<Known> Learn(const Case& program, bool causal, std::int64_t context_length) {
  auto known = std::make_unique<Known>();
  known->simplified = Simplify(program.graph, program.output);
  const CompileScope scope{*program.settings.vocab, context_length, 65536, causal};
  Diagnostics diag;
  known->domains = InferDomains(known->graph(), scope, diag);
  known->facts = std::make_unique<Facts>(known->graph(), known->domains, scope.vocabulary);
  return known;
}

int num_selectors = 0, num_never_empty = 0, num_at_most_one = 0, num_left_out = 0;

void CheckRows(const Facts& facts, NodeId id, const SelectorRows& rows) {
  for (int q = 0; q < rows.seq_len; ++q) {
    int count = 0;
    for (int k = 0; k < rows.seq_len; ++k) count += rows.At(q, k) ? 1 : 0;
    if (facts.IsNeverEmpty(id)) REQUIRE(count >= 1);
    if (facts.IsAlwaysEmpty(id)) REQUIRE(count == 0);
    if (facts.HasAtMostOne(id)) REQUIRE(count <= 1);
  }
}

void CheckValues(const Known& known, NodeId id, const SOpValues& values) {
  const Domain& domain = known.domains[id];
  const auto range = known.facts->RangeOf(id);
  for (const Atom& value : values) {
    REQUIRE(known.facts->MayBe(id, TypeOf(value)));
    if (domain.is_finite) {
      REQUIRE(known.facts->Occurs(id, static_cast<std::size_t>(domain.IndexOf(value))));
    }
    if (!range) continue;
    REQUIRE(NumberOf(value) >= range->low);
    REQUIRE(NumberOf(value) <= range->high);
  }
}

void CheckAll(const Known& known, const std::vector<Atom>& input, bool causal) {
  Interpreter interpreter(known.graph(), input, causal);
  for (NodeId id{0}; id.value < known.graph().size(); ++id.value) {
    Diagnostics diag;
    const NodeValue* value = interpreter.Evaluate(id, diag);
    if (value == nullptr) continue;  // facts are about what has a value
    INFO(NodeText(known.graph(), id) << " on " << ToJson(input) << (causal ? " causally" : ""));
    if (const auto* rows = std::get_if<SelectorRows>(value)) {
      CheckRows(*known.facts, id, *rows);
    } else {
      CheckValues(known, id, std::get<SOpValues>(*value));
    }
  }
}

void CountFacts(const Known& known) {
  for (NodeId id{0}; id.value < known.graph().size(); ++id.value) {
    if (known.graph().IsSelector(id)) {
      ++num_selectors;
      num_never_empty += known.facts->IsNeverEmpty(id);
      num_at_most_one += known.facts->HasAtMostOne(id);
    } else if (known.domains[id].is_finite) {
      for (std::size_t v = 0; v < known.domains[id].values.size(); ++v) {
        num_left_out += !known.facts->Occurs(id, v);
      }
    }
  }
}

const char* const kPrograms[] = {
    "x = load_from_location(tokens, length - 1 - indices);",
    "x = load_from_location(tokens, indices - 1 if indices > 0 else 0);",
    "x = aggregate(select(length - indices, indices + 1, ==), tokens);",
    "x = aggregate(select(indices + 2, length + 1, ==), tokens, \"\");",
    "x = aggregate(select(2 * indices, indices, ==), tokens, \"\");",
    "x = aggregate(select(indices, length, ==) or select(indices, 1, <=), indices);",
    "x = aggregate(not select(indices, indices + 1, >=), tokens, \"\");",
    "x = 1 / (length - indices);",
    "x = length * indices - length;",
    "x = sort(tokens, tokens);",
    "x = sort(indices, -indices * length);",
    "p = selector_width(select(tokens, tokens, <=));\nx = aggregate(select(p, indices, ==), p);",
    "p = selector_width(select(tokens, tokens, >) or (select(tokens, tokens, ==) and "
    "select(indices, indices, >)));\nx = aggregate(select(indices, p, ==), tokens);",
    "x = aggregate(select_next_identical(tokens), tokens, \"-\");",
    "x = aggregate(select_from_first(tokens, \"a\"), indices) + "
    "aggregate(select_from_last(tokens, \"a\"), indices);",
    "f = selector_width(select(tokens, tokens, ==));\n"
    "x = aggregate(select_from_first(not has_focus(select(f, f, >)), True), tokens);",
    "f = selector_width(select(tokens, tokens, ==));\n"
    "x = aggregate(select_from_last(not has_focus(select(f, f, <)), True), tokens);",
    "s = not (tokens == \"a\");\n"
    "r = selector_width(select(s, True, ==) and select(indices, indices, <=));\n"
    "x = aggregate(select(r, indices, ==) and select(s, True, ==), tokens, \"~\");",
    "s = select(tokens, \"a\", >);\nr = selector_width(s and select(indices, indices, >));\n"
    "x = aggregate(select(r, indices, ==) and s, tokens, \"~\");",
    "x = round(1 / aggregate(select(tokens, tokens, ==) or select(indices, 0, ==), "
    "indicator(indices == 0)));",
    "x = aggregate(select(tokens, \"z\", ==) and full_s, indices, 7);",
    "x = aggregate(select(tokens, \"A\", >), indices / 3);",
};

TEST_CASE("facts hold on every input") {
  std::vector<Case> programs = ProgramCases(5);
  for (const char* text : kPrograms) programs.push_back(TextCase(text, "abc", 5));
  for (const Case& program : programs) {
    REQUIRE_FALSE(program.diag.HasErrors());
    for (const bool causal : {false, true}) {
      const auto known = Learn(program, causal, 5);
      CountFacts(*known);
      ForEachWord(*program.settings.vocab, 5, kIsFastBuild ? 400 : 40,
                  [&](const std::vector<Atom>& word) { CheckAll(*known, word, causal); });
    }
  }
  std::cout << "facts: of " << num_selectors << " selectors " << num_never_empty << " never empty, "
            << num_at_most_one << " with one position at most; " << num_left_out
            << " values left out\n";
  CHECK(num_never_empty > 0);
  CHECK(num_at_most_one > 0);
  CHECK(num_left_out > 0);
}

// The selector that the output aggregates with.
NodeId SelectorOf(const Known& known) {
  const Node& output = known.graph()[known.simplified.output];
  return std::get<AggregateNode>(output.kind).selector;
}

TEST_CASE("rules know rows that are never empty") {
  struct Row {
    std::string selector;
    bool is_never_empty, is_so_causally;
  };
  const std::vector<Row> rows = {
      {"select(tokens, tokens, ==)", true, true},
      {"select(tokens, tokens, <=)", true, true},
      {"select(tokens, tokens, <)", false, false},
      {"select(tokens, tokens, ==) and select(tokens, \"a\", ==)", false, false},
      {"select(tokens, tokens, ==) and select(indices, indices, <=)", true, true},
      {"not select(tokens, tokens, !=)", true, true},
      {"select(indices, 0, ==)", true, true},
      {"select(indices, 1, ==)", false, false},
      {"select(indices, 1, ==) or select(indices, indices, >=)", true, true},
      {"select(indices, length - 1, ==)", true, true},  // causally, the query's own position
      {"select(indices, length - 1 - indices, ==)", true, true},  // causally, position 0
      {"select(indices, length - indices, ==)", false, false},
      {"select(length - indices, indices + 1, ==)", true, false},
      {"select(indices, indices - indices % 2, ==)", true, true},
      {"select(indices, indices + indices % 2, ==)", false, false},
      {"full_s", true, true},
      {"select(selector_width(select(tokens, tokens, ==)), 1, >=)", true, true},
      {"select(selector_width(select(tokens, tokens, <)), 1, >=)", false, false},
  };
  for (const Row& row : rows) {
    INFO(row.selector);
    const Case program = TextCase("x = aggregate(" + row.selector + ", indices);", "ab", 40);
    const auto freely = Learn(program, false, 40), causally = Learn(program, true, 40);
    CHECK(freely->facts->IsNeverEmpty(SelectorOf(*freely)) == row.is_never_empty);
    CHECK(causally->facts->IsNeverEmpty(SelectorOf(*causally)) == row.is_so_causally);
  }
}

TEST_CASE("the smallest value of a linear function is at a corner") {
  for (const Affine& form : {Affine{1, -1, -1}, Affine{-2, 3, 1}, Affine{0, 1, 0}, Affine{1, 0, 0},
                             Affine{-1, 0, 4}, Affine{3, -5, 2}}) {
    std::int64_t least = INT64_MAX;
    for (std::int64_t n = 1; n <= 7; ++n) {
      for (std::int64_t p = 0; p < n; ++p) {
        least = std::min(least, form.of_length * n + form.of_position * p + form.constant);
      }
    }
    CHECK(form.Least(7) == least);
  }
}

TEST_CASE("linear functions are found through sums and multiples") {
  const auto of = [](const std::string& text, bool causal) {
    const Case program = TextCase("x = " + text + ";", "ab", 8);
    const SimplifiedGraph simplified = Simplify(program.graph, program.output);
    return FindAffine(simplified.graph, causal)
        .at(static_cast<std::size_t>(simplified.output.value));
  };
  CHECK(of("length - 1 - indices", false) == Affine{1, -1, -1});
  CHECK(of("length - 1 - indices", true) == Affine{0, 0, 0});
  CHECK(of("-(3 * indices - length) * 2 + 7", false) == Affine{2, -6, 7});
  CHECK(of("round(+indices)", false) == Affine{0, 1, 0});
  CHECK_FALSE(of("indices * indices", false));
  CHECK_FALSE(of("indices / 2", false));
  CHECK_FALSE(of("indices * 10000000000000", false));
  CHECK_FALSE(of("selector_width(select(tokens, tokens, ==))", false));
}

}  // namespace
}  // namespace raspc
