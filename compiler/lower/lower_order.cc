// An order between many values, bit by bit: "key less than query" is the disjoint union, over the
// bits b, of "equal above b, 0 at b in the key, 1 in the query".

#include <algorithm>
#include <cmath>

#include "compiler/lower/lowering.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {
std::optional<Lowering::OrderCodes> Lowering::OrderCodesOf(const Formula& comparison) const {
  const auto& node = std::get<SelectNode>(graph_[comparison.select].kind);
  const int outcomes = OutcomeBits(node.op, comparison.negated);
  const bool is_key_lower = outcomes == 1 || outcomes == 3;
  if (!is_key_lower && outcomes != 4 && outcomes != 6) return std::nullopt;
  for (const NodeId id : {node.keys, node.queries}) {
    if (!DomainOf(id).is_finite) return std::nullopt;
  }
  std::vector<Atom> values = DomainOf(node.keys).values;
  const std::vector<Atom>& others = DomainOf(node.queries).values;
  values.insert(values.end(), others.begin(), others.end());
  for (const Atom& value : values) {
    if (IsNumber(value) != IsNumber(values[0])) return std::nullopt;
  }
  const auto less = [](const Atom& a, const Atom& b) { return *CompareAtoms(a, b) < 0; };
  std::sort(values.begin(), values.end(), less);
  values.erase(std::unique(values.begin(), values.end(), EqualAtoms), values.end());
  const auto codes_of = [&](NodeId id, int offset) {
    std::vector<int> codes;
    for (const Atom& value : DomainOf(id).values) {
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
  result.num_thresholds =
      std::min(DomainOf(node.keys).values.size(), DomainOf(node.queries).values.size());
  while ((std::size_t{1} << result.num_bits) < values.size() + 1) ++result.num_bits;
  return result;
}

bool Lowering::IsWorthSplitting(const Formula& comparison) const {
  constexpr std::size_t kManyValues = 32;
  if (!options_.optimizations.Has(Optimization::kBits)) return false;
  if (comparison.kind != Formula::Kind::kComparison || HiddenOffsets(comparison) ||
      IsImpliedByMask(comparison)) {
    return false;
  }
  const auto codes = OrderCodesOf(comparison);
  return codes && codes->num_thresholds > kManyValues;
}

// For each bit of an s-op's code, where it is set, and where it is clear.
std::vector<LinearForm> Lowering::BitSets(NodeId id, const std::vector<int>& codes, int num_bits) {
  std::vector<std::vector<bool>> sets;
  for (int bit = 0; bit < num_bits; ++bit) {
    for (const int wanted : {1, 0}) {
      std::vector<bool> set;
      for (const int code : codes) set.push_back(((code >> bit) & 1) == wanted);
      sets.push_back(std::move(set));
    }
  }
  const std::vector<NodeId> nodes{id};
  const auto table = Tabulate(graph_, domains_, nodes);
  if (!table) FailTooLarge(id, "is compared in a selector, but has too many values");
  return ZeroSets(nodes, table->values[0], sets, Quality::kZeroSet);
}

void Lowering::AddOrderBitTerms(const Formula& comparison, std::vector<HeadBlock::Term>& terms) {
  const auto& node = std::get<SelectNode>(graph_[comparison.select].kind);
  const OrderCodes codes = *OrderCodesOf(comparison);
  const auto of_query = BitSets(node.queries, codes.query_codes, codes.num_bits);
  const auto of_key = BitSets(node.keys, codes.key_codes, codes.num_bits);
  const auto set = [](int bit) { return static_cast<std::size_t>(2 * bit); };
  const auto clear = [](int bit) { return static_cast<std::size_t>(2 * bit + 1); };
  for (int bit = comparison.bit + 1; bit < codes.num_bits; ++bit) {
    terms.push_back({of_query[set(bit)], of_key[clear(bit)]});
    terms.push_back({of_query[clear(bit)], of_key[set(bit)]});
  }
  const LinearForm always = LinearForm::Constant(1);
  const int bit = comparison.bit;
  terms.push_back({of_query[codes.query_is_high ? clear(bit) : set(bit)], always});
  terms.push_back({always, of_key[codes.query_is_high ? set(bit) : clear(bit)]});
}

}  // namespace raspc
