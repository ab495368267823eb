#include "compiler/lower/selectors/most_selected.h"

#include <algorithm>
#include <map>
#include <vector>

#include "compiler/lower/selectors/classed_clause.h"
#include "compiler/lower/selectors/order_codes.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
namespace {

// The number of positions in the largest group that can be selected together, by the group of each
// value of an s-op; -1: never selected.
std::int64_t LargestGroup(const Sops& sops, NodeId id, const std::vector<int>& group_of_value) {
  std::map<int, std::int64_t> sizes;
  std::int64_t largest = 0;
  for (const std::int32_t value : sops.TableOf(id).rows) {
    const int group = value < 0 ? -1 : group_of_value[static_cast<std::size_t>(value)];
    if (group >= 0) largest = std::max(largest, ++sizes[group]);
  }
  return largest;
}

// Equal values are one group, 1 and 1.0 too.
std::vector<int> GroupsOfEqual(const std::vector<Atom>& values) {
  std::map<const Atom*, int,
           decltype([](const Atom* a, const Atom* b) { return LookUpLess(*a, *b); })>
      numbers;
  std::vector<int> groups;
  for (const Atom& value : values) {
    groups.push_back(numbers.try_emplace(&value, static_cast<int>(numbers.size())).first->second);
  }
  return groups;
}

std::int64_t MostSelectedByClause(const Sops& sops, const Formula& clause) {
  const std::int64_t all = sops.context_length();
  if (clause.kind != Formula::Kind::kComparison) return all;
  const auto& select = *sops.As<SelectNode>(clause.select);
  if (!sops.IsOfPosition(select.keys)) return all;
  if (clause.bit >= 0) {
    std::vector<int> groups;
    const OrderCodes codes = *OrderCodesOf(sops, clause);
    const int wanted = codes.query_is_high ? 0 : 1;  // the key's bit
    for (const int code : codes.key_codes) {
      const int from_bit = code >> clause.bit;
      groups.push_back((from_bit & 1) == wanted ? from_bit : -1);
    }
    return LargestGroup(sops, select.keys, groups);
  }
  if (!IsEquality(sops, clause)) return all;
  return LargestGroup(sops, select.keys, GroupsOfEqual(sops[select.keys].values));
}

}  // namespace

std::int64_t MostSelected(const Sops& sops, const Formulas& formulas, FormulaId id) {
  const Formula& formula = formulas[id];
  if (formula.kind != Formula::Kind::kAnd) return MostSelectedByClause(sops, formula);
  std::int64_t most = sops.context_length();
  for (const FormulaId part : formula.parts) {
    most = std::min(most, MostSelectedByClause(sops, formulas[part]));
  }
  return most;
}

}  // namespace raspc
