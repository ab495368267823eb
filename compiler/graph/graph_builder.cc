#include "compiler/graph/graph_builder.h"

#include <fmt/format.h>

#include <utility>

namespace raspc {
namespace {

constexpr int kMaxBuiltNodes = 1'000'000;

}  // namespace

GraphBuilder::GraphBuilder(Diagnostics& diag, ValueRules rules, ArithmeticKind arithmetic)
    : diag_(diag), graph_(arithmetic, rules) {}

NodeId GraphBuilder::Fail(ErrorKind kind, std::string message) {
  diag_.Error(kind, location_, std::move(message));
  return NodeId{};
}

NodeId GraphBuilder::Add(NodeKind kind) {
  if (graph_.size() >= kMaxBuiltNodes) {
    return Fail(ErrorKind::kLimit,
                fmt::format("the program has more than {} s-ops and selectors", kMaxBuiltNodes));
  }
  return graph_.Add(std::move(kind), location_);
}

bool GraphBuilder::AreOfKind(const std::vector<NodeId>& ids, bool selectors) {
  for (const NodeId id : ids) {
    if (!id.IsValid()) return false;  // reported where it was made
    if (id.value >= graph_.size()) {
      Fail(ErrorKind::kInput, fmt::format("there is no node {}", id.value));
      return false;
    }
    if (graph_.IsSelector(id) == selectors) continue;
    Fail(ErrorKind::kType,
         fmt::format("{} is {}, but {} is required", NameInMessage(graph_, id),
                     selectors ? "an s-op" : "a selector", selectors ? "a selector" : "an s-op"));
    return false;
  }
  return true;
}

bool GraphBuilder::AreSOps(const std::vector<NodeId>& ids) { return AreOfKind(ids, false); }
bool GraphBuilder::AreSelectors(const std::vector<NodeId>& ids) { return AreOfKind(ids, true); }

NodeId GraphBuilder::Tokens(TokenView view) { return Add(TokensNode{view}); }
NodeId GraphBuilder::Indices() { return Add(IndicesNode{}); }
NodeId GraphBuilder::Constant(Atom value) { return Add(ConstantNode{std::move(value)}); }
NodeId GraphBuilder::Length() { return SelectorWidth(SelectAll()); }

NodeId GraphBuilder::Map(MapOp op, std::vector<NodeId> operands) {
  const int num_operands = NumOperands(op);
  const bool has_table = op == MapOp::kMember || op == MapOp::kLookUp || op == MapOp::kLookUpKey ||
                         op == MapOp::kPlace || op == MapOp::kHost;
  if (has_table || static_cast<int>(operands.size()) != num_operands) {
    return Fail(ErrorKind::kInput,
                fmt::format("'{}' cannot have {} operands here", NameOf(op), operands.size()));
  }
  return AreSOps(operands) ? Add(MapNode{op, std::move(operands), nullptr}) : NodeId{};
}

NodeId GraphBuilder::Map(std::shared_ptr<const HostFunction> function,
                         std::vector<NodeId> operands) {
  if (operands.empty() || operands.size() > kMaxOperands) {
    return Fail(ErrorKind::kInput, fmt::format("a function of {} s-ops; 1 to {} are possible",
                                               operands.size(), kMaxOperands));
  }
  if (!AreSOps(operands)) return NodeId{};
  auto table = std::make_shared<MapTable>();
  table->function = std::move(function);
  return Add(MapNode{MapOp::kHost, std::move(operands), std::move(table)});
}

NodeId GraphBuilder::Select(NodeId keys, NodeId queries, Comparison op) {
  return AreSOps({keys, queries}) ? Add(SelectNode{op, keys, queries}) : NodeId{};
}

NodeId GraphBuilder::Select(NodeId keys, NodeId queries,
                            std::shared_ptr<const HostFunction> predicate) {
  return AreSOps({keys, queries}) ? Add(HostSelectNode{std::move(predicate), keys, queries})
                                  : NodeId{};
}

// As the language's full_s is.
NodeId GraphBuilder::SelectAll() {
  const NodeId one = Constant(std::int64_t{1});
  return Select(one, one, Comparison::kEqual);
}

NodeId GraphBuilder::SelectNone() {
  const NodeId one = Constant(std::int64_t{1});
  return Select(one, one, Comparison::kNotEqual);
}

NodeId GraphBuilder::And(NodeId a, NodeId b) {
  return AreSelectors({a, b}) ? Add(SelectorLogicNode{SelectorOp::kAnd, {a, b}}) : NodeId{};
}

NodeId GraphBuilder::Or(NodeId a, NodeId b) {
  return AreSelectors({a, b}) ? Add(SelectorLogicNode{SelectorOp::kOr, {a, b}}) : NodeId{};
}

NodeId GraphBuilder::Not(NodeId selector) {
  return AreSelectors({selector}) ? Add(SelectorLogicNode{SelectorOp::kNot, {selector}}) : NodeId{};
}

NodeId GraphBuilder::Aggregate(NodeId selector, NodeId values, Atom default_value) {
  if (!AreSelectors({selector}) || !AreSOps({values})) return NodeId{};
  return Add(AggregateNode{selector, values, std::move(default_value)});
}

NodeId GraphBuilder::SelectorWidth(NodeId selector) {
  return AreSelectors({selector}) ? Add(WidthNode{selector}) : NodeId{};
}

void GraphBuilder::Name(NodeId id, std::string name) {
  if (id.IsValid() && id.value < graph_.size()) graph_.Name(id, std::move(name));
}

}  // namespace raspc
