// Hash-consing, reachability and the printed form of the dataflow graph.
#include <array>
#include <catch2/catch.hpp>

#include "compiler/graph/dataflow_graph.h"

namespace raspc {
namespace {

NodeId Constant(DataflowGraph& graph, Atom value) {
  return graph.Add(ConstantNode{std::move(value)}, {});
}

TEST_CASE("equal nodes are made once, and nodes that differ in anything are not") {
  DataflowGraph graph;
  const NodeId one = Constant(graph, std::int64_t{1});
  CHECK(Constant(graph, std::int64_t{1}) == one);
  CHECK(Constant(graph, 1.0) != one);
  CHECK(Constant(graph, true) != one);
  CHECK(Constant(graph, "1") != one);
  CHECK(Constant(graph, 0.0) != Constant(graph, -0.0));

  const NodeId two = Constant(graph, std::int64_t{2});
  const NodeId sum = graph.Add(MapNode{MapOp::kAdd, {one, two}, nullptr}, {});
  CHECK(graph.Add(MapNode{MapOp::kAdd, {one, two}, nullptr}, {}) == sum);
  CHECK(graph.Add(MapNode{MapOp::kAdd, {two, one}, nullptr}, {}) != sum);
  CHECK(graph.Add(MapNode{MapOp::kSubtract, {one, two}, nullptr}, {}) != sum);
  const NodeId equal = graph.Add(SelectNode{Comparison::kEqual, one, two}, {});
  CHECK(graph.Add(SelectNode{Comparison::kNotEqual, one, two}, {}) != equal);

  const NodeId mean = graph.Add(AggregateNode{equal, one, std::nullopt}, {});
  CHECK(graph.Add(AggregateNode{equal, one, Atom(std::int64_t{0})}, {}) == mean);
  CHECK(graph.Add(AggregateNode{equal, one, Atom(0.0)}, {}) != mean);
  CHECK(graph.Add(AggregateNode{equal, one, Atom("")}, {}) != mean);
}

TEST_CASE("tables that mean the same are one node, and strings cannot run into each other") {
  DataflowGraph graph;
  const NodeId tokens = graph.Add(TokensNode{TokenView::kString}, {});
  const auto member = [&](std::vector<Atom> items) {
    MapTable table;
    table.items = std::move(items);
    return graph.Add(
        MapNode{MapOp::kMember, {tokens}, std::make_shared<const MapTable>(std::move(table))}, {});
  };
  CHECK(member({"b", "a"}) == member({"a", "b"}));
  CHECK(member({"a", "a", "b"}) == member({"a", "b"}));
  CHECK(member({"ab", "c"}) != member({"a", "bc"}));

  const auto index = [&](std::vector<Atom> items) {
    MapTable table;
    table.items = std::move(items);
    return graph.Add(
        MapNode{MapOp::kLookUp, {tokens}, std::make_shared<const MapTable>(std::move(table))}, {});
  };
  CHECK(index({"b", "a"}) != index({"a", "b"}));  // here the order is the meaning
}

TEST_CASE("Reachable gives what the roots depend on, in ascending order") {
  DataflowGraph graph;
  const NodeId tokens = graph.Add(TokensNode{TokenView::kString}, {});
  const NodeId indices = graph.Add(IndicesNode{}, {});
  const NodeId same = graph.Add(SelectNode{Comparison::kEqual, tokens, tokens}, {});
  const NodeId mean = graph.Add(AggregateNode{same, indices, std::nullopt}, {});
  const NodeId other = graph.Add(MapNode{MapOp::kRound, {mean}, nullptr}, {});

  CHECK(Reachable(graph, std::array{mean}) == std::vector{tokens, indices, same, mean});
  CHECK(Reachable(graph, std::array{same, indices}) == std::vector{tokens, indices, same});
  CHECK(Reachable(graph, std::array{other}).size() == 5);
  CHECK(Reachable(graph, {}).empty());
}

TEST_CASE("a graph a hundred thousand nodes deep is walked without recursion") {
  DataflowGraph graph;
  NodeId last = graph.Add(IndicesNode{}, {});
  for (int i = 0; i < 100'000; ++i) {
    last = graph.Add(MapNode{MapOp::kNegate, {last}, nullptr}, {});
  }
  CHECK(Reachable(graph, std::array{last}).size() == 100'001);
}

TEST_CASE("the printed form has a readable line per node") {
  DataflowGraph graph;
  const auto source = std::make_shared<const SourceText>("p.rasp", "x = tokens;");
  const NodeId tokens = graph.Add(TokensNode{TokenView::kString}, {source, 1, 5});
  const NodeId one = Constant(graph, std::int64_t{1});
  const NodeId same = graph.Add(SelectNode{Comparison::kLessEqual, tokens, one}, {});
  const NodeId none = graph.Add(SelectorLogicNode{SelectorOp::kNot, {same}}, {});
  const NodeId both = graph.Add(SelectorLogicNode{SelectorOp::kAnd, {same, none}}, {});
  const NodeId mean = graph.Add(AggregateNode{both, one, Atom("-")}, {});
  graph.Name(mean, "x");
  graph.Name(mean, "y");  // the first name stays
  MapTable table;
  table.entries = {{"b", std::int64_t{2}}, {"a", std::int64_t{1}}};
  graph.Add(MapNode{MapOp::kLookUpKey, {tokens}, std::make_shared<const MapTable>(table)}, {});
  graph.Add(MapNode{MapOp::kChoose, {tokens, one, mean}, nullptr}, {});
  graph.Add(WidthNode{both}, {});

  CHECK(ToText(graph) ==
        "%0 = tokens_str    # p.rasp:1:5\n"
        "%1 = constant 1\n"
        "%2 = select(%0, %1, <=)\n"
        "%3 = selector not %2\n"
        "%4 = selector %2 and %3\n"
        "%5 = aggregate(%4, %1, \"-\")    # x\n"
        "%6 = map {\"a\": 1, \"b\": 2}[%0]\n"
        "%7 = map %1 if %0 else %5\n"
        "%8 = width(%4)\n");
  CHECK(graph.Describe(mean) == "x");
  CHECK(graph.Describe(both) == "selector");
  CHECK(graph.Describe(tokens) == "tokens_str");
}

}  // namespace
}  // namespace raspc
