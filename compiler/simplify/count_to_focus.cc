#include "compiler/simplify/count_to_focus.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

bool IsInt(const DataflowGraph& graph, NodeId id, std::int64_t value) {
  const auto* constant = std::get_if<ConstantNode>(&graph[id].kind);
  return constant != nullptr && Identical(constant->value, Atom(value));
}

// Whether `width op constant` says no more than whether the width is 0.
bool IsAboutNone(const DataflowGraph& graph, MapOp op, NodeId constant) {
  switch (op) {
    case MapOp::kEqual:
    case MapOp::kNotEqual:
    case MapOp::kGreater:
    case MapOp::kLessEqual:
      return IsInt(graph, constant, 0);
    case MapOp::kLess:
    case MapOp::kGreaterEqual:
      return IsInt(graph, constant, 1);
    default:
      return false;
  }
}

MapOp Mirrored(MapOp op) {
  switch (op) {
    case MapOp::kLess:
      return MapOp::kGreater;
    case MapOp::kLessEqual:
      return MapOp::kGreaterEqual;
    case MapOp::kGreater:
      return MapOp::kLess;
    case MapOp::kGreaterEqual:
      return MapOp::kLessEqual;
    default:
      return op;
  }
}

// Which operand of a comparison is a width that is compared with none; -1: neither.
int WidthAt(const DataflowGraph& graph, NodeId id) {
  const auto* map = std::get_if<MapNode>(&graph[id].kind);
  if (map == nullptr || map->operands.size() != 2) return -1;
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
    const MapOp op = at == 0 ? map->op : Mirrored(map->op);
    if (std::holds_alternative<WidthNode>(graph[map->operands[at]].kind) &&
        IsAboutNone(graph, op, map->operands[1 - at])) {
      return static_cast<int>(at);
    }
  }
  return -1;
}

}  // namespace

std::optional<SimplifiedGraph> CountToFocus(const SimplifiedGraph& simplified) {
  const DataflowGraph& graph = simplified.graph;
  RewrittenGraph rewritten(graph);
  bool is_changed = false;
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const int at = WidthAt(graph, id);
    if (at < 0) {
      rewritten.Copy(id);
      continue;
    }
    MapNode comparison = std::get<MapNode>(graph[id].kind);
    const NodeId width = comparison.operands[static_cast<std::size_t>(at)];
    for (NodeId& operand : comparison.operands) operand = rewritten.NewIdOf(operand);
    const NodeId one = rewritten.AddHelper(id, ConstantNode{Atom(std::int64_t{1})});
    const NodeId selector = rewritten.NewIdOf(std::get<WidthNode>(graph[width].kind).selector);
    comparison.operands[static_cast<std::size_t>(at)] =
        rewritten.AddHelper(id, AggregateNode{selector, one, Atom(std::int64_t{0})});
    rewritten.Replace(id, std::move(comparison));
    is_changed = true;
  }
  if (!is_changed) return std::nullopt;
  return std::move(rewritten).Finish(simplified.output);
}

}  // namespace raspc
