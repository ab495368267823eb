// Graphs that are built, not traced: what the builder accepts, and that host functions, None and
// Python's rules for values are evaluated as documented.
#include "compiler/graph/graph_builder.h"

#include <catch2/catch.hpp>
#include <string>

#include "compiler/interpret/interpret.h"

namespace raspc {
namespace {

std::string ValuesOf(const GraphBuilder& build, NodeId id, std::vector<Atom> input,
                     bool causal = false) {
  Diagnostics diag;
  Interpreter interpreter(build.graph(), std::move(input), causal);
  const NodeValue* value = interpreter.Evaluate(id, diag);
  if (value == nullptr) return diag.all().front().message;
  return ToJson(std::get<SOpValues>(*value));
}

std::shared_ptr<const HostFunction> Function(std::string name, HostFunction::Function function,
                                             bool keeps_none = false) {
  return std::make_shared<HostFunction>(std::move(name), std::move(function), keeps_none);
}

std::int64_t IntOfAtom(const Atom& atom) { return std::get<std::int64_t>(atom); }

TEST_CASE("a built graph is evaluated as a traced one is") {
  Diagnostics diag;
  GraphBuilder build(diag);
  const NodeId same = build.Select(build.Tokens(), build.Tokens(), Comparison::kEqual);
  CHECK(ValuesOf(build, build.SelectorWidth(same), CodePoints("abac")) == "[2, 1, 2, 1]");
  CHECK(ValuesOf(build, build.Length(), CodePoints("abac")) == "[4, 4, 4, 4]");
  const NodeId last =
      build.Map(MapOp::kSubtract, {build.Length(), build.Constant(std::int64_t{1})});
  const NodeId mirror = build.Map(MapOp::kSubtract, {last, build.Indices()});
  const NodeId opposite = build.Select(build.Indices(), mirror, Comparison::kEqual);
  const NodeId reverse = build.Aggregate(opposite, build.Tokens(), std::string("?"));
  CHECK(ValuesOf(build, reverse, CodePoints("abac")) == R"(["c", "a", "b", "a"])");
  const NodeId others = build.And(build.Not(same), build.SelectAll());
  CHECK(ValuesOf(build, build.SelectorWidth(others), CodePoints("abac")) == "[2, 3, 2, 3]");
  CHECK(ValuesOf(build, build.SelectorWidth(build.Or(same, build.SelectNone())),
                 CodePoints("abac")) == "[2, 1, 2, 1]");
  CHECK(diag.empty());
}

TEST_CASE("the builder reports what cannot be added, once") {
  Diagnostics diag;
  GraphBuilder build(diag);
  const NodeId wrong = build.Map(MapOp::kNot, {build.SelectAll()});
  CHECK(!wrong.IsValid());
  CHECK(!build.SelectorWidth(build.Select(wrong, wrong, Comparison::kEqual)).IsValid());
  REQUIRE(diag.all().size() == 1);
  CHECK(diag.all()[0].message == "`select` is a selector, but an s-op is required");
  CHECK(!build.SelectorWidth(build.Tokens()).IsValid());
  CHECK(!build.Map(MapOp::kNot, {NodeId{99}}).IsValid());
  CHECK(!build.Map(MapOp::kAdd, {build.Tokens()}).IsValid());
  CHECK(!build.Map(MapOp::kMember, {build.Tokens()}).IsValid());
  CHECK(!build.Map(Function("f", nullptr), {}).IsValid());
  CHECK(diag.all().size() == 6);
}

TEST_CASE("host functions are equal by identity and called once for each point") {
  Diagnostics diag;
  GraphBuilder build(diag);
  const auto add = Function("add", [](std::span<const Atom> point) -> OpResult {
    std::int64_t sum = 0;
    for (const Atom& atom : point) sum += IntOfAtom(atom);
    return Atom(sum);
  });
  const NodeId i = build.Indices();
  const NodeId twice = build.Map(add, {i, i});
  CHECK(build.Map(add, {i, i}) == twice);
  CHECK(build.Map(Function("add", add ? HostFunction::Function() : nullptr), {i, i}) != twice);
  CHECK(ValuesOf(build, twice, CodePoints("abc")) == "[0, 2, 4]");
  CHECK(ValuesOf(build, build.Map(add, {i, twice, i, twice}), CodePoints("abc")) == "[0, 6, 12]");
  CHECK(add->num_calls() == 6);  // (0, 0, 0, 0) is not (0, 0)
  CHECK(ValuesOf(build, twice, CodePoints("abc")) == "[0, 2, 4]");
  CHECK(add->num_calls() == 6);
}

TEST_CASE("a host function that fails is named with the values") {
  Diagnostics diag;
  GraphBuilder build(diag);
  const auto fail = Function("inverse", [](std::span<const Atom> point) -> OpResult {
    if (IntOfAtom(point[0]) == 1) return OpError{ErrorKind::kValue, "ZeroDivisionError"};
    return Atom(std::int64_t{7});
  });
  const NodeId f = build.Map(fail, {build.Indices()});
  CHECK(ValuesOf(build, f, CodePoints("a")) == "[7]");
  CHECK(ValuesOf(build, f, CodePoints("ab")) ==
        R"(inverse(1): ZeroDivisionError, at position 1 of the input "ab")");
}

TEST_CASE("a predicate of the host selects where it holds") {
  Diagnostics diag;
  GraphBuilder build(diag);
  const auto next = Function("next", [](std::span<const Atom> pair) -> OpResult {
    return Atom(IntOfAtom(pair[0]) == IntOfAtom(pair[1]) + 1);
  });
  const NodeId select = build.Select(build.Indices(), build.Indices(), next);
  const NodeId shifted = build.Aggregate(select, build.Tokens(), std::string("-"));
  CHECK(ValuesOf(build, shifted, CodePoints("abc")) == R"(["b", "c", "-"])");
  CHECK(ValuesOf(build, shifted, CodePoints("abc"), /*causal=*/true) == R"(["-", "-", "-"])");
  const NodeId both =
      build.Or(select, build.Not(build.Select(build.Indices(), build.Indices(), next)));
  CHECK(ValuesOf(build, build.SelectorWidth(both), CodePoints("abc")) == "[3, 3, 3]");
}

TEST_CASE("by Python's rules None is a value beside others, and bools are averaged") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const NodeId i = build.Indices();
  const NodeId before = build.Select(
      i, build.Map(MapOp::kSubtract, {i, build.Constant(std::int64_t{1})}), Comparison::kEqual);
  const NodeId previous = build.Aggregate(before, i, NoneValue());
  const auto with_none = [&](const std::string& rest) {
    return "[" + ToJson(NoneValue()) + ", " + rest + "]";
  };
  CHECK(ValuesOf(build, previous, CodePoints("abc")) == with_none("0, 1"));
  const auto next = Function(
      "next", [](std::span<const Atom> point) -> OpResult { return Atom(IntOfAtom(point[0]) + 1); },
      /*keeps_none=*/true);
  CHECK(ValuesOf(build, build.Map(next, {previous}), CodePoints("abc")) == with_none("1, 2"));
  CHECK(next->num_calls() == 2);
  // One value is taken as it is, also None; several have a mean, unless None is among them.
  const NodeId upto = build.Select(i, i, Comparison::kLessEqual);
  CHECK(ValuesOf(build, build.Aggregate(upto, previous, NoneValue()), CodePoints("a")) ==
        "[" + ToJson(NoneValue()) + "]");
  CHECK(ValuesOf(build, build.Aggregate(upto, previous, NoneValue()), CodePoints("ab"))
            .starts_with("aggregate averages 2 values, which include"));
  const NodeId is_a = build.Map(MapOp::kEqual, {build.Tokens(), build.Constant(std::string("a"))});
  CHECK(ValuesOf(build, build.Aggregate(upto, is_a, NoneValue()), CodePoints("ab")) ==
        "[true, 0.5]");
}

TEST_CASE("values that cannot be ordered are found wherever they are") {
  Diagnostics diag;
  GraphBuilder build(diag, ValueRules::kPython);
  const NodeId less = build.Select(build.Tokens(), build.Indices(), Comparison::kLess);
  const std::vector<Atom> mixed{std::int64_t{0}, std::string("a")};
  CHECK(ValuesOf(build, build.SelectorWidth(less), {std::int64_t{0}}) == "[0]");
  CHECK(ValuesOf(build, build.SelectorWidth(less), mixed).starts_with("select: "));
}

}  // namespace
}  // namespace raspc
