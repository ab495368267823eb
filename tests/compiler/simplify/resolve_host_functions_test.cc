// Host functions in compiled models: predicates of every shape, maps, None, and points at which
// they fail. A model's outputs are compared with the interpreter's on all inputs.
#include "compiler/simplify/resolve_host_functions.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "compiler/compile.h"
#include "compiler/graph/graph_builder.h"
#include "compiler/load/load_program.h"
#include "compiler/verify/verify.h"

namespace raspc {
namespace {

constexpr std::int64_t kLength = 5;

std::int64_t Int(const Atom& atom) { return std::get<std::int64_t>(atom); }

std::shared_ptr<const HostFunction> PredicateOf(
    std::function<bool(std::int64_t key, std::int64_t query)> holds) {
  return std::make_shared<HostFunction>("holds", [=](std::span<const Atom> pair) -> OpResult {
    return Atom(holds(Int(pair[0]), Int(pair[1])));
  });
}

std::shared_ptr<const HostFunction> MapOf(std::string name,
                                          std::function<OpResult(std::span<const Atom>)> f) {
  return std::make_shared<HostFunction>(std::move(name), std::move(f), /*keeps_none=*/true);
}

ProgramSettings SettingsFor(std::vector<Atom> vocabulary, bool causal) {
  ProgramSettings settings;
  settings.vocab = std::move(vocabulary);
  settings.max_length = kLength;
  settings.causal = causal;
  return settings;
}

const std::vector<Atom> kDigits{std::int64_t{0}, std::int64_t{1}, std::int64_t{2}};

// Compiles the s-op and compares the model with the interpreter on every input; the messages.
std::vector<std::string> CompileAndVerify(const GraphBuilder& build, NodeId output, bool causal,
                                          std::int64_t* skipped = nullptr) {
  Diagnostics diag;
  const auto program =
      MakeProgram(build.graph(), output, "out", SettingsFor(kDigits, causal), diag);
  REQUIRE(program);
  const auto model = Compile(*program, diag);
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : diag.all()) {
    messages.push_back(diagnostic.message);
    for (const auto& note : diagnostic.notes) messages.push_back(note.message);
  }
  if (!model) return messages;
  VerifyPlan plan;
  plan.exhaustive_length = kLength;
  const auto report = Verify(*program, *model, plan, diag);
  REQUIRE(report);
  for (const Difference& difference : report->differences) {
    UNSCOPED_INFO(ToJson(difference.input)
                  << ": " << difference.wanted << ", got " << difference.got);
  }
  CHECK(report->compared > 0);
  CHECK(report->differing == 0);
  if (skipped != nullptr) *skipped = report->skipped;
  return messages;
}

TEST_CASE("predicates of every shape become comparisons") {
  using Holds = std::function<bool(std::int64_t, std::int64_t)>;
  const std::vector<std::pair<std::string, Holds>> shapes{
      {"everything", [](auto, auto) { return true; }},
      {"nothing", [](auto, auto) { return false; }},
      {"a comparison", [](auto k, auto q) { return k < q; }},
      {"at a distance", [](auto k, auto q) { return k == q - 1; }},
      {"an order at a distance", [](auto k, auto q) { return k <= q + 2; }},
      {"of the key", [](auto k, auto) { return k % 2 == 0; }},
      {"of the query", [](auto, auto q) { return q == 1; }},
      {"equal classes", [](auto k, auto q) { return k / 2 == q % 2; }},
      {"an order of classes", [](auto k, auto q) { return k % 3 <= q % 2; }},
      {"neither", [](auto k, auto q) { return (k * k + q) % 3 == 1; }},
  };
  for (const bool of_tokens : {false, true}) {
    for (const bool causal : {false, true}) {
      for (const auto& [name, holds] : shapes) {
        INFO(name << (of_tokens ? ", of tokens" : ", of indices") << (causal ? ", causal" : ""));
        Diagnostics diag;
        GraphBuilder build(diag, ValueRules::kPython);
        const NodeId x = of_tokens ? build.Tokens() : build.Indices();
        const NodeId select = build.Select(x, x, PredicateOf(holds));
        const NodeId width = build.SelectorWidth(select);
        CHECK(CompileAndVerify(build, width, causal).empty());
        const NodeId mean = build.Aggregate(select, build.Tokens(), NoneValue());
        CHECK(CompileAndVerify(build, mean, causal).empty());
      }
    }
  }
}

TEST_CASE("nested predicates are resolved one after the other") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const NodeId same = build.Select(build.Tokens(), build.Tokens(),
                                   PredicateOf([](auto k, auto q) { return k == q; }));
  const NodeId count = build.SelectorWidth(same);
  const NodeId more =
      build.Select(count, build.Tokens(), PredicateOf([](auto k, auto q) { return k > q; }));
  CHECK(CompileAndVerify(build, build.SelectorWidth(build.And(more, build.Not(same))), false)
            .empty());
}

TEST_CASE("a map that computes an operation of the language becomes it, and no other does") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const NodeId t = build.Tokens(), i = build.Indices();
  const auto resolved_op = [&](NodeId output) {
    CompileScope scope;
    scope.vocabulary = kDigits;
    scope.context_length = 20;
    scope.max_domain = 65536;
    Diagnostics errors;
    const auto resolved = ResolveHostFunctions(build.graph(), output, scope, errors);
    REQUIRE(resolved);
    const auto& [graph, id] = resolved->simplified;
    const auto* map = std::get_if<MapNode>(&graph[id].kind);
    return map != nullptr ? std::string(NameOf(map->op)) : "none";
  };
  const auto of = [&](std::function<std::int64_t(std::int64_t, std::int64_t)> f) {
    return build.Map(MapOf("f",
                           [=](std::span<const Atom> at) -> OpResult {
                             return Atom(f(Int(at[0]), at.size() > 1 ? Int(at[1]) : 0));
                           }),
                     {t, i});
  };
  CHECK(resolved_op(of([](auto x, auto y) { return x + y; })) == "+");
  CHECK(resolved_op(of([](auto x, auto y) { return y - x; })) == "-");
  CHECK(resolved_op(of([](auto x, auto y) { return y - x - 1; })) == "+");
  CHECK(resolved_op(of([](auto x, auto y) { return x * y; })) == "*");
  CHECK(resolved_op(of([](auto x, auto y) { return x * y + (y == 19 ? 1 : 0); })) == "function");
  const auto unary = [&](std::function<Atom(std::int64_t)> f) {
    return build.Map(
        MapOf("f", [=](std::span<const Atom> at) -> OpResult { return f(Int(at[0])); }), {i});
  };
  CHECK(resolved_op(unary([](auto x) { return Atom(x); })) == "none");
  CHECK(resolved_op(unary([](auto x) { return Atom(x + 3); })) == "+");
  CHECK(resolved_op(unary([](auto x) { return Atom(-4 * x); })) == "*");
  CHECK(resolved_op(unary([](auto x) { return Atom(static_cast<double>(x)); })) == "+");
  CHECK(resolved_op(unary([](auto x) { return Atom(x * x); })) == "function");
}

TEST_CASE("a point that never occurs may fail, and one that occurs is named") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const auto inverse = MapOf("inverse", [](std::span<const Atom> at) -> OpResult {
    if (Int(at[0]) == 0) return OpError{ErrorKind::kValue, "ZeroDivisionError"};
    return Atom(1.0 / static_cast<double>(Int(at[0])));
  });
  // A token is equal to itself, so no count is 0.
  const NodeId same = build.Select(build.Tokens(), build.Tokens(), Comparison::kEqual);
  CHECK(CompileAndVerify(build, build.Map(inverse, {build.SelectorWidth(same)}), false).empty());

  std::int64_t skipped = 0;
  const auto messages =
      CompileAndVerify(build, build.Map(inverse, {build.Tokens()}), false, &skipped);
  REQUIRE(messages.size() == 2);
  CHECK(messages[1].find("inverse(0): ZeroDivisionError") != std::string::npos);
  CHECK(skipped > 0);
}

TEST_CASE("a function without any value is an error that says what it said") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const auto broken = MapOf("broken", [](std::span<const Atom>) -> OpResult {
    return OpError{ErrorKind::kValue, "NameError"};
  });
  const auto messages = CompileAndVerify(build, build.Map(broken, {build.Tokens()}), false);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == "`broken` fails on every input over this vocabulary");
  CHECK(messages[1] == "broken(0): NameError");
}

TEST_CASE("a predicate that fails on values that occur is named with them") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const auto divides =
      std::make_shared<HostFunction>("divides", [](std::span<const Atom> pair) -> OpResult {
        if (Int(pair[0]) == 0) return OpError{ErrorKind::kValue, "ZeroDivisionError"};
        return Atom(Int(pair[1]) % Int(pair[0]) == 0);
      });
  const NodeId of_tokens = build.Select(build.Tokens(), build.Tokens(), divides);
  std::int64_t skipped = 0;
  const auto messages = CompileAndVerify(build, build.SelectorWidth(of_tokens), false, &skipped);
  REQUIRE(messages.size() == 2);
  CHECK(messages[1].find("divides(0, 0): ZeroDivisionError") != std::string::npos);
  CHECK(skipped > 0);

  // Keys that are never 0, although domains list it.
  const NodeId same = build.Select(build.Tokens(), build.Tokens(), Comparison::kEqual);
  const NodeId of_counts = build.Select(build.SelectorWidth(same), build.Indices(), divides);
  CHECK(CompileAndVerify(build, build.SelectorWidth(of_counts), false, &skipped).empty());
  CHECK(skipped == 0);
}

TEST_CASE("None passes through a model") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const bool causal = GENERATE(false, true);
  const NodeId before = build.Select(build.Indices(), build.Indices(),
                                     PredicateOf([](auto k, auto q) { return k == q - 1; }));
  const NodeId previous = build.Aggregate(before, build.Tokens(), NoneValue());
  CHECK(CompileAndVerify(build, previous, causal).empty());
  const auto sum = MapOf(
      "sum", [](std::span<const Atom> at) -> OpResult { return Atom(Int(at[0]) + Int(at[1])); });
  const NodeId of_two = build.Map(sum, {build.Tokens(), previous});
  CHECK(CompileAndVerify(build, of_two, causal).empty());
  // Again shifted, and used by a selector that treats None like any value.
  const NodeId again = build.Aggregate(before, of_two, NoneValue());
  CHECK(CompileAndVerify(build, again, causal).empty());
  const NodeId as_same = build.Select(of_two, of_two, Comparison::kEqual);
  CHECK(CompileAndVerify(build, build.SelectorWidth(as_same), causal).empty());
  // Text instead of a number for some.
  const auto words = MapOf("words", [](std::span<const Atom> at) -> OpResult {
    return Int(at[0]) == 2 ? Atom(std::string("two")) : at[0];
  });
  CHECK(CompileAndVerify(build, build.Map(words, {previous}), causal).empty());
}

TEST_CASE("what cannot be listed is refused with the names of function and s-op") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const NodeId all = build.SelectAll();
  const NodeId mean =
      build.Aggregate(all, build.Aggregate(all, build.Tokens(), NoneValue()), NoneValue());
  build.Name(mean, "mean");
  const NodeId odd = build.Map(MapOp::kPower, {mean, build.Constant(std::int64_t{9})});
  build.Name(odd, "odd");
  const NodeId select = build.Select(odd, odd, PredicateOf([](auto, auto) { return true; }));
  build.Name(select, "selector");
  const auto program = MakeProgram(
      build.graph(), build.SelectorWidth(select), "out",
      [] {
        ProgramSettings settings = SettingsFor(kDigits, false);
        settings.max_length = 200;
        return settings;
      }(),
      diag);
  REQUIRE(program);
  CHECK(!Compile(*program, diag));
  REQUIRE(diag.HasErrors());
  CHECK(diag.all()[0].message ==
        "`selector` calls holds for the values of `odd`, which cannot be listed");
}

}  // namespace
}  // namespace raspc
