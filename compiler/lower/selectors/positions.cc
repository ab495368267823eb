#include "compiler/lower/selectors/positions.h"

#include <algorithm>
#include <map>

#include "compiler/operations/atom_ops.h"

namespace raspc {

// How far an s-op is from `indices`, if it is indices plus a constant.
std::optional<std::int64_t> Positions::ShiftOfIndices(NodeId id) const {
  if (!sops_.IsOfPosition(id)) return std::nullopt;
  std::optional<std::int64_t> shift;
  const std::vector<std::int32_t>& rows = sops_.TableOf(id).rows;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (rows[index] < 0) return std::nullopt;
    const Atom& value = sops_[id].values[static_cast<std::size_t>(rows[index])];
    if (TypeOf(value) != AtomType::kInt) return std::nullopt;
    const std::int64_t own = std::get<std::int64_t>(value) - static_cast<std::int64_t>(index);
    if (shift && *shift != own) return std::nullopt;
    shift = own;
  }
  return shift;
}

std::optional<std::vector<bool>> Positions::HiddenOffsets(FormulaId clause) const {
  if (!sops_.options().relative_positions || !sops_.Has(Optimization::kMasks)) return std::nullopt;
  std::map<NodeId, std::int64_t> shifts;  // of a comparison: key - query = k - q + shift
  for (const NodeId select : formulas_.ComparisonsOf(clause)) {
    const auto& node = *sops_.As<SelectNode>(select);
    const auto of_key = ShiftOfIndices(node.keys);
    const auto of_query = ShiftOfIndices(node.queries);
    if (!of_key || !of_query) return std::nullopt;
    shifts[select] = *of_key - *of_query;
  }
  const std::int64_t n = sops_.context_length();
  std::vector<bool> hidden;
  for (std::int64_t offset = 1 - n; offset < n; ++offset) {
    hidden.push_back(!formulas_.Holds(clause, [&](NodeId select) {
      const std::int64_t difference = offset + shifts.at(select);
      const int outcome = difference < 0 ? 1 : difference == 0 ? 2 : 4;
      return (OutcomeBits(sops_.As<SelectNode>(select)->op, false) & outcome) != 0;
    }));
  }
  return hidden;
}

void Visibility::Hide(const std::vector<bool>& hidden) {
  if (hidden_offsets.empty()) hidden_offsets.resize(hidden.size());
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i]) hidden_offsets[i] = true;
  }
}

void Visibility::SettleMask(std::int64_t context_length) {
  if (hidden_offsets.empty()) return;
  const auto n = static_cast<std::size_t>(context_length);
  const auto begin = hidden_offsets.begin();
  const auto all_hidden_from = [&](std::size_t first) {
    return std::find(begin + static_cast<std::ptrdiff_t>(first), hidden_offsets.end(), false) ==
           hidden_offsets.end();
  };
  if (all_hidden_from(n - 1)) {
    mask = HeadMask::kStrictlyCausal;
  } else if (all_hidden_from(n)) {
    mask = HeadMask::kCausal;
  }
  const std::size_t num_visible = mask == HeadMask::kStrictlyCausal ? n - 1
                                  : mask == HeadMask::kCausal       ? n
                                                                    : 2 * n - 1;
  const auto end = begin + static_cast<std::ptrdiff_t>(num_visible);
  if (std::find(begin, end, true) == end) hidden_offsets.clear();
}

// The value of an s-op at each position, if it depends only on that, or on nothing, and never
// fails; else nothing.
std::vector<const Atom*> Positions::ValuesByPosition(NodeId id) const {
  if (!sops_.IsEmbedded(id)) return {};
  const Feature* feature = sops_.EmbeddedFeatureOf(id);
  if (feature != nullptr && feature->kind != Feature::Kind::kPosition) return {};
  const std::vector<std::int32_t>& rows = sops_.TableOf(id).rows;
  std::vector<const Atom*> values;
  for (std::int64_t i = 0; i < sops_.context_length(); ++i) {
    const std::int32_t row = rows[feature == nullptr ? 0 : static_cast<std::size_t>(i)];
    if (row < 0) return {};
    values.push_back(&sops_[id].values[static_cast<std::size_t>(row)]);
  }
  return values;
}

namespace {

// Whether every key up to each position compares with the query there as `outcomes` allow: less,
// equal and greater are the bits 1, 2 and 4. Only the least and the greatest key so far matter.
bool AllUpToEach(int outcomes, const std::vector<const Atom*>& keys,
                 const std::vector<const Atom*>& queries) {
  constexpr int kUnequal = 5;
  if (outcomes == kUnequal) return false;  // would need to check all of them
  const auto allows = [&](const Atom& key, const Atom& query) {
    const auto order = CompareAtoms(key, query);
    return order && (outcomes & (*order < 0 ? 1 : *order == 0 ? 2 : 4)) != 0;
  };
  const Atom* least = keys[0];
  const Atom* greatest = keys[0];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (IsNumber(*keys[i]) != IsNumber(*keys[0])) return false;
    if (LookUpLess(*keys[i], *least)) least = keys[i];
    if (LookUpLess(*greatest, *keys[i])) greatest = keys[i];
    if (!allows(*least, *queries[i]) || !allows(*greatest, *queries[i])) return false;
  }
  return true;
}

}  // namespace

bool Positions::IsImpliedByMask(FormulaId clause) const {
  if (!sops_.options().causal) return false;
  const Formula& formula = formulas_[clause];
  const auto is_implied = [&](FormulaId part) { return IsImpliedByMask(part); };
  if (formula.kind == Formula::Kind::kAnd) {
    return std::all_of(formula.parts.begin(), formula.parts.end(), is_implied);
  }
  if (formula.kind == Formula::Kind::kOr) {
    return std::any_of(formula.parts.begin(), formula.parts.end(), is_implied);
  }
  if (formula.kind != Formula::Kind::kComparison || formula.bit >= 0) return false;
  const auto& select = *sops_.As<SelectNode>(formula.select);
  const auto keys = ValuesByPosition(select.keys);
  const auto queries = ValuesByPosition(select.queries);
  return !keys.empty() && !queries.empty() &&
         AllUpToEach(OutcomeBits(select.op, formula.negated), keys, queries);
}

bool Positions::IsImpliedByMask(const std::vector<NodeId>& queries, const std::vector<NodeId>& keys,
                                const std::function<bool(std::size_t, std::size_t)>& at) const {
  if (!sops_.options().causal) return false;
  for (const std::vector<NodeId>* side : {&queries, &keys}) {
    if (!std::all_of(side->begin(), side->end(),
                     [&](NodeId id) { return sops_.IsOfPosition(id); })) {
      return false;
    }
  }
  const auto n = static_cast<std::size_t>(sops_.context_length());
  if (n * n > kMaxMatrixEntries) return false;  // too many to check
  for (std::size_t q = 0; q < n; ++q) {
    for (std::size_t k = 0; k <= q; ++k) {
      if (!at(q, k)) return false;
    }
  }
  return true;
}

}  // namespace raspc
