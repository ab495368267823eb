#include "compiler/lower/forms/block_sums.h"

#include <algorithm>
#include <map>
#include <vector>

#include "compiler/lower/selectors/order_codes.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

// How many keys it selects in every row that is not empty, in inputs of any length; nothing if that
// is not one number, or it is not an order of positions at one bit.
std::optional<std::int64_t> BlockSums::BlockSize(FormulaId part) const {
  const Formula& formula = formulas_[part];
  if (formula.kind != Formula::Kind::kComparison || formula.bit < 0) return std::nullopt;
  const auto& select = *sops_.As<SelectNode>(formula.select);
  if (!sops_.IsOfPosition(select.keys) || !sops_.IsOfPosition(select.queries)) return std::nullopt;
  const OrderCodes codes = *OrderCodesOf(sops_, formula);
  struct KeyBlock {
    std::int64_t size = 0, last = 0;  // the last of its positions
  };
  std::map<int, KeyBlock> blocks;
  const auto& key_rows = sops_.TableOf(select.keys).rows;
  for (std::size_t k = 0; k < key_rows.size(); ++k) {
    if (key_rows[k] < 0) return std::nullopt;
    KeyBlock& block = blocks[codes.key_codes[static_cast<std::size_t>(key_rows[k])] >> formula.bit];
    ++block.size;
    block.last = static_cast<std::int64_t>(k);
  }
  std::optional<std::int64_t> size;
  const auto& query_rows = sops_.TableOf(select.queries).rows;
  for (std::size_t q = 0; q < query_rows.size(); ++q) {
    if (query_rows[q] < 0) return std::nullopt;
    const int own = codes.query_codes[static_cast<std::size_t>(query_rows[q])] >> formula.bit;
    if ((own & 1) != (codes.query_is_high ? 1 : 0)) continue;
    const auto block = blocks.find(own ^ 1);
    if (block == blocks.end()) continue;
    // Keys after the query are missing in shorter inputs.
    if (block->second.last > static_cast<std::int64_t>(q)) return std::nullopt;
    if (size && *size != block->second.size) return std::nullopt;
    size = block->second.size;
  }
  return size;
}

// 1 at the keys that meet it, else 0; nothing if it is about more than the value of one s-op at the
// key.
std::optional<LinearForm> BlockSums::Condition(FormulaId part) {
  const Formula& formula = formulas_[part];
  if (formula.kind == Formula::Kind::kKeyIn) {
    return forms_.Real(formula.values, Code(formula.set.begin(), formula.set.end()));
  }
  if (formula.kind != Formula::Kind::kComparison || formula.bit >= 0) return std::nullopt;
  const auto& select = *sops_.As<SelectNode>(formula.select);
  const auto* constant = sops_.As<ConstantNode>(select.queries);
  if (constant == nullptr || !sops_[select.keys].is_finite) return std::nullopt;
  Code code;
  for (const Atom& value : sops_[select.keys].values) {
    const OpResult holds = CompareForSelect(select.op, value, constant->value);
    const Atom* outcome = std::get_if<Atom>(&holds);
    const bool is_met = outcome != nullptr && IsTrue(*outcome) != formula.negated;
    code.push_back(is_met ? 1 : 0);
  }
  return forms_.Real(select.keys, code);
}

std::optional<LinearForm> BlockSums::Width(NodeId node, FormulaId part) {
  const Formula& both = formulas_[part];
  if (both.kind != Formula::Kind::kAnd || both.parts.size() != 2) return std::nullopt;
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
    const auto size = BlockSize(both.parts[at]);
    if (!size) continue;
    const auto condition = Condition(both.parts[1 - at]);
    if (!condition) return std::nullopt;
    return heads_.SumOver(both.parts[at], *condition, *size, meanings_.TextFor(node, "block"));
  }
  return std::nullopt;
}

std::optional<LinearForm> BlockSums::Sum(NodeId node, NodeId values, FormulaId part) {
  const auto size = BlockSize(part);
  if (!size) return std::nullopt;
  return heads_.SumOver(part, forms_.Number(values), *size, meanings_.TextFor(node, "block"));
}

}  // namespace raspc
