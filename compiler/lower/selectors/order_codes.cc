#include "compiler/lower/selectors/order_codes.h"

#include <algorithm>

#include "compiler/operations/atom_ops.h"

namespace raspc {

std::optional<OrderCodes> OrderCodesOf(const Sops& sops, const Formula& comparison) {
  const auto& node = *sops.As<SelectNode>(comparison.select);
  const int outcomes = OutcomeBits(node.op, comparison.negated);
  const bool is_key_lower = outcomes == 1 || outcomes == 3;
  if (!is_key_lower && outcomes != 4 && outcomes != 6) return std::nullopt;
  for (const NodeId id : {node.keys, node.queries}) {
    if (!sops[id].is_finite) return std::nullopt;
  }
  std::vector<Atom> values = sops[node.keys].values;
  const std::vector<Atom>& others = sops[node.queries].values;
  values.insert(values.end(), others.begin(), others.end());
  for (const Atom& value : values) {
    if (IsNumber(value) != IsNumber(values[0])) return std::nullopt;
  }
  const auto less = [](const Atom& a, const Atom& b) { return *CompareAtoms(a, b) < 0; };
  std::sort(values.begin(), values.end(), less);
  values.erase(std::unique(values.begin(), values.end(), EqualAtoms), values.end());
  const auto codes_of = [&](NodeId id, int offset) {
    std::vector<int> codes;
    for (const Atom& value : sops[id].values) {
      const auto at = std::lower_bound(values.begin(), values.end(), value, less);
      codes.push_back(static_cast<int>(at - values.begin()) + offset);
    }
    return codes;
  };
  OrderCodes result;
  const int or_equal = (outcomes & 2) != 0 ? 1 : 0;  // a <= b is a < b + 1
  result.query_is_high = is_key_lower;
  result.query_codes = codes_of(node.queries, is_key_lower ? or_equal : 0);
  result.key_codes = codes_of(node.keys, is_key_lower ? 0 : or_equal);
  result.num_thresholds = std::min(sops[node.keys].values.size(), sops[node.queries].values.size());
  while ((std::size_t{1} << result.num_bits) < values.size() + 1) ++result.num_bits;
  return result;
}

}  // namespace raspc
