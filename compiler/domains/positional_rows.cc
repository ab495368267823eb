#include "compiler/domains/positional_rows.h"

#include <algorithm>

#include "compiler/interpret/atom_ops.h"

namespace raspc {
namespace {

constexpr std::int64_t kMostPositions = 1024;

// The value of an s-op at each position; nothing if it depends on more. Null where it fails.
std::optional<std::vector<const Atom*>> ValuesByPosition(const Domains& domains, NodeId id) {
  const FunctionTable& function = domains.TableOf(id);
  const bool is_constant = function.features.empty() && function.rows.size() == 1;
  const bool is_positional =
      function.features == std::vector<Feature>{Feature{Feature::Kind::kPosition, {}}};
  if (!is_constant && !is_positional) return std::nullopt;
  std::vector<const Atom*> values;
  for (std::int64_t i = 0; i < domains.scope.context_length; ++i) {
    const std::int32_t row = function.rows[is_constant ? 0 : static_cast<std::size_t>(i)];
    values.push_back(row < 0 ? nullptr : &domains[id].values[static_cast<std::size_t>(row)]);
  }
  return values;
}

using Matrix01 = std::vector<std::vector<bool>>;  // [query][key]

std::optional<Matrix01> MatrixOf(const DataflowGraph& graph, const Domains& domains, NodeId id) {
  const auto n = static_cast<std::size_t>(domains.scope.context_length);
  Matrix01 matrix(n, std::vector<bool>(n));
  if (const auto* select = std::get_if<SelectNode>(&graph[id].kind)) {
    const auto keys = ValuesByPosition(domains, select->keys);
    const auto queries = ValuesByPosition(domains, select->queries);
    if (!keys || !queries) return std::nullopt;
    for (std::size_t q = 0; q < n; ++q) {
      for (std::size_t k = 0; k < n; ++k) {
        if ((*keys)[k] == nullptr || (*queries)[q] == nullptr) continue;
        const OpResult holds = CompareForSelect(select->op, *(*keys)[k], *(*queries)[q]);
        const Atom* value = std::get_if<Atom>(&holds);
        matrix[q][k] = value != nullptr && IsTrue(*value);
      }
    }
    return matrix;
  }
  const auto& logic = std::get<SelectorLogicNode>(graph[id].kind);
  std::vector<Matrix01> operands;
  for (const NodeId operand : logic.operands) {
    auto of_operand = MatrixOf(graph, domains, operand);
    if (!of_operand) return std::nullopt;
    operands.push_back(std::move(*of_operand));
  }
  for (std::size_t q = 0; q < n; ++q) {
    for (std::size_t k = 0; k < n; ++k) {
      const bool first = operands[0][q][k];
      const bool last = operands.back()[q][k];
      matrix[q][k] = logic.op == SelectorOp::kNot   ? !first
                     : logic.op == SelectorOp::kAnd ? first && last
                                                    : first || last;
    }
  }
  return matrix;
}

}  // namespace

bool PositionalRows::MayBeEmpty() const {
  return std::any_of(widths.begin(), widths.end(),
                     [](const auto& width) { return width.first == 0; });
}

std::int64_t PositionalRows::Most() const {
  std::int64_t most = 0;
  for (const auto& [low, high] : widths) most = std::max(most, high);
  return most;
}

std::optional<PositionalRows> PositionalRowsOf(const DataflowGraph& graph, const Domains& domains,
                                               NodeId selector) {
  if (!domains.scope.look_at_positions || domains.scope.context_length > kMostPositions) {
    return std::nullopt;
  }
  const auto matrix = MatrixOf(graph, domains, selector);
  if (!matrix) return std::nullopt;
  const std::size_t n = matrix->size();
  PositionalRows rows;
  rows.is_lone_key.resize(n);
  for (std::size_t q = 0; q < n; ++q) {
    // The shortest input with this query has q + 1 positions; longer ones add keys behind it.
    std::vector<std::size_t> keys;
    std::size_t at_shortest = 0;
    for (std::size_t k = 0; k < (domains.scope.causal ? q + 1 : n); ++k) {
      if ((*matrix)[q][k]) keys.push_back(k);
      if (k == q) at_shortest = keys.size();
    }
    rows.widths.emplace_back(at_shortest, keys.size());
    // Alone until the second comes, if that is behind the query.
    const bool is_lone = !keys.empty() && (keys.size() == 1 || keys[1] > q);
    if (is_lone) rows.is_lone_key[keys[0]] = true;
  }
  return rows;
}

}  // namespace raspc
