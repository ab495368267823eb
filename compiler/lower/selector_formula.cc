#include "compiler/lower/selector_formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace raspc {
namespace {

// Parts of the same kind are opened, and equal ones are one.
Formula Combine(Formula::Kind kind, const std::vector<Formula>& parts) {
  Formula result;
  result.kind = kind;
  std::set<std::string> seen;
  const auto add = [&](const Formula& part) {
    if (seen.insert(KeyOf(part)).second) result.parts.push_back(part);
  };
  for (const Formula& part : parts) {
    if (part.kind != kind) {
      add(part);
      continue;
    }
    for (const Formula& inner : part.parts) add(inner);
  }
  if (result.parts.size() > 1) return result;
  Formula only = std::move(result.parts[0]);
  return only;
}

Formula Build(const DataflowGraph& graph, NodeId selector, bool negated) {
  if (std::holds_alternative<SelectNode>(graph[selector].kind)) {
    Formula formula;
    formula.select = selector;
    formula.negated = negated;
    return formula;
  }
  const auto& logic = std::get<SelectorLogicNode>(graph[selector].kind);
  if (logic.op == SelectorOp::kNot) return Build(graph, logic.operands[0], !negated);
  std::vector<Formula> parts;
  for (const NodeId operand : logic.operands) parts.push_back(Build(graph, operand, negated));
  const bool is_and = (logic.op == SelectorOp::kAnd) != negated;
  return Combine(is_and ? Formula::Kind::kAnd : Formula::Kind::kOr, parts);
}

void CollectComparisons(const Formula& formula, std::vector<NodeId>& found) {
  if (formula.kind == Formula::Kind::kComparison) {
    if (std::find(found.begin(), found.end(), formula.select) == found.end()) {
      found.push_back(formula.select);
    }
    return;
  }
  for (const Formula& part : formula.parts) CollectComparisons(part, found);
}

}  // namespace

Formula FormulaOfSelector(const DataflowGraph& graph, NodeId selector) {
  return Build(graph, selector, false);
}

Formula And(const Formula& a, const Formula& b) { return Combine(Formula::Kind::kAnd, {a, b}); }

std::string KeyOf(const Formula& formula) {
  if (formula.kind == Formula::Kind::kComparison) {
    return fmt::format("{}{}{}", formula.negated ? "!" : "", formula.select.value,
                       formula.bit < 0 ? "" : fmt::format("@{}", formula.bit));
  }
  if (formula.kind == Formula::Kind::kKeyIn) {
    std::string key = fmt::format("{} in ", formula.values.value);
    for (const bool is_in : formula.set) key += is_in ? '1' : '0';
    return key;
  }
  std::string key = formula.kind == Formula::Kind::kAnd ? "(&" : "(|";
  for (const Formula& part : formula.parts) key += " " + KeyOf(part);
  return key + ")";
}

std::vector<NodeId> ComparisonsOf(const Formula& formula) {
  std::vector<NodeId> found;
  CollectComparisons(formula, found);
  return found;
}

std::vector<NodeId> NodesOf(const DataflowGraph& graph, const Formula& formula, bool queries) {
  std::set<NodeId> nodes;
  for (const NodeId select : ComparisonsOf(formula)) {
    const auto& node = std::get<SelectNode>(graph[select].kind);
    const NodeId id = queries ? node.queries : node.keys;
    if (!std::holds_alternative<ConstantNode>(graph[id].kind)) nodes.insert(id);
  }
  return {nodes.begin(), nodes.end()};
}

int OutcomeBits(Comparison op, bool negated) {
  constexpr int kLess = 1, kEqual = 2, kGreater = 4;
  int bits = 0;
  switch (op) {
    case Comparison::kEqual:
      bits = kEqual;
      break;
    case Comparison::kNotEqual:
      bits = kLess | kGreater;
      break;
    case Comparison::kLess:
      bits = kLess;
      break;
    case Comparison::kLessEqual:
      bits = kLess | kEqual;
      break;
    case Comparison::kGreater:
      bits = kGreater;
      break;
    case Comparison::kGreaterEqual:
      bits = kGreater | kEqual;
      break;
  }
  return negated ? (kLess | kEqual | kGreater) - bits : bits;
}

bool Holds(const Formula& formula, const std::function<bool(NodeId)>& comparison_holds) {
  if (formula.kind == Formula::Kind::kComparison) {
    return comparison_holds(formula.select) != formula.negated;
  }
  const bool is_and = formula.kind == Formula::Kind::kAnd;
  for (const Formula& part : formula.parts) {
    if (Holds(part, comparison_holds) != is_and) return !is_and;
  }
  return is_and;
}

}  // namespace raspc
