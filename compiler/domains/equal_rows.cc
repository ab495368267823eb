#include "compiler/domains/equal_rows.h"

#include <algorithm>

#include "compiler/domains/single_keys.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

bool EqualRows::SelectsEqualValues(NodeId selector, NodeId values) {
  // Selectors may share operands, so that there are more paths than selectors.
  const std::pair key{selector, values};
  if (const auto known = known_.find(key); known != known_.end()) {
    return known->second;
  }
  return known_[key] = Decide(selector, values);
}

bool EqualRows::Decide(NodeId selector, NodeId values) {
  if (const auto* logic = std::get_if<SelectorLogicNode>(&graph_[selector].kind)) {
    return logic->op == SelectorOp::kAnd &&
           std::any_of(logic->operands.begin(), logic->operands.end(),
                       [&](NodeId operand) { return SelectsEqualValues(operand, values); });
  }
  const auto& select = std::get<SelectNode>(graph_[selector].kind);
  if (select.op != Comparison::kEqual) return false;
  if (IsFunctionOf(values, select.keys)) return true;
  const auto* rank = std::get_if<WidthNode>(&graph_[select.keys].kind);
  // Causally, equal counts of smaller values before a position do not imply equal values.
  if (rank == nullptr || domains_.scope.causal) return false;
  const auto* order = std::get_if<SelectNode>(&graph_[rank->selector].kind);
  return order != nullptr && IsStrictOrder(*order) && IsFunctionOf(values, order->keys);
}

bool EqualRows::IsFunctionOf(NodeId function, NodeId argument) const {
  if (function == argument) return true;
  const FunctionTable& of_function = domains_.TableOf(function);
  const FunctionTable& of_argument = domains_.TableOf(argument);
  if (of_function.features != of_argument.features || of_function.rows.empty() ||
      of_function.rows.size() != of_argument.rows.size()) {
    return false;
  }
  std::map<Atom, std::int32_t, decltype(&LookUpLess)> value_of(&LookUpLess);
  for (std::size_t row = 0; row < of_function.rows.size(); ++row) {
    if (of_argument.rows[row] < 0 || of_function.rows[row] < 0) continue;
    const Atom& at = domains_[argument].values[static_cast<std::size_t>(of_argument.rows[row])];
    const auto [known, is_new] = value_of.try_emplace(at, of_function.rows[row]);
    if (!is_new && known->second != of_function.rows[row]) return false;
  }
  return true;
}

}  // namespace raspc
