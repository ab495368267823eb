// Domains contain all that occurs: every value of the interpreter is listed, and is the one in the
// table for the given features.
#include "compiler/domains/infer_domains.h"

#include <catch2/catch.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "compiler/interpret/interpret.h"
#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

struct Inferred {
  SimplifiedGraph simplified;
  Domains domains;
  Diagnostics diag;

  const DataflowGraph& graph() const { return simplified.graph; }
  const Domain& OfOutput() const { return domains[simplified.output]; }
  const FunctionTable& TableOfOutput() const { return domains.TableOf(simplified.output); }
};

Inferred Infer(const Case& program, std::int64_t context_length, std::int64_t max_domain = 65536) {
  Inferred result;
  result.simplified = Simplify(program.graph, program.output);
  CompileScope scope;
  scope.vocabulary = *program.settings.vocab;
  scope.context_length = context_length;
  scope.max_domain = max_domain;
  scope.causal = program.IsCausal();
  result.domains = InferDomains(result.simplified.graph, scope, result.diag);
  return result;
}

// The value of a feature at a position of an input: its index among the feature's values.
std::int64_t DigitOf(const Inferred& inferred, const Feature& feature,
                     const std::vector<Atom>& input, std::size_t position,
                     Interpreter& interpreter) {
  Diagnostics diag;
  switch (feature.kind) {
    case Feature::Kind::kToken:
      for (std::size_t i = 0; i < inferred.domains.scope.vocabulary.size(); ++i) {
        if (Identical(inferred.domains.scope.vocabulary[i], input[position])) {
          return static_cast<std::int64_t>(i);
        }
      }
      return -1;
    case Feature::Kind::kPosition:
      return static_cast<std::int64_t>(position);
    case Feature::Kind::kNode:
      return inferred.domains[feature.node].IndexOf(
          std::get<SOpValues>(*interpreter.Evaluate(feature.node, diag))[position]);
  }
  return -1;
}

void CheckUnlisted(const Domain& domain, const Atom& value) {
  REQUIRE(domain.MayBe(TypeOf(value)));
  if (!IsNumber(value)) return;
  // The interval is computed in floats, sums of floats are rounded: allow for that.
  const double slack = 1e-9 * (1 + std::abs(NumberOf(value)));
  REQUIRE(NumberOf(value) >= domain.low - slack);
  REQUIRE(NumberOf(value) <= domain.high + slack);
}

void CheckValue(const Inferred& inferred, NodeId id, const std::vector<Atom>& input,
                std::size_t position, const Atom& value, Interpreter& interpreter) {
  const Domain& domain = inferred.domains[id];
  if (!domain.is_finite) {
    CheckUnlisted(domain, value);
    return;
  }
  const int index = domain.IndexOf(value);
  REQUIRE(index >= 0);
  REQUIRE(domain.MayBe(TypeOf(value)));
  const FunctionTable& table = inferred.domains.TableOf(id);
  if (table.rows.empty()) return;
  std::int64_t row = 0;
  for (const Feature& feature : table.features) {
    const std::int64_t digit = DigitOf(inferred, feature, input, position, interpreter);
    REQUIRE(digit >= 0);
    row = row * inferred.domains.SizeOf(feature) + digit;
  }
  REQUIRE(static_cast<std::size_t>(row) < table.rows.size());
  REQUIRE(table.rows[static_cast<std::size_t>(row)] == index);
}

void CheckRows(const Inferred& inferred, NodeId id, const SelectorRows& rows) {
  if (!inferred.domains.at_most_one[static_cast<std::size_t>(id.value)]) return;
  for (int q = 0; q < rows.seq_len; ++q) {
    int count = 0;
    for (int k = 0; k < rows.seq_len; ++k) count += rows.At(q, k) ? 1 : 0;
    REQUIRE(count <= 1);
  }
}

// Whether the output has values on the input; then all nodes do, and all are checked.
bool CheckOn(const Inferred& inferred, const std::vector<Atom>& input, bool causal) {
  Diagnostics diag;
  Interpreter interpreter(inferred.graph(), input, causal);
  if (interpreter.Evaluate(inferred.simplified.output, diag) == nullptr) return false;
  for (std::int32_t i = 0; i < inferred.graph().size(); ++i) {
    const NodeId id{i};
    const NodeValue* value = interpreter.Evaluate(id, diag);
    REQUIRE(value != nullptr);
    INFO(inferred.graph().Describe(id) << " on " << ToJson(input));
    if (const auto* rows = std::get_if<SelectorRows>(value)) {
      CheckRows(inferred, id, *rows);
      continue;
    }
    const auto& values = std::get<SOpValues>(*value);
    for (std::size_t p = 0; p < values.size(); ++p) {
      INFO("at index " << p << ": " << ToJson(values[p]));
      CheckValue(inferred, id, input, p, values[p], interpreter);
    }
  }
  return true;
}

TEST_CASE("every value that occurs is in its domain, where its features say") {
  int num_inputs = 0;
  for (const Case& program : ProgramCases(5)) {
    const auto alphabet = program.settings.alphabet.value_or(*program.settings.vocab);
    const auto longest =
        static_cast<std::int64_t>(Framed(program, std::vector<Atom>(5, alphabet[0])).size());
    for (const std::int64_t max_domain : {65536, 300, 20}) {
      INFO(program.name << ", at most " << max_domain << " rows");
      const Inferred inferred = Infer(program, longest, max_domain);
      REQUIRE_FALSE(inferred.diag.HasErrors());
      for (const FunctionTable& table : inferred.domains.table) {
        REQUIRE(static_cast<std::int64_t>(table.rows.size()) <=
                std::max<std::int64_t>(max_domain, 64));
      }
      int num_of_program = 0;
      ForEachWord(alphabet, 5, kIsFastBuild ? 400 : 40, [&](const std::vector<Atom>& word) {
        num_of_program += CheckOn(inferred, Framed(program, word), program.IsCausal()) ? 1 : 0;
      });
      CHECK(num_of_program > 0);
      num_inputs += num_of_program;
    }
  }
  std::cout << "domains: " << num_inputs << " inputs checked\n";
}

TEST_CASE("values of operations of all kinds are in their domains") {
  const char* program =
      GENERATE("x = (indices + 1) * (indices + 1) / 3;", "x = tokens_int + indices / 2;",
               "x = aggregate(select(tokens, tokens, ==), indices);",
               "x = aggregate(select(indices, indices, <), tokens_int, 0.5);",
               "x = aggregate(select(tokens, tokens, !=), tokens, \"none\") if indices % 2 == 1 "
               "else \"odd\";",
               "x = round(aggregate(full_s, tokens_int) * 10) % 7 - indices;",
               "x = -aggregate(select(indices, indices + 1, ==), tokens_int) > 0 or indices == 2;",
               "x = 1 / tokens_int;",  // fails where a token is 0
               "x = [4, 5, \"six\"][tokens_int] == \"six\";",
               "x = {\"0\": 1.5, \"1\": 2}[tokens];",  // fails where a token is 2
               "x = selector_width(select(tokens, tokens, ==)) - selector_width(select(indices, "
               "indices, >));",
               "x = aggregate(select(indices, length - 1 - indices, ==), tokens_int);",
               "x = aggregate(full_s, indices * 0.1) + 1;", "x = tokens_int ^ indices;",
               "x = aggregate(full_s, aggregate(select(indices, indices, <=), tokens_int)) * 2;",
               "a = aggregate(full_s, tokens_int);\nx = a - a + (a > 1);",
               "r = selector_width(select(tokens, tokens, <) or\n"
               "  (select(tokens, tokens, ==) and select(indices, indices, <)));\n"
               "x = aggregate(select(r, indices, ==), tokens_int, 9);",
               "w = selector_width(select(tokens, tokens, ==));\n"
               "v = selector_width(select(tokens, \"1\", ==));\nx = w + v + length - indices;");
  Case parsed = TextCase(program, "012", 5);
  INFO(program << Render(parsed.diag));
  REQUIRE_FALSE(parsed.diag.HasErrors());
  for (const std::int64_t max_domain : {65536, 50}) {
    for (const bool causal : {false, true}) {
      parsed.settings.causal = causal;
      const Inferred inferred = Infer(parsed, 5, max_domain);
      INFO(Render(inferred.diag));
      REQUIRE_FALSE(inferred.diag.HasErrors());
      int num_inputs = 0;
      ForEachWord(*parsed.settings.vocab, 5, 400, [&](const std::vector<Atom>& word) {
        num_inputs += CheckOn(inferred, word, causal) ? 1 : 0;
      });
      CHECK(num_inputs > 0);
    }
  }
}

TEST_CASE("relations between operands are kept") {
  const auto size_of = [](const char* program, std::int64_t n) {
    const Inferred inferred = Infer(TextCase(program, "ab", n), n);
    REQUIRE(inferred.OfOutput().is_finite);
    return inferred.OfOutput().values.size();
  };
  CHECK(size_of("x = indices - indices;", 8) == 1);
  CHECK(size_of("x = length - length;", 8) == 1);
  CHECK(size_of("x = length + length;", 8) == 8);
  CHECK(size_of("x = (length + indices) - indices;", 8) == 8);
  CHECK(size_of("x = (indices + 1) * (indices + 1);", 8) == 8);
}

TEST_CASE("widths by position are tied to it") {
  const auto values_of = [](const char* program, bool causal) {
    Case parsed = TextCase(program, "ab", 4);
    parsed.settings.causal = causal;
    const Inferred inferred = Infer(parsed, 4);
    int num_inputs = 0;
    ForEachWord(*parsed.settings.vocab, 4, 100, [&](const std::vector<Atom>& word) {
      num_inputs += CheckOn(inferred, word, causal) ? 1 : 0;
    });
    CHECK(num_inputs > 0);
    return ToJson(inferred.OfOutput().values);
  };
  CHECK(values_of("x = length - indices;", false) == "[1, 2, 3, 4]");
  CHECK(values_of("x = length - indices;", true) == "[1]");
  CHECK(values_of("x = selector_width(select(indices, indices, <=)) - indices;", false) == "[1]");
  CHECK(values_of("x = selector_width(select(indices, indices, >));", false) == "[0, 1, 2, 3]");
  CHECK(values_of("x = selector_width(select(indices, indices, >));", true) == "[0]");
  CHECK(values_of("x = selector_width(select(indices, 1, <=) and select(indices, indices, >=))"
                  " + 10 * indices;",
                  false) == "[1, 2, 11, 20, 30]");
}

TEST_CASE("an aggregate by position has the values, the means and the default that are possible") {
  const auto values_of = [](const char* program) {
    const Case parsed = TextCase(program, "ab", 3);
    const Inferred inferred = Infer(parsed, 3);
    int num_inputs = 0;
    ForEachWord(*parsed.settings.vocab, 3, 100, [&](const std::vector<Atom>& word) {
      num_inputs += CheckOn(inferred, word, false) ? 1 : 0;
    });
    CHECK(num_inputs > 0);
    return ToJson(inferred.OfOutput().values);
  };
  CHECK(values_of("x = aggregate(full_s, indices + 7, \"none\");") ==
        "[7, 7.5, 8.0]");
  CHECK(values_of("x = aggregate(select(indices, indices, <), indices + 7, \"none\");") ==
        "[7, 7.5, \"none\"]");
}

TEST_CASE("the table of a sum of a width and the position has a row for each pair") {
  const Inferred inferred =
      Infer(TextCase("x = 2 * selector_width(select(tokens, tokens, ==)) + indices;", "ab", 4), 4);
  const FunctionTable& table = inferred.TableOfOutput();
  REQUIRE(table.features.size() == 2);
  CHECK(table.rows.size() == 20);
  CHECK(inferred.OfOutput().values.size() == 12);  // 0 to 11
}

TEST_CASE("a table that is too large is cut at the operands") {
  const Case program = TextCase(
      "a = selector_width(select(tokens, tokens, ==)) % 2;\n"
      "b = selector_width(select(tokens, \"a\", ==)) % 2;\nx = (a + indices % 2) * (b + 0.5);",
      "ab", 8);
  const Inferred whole = Infer(program, 8);
  CHECK(whole.TableOfOutput().rows.size() == 9 * 8 * 9);
  const Inferred cut = Infer(program, 8, 100);
  CHECK(cut.OfOutput().is_finite);
  CHECK(cut.TableOfOutput().rows.size() < 100);
  CHECK(std::count(cut.domains.is_cut.begin(), cut.domains.is_cut.end(), true) >= 1);
  const Inferred none = Infer(program, 8, 4);
  CHECK_FALSE(none.OfOutput().is_finite);
}

TEST_CASE("an s-op that fails on some rows is marked, one that fails on all is an error") {
  const Inferred some = Infer(TextCase("x = 1 / indices;", "ab", 4), 4);
  CHECK(some.OfOutput().may_fail);
  CHECK(some.OfOutput().values.size() == 3);
  CHECK_FALSE(some.diag.HasErrors());
  const Inferred all = Infer(TextCase("y = tokens + 1;\nx = y + 2;", "ab", 4), 4);
  REQUIRE(all.diag.all().size() == 1);  // only y is reported
  const Diagnostic& diagnostic = all.diag.all()[0];
  CHECK(diagnostic.kind == ErrorKind::kValue);
  CHECK(diagnostic.message == "`y` fails on every input over this vocabulary");
  CHECK(diagnostic.location.line == 1);
}

TEST_CASE("selectors of at most one position are found") {
  const auto at_most_one = [](const char* selector) {
    const Inferred inferred =
        Infer(TextCase(std::string("x = aggregate(") + selector + ", indices);", "ab", 4), 4);
    const auto& aggregate =
        std::get<AggregateNode>(inferred.graph()[inferred.simplified.output].kind);
    return inferred.domains.at_most_one[static_cast<std::size_t>(aggregate.selector.value)];
  };
  CHECK(at_most_one("select(indices, 2, ==)"));
  CHECK(at_most_one("select(indices, length - 1, ==)"));
  CHECK(at_most_one("select(indices * 3 - 1, indices, ==)"));
  CHECK(at_most_one("select(tokens, tokens, !=) and select(indices, indices, ==)"));
  CHECK_FALSE(at_most_one("select(indices % 2, indices, ==)"));
  CHECK_FALSE(at_most_one("select(tokens, tokens, ==)"));
  CHECK_FALSE(at_most_one("select(indices, 2, <)"));
  CHECK_FALSE(at_most_one("select(indices, 2, ==) or select(indices, 1, ==)"));
  CHECK_FALSE(at_most_one("not select(indices, 2, ==)"));
  // Of the token, too, but each value at one position only; and not.
  CHECK(at_most_one("select(4 * indicator(tokens == \"a\") + indices, 2, ==)"));
  CHECK_FALSE(at_most_one("select(3 * indicator(tokens == \"a\") + indices, 2, ==)"));
  // Equal in the language although not identical.
  CHECK_FALSE(at_most_one("select(0.0 + indices if indices > 1 else 2, 2, ==)"));
}

TEST_CASE("ranks by a strict total order are found, unless evaluation is causal") {
  const auto at_most_one = [](const std::string& order, bool causal) {
    Case program = TextCase(
        "r = selector_width(" + order + ");\nx = aggregate(select(r, indices, ==), indices);", "ab",
        4);
    INFO(order << Render(program.diag));
    REQUIRE_FALSE(program.diag.HasErrors());
    program.settings.causal = causal;
    const Inferred inferred = Infer(program, 4);
    const auto& aggregate =
        std::get<AggregateNode>(inferred.graph()[inferred.simplified.output].kind);
    const bool result =
        inferred.domains.at_most_one[static_cast<std::size_t>(aggregate.selector.value)];
    int num_inputs = 0;  // and it is true, where it says so
    ForEachWord(*program.settings.vocab, 4, 100, [&](const std::vector<Atom>& word) {
      num_inputs += CheckOn(inferred, word, causal) ? 1 : 0;
    });
    CHECK(num_inputs > 0);
    return result;
  };
  const std::string by_token =
      "select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <))";
  CHECK(at_most_one(by_token, false));
  CHECK(at_most_one("select(indices, indices, >)", false));
  CHECK(
      at_most_one("(select(indices, indices, >) and select(tokens, tokens, ==)) or "
                  "select(tokens, tokens, >)",
                  false));
  CHECK_FALSE(at_most_one(by_token, true));
  const auto by_number = [](const std::string& factor) {
    const std::string number = factor + " * indicator(tokens == \"a\") + indices";
    return "select(" + number + ", " + number + ", <)";
  };
  CHECK(at_most_one(by_number("4"), false));
  CHECK_FALSE(at_most_one(by_number("3"), false));
  CHECK_FALSE(at_most_one(by_number("4"), true));
  CHECK_FALSE(at_most_one("select(tokens, tokens, <)", false));
  CHECK_FALSE(
      at_most_one("select(tokens, tokens, <=) or (select(tokens, tokens, ==) and "
                  "select(indices, indices, <))",
                  false));
  CHECK_FALSE(
      at_most_one("select(tokens, tokens, <) or (select(indices, indices, ==) and "
                  "select(indices, indices, <))",
                  false));
  CHECK_FALSE(
      at_most_one("select(tokens, tokens, <) or (select(tokens, tokens, ==) or "
                  "select(indices, indices, <))",
                  false));
}

TEST_CASE("marked positions are found once by their running number") {
  const auto at_most_one = [](const std::string& selector, bool causal = false) {
    Case program = TextCase(
        "before = select(indices, indices, <);\nup_to = select(indices, indices, <=);\n"
        "behind = select(indices, indices, >);\nmark = select(tokens, \"a\", ==);\n"
        "num = selector_width(before and mark);\nnumber = selector_width(up_to and mark);\n"
        "to_come = selector_width(behind and mark);\n"
        "of_same = selector_width(before and select(tokens, tokens, ==));\n"
        "x = aggregate(" +
            selector + ", tokens, \"-\");",
        "ab", 6);
    program.settings.causal = causal;
    const Inferred inferred = Infer(program, 6);
    const auto& aggregate =
        std::get<AggregateNode>(inferred.graph()[inferred.simplified.output].kind);
    return inferred.domains.at_most_one[static_cast<std::size_t>(aggregate.selector.value)];
  };
  for (const bool causal : {false, true}) {
    CAPTURE(causal);
    CHECK(at_most_one("select(number, num, ==) and mark", causal));
    CHECK(at_most_one("mark and before and select(num, indices, ==)", causal));
    CHECK(at_most_one("select(2 * num + 1, num, ==) and mark", causal));
    // Unmarked positions share the number of the previous mark.
    CHECK_FALSE(at_most_one("select(number, num, ==) and before", causal));
    CHECK_FALSE(at_most_one("select(num % 2, num, ==) and mark", causal));
    CHECK_FALSE(at_most_one("select(num, num, <=) and mark", causal));
    CHECK_FALSE(at_most_one("select(number, num, ==) or mark", causal));
    // All marked positions hold the same token, so their rank among equals distinguishes them;
    // others do not.
    CHECK(at_most_one("select(of_same, num, ==) and mark", causal));
    CHECK(at_most_one("select(of_same, num, ==) and select(tokens, tokens, ==)", causal));
    CHECK_FALSE(at_most_one("select(of_same, num, ==) and before", causal));
    CHECK_FALSE(at_most_one("select(of_same, num, ==) and select(tokens, tokens, !=)", causal));
    // Causally nothing later is seen, and so nothing is counted.
    CHECK(at_most_one("select(to_come, num, ==) and mark", causal) == !causal);
  }
}

TEST_CASE("domains are listed in the order of IdentityLess, each value once") {
  for (const Case& program : ProgramCases(5)) {
    const Inferred inferred = Infer(program, 8);
    for (const Domain& domain : inferred.domains.domain) {
      for (std::size_t i = 0; i + 1 < domain.values.size(); ++i) {
        REQUIRE(IdentityLess(domain.values[i], domain.values[i + 1]));
      }
      for (std::size_t i = 0; i < domain.values.size(); ++i) {
        REQUIRE(domain.IndexOf(domain.values[i]) == static_cast<int>(i));
      }
      REQUIRE(domain.IndexOf(Atom("no such value")) == -1);
    }
  }
}

TEST_CASE("the text of domains has a line for each s-op") {
  const Inferred inferred = Infer(
      TextCase("h = selector_width(select(tokens, tokens, ==));\nx = h + indices;", "ab", 3), 3);
  const std::string text = ToText(inferred.graph(), inferred.domains);
  CHECK(text.find("h: 4 values [0, 1, 2, 3]\n") != std::string::npos);
  CHECK(text.find("x: 6 values [0, 1, 2, 3, 4, 5], 12 rows over position × h\n") !=
        std::string::npos);
}

}  // namespace
}  // namespace raspc
