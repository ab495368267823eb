#include "compiler/simplify/simplify.h"

#include <algorithm>
#include <array>
#include <optional>

#include "compiler/operations/atom_ops.h"
#include "compiler/simplify/affine.h"
#include "compiler/simplify/rewritten_graph.h"

namespace raspc {
namespace {

// Predicates on the shape of a graph, for recognising idioms.
class Shape {
 public:
  explicit Shape(const DataflowGraph& graph) : graph_(graph) {}

  template <typename Kind>
  const Kind* As(NodeId id) const {
    return std::get_if<Kind>(&graph_[id].kind);
  }
  const MapNode* AsMap(NodeId id, MapOp op) const {
    const auto* map = As<MapNode>(id);
    return map != nullptr && map->op == op ? map : nullptr;
  }
  const SelectorLogicNode* AsLogic(NodeId id, SelectorOp op) const {
    const auto* logic = As<SelectorLogicNode>(id);
    return logic != nullptr && logic->op == op ? logic : nullptr;
  }
  bool IsInt(NodeId id, std::int64_t value) const {
    const auto* constant = As<ConstantNode>(id);
    return constant != nullptr && Identical(constant->value, Atom(value));
  }
  bool IsIndices(NodeId id) const { return As<IndicesNode>(id) != nullptr; }

  // select(indices, 0, ==)
  bool IsFirst(NodeId id) const {
    const auto* select = As<SelectNode>(id);
    return select != nullptr && select->op == Comparison::kEqual && IsIndices(select->keys) &&
           IsInt(select->queries, 0);
  }
  // indicator(indices == 0)
  bool IsMark(NodeId id) const {
    const MapNode* indicator = AsMap(id, MapOp::kIndicator);
    if (indicator == nullptr) return false;
    const MapNode* equal = AsMap(indicator->operands[0], MapOp::kEqual);
    return equal != nullptr && IsIndices(equal->operands[0]) && IsInt(equal->operands[1], 0);
  }
  // The selector s of 1 / aggregate(s, mark), where mark is indicator(indices == 0), or nothing.
  std::optional<NodeId> InverseShare(NodeId id) const {
    const MapNode* divide = AsMap(id, MapOp::kDivide);
    if (divide == nullptr || !IsInt(divide->operands[0], 1)) return std::nullopt;
    const auto* share = As<AggregateNode>(divide->operands[1]);
    if (share == nullptr || !IsMark(share->values)) return std::nullopt;
    return share->selector;
  }
  static bool HasDefaultZero(const AggregateNode& node) {
    return !node.default_value || Identical(*node.default_value, Atom(std::int64_t{0}));
  }

 private:
  const DataflowGraph& graph_;
};

// The selector whose width `rounded`, the operand of a round, computes.
std::optional<NodeId> MatchWidth(const DataflowGraph& graph, NodeId rounded) {
  const Shape shape(graph);
  const auto full = shape.InverseShare(rounded);
  if (full && IsFullSelector(graph, *full)) return full;

  const MapNode* sum = shape.AsMap(rounded, MapOp::kAdd);
  if (sum == nullptr) return std::nullopt;
  const MapNode* less_one = shape.AsMap(sum->operands[0], MapOp::kSubtract);
  if (less_one == nullptr || !shape.IsInt(less_one->operands[1], 1)) return std::nullopt;
  const auto with_first = shape.InverseShare(less_one->operands[0]);
  const auto* has_first = shape.As<AggregateNode>(sum->operands[1]);
  if (!with_first || has_first == nullptr || !shape.IsInt(has_first->values, 1) ||
      !Shape::HasDefaultZero(*has_first)) {
    return std::nullopt;
  }
  const SelectorLogicNode* either = shape.AsLogic(*with_first, SelectorOp::kOr);
  const SelectorLogicNode* both = shape.AsLogic(has_first->selector, SelectorOp::kAnd);
  if (either == nullptr || both == nullptr || either->operands != both->operands)
    return std::nullopt;
  return shape.IsFirst(either->operands[1]) ? std::optional(either->operands[0]) : std::nullopt;
}

// Which s-ops have only ints as values, whatever the vocabulary, judging by their shape.
class KnownInts {
 public:
  bool Has(const DataflowGraph& graph, NodeId id) {
    const auto [at, is_new] = known_.try_emplace(id.value, false);
    if (!is_new) return at->second;
    const bool result =
        std::visit([&](const auto& kind) { return IsInt(graph, kind); }, graph[id].kind);
    return known_[id.value] = result;
  }

 private:
  bool IsInt(const DataflowGraph&, const TokensNode& node) { return node.view == TokenView::kInt; }
  bool IsInt(const DataflowGraph&, const IndicesNode&) { return true; }
  bool IsInt(const DataflowGraph&, const ConstantNode& node) {
    return TypeOf(node.value) == AtomType::kInt;
  }
  bool IsInt(const DataflowGraph&, const WidthNode&) { return true; }
  bool IsInt(const DataflowGraph&, const SumNode&) { return true; }
  // One value of the row at most, and not a mean.
  bool IsInt(const DataflowGraph& graph, const AggregateNode& node) {
    const auto* select = std::get_if<SelectNode>(&graph[node.selector].kind);
    return select != nullptr && select->op == Comparison::kEqual &&
           std::holds_alternative<IndicesNode>(graph[select->keys].kind) &&
           TypeOf(DefaultOf(node)) == AtomType::kInt && Has(graph, node.values);
  }
  bool IsInt(const DataflowGraph&, const SelectNode&) { return false; }
  bool IsInt(const DataflowGraph&, const SelectorLogicNode&) { return false; }
  bool IsInt(const DataflowGraph&, const HostSelectNode&) { return false; }
  bool IsInt(const DataflowGraph& graph, const MapNode& node) {
    const auto is_int = [](const Atom& atom) { return TypeOf(atom) == AtomType::kInt; };
    switch (node.op) {
      case MapOp::kRound:
      case MapOp::kIndicator:
        return true;
      case MapOp::kAdd:
      case MapOp::kSubtract:
      case MapOp::kMultiply:
      case MapOp::kModulo:
      case MapOp::kNegate:
      case MapOp::kPlus:
        return AllFrom(graph, node, 0);
      case MapOp::kPower:
        return AllFrom(graph, node, 0) && IsNeverNegative(graph, node.operands[1]);
      case MapOp::kChoose:
        return AllFrom(graph, node, 1);
      case MapOp::kLookUp:
        return std::all_of(node.table->items.begin(), node.table->items.end(), is_int);
      case MapOp::kLookUpKey:
        return std::all_of(node.table->entries.begin(), node.table->entries.end(),
                           [&](const auto& entry) { return is_int(entry.second); });
      default:
        return false;
    }
  }
  static bool IsNeverNegative(const DataflowGraph& graph, NodeId id) {
    constexpr std::int64_t kMaxNonNegativePositions = std::int64_t{1} << 22;
    const auto form = FindAffine(graph, /*causal=*/false)[static_cast<std::size_t>(id.value)];
    return form && form->Least(kMaxNonNegativePositions) >= 0;
  }
  bool AllFrom(const DataflowGraph& graph, const MapNode& node, std::size_t first) {
    return std::all_of(node.operands.begin() + static_cast<std::ptrdiff_t>(first),
                       node.operands.end(), [&](NodeId operand) { return Has(graph, operand); });
  }

  std::unordered_map<std::int32_t, bool> known_;
};

// The number of positions in a row of a selector that compares positions with positions.
std::optional<Affine> AffineWidth(const DataflowGraph& graph, NodeId selector) {
  if (IsFullSelector(graph, selector)) return Affine{1, 0, 0};
  const Shape shape(graph);
  const auto* select = shape.As<SelectNode>(selector);
  if (select == nullptr || !shape.IsIndices(select->keys) || !shape.IsIndices(select->queries)) {
    return std::nullopt;
  }
  switch (select->op) {
    case Comparison::kLess:
      return Affine{0, 1, 0};
    case Comparison::kLessEqual:
      return Affine{0, 1, 1};
    case Comparison::kGreater:
      return Affine{1, -1, -1};
    case Comparison::kGreaterEqual:
      return Affine{1, -1, 0};
    case Comparison::kEqual:
      return Affine{0, 0, 1};
    case Comparison::kNotEqual:
      return Affine{1, 0, -1};
  }
  return std::nullopt;
}

class Simplifier {
 public:
  Simplifier(const DataflowGraph& graph, bool find_counts)
      : old_(graph), find_counts_(find_counts), rewritten_(graph) {}

  SimplifiedGraph Run(NodeId output) {
    const std::array<NodeId, 1> roots{output};
    for (const NodeId id : Reachable(old_, roots)) Rewrite(id);
    return std::move(rewritten_).Finish(output);
  }

 private:
  void Rewrite(NodeId id) {
    const auto* map = std::get_if<MapNode>(&old_[id].kind);
    const auto simpler = map != nullptr ? SimplerThan(*map, id) : std::nullopt;
    if (simpler) {
      rewritten_.Replace(id, *simpler);
    } else {
      rewritten_.Copy(id);
    }
  }

  // With operands in the new graph.
  std::optional<NodeKind> SimplerThan(const MapNode& node, NodeId id) {
    if (const auto folded = FoldConstants(node)) return ConstantNode{*folded};
    if (!find_counts_ || node.op != MapOp::kRound) return std::nullopt;
    if (const auto selector = MatchWidth(old_, node.operands[0])) {
      return WidthNode{rewritten_.NewIdOf(*selector)};
    }
    return MatchSum(rewritten_.NewIdOf(node.operands[0]), id);
  }

  // The value of a map of constants, unless the operation fails on them.
  std::optional<Atom> FoldConstants(const MapNode& node) const {
    std::vector<Atom> operands;
    for (const NodeId operand : node.operands) {
      const auto* constant = std::get_if<ConstantNode>(&graph()[rewritten_.NewIdOf(operand)].kind);
      if (constant == nullptr) return std::nullopt;
      operands.push_back(constant->value);
    }
    const OpResult result = Apply(graph().arithmetic(), node.op, operands, node.table.get());
    const Atom* value = std::get_if<Atom>(&result);
    return value != nullptr ? std::optional<Atom>(*value) : std::nullopt;
  }

  // width(s) * aggregate(s, x) of ints x, in the new graph, as their sum; for x of 0 and 1, as the
  // width of both.
  std::optional<NodeKind> MatchSum(NodeId product, NodeId origin) {
    const Shape shape(graph());
    const MapNode* multiply = shape.AsMap(product, MapOp::kMultiply);
    if (multiply == nullptr) return std::nullopt;
    for (const std::size_t width_at : {std::size_t{0}, std::size_t{1}}) {
      const auto* mean = shape.As<AggregateNode>(multiply->operands[1 - width_at]);
      if (mean == nullptr || !IsWidthOf(multiply->operands[width_at], mean->selector) ||
          (mean->default_value && !IsNumber(*mean->default_value))) {
        continue;
      }
      const NodeId selector = mean->selector;
      const NodeId values = mean->values;
      if (shape.AsMap(values, MapOp::kIndicator) != nullptr) {
        return Count(selector, values, origin);
      }
      if (ints_.Has(graph(), values)) return SumNode{selector, values};
    }
    return std::nullopt;
  }

  NodeKind Count(NodeId selector, NodeId indicator, NodeId origin) {
    const NodeId one = rewritten_.AddHelper(origin, ConstantNode{Atom(std::int64_t{1})});
    const NodeId marked =
        rewritten_.AddHelper(origin, SelectNode{Comparison::kEqual, indicator, one});
    return WidthNode{rewritten_.AddHelper(
        origin, SelectorLogicNode{SelectorOp::kAnd, {selector, marked}})};
  }

  // Whether an s-op is the width of a selector: as such, or as a sum of the position and the length
  // where the selector compares positions.
  bool IsWidthOf(NodeId id, NodeId selector) const {
    const Shape shape(graph());
    if (const auto* width = shape.As<WidthNode>(id)) {
      if (width->selector == selector) return true;
    }
    const auto wanted = AffineWidth(graph(), selector);
    // As a symbol, the length is the width of a full selector, also causally.
    return wanted &&
           FindAffine(graph(), /*causal=*/false)[static_cast<std::size_t>(id.value)] == wanted;
  }

  const DataflowGraph& graph() const { return rewritten_.graph(); }

  const DataflowGraph& old_;
  bool find_counts_;
  RewrittenGraph rewritten_;
  KnownInts ints_;
};

}  // namespace

bool IsFullSelector(const DataflowGraph& graph, NodeId id) {
  const auto* select = std::get_if<SelectNode>(&graph[id].kind);
  if (select == nullptr) return false;
  const auto* key = std::get_if<ConstantNode>(&graph[select->keys].kind);
  const auto* query = std::get_if<ConstantNode>(&graph[select->queries].kind);
  if (key == nullptr || query == nullptr) return false;
  const OpResult holds = CompareForSelect(select->op, key->value, query->value);
  const Atom* value = std::get_if<Atom>(&holds);
  return value != nullptr && IsTrue(*value);
}

SimplifiedGraph Simplify(const DataflowGraph& graph, NodeId output, bool find_counts) {
  return Simplifier(graph, find_counts).Run(output);
}

}  // namespace raspc
